//! From a filled form of any kind of round to its record, its photographs, and what follows from it.

use super::fixes::{self, Quality};
use super::scribe::About;
use super::{Story, review};
use crate::demo::township::album::Shot;
use bianfang_shared::checklist::Checklist;
use bianfang_shared::form::{self, FormDraft};
use bianfang_shared::id::UserId;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::{ObservationKind, PhotoRef, Platform};

/// Which photographs of a record were painted. The others are named by the record and still on somebody's phone.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pictures {
    /// So many of them.
    pub(super) painted: usize,
    /// What was taken for the first of them, if not what it should be.
    pub(super) instead: Option<Shot>,
}

impl Pictures {
    /// All of them.
    pub(super) const ALL: Self = Self { painted: usize::MAX, instead: None };

    /// So many of them.
    pub(super) fn first(painted: usize) -> Self {
        Self { painted, instead: None }
    }
}

/// How a record is made.
pub(super) struct Making<'p> {
    pub(super) about: About,
    pub(super) author: UserId,
    /// Where it should be made.
    pub(super) anchor: Point,
    pub(super) dwell_ms: i64,
    pub(super) quality: Quality,
    /// Whether the supervisor looks at such records one by one.
    pub(super) reviewed: bool,
    pub(super) pictures: &'p Pictures,
}

impl Story<'_> {
    /// Makes the record of a filled form. `shot` says what a photograph of this purpose shows.
    pub(super) fn record(
        &mut self,
        mut draft: FormDraft,
        making: &Making<'_>,
        shot: impl Fn(&str) -> Option<Shot>,
    ) {
        let &Making { about, author, anchor, dwell_ms, quality, reviewed, pictures } = making;
        let at_ms = draft.started_at_ms;
        let saved_ms = at_ms + dwell_ms;
        let platform = if self.luck.percent(60) { Platform::Web } else { Platform::Native };
        let measured = fixes::measure(&mut self.luck, anchor, (at_ms, dwell_ms), quality, platform);
        draft.fixes = measured.fixes;
        draft.dwell_ms = u64::try_from(dwell_ms).unwrap_or(0);
        draft.photos = self.photographs(&draft, making, shot);
        let saved = self.scribe.save(&mut self.luck, &draft, about, author, (saved_ms, platform));
        let Some(saved) = saved else { return };
        for issue in saved.opened {
            self.follow_up(issue, saved_ms, author);
        }
        if !reviewed && !measured.weak && pictures.painted == 0 {
            return;
        }
        if let Some((at_ms, review)) = review(&mut self.luck, saved.observation, saved_ms, measured.weak) {
            self.plan(at_ms, review);
        }
    }

    /// The photographs that a form asks for: painted ones as far as there are any, else what the record says of those
    /// that have not arrived.
    fn photographs(
        &mut self,
        draft: &FormDraft,
        making: &Making<'_>,
        shot: impl Fn(&str) -> Option<Shot>,
    ) -> Vec<PhotoRef> {
        let &Making { about, dwell_ms, pictures, .. } = making;
        let list = Checklist::of(draft.kind);
        let mut wanted = self.scribe.with_ledger(about, |ledger| form::missing_photos(draft, list, ledger));
        // A water check asks for none, but takes some.
        if draft.kind == ObservationKind::WaterCheck && pictures.painted > 0 {
            wanted.push("photo_water".to_owned());
        }
        let place = draft.fixes.last().cloned();
        let step_ms = dwell_ms / (i64::try_from(wanted.len()).unwrap_or(1) + 1);
        let mut photos = Vec::with_capacity(wanted.len());
        for (number, purpose) in wanted.iter().enumerate() {
            let painted = match pictures.instead {
                _ if number >= pictures.painted => None,
                Some(instead) if number == 0 => Some(instead),
                _ => shot(purpose),
            };
            let photo = match painted {
                Some(shot) => self.album.photo(shot, purpose),
                None => self.album.elsewhere(&mut self.luck, purpose),
            };
            let taken_ms = draft.started_at_ms + step_ms * (i64::try_from(number).unwrap_or(0) + 1);
            photos.push(PhotoRef { taken_at_ms: Some(taken_ms), place: place.clone(), ..photo });
        }
        photos
    }
}
