//! `rustls::Error`: certificates, alerts, and what is no TLS at all.

use super::Clue;
use crate::{FailureKind, Phase};
use rustls::pki_types::InvalidDnsNameError;
use rustls::{AlertDescription, CertificateError, Error as TlsError};
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static), phase: Phase, connected: bool) -> Option<Clue> {
    if link.is::<InvalidDnsNameError>() {
        // What is no name today is none tomorrow.
        let mut clue = in_handshake(FailureKind::Dns);
        clue.transient = Some(false);
        return Some(clue);
    }
    let error = link.downcast_ref::<TlsError>()?;
    Some(match error {
        TlsError::InvalidCertificate(reason) => in_handshake(of_certificate(reason)),
        TlsError::InvalidEncryptedClientHello(_)
        | TlsError::NoApplicationProtocol
        | TlsError::NoCertificatesPresented
        | TlsError::PeerIncompatible(_)
        | TlsError::UnsupportedNameType => in_handshake(FailureKind::TlsOther),
        // A peer that answers the handshake in plain text is no TLS server: most often a proxy.
        TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType)
            if phase != Phase::Body && !connected =>
        {
            Clue::kind(FailureKind::Proxy)
        }
        TlsError::AlertReceived(alert) => of_alert(*alert),
        // Bytes that were damaged on their way.
        TlsError::DecryptError
        | TlsError::PeerSentOversizedRecord
        | TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            let mut clue = Clue::kind(FailureKind::TlsOther);
            clue.transient = Some(true);
            clue
        }
        _ => Clue::kind(FailureKind::TlsOther),
    })
}

/// Trouble that only a handshake can have. Other trouble can come at any time, when something
/// may have been sent: whoever was connecting says so.
fn in_handshake(kind: FailureKind) -> Clue {
    Clue::kind(kind).phase(Phase::Connect).not_sent()
}

fn of_certificate(reason: &CertificateError) -> FailureKind {
    match reason {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => FailureKind::TlsExpired,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            FailureKind::TlsName
        }
        _ => FailureKind::TlsUntrusted,
    }
}

/// Alerts of RFC 8446, section 6. One can arrive at any time, so it proves nothing about sending.
fn of_alert(alert: AlertDescription) -> Clue {
    match alert {
        AlertDescription::CloseNotify | AlertDescription::UserCanceled => {
            Clue::kind(FailureKind::ConnectionClosed)
        }
        AlertDescription::BadRecordMac | AlertDescription::InternalError => {
            let mut clue = Clue::kind(FailureKind::TlsOther);
            clue.transient = Some(true);
            clue
        }
        // What a server has against a certificate is about the client's.
        AlertDescription::AccessDenied
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateRequired
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::UnsupportedCertificate => Clue::kind(FailureKind::Auth),
        _ => Clue::kind(FailureKind::TlsOther),
    }
}
