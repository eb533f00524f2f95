//! The file while it is not whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// `FILE.part`: becomes `FILE` when it is finished, and is removed when it is dropped before.
///
/// A part is not kept, because nothing in it proves which version of the file it is from.
#[derive(Debug)]
pub(crate) struct Part {
    file: File,
    path: PathBuf,
    whole: PathBuf,
}

impl Part {
    /// Only one download writes to it, so an existing one is an error unless it may be replaced.
    pub(crate) fn create(whole: &Path, replace: bool) -> io::Result<Self> {
        let mut path = whole.as_os_str().to_owned();
        path.push(".part");
        let path = PathBuf::from(path);
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        let opened = match replace {
            true => options.truncate(true),
            false => options.create_new(true),
        };
        let file = opened.open(&path).map_err(|error| {
            let shown = path.display();
            let text = match error.kind() {
                io::ErrorKind::AlreadyExists => format!(
                    "{shown} exists: another download of it is under way, or was killed; \
                     --force replaces it"
                ),
                _ => format!("{shown} can't be written: {error}"),
            };
            io::Error::new(error.kind(), text)
        })?;
        let whole = whole.to_owned();
        Ok(Part { file, path, whole })
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.file.write_all(data)
    }

    /// Gives it its name, once all of it is on the disk.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, &self.whole)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // There is none any more when it has got its name.
        let _ = fs::remove_file(&self.path);
    }
}
