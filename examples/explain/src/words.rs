//! Names and sentences for what a failure is.

use buttress_core::{Delivery, Failure, FailureKind, Hint, Phase};
use buttress_humanize::{Catalog, Language as Wording};

/// The category of a kind: the names by which people sort error reports, which are fewer.
pub(crate) fn category(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::TimeoutHead | FailureKind::TimeoutFirstEvent | FailureKind::TimeoutTotal => {
            "timeout_first_byte"
        }
        FailureKind::TimeoutRate => "timeout_idle",
        FailureKind::TlsName => "tls_untrusted",
        FailureKind::TlsOther => "protocol",
        FailureKind::Unreachable => "connection_refused",
        FailureKind::RepresentationChanged => "stream_truncated",
        other => other.code(),
    }
}

/// Whether trying again helps, and when it is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// It does not help.
    Useless,
    /// It was ended on purpose, or so it seems.
    Ended,
    /// Nobody knows what happened.
    Unclear,
    /// It does not help before the server's pause is over.
    Later,
    /// Nothing of the request was processed.
    Always,
    /// The server turned the request away.
    AfterPause,
    /// The request may have been carried out.
    IfRepeatable,
    /// A part of the answer may have been used.
    IfStartedOver,
}

impl Safety {
    /// What holds for a request that failed like this.
    pub(crate) fn of(failure: &Failure) -> Self {
        use FailureKind::{Overloaded, RateLimited};
        if !failure.is_transient() {
            return match failure.hint().and_then(Hint::after) {
                Some(_) => Safety::Later,
                None if failure.kind() == FailureKind::Unknown => Safety::Unclear,
                None if failure.kind() == FailureKind::Cancelled => Safety::Ended,
                None => Safety::Useless,
            };
        }
        match (failure.delivery(), failure.phase(), failure.kind()) {
            (Delivery::NotSent | Delivery::Refused, ..) => Safety::Always,
            (_, Phase::Body, _) => Safety::IfStartedOver,
            (.., RateLimited | Overloaded) => Safety::AfterPause,
            _ => Safety::IfRepeatable,
        }
    }

    /// A stable name for it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Safety::Useless | Safety::Ended => "never",
            Safety::Unclear => "unclear",
            Safety::Later => "later",
            Safety::Always => "always",
            Safety::AfterPause => "after_pause",
            Safety::IfRepeatable => "if_repeatable",
            Safety::IfStartedOver => "if_started_over",
        }
    }
}

/// A language of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Language(&'static Labels);

/// The language that this tag asks for.
pub(crate) fn language(tag: &str) -> Result<Language, String> {
    let wanted = Wording::lookup(tag);
    let found = wanted.and_then(|own| LANGUAGES.iter().find(|labels| labels.wording == own));
    found.map(Language).ok_or_else(|| {
        let tags: Vec<_> = LANGUAGES
            .iter()
            .map(|labels| labels.wording.tag())
            .collect();
        format!(
            "not a language of this program, which are: {}",
            tags.join(", ")
        )
    })
}

impl Language {
    /// Who explains failures in this language.
    pub(crate) fn catalog(self) -> &'static dyn Catalog {
        &self.0.wording
    }

    /// What this program adds to an explanation.
    pub(crate) fn labels(self) -> &'static Labels {
        self.0
    }
}

/// Headings, and sentences about trying again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    wording: Wording,
    pub(crate) side: &'static str,
    pub(crate) again: &'static str,
    pub(crate) steps: &'static str,
    pub(crate) category: &'static str,
    useless: &'static str,
    ended: &'static str,
    unclear: &'static str,
    later: &'static str,
    always: &'static str,
    after_pause: &'static str,
    if_repeatable: &'static str,
    if_started_over: &'static str,
}

impl Labels {
    /// Whether trying again helps, and when it is safe, in a sentence.
    pub(crate) fn verdict(&self, safety: Safety) -> &'static str {
        match safety {
            Safety::Useless => self.useless,
            Safety::Ended => self.ended,
            Safety::Unclear => self.unclear,
            Safety::Later => self.later,
            Safety::Always => self.always,
            Safety::AfterPause => self.after_pause,
            Safety::IfRepeatable => self.if_repeatable,
            Safety::IfStartedOver => self.if_started_over,
        }
    }
}

static LANGUAGES: &[Labels] = &[
    Labels {
        wording: Wording::English,
        side: "Whose side it is",
        again: "Does trying again help?",
        steps: "What to do",
        category: "Category",
        useless: "No. Something has to change first.",
        ended: "Only if it was not ended on purpose.",
        unclear: "Perhaps, once. It is not clear what went wrong.",
        later: "Not now.",
        always: "Yes, and it is safe: the request was not processed.",
        after_pause: "Yes, after a pause, and it is safe: the server turned the request away.",
        if_repeatable: "Yes, if it does no harm when the request is carried out twice.",
        if_started_over: "Yes, if it does no harm when the request is carried out twice. The answer then starts from the beginning.",
    },
    Labels {
        wording: Wording::German,
        side: "Auf wessen Seite es liegt",
        again: "Hilft ein neuer Versuch?",
        steps: "Was zu tun ist",
        category: "Kategorie",
        useless: "Nein. Erst muss sich etwas ändern.",
        ended: "Nur, wenn der Abbruch nicht gewollt war.",
        unclear: "Vielleicht, einmal. Was schiefging, ist nicht klar.",
        later: "Jetzt nicht.",
        always: "Ja, und er ist sicher: Die Anfrage wurde nicht bearbeitet.",
        after_pause: "Ja, nach einer Pause, und er ist sicher: Der Server hat die Anfrage abgewiesen.",
        if_repeatable: "Ja, wenn es nicht schadet, dass die Anfrage zweimal ausgeführt wird.",
        if_started_over: "Ja, wenn es nicht schadet, dass die Anfrage zweimal ausgeführt wird. Die Antwort beginnt dann von vorn.",
    },
    Labels {
        wording: Wording::Spanish,
        side: "De qué lado está la causa",
        again: "¿Sirve volver a intentarlo?",
        steps: "Qué hacer",
        category: "Categoría",
        useless: "No. Antes tiene que cambiar algo.",
        ended: "Solo si no se terminó a propósito.",
        unclear: "Quizá, una vez. No está claro qué ha fallado.",
        later: "Ahora no.",
        always: "Sí, y es seguro: la solicitud no se procesó.",
        after_pause: "Sí, después de una pausa, y es seguro: el servidor rechazó la solicitud.",
        if_repeatable: "Sí, si no hace daño que la solicitud se ejecute dos veces.",
        if_started_over: "Sí, si no hace daño que la solicitud se ejecute dos veces. La respuesta empezará entonces desde el principio.",
    },
    Labels {
        wording: Wording::French,
        side: "De quel côté est la cause",
        again: "Est-il utile de réessayer ?",
        steps: "Que faire",
        category: "Catégorie",
        useless: "Non. Il faut d’abord que quelque chose change.",
        ended: "Seulement si l’arrêt n’était pas voulu.",
        unclear: "Peut-être, une fois. La cause de l’échec n’est pas claire.",
        later: "Pas maintenant.",
        always: "Oui, et c’est sans risque : la requête n’a pas été traitée.",
        after_pause: "Oui, après une pause, et c’est sans risque : le serveur a refusé la requête.",
        if_repeatable: "Oui, s’il n’est pas gênant que la requête soit exécutée deux fois.",
        if_started_over: "Oui, s’il n’est pas gênant que la requête soit exécutée deux fois. La réponse recommencera alors depuis le début.",
    },
    Labels {
        wording: Wording::Japanese,
        side: "原因はどちら側にあるか",
        again: "もう一度試す意味はあるか",
        steps: "すること",
        category: "分類",
        useless: "いいえ。先に何かを変える必要があります。",
        ended: "意図して終了したのでなければ、役に立ちます。",
        unclear: "一度だけなら、意味があるかもしれません。何が起きたのかは、はっきりしません。",
        later: "今はまだです。",
        always: "はい、安全です。リクエストは処理されていません。",
        after_pause: "はい、しばらく待ってからであれば安全です。サーバーはリクエストを断りました。",
        if_repeatable: "はい、リクエストが二度実行されても差し支えない場合は有効です。",
        if_started_over: "はい、リクエストが二度実行されても差し支えない場合は有効です。その場合、応答は最初からになります。",
    },
    Labels {
        wording: Wording::SimplifiedChinese,
        side: "原因在哪一侧",
        again: "再试一次有用吗？",
        steps: "怎么做",
        category: "类别",
        useless: "没有。必须先有所改变。",
        ended: "只有在并非有意结束时才有用。",
        unclear: "也许可以再试一次。目前还不清楚出了什么问题。",
        later: "现在没有用。",
        always: "有用，而且是安全的：该请求没有被处理。",
        after_pause: "有用，但请稍等片刻，而且是安全的：服务器拒绝了该请求。",
        if_repeatable: "有用，前提是该请求执行两次也没有妨碍。",
        if_started_over: "有用，前提是该请求执行两次也没有妨碍。届时响应会从头开始。",
    },
    Labels {
        wording: Wording::BrazilianPortuguese,
        side: "De que lado está a causa",
        again: "Adianta tentar de novo?",
        steps: "O que fazer",
        category: "Categoria",
        useless: "Não. Antes, algo precisa mudar.",
        ended: "Só se não foi encerrada de propósito.",
        unclear: "Talvez, uma vez. Não está claro o que deu errado.",
        later: "Agora não.",
        always: "Sim, e é seguro: a requisição não foi processada.",
        after_pause: "Sim, depois de uma pausa, e é seguro: o servidor recusou a requisição.",
        if_repeatable: "Sim, se não fizer mal que a requisição seja executada duas vezes.",
        if_started_over: "Sim, se não fizer mal que a requisição seja executada duas vezes. A resposta então começa do início.",
    },
];
