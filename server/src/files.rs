//! Where the bytes of photographs lie: unfinished uploads, photographs, thumbnails. The one gate to all of them, and
//! the seam where tests make them fail. Knows no account and no rule.
//!
//! Photographs go through `object_store`, so that a service that speaks S3 can take the place of the folder. Unfinished
//! uploads stay on the machine: they are appended to, which such services do not know.

mod folders;
mod memory;
mod partials;
mod room;

use crate::store::faults::{Faults, NoFaults};
use crate::store::photos::{PhotoId, UploadId};
use axum::body::Bytes;
use futures::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload};
use sha2::{Digest, Sha256};
use std::future::ready;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use folders::Folders;
pub use memory::MemoryPhotos;
pub use partials::{FolderPartials, Partials};
pub(crate) use room::MemoryRoom;
pub use room::{FolderRoom, Room};

/// Photographs in the data folder.
pub const PHOTOS_FOLDER: &str = "photos";
/// Among photographs, those that no operation names: out of the way, until they are removed or brought back.
const UNNAMED_FOLDER: &str = "unnamed";
/// Unfinished uploads in the data folder.
pub const UPLOADS_FOLDER: &str = "uploads";

/// Where the bytes are to lie.
#[derive(Clone, Debug, Default)]
pub enum PhotoPlace {
    /// In the data folder.
    #[default]
    DataFolder,
    /// In memory, for simulations: it outlives the server that uses it.
    Memory(MemoryPhotos),
}

/// Bytes could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no room left.
    #[error("there is no room left for photographs")]
    Full(#[source] Cause),
    /// Anything else.
    #[error("the bytes of a photograph could not be read or written")]
    Failed(#[source] Cause),
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What the files answer.
pub type FileResult<T> = Result<T, FileError>;

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        if is_full(&error) { Self::Full(Box::new(error)) } else { Self::Failed(Box::new(error)) }
    }
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        let mut causes =
            std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
        let full = causes.any(|cause| cause.downcast_ref().is_some_and(is_full));
        if full { Self::Full(Box::new(error)) } else { Self::Failed(Box::new(error)) }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

/// All bytes of photographs.
#[derive(Clone, Debug)]
pub struct PhotoFiles {
    partials: Arc<dyn Partials>,
    /// Flushes what it is given before it gives it its name, and the name then.
    objects: Arc<dyn ObjectStore>,
    /// The same, and flushes nothing.
    passing: Arc<dyn ObjectStore>,
    /// Where those lie that are flushed here.
    folders: Option<Arc<Folders>>,
    /// Held while other bytes take the place of those under a name, or while they are taken away.
    changing: Arc<Mutex<()>>,
    faults: Arc<dyn Faults>,
}

impl PhotoFiles {
    /// At this place; `data_dir` is there already.
    pub fn open(place: &PhotoPlace, data_dir: &Path, faults: Arc<dyn Faults>) -> FileResult<Self> {
        match place {
            PhotoPlace::DataFolder => {
                let photos = data_dir.join(PHOTOS_FOLDER);
                std::fs::create_dir_all(&photos)?;
                partials::sync_folder(data_dir)?;
                let objects = LocalFileSystem::new_with_prefix(&photos)?.with_fsync(true);
                let passing = LocalFileSystem::new_with_prefix(&photos)?;
                let partials = FolderPartials::open(&data_dir.join(UPLOADS_FOLDER))?;
                Ok(Self {
                    partials: Arc::new(partials),
                    objects: Arc::new(objects),
                    passing: Arc::new(passing),
                    folders: Some(Arc::new(Folders::new(photos))),
                    changing: Arc::default(),
                    faults,
                })
            }
            PhotoPlace::Memory(memory) => Ok(Self {
                partials: Arc::clone(&memory.partials) as _,
                objects: Arc::clone(&memory.objects) as _,
                passing: Arc::clone(&memory.objects) as _,
                folders: None,
                changing: Arc::default(),
                faults,
            }),
        }
    }

    /// Photographs alone, in a folder of their own, such as beside a backup.
    pub fn archive(folder: &Path) -> FileResult<Self> {
        std::fs::create_dir_all(folder)?;
        let objects: Arc<dyn ObjectStore> =
            Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true));
        let partials = Arc::clone(&MemoryPhotos::default().partials);
        let (passing, faults) = (Arc::clone(&objects), Arc::new(NoFaults));
        Ok(Self { partials, passing, objects, folders: None, changing: Arc::default(), faults })
    }

    fn ask(&self, what: &str) -> FileResult<()> {
        if self.faults.fails(what) { Err(made_to_fail(what)) } else { Ok(()) }
    }

    /// How much of an upload is durably here.
    pub fn length(&self, upload: UploadId) -> FileResult<u64> {
        self.ask("length of an upload")?;
        Ok(self.partials.length(upload)?)
    }

    /// Appends to an upload; durable with [`Self::sync`]. What fails may have written a part.
    pub fn append(&self, upload: UploadId, bytes: &[u8]) -> FileResult<()> {
        if let Err(failed) = self.ask("append to an upload") {
            self.partials.append(upload, &bytes[..bytes.len() / 2])?;
            return Err(failed);
        }
        Ok(self.partials.append(upload, bytes)?)
    }

    /// Makes durable what was appended.
    pub fn sync(&self, upload: UploadId) -> FileResult<()> {
        self.ask("sync an upload")?;
        Ok(self.partials.sync(upload)?)
    }

    /// Takes the end of an upload off again, down to this length.
    pub fn cut(&self, upload: UploadId, length: u64) -> FileResult<()> {
        self.ask("cut an upload")?;
        Ok(self.partials.cut(upload, length)?)
    }

    /// All that is here of an upload.
    pub fn read(&self, upload: UploadId) -> FileResult<Bytes> {
        self.ask("read an upload")?;
        Ok(self.partials.read(upload)?.into())
    }

    /// Forgets an upload.
    pub fn remove(&self, upload: UploadId) -> FileResult<()> {
        self.ask("remove an upload")?;
        Ok(self.partials.remove(upload)?)
    }

    /// The uploads of which something is here.
    pub fn uploads(&self) -> FileResult<Vec<UploadId>> {
        Ok(self.partials.list()?)
    }

    /// Keeps a photograph durably. Its hash was checked: what is there under its name is the same bytes, or damaged ones
    /// that are mended by this.
    pub fn keep(&self, photo: PhotoId, bytes: &Bytes) -> FileResult<()> {
        self.ask("keep a photograph")?;
        let (name, payload) = (name_of(photo), PutPayload::from(bytes.clone()));
        // A name that nobody has gets its bytes and is flushed together with them: one flush instead of two. If the power
        // goes meanwhile, half a photograph may be left under it. Nobody was told that it is held, and the next start
        // knows it by its hash.
        let is_first = self.folders.as_ref().is_some_and(|folders| folders.begin(photo));
        let fresh = wait(self.passing.put_opts(&name, payload.clone(), PutMode::Create.into()));
        if fresh.is_err() {
            if is_first {
                self.ended(photo);
            }
            // What is there may be held: it changes to the same at once, and only when that is on the disk. The same where
            // names cannot be given so.
            let _changing = self.changing();
            wait(self.objects.put(&name, payload))?;
        }
        self.flush(photo)?;
        self.ended(photo);
        Ok(())
    }

    fn ended(&self, photo: PhotoId) {
        if let Some(folders) = &self.folders {
            folders.end(photo);
        }
    }

    /// Makes durable what is there under the name of a photograph. A server that was killed may not have come to it.
    pub fn flush(&self, photo: PhotoId) -> FileResult<()> {
        match &self.folders {
            Some(folders) => Ok(folders.flush(photo, &name_of(photo))?),
            None => Ok(()),
        }
    }

    /// The bytes of a photograph, as they are.
    pub fn photo(&self, photo: PhotoId) -> FileResult<Option<Bytes>> {
        self.ask("read a photograph")?;
        self.get(&name_of(photo))
    }

    /// Whether a photograph of this length is there, durably.
    pub fn has(&self, photo: PhotoId, length: u64) -> FileResult<bool> {
        self.ask("look for a photograph")?;
        if self.folders.as_ref().is_some_and(|folders| folders.is_under_way(photo)) {
            return Ok(false);
        }
        match wait(self.objects.head(&name_of(photo))) {
            Ok(found) => Ok(found.size == length),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a photograph is there whole, by its hash.
    pub fn holds(&self, photo: PhotoId) -> FileResult<bool> {
        Ok(self.photo(photo)?.is_some_and(|bytes| hash_of(&bytes) == photo))
    }

    /// Moves the bytes of a photograph out of the way, to be looked at by hand. They are not deleted. Those that were
    /// mended since somebody saw that they are damaged stay.
    pub fn set_aside(&self, photo: PhotoId) -> FileResult<()> {
        self.ask("set a photograph aside")?;
        let _changing = self.changing();
        match self.get(&name_of(photo))? {
            Some(bytes) if hash_of(&bytes) != photo => {
                Ok(wait(self.objects.rename(&name_of(photo), &damaged_of(photo)))?)
            }
            _ => Ok(()),
        }
    }

    fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a thumbnail. It can be made again, so the last one counts, and nobody waits for the disk.
    pub fn keep_thumbnail(&self, photo: PhotoId, bytes: &Bytes) -> FileResult<()> {
        self.ask("keep a thumbnail")?;
        let name = thumbnail_of(photo);
        Ok(wait(self.passing.put(&name, PutPayload::from(bytes.clone()))).map(drop)?)
    }

    /// A thumbnail, if it is there whole: the power may have gone before it was on the disk.
    pub fn thumbnail(&self, photo: PhotoId) -> FileResult<Option<Bytes>> {
        self.ask("read a thumbnail")?;
        Ok(self.get(&thumbnail_of(photo))?.filter(|bytes| is_whole_jpeg(bytes)))
    }

    /// The names of all photographs that are there.
    pub fn photos(&self) -> FileResult<Vec<PhotoId>> {
        let named =
            self.objects.list(None).try_filter_map(|found| ready(Ok(photo_of(&found.location, name_of))));
        Ok(wait(named.try_collect())?)
    }

    /// Moves a photograph that no operation names to a folder of its own. It is not there any more for whoever asks.
    pub fn let_go(&self, photo: PhotoId) -> FileResult<()> {
        self.ask("let a photograph go")?;
        let _changing = self.changing();
        match wait(self.objects.rename(&name_of(photo), &unnamed_of(photo))) {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            moved => Ok(moved?),
        }
    }

    /// Moves a photograph back, unless it is here again. Answers its length where it was in that folder.
    pub fn bring_back(&self, photo: PhotoId) -> FileResult<Option<u64>> {
        self.ask("bring a photograph back")?;
        let _changing = self.changing();
        let length = match wait(self.objects.head(&unnamed_of(photo))) {
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            found => found?.size,
        };
        match wait(self.objects.head(&name_of(photo))) {
            Err(object_store::Error::NotFound { .. }) => {
                wait(self.objects.rename(&unnamed_of(photo), &name_of(photo)))?;
                self.flush(photo)?;
            }
            here => {
                here?;
                wait(self.objects.delete(&unnamed_of(photo)))?;
            }
        }
        Ok(Some(length))
    }

    /// Those in the folder of photographs that no operation names.
    pub fn unnamed(&self) -> FileResult<Vec<PhotoId>> {
        let folder = ObjectPath::from(UNNAMED_FOLDER);
        let named = self.objects.list(Some(&folder));
        let named = named.try_filter_map(|found| ready(Ok(photo_of(&found.location, unnamed_of))));
        Ok(wait(named.try_collect())?)
    }

    /// Removes one of those for good.
    pub fn remove_unnamed(&self, photo: PhotoId) -> FileResult<()> {
        self.ask("remove a photograph")?;
        match wait(self.objects.delete(&unnamed_of(photo))) {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            removed => Ok(removed?),
        }
    }

    /// Takes in every photograph of another place that is not here, whole. Answers how many that were.
    pub fn take_from(&self, other: &PhotoFiles) -> FileResult<u64> {
        let mut taken = 0;
        for photo in other.photos()? {
            let Some(bytes) = other.photo(photo)?.filter(|bytes| hash_of(bytes) == photo) else { continue };
            if !self.holds(photo)? {
                self.keep(photo, &bytes)?;
                taken += 1;
            }
        }
        Ok(taken)
    }

    fn get(&self, name: &ObjectPath) -> FileResult<Option<Bytes>> {
        let read = async { self.objects.get(name).await?.bytes().await };
        match wait(read) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// From its first mark to its last; a file that was cut off ends in something else, mostly zeros.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const FIRST: &[u8] = &[0xff, 0xd8];
    const LAST: &[u8] = &[0xff, 0xd9];
    bytes.starts_with(FIRST) && bytes.ends_with(LAST)
}

/// What a photograph's bytes are called.
pub fn hash_of(bytes: &[u8]) -> PhotoId {
    PhotoId(Sha256::digest(bytes).into())
}

/// Removes what a killed server left half written among photographs. Only while no other one runs on the folder.
pub fn remove_half_written(data_dir: &Path) -> std::io::Result<()> {
    let photos = data_dir.join(PHOTOS_FOLDER);
    if !photos.exists() {
        return Ok(());
    }
    for folder in std::fs::read_dir(photos)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?.path();
            // `object_store` writes beside the name, with such a mark, before it gives the name.
            if file.file_name().is_some_and(|name| name.to_string_lossy().contains('#')) {
                std::fs::remove_file(file)?;
            }
        }
    }
    Ok(())
}

/// Spread over folders, since some file systems are slow with many names in one.
fn name_of(photo: PhotoId) -> ObjectPath {
    let name = photo.to_string();
    ObjectPath::from(format!("{}/{name}.jpg", &name[..2]))
}

fn thumbnail_of(photo: PhotoId) -> ObjectPath {
    let name = photo.to_string();
    ObjectPath::from(format!("{}/{name}.thumb.jpg", &name[..2]))
}

fn damaged_of(photo: PhotoId) -> ObjectPath {
    let name = photo.to_string();
    ObjectPath::from(format!("{}/{name}.damaged", &name[..2]))
}

/// Of a photograph that no operation names. Those of a folder of their own are not among the others.
fn unnamed_of(photo: PhotoId) -> ObjectPath {
    ObjectPath::from(format!("{UNNAMED_FOLDER}/{photo}.jpg"))
}

/// The photograph at this very place.
fn photo_of(path: &ObjectPath, place: fn(PhotoId) -> ObjectPath) -> Option<PhotoId> {
    let photo = path.filename()?.strip_suffix(".jpg")?.parse().ok()?;
    (place(photo) == *path).then_some(photo)
}

fn made_to_fail(what: &str) -> FileError {
    FileError::Full(Box::new(crate::store::faults::Injected(what.to_owned())))
}

/// Waits for a future on this thread, which is one where blocking is allowed.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    // A task of tokio is made to pause after so many steps. There is nobody here to pause for: it would spin for ever.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::faults::FailNth;

    fn both() -> (tempfile::TempDir, [PhotoFiles; 2]) {
        let folder = tempfile::tempdir().unwrap();
        let open = |place| PhotoFiles::open(&place, folder.path(), Arc::new(NoFaults)).unwrap();
        let files = [open(PhotoPlace::DataFolder), open(PhotoPlace::Memory(MemoryPhotos::default()))];
        (folder, files)
    }

    #[test]
    fn an_upload_grows_is_cut_and_goes() {
        let (_folder, files) = both();
        for files in files {
            let id = UploadId([1; 16]);
            assert_eq!(files.length(id).unwrap(), 0, "what never came is no fault");
            files.append(id, b"hello ").unwrap();
            files.append(id, b"world").unwrap();
            files.sync(id).unwrap();
            assert_eq!(files.length(id).unwrap(), 11);
            assert_eq!(files.uploads().unwrap(), [id]);
            files.cut(id, 5).unwrap();
            assert_eq!(files.read(id).unwrap(), "hello");
            files.remove(id).unwrap();
            files.remove(id).unwrap();
            assert_eq!((files.length(id).unwrap(), files.uploads().unwrap().len()), (0, 0));
        }
    }

    #[test]
    fn a_photograph_stays_as_it_is_and_is_mended_where_it_was_damaged() {
        let (folder, files) = both();
        for files in &files {
            let bytes = Bytes::from_static(b"a picture");
            let photo = hash_of(&bytes);
            assert_eq!(files.photo(photo).unwrap(), None);
            assert!(!files.has(photo, 9).unwrap());
            files.keep(photo, &bytes).unwrap();
            files.keep(photo, &bytes).unwrap();
            for (small, is_whole) in
                [(&b"\xff\xd8small\xff\xd9"[..], true), (b"\xff\xd8small\0\0", false), (b"", false)]
            {
                files.keep_thumbnail(photo, &Bytes::from_static(small)).unwrap();
                assert_eq!(files.thumbnail(photo).unwrap(), is_whole.then(|| Bytes::from_static(small)));
            }
            assert_eq!(files.photo(photo).unwrap(), Some(bytes));
            assert!(files.has(photo, 9).unwrap() && !files.has(photo, 8).unwrap());
            assert_eq!(files.photos().unwrap(), [photo], "a thumbnail is no photograph");
        }
        let photo = hash_of(b"a picture");
        let path = folder.path().join("photos").join(name_of(photo).to_string());
        std::fs::write(&path, "a pixture").unwrap();
        files[0].keep(photo, &Bytes::from_static(b"a picture")).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a picture");
        files[0].set_aside(photo).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a picture", "who saw it damaged came too late");
    }

    #[test]
    fn a_write_that_is_cut_leaves_a_part_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let faults = Arc::new(FailNth::default());
        let files =
            PhotoFiles::open(&PhotoPlace::DataFolder, folder.path(), Arc::clone(&faults) as _).unwrap();
        faults.arm(1);
        assert!(matches!(files.append(UploadId([1; 16]), b"12345678"), Err(FileError::Full(_))));
        assert_eq!(files.length(UploadId([1; 16])).unwrap(), 4);
    }

    #[test]
    fn a_full_disk_is_known_through_every_layer() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(FileError::from(full()), FileError::Full(_)));
        let wrapped = object_store::Error::Generic { store: "any", source: Box::new(full()) };
        assert!(matches!(FileError::from(wrapped), FileError::Full(_)));
        let other = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        assert!(matches!(FileError::from(other), FileError::Failed(_)));
    }

    #[test]
    fn what_a_killed_server_left_half_written_goes() {
        let (folder, files) = both();
        let bytes = Bytes::from_static(b"a picture");
        let photo = hash_of(&bytes);
        files[0].keep(photo, &bytes).unwrap();
        let path = folder.path().join("photos").join(name_of(photo).to_string());
        let half = path.with_extension("jpg#1");
        std::fs::write(&half, "a pic").unwrap();
        remove_half_written(folder.path()).unwrap();
        assert!(!half.exists() && path.exists());
    }
}
