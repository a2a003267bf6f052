//! Unfinished uploads: one file each, which only grows at its end. Its length is the offset of the upload, the only
//! place where that is known.

use crate::store::photos::UploadId;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Keeps unfinished uploads.
pub trait Partials: Send + Sync + std::fmt::Debug {
    /// How much is durably here: what is here is made durable before it is told. 0 where nothing is.
    fn length(&self, upload: UploadId) -> io::Result<u64>;
    /// Appends; durable with [`Self::sync`].
    fn append(&self, upload: UploadId, bytes: &[u8]) -> io::Result<()>;
    /// Makes durable what was appended.
    fn sync(&self, upload: UploadId) -> io::Result<()>;
    /// Takes the end off, durably, down to this length.
    fn cut(&self, upload: UploadId, length: u64) -> io::Result<()>;
    /// All that is here.
    fn read(&self, upload: UploadId) -> io::Result<Vec<u8>>;
    /// Forgets it. What is not here is forgotten already.
    fn remove(&self, upload: UploadId) -> io::Result<()>;
    /// Those of which something is here.
    fn list(&self) -> io::Result<Vec<UploadId>>;
}

/// Files in a folder.
#[derive(Debug)]
pub struct FolderPartials {
    folder: PathBuf,
}

impl FolderPartials {
    /// In this folder, made where missing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    fn path(&self, upload: UploadId) -> PathBuf {
        self.folder.join(upload.to_string())
    }

    /// To append to, made where missing.
    fn file(&self, upload: UploadId) -> io::Result<File> {
        let path = self.path(upload);
        match OpenOptions::new().append(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let file = OpenOptions::new().append(true).create(true).open(&path)?;
                // The name has to be as durable as what is acknowledged under it.
                sync_folder(&self.folder)?;
                Ok(file)
            }
            opened => opened,
        }
    }
}

impl Partials for FolderPartials {
    fn length(&self, upload: UploadId) -> io::Result<u64> {
        match OpenOptions::new().append(true).open(self.path(upload)) {
            Ok(file) => {
                // A killed server may have written more than it had made durable.
                file.sync_data()?;
                Ok(file.metadata()?.len())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    fn append(&self, upload: UploadId, bytes: &[u8]) -> io::Result<()> {
        self.file(upload)?.write_all(bytes)
    }

    fn sync(&self, upload: UploadId) -> io::Result<()> {
        self.file(upload)?.sync_data()
    }

    fn cut(&self, upload: UploadId, length: u64) -> io::Result<()> {
        let file = self.file(upload)?;
        file.set_len(length)?;
        file.sync_all()
    }

    fn read(&self, upload: UploadId) -> io::Result<Vec<u8>> {
        std::fs::read(self.path(upload))
    }

    fn remove(&self, upload: UploadId) -> io::Result<()> {
        match std::fs::remove_file(self.path(upload)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    fn list(&self) -> io::Result<Vec<UploadId>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            found.extend(entry?.file_name().to_str().and_then(|name| name.parse::<UploadId>().ok()));
        }
        found.sort();
        Ok(found)
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
