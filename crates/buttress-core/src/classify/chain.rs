use std::error::Error;
use std::io;

/// How many links of a chain are looked at: an error that is its own source must not hang us.
const CAP: usize = 64;

/// An error, its source, the source of that, and so on.
///
/// Unlike a plain walk it also looks inside an `io::Error` made from another error: that error is
/// its content, and `source` skips it.
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
        self.next = match link.downcast_ref::<io::Error>().map(io::Error::get_ref) {
            Some(Some(content)) => Some(content),
            _ => link.source(),
        };
        Some(link)
    }
}
