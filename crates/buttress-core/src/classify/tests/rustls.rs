use super::*;
use ::rustls::{
    AlertDescription as Alert, CertificateError as Certificate, Error as Tls, InvalidMessage,
    PeerIncompatible, PeerMisbehaved,
};
use std::io;

/// As `tokio-rustls` hands it on.
fn over_io(error: Tls) -> BoxError {
    io::Error::new(io::ErrorKind::InvalidData, error).into()
}

#[test]
fn certificates_fail_before_anything_is_sent() {
    use FailureKind as K;
    for (reason, kind) in [
        (Certificate::Expired, K::TlsExpired),
        (Certificate::NotValidYet, K::TlsExpired),
        (Certificate::NotValidForName, K::TlsName),
        (Certificate::UnknownIssuer, K::TlsUntrusted),
        (Certificate::BadSignature, K::TlsUntrusted),
        (Certificate::Revoked, K::TlsUntrusted),
    ] {
        for phase in [Phase::Connect, Phase::Head] {
            let expected = (kind, Phase::Connect, Delivery::NotSent, false);
            let name = format!("{reason:?}");
            check(
                &name,
                Tls::InvalidCertificate(reason.clone()).into(),
                phase,
                expected,
            );
            check(
                &name,
                over_io(Tls::InvalidCertificate(reason.clone())),
                phase,
                expected,
            );
        }
    }
}

#[test]
fn what_is_no_name_will_not_become_one() {
    let error = ::rustls::pki_types::ServerName::try_from("exa mple..com").expect_err("no name");
    let expected = (FailureKind::Dns, Phase::Connect, Delivery::NotSent, false);
    check("no name", error.into(), Phase::Head, expected);
}

#[cfg(feature = "hyper")]
#[tokio::test]
async fn plain_text_on_a_connection_that_was_secure_is_damage() {
    use ::hyper::client::conn::http1;
    let plain = Tls::InvalidMessage(InvalidMessage::InvalidContentType);
    let damaged = io::Error::new(io::ErrorKind::InvalidData, plain);
    let head = b"GET / HTTP/1.1\r\n\r\n";
    let io = tokio_test::io::Builder::new()
        .write(head)
        .read_error(damaged)
        .build();
    let (mut send, connection) = http1::handshake(::hyper_util::rt::TokioIo::new(io))
        .await
        .expect("a handshake");
    let body = http_body_util::Empty::<bytes::Bytes>::new();
    let call = send.send_request(http::Request::new(body));
    let error = with_connection(connection, call).await;
    let expected = (FailureKind::TlsOther, Phase::Head, Delivery::Unknown, true);
    let error = error.expect_err("noise");
    check("plain text", error.into(), Phase::Head, expected);
}

#[test]
fn only_a_handshake_proves_that_nothing_was_sent() {
    use FailureKind as K;
    let (at_all, unknown) = (Delivery::NotSent, Delivery::Unknown);
    let no_version = Tls::PeerIncompatible(PeerIncompatible::Tls12NotOffered);
    let plain = Tls::InvalidMessage(InvalidMessage::InvalidContentType);
    let misbehaved = Tls::PeerMisbehaved(PeerMisbehaved::TooManyKeyUpdateRequests);
    for (error, phase, expected) in [
        (
            no_version.clone(),
            Phase::Connect,
            (K::TlsOther, Phase::Connect, at_all, false),
        ),
        (
            no_version,
            Phase::Head,
            (K::TlsOther, Phase::Connect, at_all, false),
        ),
        // A plain answer to a handshake, and noise in the middle of an answer.
        (
            plain.clone(),
            Phase::Connect,
            (K::Proxy, Phase::Connect, at_all, false),
        ),
        (
            plain.clone(),
            Phase::Head,
            (K::Proxy, Phase::Head, unknown, false),
        ),
        (
            plain,
            Phase::Body,
            (K::TlsOther, Phase::Body, unknown, true),
        ),
        (
            misbehaved.clone(),
            Phase::Connect,
            (K::TlsOther, Phase::Connect, at_all, false),
        ),
        (
            misbehaved,
            Phase::Head,
            (K::TlsOther, Phase::Head, unknown, false),
        ),
        (
            Tls::DecryptError,
            Phase::Head,
            (K::TlsOther, Phase::Head, unknown, true),
        ),
        (
            Tls::PeerSentOversizedRecord,
            Phase::Body,
            (K::TlsOther, Phase::Body, unknown, true),
        ),
        (
            Tls::General("?".into()),
            Phase::Head,
            (K::TlsOther, Phase::Head, unknown, false),
        ),
    ] {
        check(&format!("{error:?}"), over_io(error), phase, expected);
    }
}

#[test]
fn alerts() {
    use FailureKind as K;
    for (alert, kind, transient) in [
        (Alert::CloseNotify, K::ConnectionClosed, true),
        (Alert::UserCanceled, K::ConnectionClosed, true),
        (Alert::BadRecordMac, K::TlsOther, true),
        (Alert::InternalError, K::TlsOther, true),
        (Alert::HandshakeFailure, K::TlsOther, false),
        (Alert::ProtocolVersion, K::TlsOther, false),
        // The server's word about the client's certificate.
        (Alert::CertificateRequired, K::Auth, false),
        (Alert::BadCertificate, K::Auth, false),
        (Alert::CertificateExpired, K::Auth, false),
        (Alert::UnknownCA, K::Auth, false),
        (Alert::AccessDenied, K::Auth, false),
    ] {
        let name = format!("{alert:?}");
        let error = || over_io(Tls::AlertReceived(alert));
        let sent = (kind, Phase::Head, Delivery::Unknown, transient);
        check(&name, error(), Phase::Head, sent);
        let not_sent = (kind, Phase::Connect, Delivery::NotSent, transient);
        check(&name, error(), Phase::Connect, not_sent);
    }
}
