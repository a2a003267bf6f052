//! Pictures: kept durably before anything names them, looked at from here or from the centre.

use super::centre::{Exchange, Then};
use super::{Answered, Asked, Device, signed_out, trouble};
use crate::likes::Like;
use crate::message::{KeptPhoto, News, Picture, Reply, SimilarHere, TakenPhoto, Trouble};
use crate::platform::{PictureError, PictureFile, Room};
use crate::profile::Profile;
use crate::store::photos::PhotoName;
use crate::store::spool::{NewPicture, ROOM_BYTES_MIN};
use crate::store::{entries, meta};
use crate::sync::{Answer, SyncError, get, read_ok};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use bianfang_shared::photo::{Photo, Prepared};

/// Most pictures told that look like the one kept.
const SIMILAR_MAX: usize = 8;

/// Work on a picture, with what is to become of it.
#[derive(Debug)]
pub struct Preparation {
    taken: TakenPhoto,
    /// Whose it is: somebody else may have signed in before it is done.
    login: String,
}

impl Preparation {
    /// The file to prepare. It is handed out once.
    pub fn take_file(&mut self) -> PictureFile {
        match self.taken.file {
            Some(number) => PictureFile::Number(number),
            None => PictureFile::Bytes(std::mem::take(&mut self.taken.bytes)),
        }
    }
}

impl Device {
    pub(super) fn begin_photo(&mut self, taken: TakenPhoto) -> Asked {
        match self.whose() {
            Ok(login) => Asked::Picture(Box::new(Preparation { taken, login })),
            Err(trouble) => Asked::Ready(Box::new(Err(trouble))),
        }
    }

    /// Tells whose pictures these are. Whether there is room is looked at when the picture is made: only then has the
    /// platform asked anew.
    fn whose(&self) -> Result<String, Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        meta::user(profile.store.read())?.ok_or_else(signed_out)?;
        Ok(profile.login.clone())
    }

    /// Keeps what was made of a picture's file. Answered when it is durably on this device.
    pub fn keep(&mut self, preparation: Preparation, prepared: Result<Prepared, PictureError>) -> Answered {
        let Preparation { taken, login } = preparation;
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(PictureError::Refused(problem)) => return Ok(Reply::PhotoRefused(problem)),
            Err(error @ PictureError::Gone) => return Err(trouble("not_now", &error.to_string(), true)),
            Err(error @ PictureError::Failed(_)) => {
                return Err(trouble("picture_failed", &error.to_string(), true));
            }
        };
        let kept = self.keep_prepared(&taken, &login, &prepared);
        self.look_out(kept.as_ref().err());
        let kept = kept?;
        self.news.push(News::Sync { state: self.sync_state() });
        Ok(Reply::Photo(Box::new(kept)))
    }

    fn keep_prepared(
        &mut self,
        taken: &TakenPhoto,
        login: &str,
        prepared: &Prepared,
    ) -> Result<KeptPhoto, Trouble> {
        let at_ms = self.platform.clock.wall_ms();
        let profile = self.profile.as_mut().filter(|profile| profile.login == login);
        let profile = profile.ok_or_else(signed_out)?;
        let photo = &prepared.photo;
        let name = PhotoName::parse(&photo.sha256).expect("a hash in hexadecimal digits");
        // Looked for before it is here itself.
        let similar = similar(profile, taken, photo)?;
        let bytes = (photo.jpeg.len() + photo.thumbnail.len()) as u64;
        make_room(profile, &*self.platform.room, bytes)?;
        let new = NewPicture {
            name,
            jpeg: &photo.jpeg,
            thumbnail: &photo.thumbnail,
            likeness: photo.likeness().map(|likeness| likeness.to_string()).unwrap_or_default(),
            subject: taken.subject,
            at_ms,
        };
        profile.spool.keep(&new)?;
        profile.room_made.used(bytes);
        Ok(KeptPhoto {
            photo: reference(taken, prepared),
            thumbnail: data_address(&photo.thumbnail),
            similar,
        })
    }

    /// Every one of these is durably here, or with the centre; a record may name it.
    pub(super) fn check_kept(&self, photos: &[PhotoRef]) -> Result<(), Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        for photo in photos {
            let name = PhotoName::parse(&photo.sha256);
            let kept = name.map(|name| profile.spool.get(name)).transpose()?.flatten();
            if !kept.is_some_and(|kept| kept.is_safe()) {
                let detail =
                    format!("the picture for {} is not on this device; take it again", photo.purpose);
                return Err(trouble("photo_missing", &detail, false));
            }
        }
        Ok(())
    }

    pub(super) fn begin_picture(&mut self, sha256: String, full: bool) -> Asked {
        match self.picture_here(&sha256, full) {
            Ok(Some(address)) => {
                Asked::Ready(Box::new(Ok(Reply::Picture(Picture { sha256, address: Some(address) }))))
            }
            Ok(None) => self.picture_of_centre(sha256, full),
            Err(trouble) => Asked::Ready(Box::new(Err(trouble))),
        }
    }

    fn picture_here(&self, sha256: &str, full: bool) -> Result<Option<String>, Trouble> {
        let profile = self.profile.as_ref().ok_or_else(signed_out)?;
        let name = PhotoName::parse(sha256)
            .ok_or_else(|| trouble("bad_value", "this is no name of a photograph", false))?;
        let jpeg = if full { profile.spool.jpeg(name)? } else { profile.spool.thumbnail(name)? };
        Ok(jpeg.filter(|jpeg| !jpeg.is_empty()).map(|jpeg| data_address(&jpeg)))
    }

    fn picture_of_centre(&mut self, sha256: String, full: bool) -> Asked {
        let profile = self.profile.as_ref();
        let token = profile.and_then(|profile| meta::token(profile.store.read()).ok().flatten());
        let Some(token) = token else { return Asked::Ready(Box::new(Err(signed_out()))) };
        let path = format!("/api/v1/photos/{sha256}{}", if full { "" } else { "/thumb" });
        let request = get(path, Some(&token));
        Asked::Centre(Box::new(Exchange { request, then: Then::Picture { sha256, token } }))
    }
}

/// The picture that the centre answered; none where it does not have it yet.
pub(super) fn picture_reply(sha256: String, answer: Answer) -> Result<Reply, SyncError> {
    let address = match read_ok(answer) {
        Ok(response) => Some(data_address(&response.body)),
        Err(SyncError::Refused(problem)) if problem.status == 404 => None,
        Err(error) => return Err(error),
    };
    Ok(Reply::Picture(Picture { sha256, address }))
}

/// A JPEG as an address that an image shows.
pub(crate) fn data_address(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64.encode(jpeg))
}

/// Whoever took the picture in the app knows better than the file when and where.
fn reference(taken: &TakenPhoto, Prepared { photo, examined }: &Prepared) -> PhotoRef {
    let of_file = photo.reference(&taken.purpose, taken.source, examined);
    match taken.source {
        PhotoSource::Camera => {
            PhotoRef { taken_at_ms: taken.taken_at_ms, place: taken.place.clone(), ..of_file }
        }
        PhotoSource::Gallery | PhotoSource::Unknown => of_file,
    }
}

/// Lets held pictures go where the disk is short, and says so where that does not help.
fn make_room(profile: &mut Profile, room: &dyn Room, bytes: u64) -> Result<(), Trouble> {
    let wanted = bytes.saturating_add(ROOM_BYTES_MIN);
    // Where nothing is told it is tried: the database itself finds out.
    let Some(told) = room.free_bytes() else { return Ok(()) };
    let missing = wanted.saturating_sub(profile.room_made.free(told));
    if missing == 0 {
        return Ok(());
    }
    let let_go = profile.spool.make_room(missing)?;
    profile.room_made.add(told, let_go);
    let told = room.free_bytes().unwrap_or(told);
    match wanted.saturating_sub(profile.room_made.free(told)) {
        0 => Ok(()),
        missing => {
            let missing_mb = missing.div_ceil(1024 * 1024);
            Err(trouble("storage_full", &format!("{missing_mb} MB more are needed on this device"), true))
        }
    }
}

/// Room made by letting pictures go. A platform may tell of it late, or not before the app is started again, as browsers
/// do; until then it counts here. Else ever more pictures would be let go for the same room.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RoomMade {
    /// What the platform told when it was made.
    told: u64,
    /// How much of it is not used again.
    bytes: u64,
}

impl RoomMade {
    /// Bytes that may be written when the platform tells so many. What it tells more than then is the room that was made.
    fn free(self, told: u64) -> u64 {
        told.saturating_add(self.bytes.saturating_sub(told.saturating_sub(self.told)))
    }

    fn add(&mut self, told: u64, bytes: u64) {
        let untold = self.free(told) - told;
        *self = Self { told, bytes: untold.saturating_add(bytes) };
    }

    fn used(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

/// Pictures known here that look like this one, nearest first. Others of the same subject are none: a house looks like
/// itself; but the very same bytes in another record are.
fn similar(profile: &mut Profile, taken: &TakenPhoto, photo: &Photo) -> Result<Vec<SimilarHere>, Trouble> {
    let Some(probes) = &photo.probes else { return Ok(Vec::new()) };
    let (conn, spool, likes) = (profile.store.read(), &profile.spool, profile.likes.get_mut());
    let mut found: Vec<SimilarHere> = Vec::new();
    for (like, distance) in likes.search(conn, spool, probes)? {
        let (name, subject, at_ms, is_named) = match like {
            Like::Named(named) => (named.name, Some(named.subject), named.at_ms, true),
            Like::Kept(kept) => (kept.name, kept.subject, kept.at_ms, false),
        };
        let sha256 = name.to_string();
        let same_bytes = sha256 == photo.sha256;
        let is_reuse = if same_bytes { is_named } else { subject != Some(taken.subject) };
        if !is_reuse || found.iter().any(|other| other.sha256 == sha256) {
            continue;
        }
        let whose = subject.map(|id| entries::name(conn, id)).transpose()?.flatten();
        found.push(SimilarHere { sha256, distance, name: whose.unwrap_or_default().0, at_ms });
        if found.len() == SIMILAR_MAX {
            break;
        }
    }
    if let Some(name) = PhotoName::parse(&photo.sha256) {
        likes.remember(name, probes);
    }
    Ok(found)
}
