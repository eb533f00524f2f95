//! How failures are worded.

use crate::{Catalog, Language, Render};
use http::HeaderMap;
use std::sync::Arc;

/// How failures are worded: what a layer and its services share.
#[derive(Clone, Default)]
pub(crate) struct Words {
    /// `None` is the built-in wording.
    pub(crate) catalog: Option<Arc<dyn Catalog>>,
    pub(crate) render: Option<Arc<dyn Render>>,
    pub(crate) negotiates: bool,
}

impl Words {
    /// The language to explain to this request in.
    pub(crate) fn language(&self, headers: &HeaderMap) -> Language {
        if self.negotiates {
            Language::negotiate(headers)
        } else {
            Language::English
        }
    }
}
