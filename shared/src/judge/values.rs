//! Whether what an operation says can stand in a ledger or record. Looks at single values only.

use super::reason::{Fault, Reason};
use super::{ANSWERS_MAX, COMPANIONS_MAX, FIXES_MAX, PHOTOS_MAX, STRUCK_MAX, at_most, not_yet_known};
use crate::ledger::{self, BadValue, LedgerKind, TEXT_CHARS_MAX};
use crate::observation::{self, BadPart, Observation, ObservationKind, Outcome, PhotoRef};
use crate::value::Value;

pub(super) fn check_field(ledger: LedgerKind, field: &str, value: &Value) -> Result<(), Reason> {
    let known = (ledger != LedgerKind::Unknown).then_some(ledger);
    ledger::check(ledger, field, value).map_err(|bad| bad_value(field, known, bad))
}

pub(super) fn check_part(part: &str, text: &str) -> Result<(), Reason> {
    ledger::check_text(text, ledger::NOTE_CHARS_MAX).map_err(|bad| bad_value(part, None, bad))
}

fn check_word(part: &str, text: &str) -> Result<(), Reason> {
    ledger::check_text(text, TEXT_CHARS_MAX).map_err(|bad| bad_value(part, None, bad))
}

/// How much a record says, and whether all of it can be kept.
pub(super) fn check_record(observation: &Observation) -> Result<(), Reason> {
    if observation.kind == ObservationKind::Unknown {
        return Err(not_yet_known("observed"));
    }
    if observation.outcome == Outcome::Unknown {
        return Err(not_yet_known("outcome"));
    }
    at_most("answers", observation.answers.len(), ANSWERS_MAX)?;
    at_most("fixes", observation.fixes.len(), FIXES_MAX)?;
    at_most("companions", observation.companions.len(), COMPANIONS_MAX)?;
    at_most("struck", observation.struck.len(), STRUCK_MAX)?;
    check_photos(&observation.photos)?;
    observation::check(observation).map_err(bad_part)?;
    check_part("note", &observation.note)?;
    check_part("met", &observation.met)?;
    check_word("checklist", &observation.checklist.key)?;
    observation.struck.iter().try_for_each(|key| check_word("struck", key))?;
    let providers = observation.fixes.iter().filter_map(|fix| fix.provider.as_deref());
    providers.into_iter().try_for_each(|provider| check_word("provider", provider))?;
    observation.answers.iter().try_for_each(|(key, value)| check_field(LedgerKind::Unknown, key, value))
}

pub(super) fn check_photos(photos: &[PhotoRef]) -> Result<(), Reason> {
    at_most("photos", photos.len(), PHOTOS_MAX)?;
    photos.iter().try_for_each(|photo| {
        let named = photo.sha256.len() == 64
            && photo.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !named {
            return Err(bad_field("sha256", None, Fault::OddKey));
        }
        observation::check_photo(photo).map_err(bad_part)?;
        check_word("purpose", &photo.purpose)?;
        check_word("likeness", &photo.likeness)
    })
}

pub(super) fn bad_value(field: &str, ledger: Option<LedgerKind>, bad: BadValue) -> Reason {
    let field = field.chars().take(64).collect();
    Reason::BadValue { field, detail: bad.to_string(), ledger, fault: Some(bad.into()) }
}

fn bad_part(bad: BadPart) -> Reason {
    let plain = bad.has_plain_bounds();
    match bad_value(bad.part, None, bad.bad) {
        Reason::BadValue { field, detail, ledger, fault } => {
            Reason::BadValue { field, detail, ledger, fault: fault.filter(|_| plain) }
        }
        other => other,
    }
}

/// What is wrong is none of a value by itself.
pub(super) fn bad_field(field: &str, ledger: Option<LedgerKind>, fault: Fault) -> Reason {
    let detail = match fault {
        Fault::Twice => "a field can be changed once in an operation",
        Fault::ByStepsOnly => "the state of a problem follows from its steps, and begins open",
        _ => "not a name that can be here",
    };
    let field = field.chars().take(64).collect();
    Reason::BadValue { field, detail: detail.to_owned(), ledger, fault: Some(fault) }
}
