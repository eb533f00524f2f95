//! `io::Error`: the errno first, then the kind.

use super::Clue;
use crate::{FailureKind, Phase};
use std::error::Error;
use std::io::{self, ErrorKind};

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase, connected: bool) -> Option<Clue> {
    let error = link.downcast_ref::<io::Error>()?;
    let trouble = match error.raw_os_error() {
        Some(code) => Trouble::of_errno(code).or_else(|| Trouble::of_kind(error.kind())),
        None => Trouble::of_kind(error.kind()),
    };
    trouble.map(|trouble| match trouble {
        // Only a connection that is being made can be refused; one that was is cut off.
        Trouble::Refused if connected => Trouble::Reset.in_phase(phase),
        trouble => trouble.in_phase(phase),
    })
}

/// What the operating system has to report of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Refused,
    Reset,
    Unreachable,
    TimedOut,
    NoMoreBytes,
}

impl Trouble {
    /// Error numbers of Linux, of macOS and the BSDs, and of Windows sockets.
    ///
    /// Numbers that mean different things on different systems are left to `of_kind`, which
    /// knows the system it runs on.
    pub(super) fn of_errno(code: i32) -> Option<Self> {
        match code {
            111 | 10061 => Some(Trouble::Refused),
            61 if cfg!(not(target_os = "linux")) => Some(Trouble::Refused),
            32 | 104 | 10052 | 10053 | 10054 => Some(Trouble::Reset),
            103 if cfg!(target_os = "linux") => Some(Trouble::Reset),
            53 | 54 if cfg!(not(target_os = "linux")) => Some(Trouble::Reset),
            101 | 113 if cfg!(target_os = "linux") => Some(Trouble::Unreachable),
            50 | 51 | 64 | 65 if cfg!(not(target_os = "linux")) => Some(Trouble::Unreachable),
            10050 | 10051 | 10064 | 10065 => Some(Trouble::Unreachable),
            110 if cfg!(target_os = "linux") => Some(Trouble::TimedOut),
            60 if cfg!(not(target_os = "linux")) => Some(Trouble::TimedOut),
            10060 => Some(Trouble::TimedOut),
            _ => None,
        }
    }

    fn of_kind(kind: ErrorKind) -> Option<Self> {
        match kind {
            ErrorKind::ConnectionRefused => Some(Trouble::Refused),
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::NotConnected => Some(Trouble::Reset),
            ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => Some(Trouble::Unreachable),
            ErrorKind::TimedOut => Some(Trouble::TimedOut),
            ErrorKind::UnexpectedEof => Some(Trouble::NoMoreBytes),
            _ => None,
        }
    }

    fn in_phase(self, phase: Phase) -> Clue {
        match self {
            Trouble::Refused => Clue::kind(FailureKind::ConnectionRefused)
                .phase(Phase::Connect)
                .not_sent(),
            Trouble::Reset => Clue::kind(FailureKind::ConnectionReset),
            Trouble::Unreachable => Clue::kind(FailureKind::Unreachable),
            Trouble::TimedOut => Clue::kind(match phase {
                Phase::Connect => FailureKind::TimeoutConnect,
                Phase::Body => FailureKind::TimeoutIdle,
                Phase::Send | Phase::Head => FailureKind::TimeoutHead,
            }),
            Trouble::NoMoreBytes => Clue::kind(match phase {
                Phase::Body => FailureKind::StreamTruncated,
                // A handshake that ends in nothing is a connection that was dropped.
                _ => FailureKind::ConnectionClosed,
            }),
        }
    }
}
