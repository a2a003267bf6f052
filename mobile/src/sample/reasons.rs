//! Every reason for setting something aside, and every fault of a value. Each names the one that follows it, so that
//! a new one cannot be left out.

use bianfang_shared::judge::{Fault, Reason};
use bianfang_shared::ledger::{Expected, LedgerKind};
use bianfang_shared::observation::BadPart;
use std::iter::successors;

use super::ledger::{entity, op, record};

/// Every reason; a bad value once for each fault.
pub(crate) fn every() -> Vec<Reason> {
    let first = Reason::Unreadable { detail: "missing field `seq` at line 1 column 15".to_owned() };
    let mut all: Vec<Reason> = successors(Some(first), after).collect();
    all.extend(
        faults().into_iter().map(|fault| bad_value("colour", Some(LedgerKind::Household), Some(fault))),
    );
    all.extend(["fields", "parents", "of_a_newer_version"].map(too_many));
    all.extend(BadPart::PARTS.iter().map(|part| bad_value(part, None, None)));
    all.extend(["note", "water", "of_a_newer_version"].map(|part| bad_value(part, None, Some(Fault::Twice))));
    all
}

fn after(reason: &Reason) -> Option<Reason> {
    Some(match reason {
        Reason::Unreadable { .. } => Reason::Misnumbered,
        Reason::Misnumbered => Reason::AuthorMismatch,
        Reason::AuthorMismatch => Reason::NotAVillage,
        Reason::NotAVillage => Reason::OutsideGrants,
        Reason::OutsideGrants => Reason::RoleForbids,
        Reason::RoleForbids => Reason::UnknownEntity { entity: entity(9) },
        Reason::UnknownEntity { .. } => Reason::UnknownObservation { observation: record(9) },
        Reason::UnknownObservation { .. } => Reason::WrongPlace,
        Reason::WrongPlace => Reason::WrongLedger,
        Reason::WrongLedger => bad_value("colour", None, None),
        Reason::BadValue { .. } => too_many("bytes"),
        Reason::TooMany { .. } => Reason::DuplicateRecord,
        Reason::DuplicateRecord => Reason::OwnRectification,
        Reason::OwnRectification => Reason::NeedsApproval { fields: vec!["colour".into(), "code".into()] },
        Reason::NeedsApproval { .. } => Reason::Missing { fields: vec!["head_name".into()] },
        Reason::Missing { .. } => Reason::UnknownParents { ops: Vec::new() },
        Reason::UnknownParents { .. } => Reason::ForeignParent { op: op(9) },
        Reason::ForeignParent { .. } => Reason::NotYetKnown { what: "kind".to_owned() },
        Reason::NotYetKnown { .. } => Reason::OwnRecord,
        Reason::OwnRecord => Reason::NothingToAccept,
        Reason::NothingToAccept => Reason::CannotBeKept,
        Reason::CannotBeKept => Reason::NotNamed,
        Reason::NotNamed => Reason::Unknown,
        Reason::Unknown => return None,
    })
}

/// A value that does not fit.
pub(crate) fn bad_value(field: &str, ledger: Option<LedgerKind>, fault: Option<Fault>) -> Reason {
    let detail = "\"red\" is not one of the choices".to_owned();
    Reason::BadValue { field: field.to_owned(), detail, ledger, fault }
}

fn too_many(what: &str) -> Reason {
    Reason::TooMany { what: what.to_owned(), max: 65_536 }
}

/// Every fault; a wrong shape once for each shape expected.
pub(crate) fn faults() -> Vec<Fault> {
    let wrong = |expected| Fault::WrongShape { expected };
    let shapes = successors(Some(Expected::Text), |shape| expected_after(*shape)).map(wrong);
    shapes.chain(successors(Some(Fault::Twice), fault_after)).collect()
}

fn fault_after(fault: &Fault) -> Option<Fault> {
    Some(match fault {
        Fault::Twice => Fault::TooLong { max: 32 },
        Fault::TooLong { .. } => Fault::NotAChoice { text: "紫".to_owned() },
        Fault::NotAChoice { .. } => Fault::OutOfBounds { min: "0".to_owned(), max: "10000000".to_owned() },
        Fault::OutOfBounds { .. } => Fault::CheckDigit,
        Fault::CheckDigit => Fault::ControlCharacter,
        Fault::ControlCharacter => Fault::HiddenCharacter,
        Fault::HiddenCharacter => Fault::BeginsWithSign,
        Fault::BeginsWithSign => Fault::Repeated,
        Fault::Repeated => Fault::TooLarge { max: 500 },
        Fault::TooLarge { .. } => Fault::OddKey,
        Fault::OddKey => Fault::ByStepsOnly,
        Fault::ByStepsOnly => Fault::Unknown,
        Fault::Unknown | Fault::WrongShape { .. } => return None,
    })
}

fn expected_after(expected: Expected) -> Option<Expected> {
    Some(match expected {
        Expected::Text => Expected::YesNo,
        Expected::YesNo => Expected::Number,
        Expected::Number => Expected::Date,
        Expected::Date => Expected::Choice,
        Expected::Choice => Expected::Choices,
        Expected::Choices => Expected::Place,
        Expected::Place => Expected::Area,
        Expected::Area => Expected::Phone,
        Expected::Phone => Expected::IdNumber,
        Expected::IdNumber => Expected::Id,
        Expected::Id => Expected::Unknown,
        Expected::Unknown => return None,
    })
}
