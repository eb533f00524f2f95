//! `rustls::Error`: certificates, alerts, and what is no TLS at all.

use super::Clue;
use crate::{FailureKind, Phase};
use rustls::{AlertDescription, CertificateError, Error as TlsError};
use std::error::Error;

pub(super) fn look(link: &(dyn Error + 'static)) -> Option<Clue> {
    let error = link.downcast_ref::<TlsError>()?;
    let clue = match error {
        TlsError::InvalidCertificate(reason) => Clue::kind(of_certificate(reason)),
        // A peer that answers the handshake in plain text is no TLS server: most often a proxy.
        TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
            Clue::kind(FailureKind::Proxy)
        }
        TlsError::AlertReceived(alert) => return Some(of_alert(*alert)),
        TlsError::DecryptError | TlsError::PeerSentOversizedRecord => {
            let mut clue = Clue::kind(FailureKind::TlsOther);
            clue.transient = Some(true);
            return Some(clue);
        }
        _ => Clue::kind(FailureKind::TlsOther),
    };
    Some(clue.phase(Phase::Connect).not_sent())
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
        AlertDescription::AccessDenied
        | AlertDescription::CertificateRequired
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown => Clue::kind(FailureKind::Auth),
        _ => Clue::kind(FailureKind::TlsOther),
    }
}
