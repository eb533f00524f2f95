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
        let shown = whole.display();
        if whole.is_dir() {
            return Err(io::Error::other(format!("{shown} is a directory")));
        }
        if whole.exists() && !replace {
            let text = format!("{shown} exists already; --force replaces it");
            return Err(io::Error::other(text));
        }
        let mut path = whole.as_os_str().to_owned();
        path.push(".part");
        let path = PathBuf::from(path);
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        let opened = match replace {
            true => options.truncate(true),
            false => options.create_new(true),
        };
        let file = opened.open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::Error::other(format!(
                "{} exists: another download of it is under way, or was killed; \
                 --force replaces it",
                path.display()
            )),
            _ => unwritable(&path, &error),
        })?;
        let whole = whole.to_owned();
        Ok(Part { file, path, whole })
    }

    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(data);
        written.map_err(|error| unwritable(&self.path, &error))
    }

    /// Gives it its name, once all of it is on the disk.
    pub(crate) fn finish(self) -> io::Result<()> {
        let synced = self.file.sync_all();
        synced.map_err(|error| unwritable(&self.path, &error))?;
        let named = fs::rename(&self.path, &self.whole);
        named.map_err(|error| unwritable(&self.whole, &error))
    }
}

fn unwritable(path: &Path, error: &io::Error) -> io::Error {
    io::Error::other(format!("{} can't be written: {error}", path.display()))
}

impl Drop for Part {
    fn drop(&mut self) {
        // There is none any more when it has got its name.
        let _ = fs::remove_file(&self.path);
    }
}
