//! Photographs once all is well again: each that anything names is at the centre with the right bytes, or is said to be
//! missing wherever it is shown.

use super::text;
use crate::maker::Maker;
use crate::sim::album::{CENTRE_BYTES_MAX, name_of};
use crate::sim::check::{Held, Naming};
use crate::sim::phone::PASSWORD;
use crate::sim::world::{PHOTOS_MAX, SUPERVISOR, World};
use bianfang_device::message::{Place, Reply, Request};
use bianfang_device::platform::Method;
use bianfang_server::store::photos::PhotoId;
use bianfang_shared::id::ObservationId;
use bianfang_shared::query::VisitDetail;
use bianfang_shared::wire::{LoginReply, PHOTOS_HELD_MAX, PhotosHeldReply, PhotosHeldRequest};
use std::collections::{BTreeMap, BTreeSet};

/// Records whose detail is asked of the centre.
const DETAILS_MAX: usize = 12;

type Named = BTreeMap<String, Naming>;

impl World {
    pub(in crate::sim::world) fn check_photos(&mut self, held: &Held) -> Result<(), String> {
        let named = held.photos();
        let token = self.supervisor()?;
        let told = self.told_held(&token, &named, named.keys())?;
        self.check_bytes()?;
        let mut missing = BTreeSet::new();
        for (sha256, naming) in &named {
            let right = self.is_right(sha256);
            match (told.contains(sha256), right) {
                (true, true) => (),
                (true, false) => return Err(format!("the centre says that it holds {sha256}, and does not")),
                (false, _) => {
                    self.check_missing(sha256, naming, right)?;
                    self.count("photograph said to be missing");
                    missing.insert(sha256.clone());
                }
            }
        }
        self.check_told_missing(&named, &missing)?;
        self.check_details(&token, held, &missing)?;
        self.check_places(held, &missing)?;
        self.check_drafts(&token, held)
    }

    fn is_right(&self, sha256: &str) -> bool {
        let photo = sha256.parse().ok().and_then(|photo: PhotoId| self.centre.photo(photo));
        photo.is_some_and(|bytes| name_of(&bytes) == sha256)
    }

    /// Whether the centre has noted a photograph, and its bytes are as many as it noted.
    fn is_noted(&self, sha256: &str) -> bool {
        let Ok(photo) = sha256.parse::<PhotoId>() else { return false };
        let noted = self.centre.app().store().photo(photo).ok().flatten();
        let bytes = self.centre.photo(photo).map(|bytes| bytes.len() as u64);
        noted.is_some_and(|noted| Some(noted.bytes) == bytes)
    }

    /// Whatever lies in the files is what its name says.
    fn check_bytes(&self) -> Result<(), String> {
        for photo in self.centre.app().store().photos(None, PHOTOS_MAX).map_err(text)? {
            let bytes = self.centre.photo(photo.id);
            if bytes.is_some_and(|bytes| name_of(&bytes) != photo.id.to_string()) {
                return Err(format!("{} is held with other bytes", photo.id));
            }
        }
        Ok(())
    }

    /// A photograph may be missing if nobody has it any more, or if the centre cannot take it.
    fn check_missing(&mut self, sha256: &str, naming: &Naming, lies_there: bool) -> Result<(), String> {
        if lies_there {
            return Err(format!(
                "{sha256} lies in the files of the centre, which does not know it: {naming:?}"
            ));
        }
        let too_large = self.began_with.centre_takes_little && naming.bytes > CENTRE_BYTES_MAX;
        let on: Vec<usize> = self
            .phones
            .iter_mut()
            .filter_map(|phone| phone.has_photo(sha256).then_some(phone.number))
            .collect();
        // One that has the bytes and has not been told who names them, as after a grant was taken, offers nothing.
        let owed: Vec<usize> = self.phones.iter_mut().filter_map(|phone| phone.owes(sha256)).collect();
        if !owed.is_empty() && !too_large {
            return Err(format!("{sha256} is on phones {owed:?} and not at the centre: {naming:?}"));
        }
        let shots = || self.shots.iter().filter(|shot| shot.sha256 == sha256);
        let excused = shots().all(|shot| shot.may_be_gone) || self.may_have_burnt(sha256);
        if on.is_empty() && !excused {
            let shots: Vec<_> = shots().collect();
            return Err(format!("{sha256} is lost; it was kept here: {shots:?}; named {naming:?}"));
        }
        Ok(())
    }

    /// Whether the centre held it once, so that phones may have let it go, and lost photographs since.
    fn may_have_burnt(&self, sha256: &str) -> bool {
        let was_held = sha256.parse().is_ok_and(|photo: PhotoId| self.ever_held.contains(&photo));
        was_held && self.photos_were_lost
    }

    /// The centre's own list of what is missing.
    fn check_told_missing(&self, named: &Named, missing: &BTreeSet<String>) -> Result<(), String> {
        let listed = self.centre.app().store().photos_missing(None, PHOTOS_MAX).map_err(text)?;
        let listed: BTreeSet<String> = listed.iter().map(PhotoId::to_string).collect();
        // A photograph that is noted and whose file is gone is found by looking at the files.
        let noted = |sha256: &String| {
            let photo = sha256.parse().ok().and_then(|photo| self.centre.app().store().photo(photo).ok()?);
            photo.is_some()
        };
        let unlisted = missing.iter().find(|sha256| !listed.contains(*sha256) && !noted(sha256));
        if let Some(sha256) = unlisted {
            return Err(format!("{sha256} is missing and not listed so: {:?}", named.get(sha256)));
        }
        match listed.iter().find(|sha256| !missing.contains(*sha256)) {
            Some(sha256) => Err(format!("{sha256} is listed as missing: {:?}", named.get(sha256))),
            None => Ok(()),
        }
    }

    /// What a supervisor sees of records: first those that miss something.
    fn check_details(&self, token: &str, held: &Held, missing: &BTreeSet<String>) -> Result<(), String> {
        let mut records: Vec<(bool, ObservationId, BTreeSet<String>)> = held
            .photos_of_records()
            .into_iter()
            .filter(|(_, (merged, photos))| *merged && !photos.is_empty())
            .map(|(id, (_, photos))| (photos.is_disjoint(missing), id, photos))
            .collect();
        records.sort();
        for (_, id, photos) in records.into_iter().take(DETAILS_MAX) {
            let answer = self.call(Method::Get, Some(token), &format!("/api/v1/visits/{id}"), Vec::new());
            if answer.status != 200 {
                return Err(format!("{id} is answered with {}", answer.status));
            }
            let detail: VisitDetail = serde_json::from_slice(&answer.body).map_err(text)?;
            let told: BTreeMap<String, bool> =
                detail.photos.into_iter().map(|view| (view.photo.sha256, view.held)).collect();
            for sha256 in photos {
                if told.get(&sha256) != Some(&!missing.contains(&sha256)) {
                    return Err(format!("the detail of {id} says {:?} of {sha256}", told.get(&sha256)));
                }
            }
        }
        Ok(())
    }

    /// 照片已齐 is said when the centre holds all, and not before.
    fn check_places(&mut self, held: &Held, missing: &BTreeSet<String>) -> Result<(), String> {
        let (records, aside) = (held.photos_of_records(), held.records_set_aside());
        // Whoever shared a picture with others, lost the phone that proves it, and is asked by a centre that was put back
        // too, is nobody's to believe.
        let safe: BTreeSet<(usize, &str)> = (self.shots.iter())
            .filter(|shot| !shot.may_be_gone)
            .map(|shot| (shot.phone, shot.sha256.as_str()))
            .collect();
        let restored = self.began_with.centre_restored;
        for (at, phone) in self.phones.iter_mut().enumerate() {
            for (id, _) in phone.device().own_records().map_err(text)? {
                let Some((true, photos)) = records.get(&id) else { continue };
                let Ok(Reply::Record(view)) = phone.ask(Request::Record { id }) else {
                    return Err(format!("phone {at} does not know its own {id}"));
                };
                let [total, gone] = [photos.len(), photos.intersection(missing).count()];
                let unproved = |sha256: &&String| restored && !safe.contains(&(at, sha256.as_str()));
                let unproved = photos.difference(missing).filter(unproved).count();
                let fits = match view.row.place {
                    Place::Centre => total == 0,
                    Place::Complete => total > 0 && gone == 0,
                    Place::Photos { held, total: told } => {
                        let there = total - gone;
                        held < told
                            && told as usize == total
                            && (there - unproved..=there).contains(&(held as usize))
                    }
                    Place::Approved | Place::SentBack { .. } | Place::Retracted | Place::WithdrawalAsked => {
                        true
                    }
                    Place::SetAside { .. } => aside.contains(&id),
                    Place::Device => false,
                };
                if !fits {
                    let place = view.row.place;
                    return Err(format!("phone {at} says {place:?} of {id}: {gone} of {total} are missing"));
                }
            }
        }
        Ok(())
    }

    /// Whatever picture a form in hand names is on the phone, or at the centre. Forms about something that is at the
    /// centre can be opened; others wait.
    fn check_drafts(&mut self, token: &str, held: &Held) -> Result<(), String> {
        let registered = held.registered();
        let mut elsewhere: Vec<(usize, String)> = Vec::new();
        for (at, phone) in self.phones.iter_mut().enumerate() {
            let Reply::Today(today) = phone.ask(Request::Today { here: None }).map_err(text)? else {
                continue;
            };
            for row in today.drafts {
                let open = Request::OpenForm { kind: row.kind, subject: row.subject };
                let view = match phone.ask(open) {
                    Ok(Reply::Form(view)) if row.name.is_some() => view,
                    // Said beforehand, and true: it is not at the centre either.
                    Err(trouble)
                        if trouble.code == "not_found"
                            && row.name.is_none()
                            && !registered.contains(&row.subject) =>
                    {
                        continue;
                    }
                    other => return Err(format!("a form on phone {at} about {} is {other:?}", row.subject)),
                };
                let gone = view.draft.photos.into_iter().filter(|photo| !phone.has_photo(&photo.sha256));
                elsewhere.extend(gone.map(|photo| (at, photo.sha256)));
            }
        }
        let named = held.photos();
        let told = self.told_held(token, &named, elsewhere.iter().map(|(_, sha256)| sha256))?;
        // A form that corrects a record names its pictures, which the phone may have let go long ago.
        let excused = |sha256: &String| named.contains_key(sha256) && self.may_have_burnt(sha256);
        match elsewhere.into_iter().find(|(_, sha256)| !told.contains(sha256) && !excused(sha256)) {
            Some((at, sha256)) => Err(format!("a form on phone {at} names {sha256}, which is nowhere")),
            None => Ok(()),
        }
    }

    fn supervisor(&self) -> Result<String, String> {
        let (supervisor, _) = self.people.last().ok_or("nobody was hired")?;
        let maker = Maker::new(*supervisor, 1);
        let login = self.post(None, "/api/v1/login", &maker.login(SUPERVISOR, PASSWORD));
        let login: LoginReply = serde_json::from_slice(&login).map_err(text)?;
        Ok(login.token)
    }

    /// Which of these the centre says that it holds. The supervisor has all villages, and is told of what a merged
    /// operation names; of what is set aside nobody but who brought it is, so there its own note is asked.
    fn told_held<'a>(
        &self,
        token: &str,
        named: &Named,
        names: impl Iterator<Item = &'a String>,
    ) -> Result<BTreeSet<String>, String> {
        let is_merged = |sha256: &String| named.get(sha256).is_some_and(|naming| naming.is_merged);
        let (names, aside): (Vec<String>, Vec<String>) = names.cloned().partition(is_merged);
        let mut told: BTreeSet<String> = aside.into_iter().filter(|sha256| self.is_noted(sha256)).collect();
        for part in names.chunks(PHOTOS_HELD_MAX) {
            let request = PhotosHeldRequest::of(part.iter().cloned());
            let reply = self.post(Some(token), "/api/v1/photos/held", &request);
            let reply: PhotosHeldReply = serde_json::from_slice(&reply).map_err(text)?;
            told.extend(reply.held);
        }
        Ok(told)
    }
}
