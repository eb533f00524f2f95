//! What happened and to what, in the words of other languages, when no phrase was known.

mod signs;
mod things;

pub(super) use self::signs::LATE_WORDS;

use self::signs::{
    BROKEN_WORDS, CLOSED_WORDS, EXPIRED_WORDS, MISMATCH_WORDS, NO_ROUTE_WORDS, REFUSED_WORDS,
    RESET_WORDS, UNKNOWN_WORDS, UNTRUSTED_WORDS,
};
use self::things::{CERTIFICATE, CONNECTION, NAME, NETWORK, PIPE, PROXY_SERVER, TRUST};
use super::super::rule::{
    CLOSED, DNS, PROXY, REFUSED, RESET, Rule, TIMEOUT_HEAD, TIMEOUT_SYSTEM, TLS_EXPIRED, TLS_NAME,
    TLS_OTHER, TLS_UNTRUSTED, TRUNCATED, UNREACHABLE, rule,
};

/// Two ideas: a certificate, a connection, a network or a name, and what became of it.
pub(in crate::classify::text) static IDEAS: &[Rule] = &[
    rule(CERTIFICATE, TLS_EXPIRED).with(EXPIRED_WORDS),
    rule(CERTIFICATE, TLS_NAME).with(MISMATCH_WORDS),
    rule(CERTIFICATE, TLS_UNTRUSTED).with(UNTRUSTED_WORDS),
    rule(TRUST, TLS_UNTRUSTED).with(&["ssl*", "tls*"]),
    rule(&["ssl/tls"], TLS_OTHER).with(&[
        "kanal",
        "canal",
        "canale",
        "канал*",
        "通道",
        "チャネル",
        "채널",
    ]),
    rule(PROXY_SERVER, PROXY).with(&["失败", "失敗", "拒绝", "错误", "エラー", "실패", "ошибк*"]),
    rule(
        &[
            "响应完成前",
            "响应不完整",
            "回复不完整",
            "応答が途中で",
            "antwort .. unvollständig",
            "réponse incomplète",
            "respuesta incompleta",
            "resposta incompleta",
            "неполный ответ",
        ],
        TRUNCATED,
    ),
    rule(CONNECTION, REFUSED).with(REFUSED_WORDS),
    rule(CONNECTION, RESET).with(RESET_WORDS),
    rule(PIPE, RESET).with(BROKEN_WORDS),
    rule(CONNECTION, TIMEOUT_SYSTEM).with(LATE_WORDS),
    rule(NAME, DNS).with(UNKNOWN_WORDS),
    rule(NETWORK, UNREACHABLE).with(NO_ROUTE_WORDS),
    rule(CONNECTION, CLOSED).with(CLOSED_WORDS),
    rule(LATE_WORDS, TIMEOUT_HEAD),
    rule(
        &[
            "netzwerkfehler",
            "erreur réseau",
            "error de red",
            "erro de rede",
            "errore di rete",
            "ошибка сети",
            "网络错误",
            "网络异常",
            "網路錯誤",
            "ネットワークエラー",
            "네트워크 오류",
        ],
        CLOSED,
    ),
];
