use std::error::Error;
use std::io;

/// How many links of a chain are looked at: an error that is its own source must not hang us.
const CAP: usize = 64;

/// An error, its source, the source of that, and so on.
///
/// Unlike a plain walk it also looks inside an `io::Error` made from another error, and inside an
/// `h2::Error` made from an `io::Error` (with the `h2` feature): what they hold is their content,
/// and their `source` skips it.
///
/// ```
/// use buttress_core::classify::Chain;
/// use std::io;
///
/// let error = io::Error::other(io::Error::from(io::ErrorKind::BrokenPipe));
/// assert_eq!(Chain::new(&error).count(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    next: Option<&'a (dyn Error + 'static)>,
    left: usize,
}

impl<'a> Chain<'a> {
    /// A walk that begins with `error` itself.
    #[must_use]
    pub fn new(error: &'a (dyn Error + 'static)) -> Self {
        Chain {
            next: Some(error),
            left: CAP,
        }
    }
}

impl<'a> Iterator for Chain<'a> {
    type Item = &'a (dyn Error + 'static);

    fn next(&mut self) -> Option<Self::Item> {
        let link = self.next.take()?;
        self.left = self.left.checked_sub(1)?;
        self.next = content(link).or_else(|| link.source());
        Some(link)
    }
}

/// The error inside of an error that does not show it as its source.
fn content<'a>(link: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(error) = link.downcast_ref::<io::Error>() {
        return error.get_ref().map(|content| content as _);
    }
    #[cfg(feature = "h2")]
    if let Some(error) = link.downcast_ref::<h2::Error>() {
        return error.get_io().map(|content| content as _);
    }
    None
}
