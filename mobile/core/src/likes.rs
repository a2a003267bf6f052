//! Near duplicates of a picture among all that this device knows of: those in its spool, and those that records name.
//! Decides nothing about what it finds.

use crate::store::photos::{self, Named, PhotoName};
use crate::store::spool::{Kept, Spool};
use crate::store::{StoreError, meta, records};
use bianfang_shared::evidence::SeenBefore;
use bianfang_shared::form::FormDraft;
use bianfang_shared::photo::{Likeness, LikenessIndex, LikenessProbes, PhotoPolicy};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};

/// Most near duplicates looked at for one picture.
const FOUND_MAX: usize = 200;
/// Pictures of which more than the likeness is remembered: those of the forms of a day.
const PROBES_MAX: usize = 200;

/// The index in memory, filled as far as rows have been read. 64 bytes and a number for each picture.
#[derive(Debug, Default)]
pub(crate) struct Likes {
    index: LikenessIndex<Row>,
    named_no: i64,
    kept_no: i64,
    /// What to ask about pictures kept since the start, crops included. Of older ones only the likeness is at hand.
    probes: BTreeMap<PhotoName, LikenessProbes>,
}

/// Where a likeness stands.
#[derive(Clone, Copy, Debug)]
enum Row {
    Named(i64),
    Kept(i64),
}

/// A picture that looks like another.
#[derive(Clone, Debug)]
pub(crate) enum Like {
    /// A record or a problem names it.
    Named(Named),
    /// It is kept here.
    Kept(Kept),
}

impl Likes {
    /// Pictures that look like this one, nearest first, with the distance in bits.
    pub(crate) fn search(
        &mut self,
        store: &Connection,
        spool: &Spool,
        probes: &LikenessProbes,
    ) -> Result<Vec<(Like, u32)>, StoreError> {
        self.read_on(store, spool)?;
        let within = PhotoPolicy::builtin().likeness.within_bits;
        let mut found = Vec::new();
        for hit in self.index.search(probes, within, FOUND_MAX) {
            // Rows may be gone by now; their numbers are not used again before the next start.
            let like = match hit.key {
                Row::Named(no) => photos::get(store, no)?.map(Like::Named),
                Row::Kept(no) => spool.by_no(no)?.map(Like::Kept),
            };
            found.extend(like.map(|like| (like, hit.distance)));
        }
        Ok(found)
    }

    /// What comparing the photographs of a form with those of records known here finds: the very same bytes, or what
    /// looks like them and is of another subject. A house looks like itself every month, and a correction may name the
    /// pictures of what the same person wrote about the same subject before.
    pub(crate) fn seen(
        &mut self,
        store: &Connection,
        spool: &Spool,
        draft: &FormDraft,
    ) -> Result<BTreeMap<String, SeenBefore>, StoreError> {
        let corrected = match meta::user(store)? {
            Some(user) => records::corrected(store, draft.corrects, user.id, draft.subject)?,
            None => BTreeSet::new(),
        };
        let mut seen = BTreeMap::new();
        for photo in &draft.photos {
            let Some(name) = PhotoName::parse(&photo.sha256) else { continue };
            let same_bytes = photos::is_named_elsewhere(store, name, &corrected)?;
            let nearest_bits = match self.probes_of(name, &photo.likeness) {
                Some(probes) => self.nearest(store, spool, &probes, draft, name)?,
                None => None,
            };
            seen.insert(photo.sha256.clone(), SeenBefore { same_bytes, nearest_bits });
        }
        Ok(seen)
    }

    fn nearest(
        &mut self,
        store: &Connection,
        spool: &Spool,
        probes: &LikenessProbes,
        draft: &FormDraft,
        name: PhotoName,
    ) -> Result<Option<u32>, StoreError> {
        let found = self.search(store, spool, probes)?;
        Ok(found.into_iter().find_map(|(like, distance)| match like {
            Like::Named(named) => {
                let is_other = named.subject != draft.subject && named.name != name;
                is_other.then_some(distance)
            }
            Like::Kept(_) => None,
        }))
    }

    fn probes_of(&self, name: PhotoName, likeness: &str) -> Option<LikenessProbes> {
        let known = self.probes.get(&name).cloned();
        known.or_else(|| likeness.parse().ok().map(LikenessProbes::uncropped))
    }

    /// Remembers what to ask about a picture that was just kept.
    pub(crate) fn remember(&mut self, name: PhotoName, probes: &LikenessProbes) {
        if self.probes.len() >= PROBES_MAX {
            self.probes.pop_first();
        }
        self.probes.insert(name, probes.clone());
    }

    fn read_on(&mut self, store: &Connection, spool: &Spool) -> Result<(), StoreError> {
        for named in photos::since(store, self.named_no)? {
            self.named_no = named.no;
            self.put(Row::Named(named.no), &named.likeness);
        }
        for kept in spool.since(self.kept_no)? {
            self.kept_no = kept.no;
            self.put(Row::Kept(kept.no), &kept.likeness);
        }
        Ok(())
    }

    fn put(&mut self, row: Row, likeness: &str) {
        // Blank where the picture shows nothing that could be recognised, or of a newer form.
        if let Ok(likeness) = likeness.parse::<Likeness>() {
            self.index.insert(row, &likeness);
        }
    }
}
