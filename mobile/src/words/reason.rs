//! Why something was set aside, in the words of the person. What only a program would say stays apart. Pure.

use bianfang_shared::checklist::Checklist;
use bianfang_shared::judge::{Fault, Reason};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use fluent_bundle::FluentArgs;

use crate::i18n::Lang;

/// Why an operation was set aside.
#[must_use]
pub fn reason_words(lang: Lang, reason: &Reason) -> String {
    let mut args = FluentArgs::new();
    let mut key = format!("reason-{}", reason_key(reason));
    match reason {
        Reason::BadValue { field, ledger, fault, .. } => {
            args.set("field", named(lang, *ledger, field));
            match fault.as_ref().and_then(|fault| fault_words(lang, fault)) {
                Some(words) => args.set("fault", words),
                // From a centre older or newer than these screens: that it does not fit is all there is to say.
                None => key.push_str("-bare"),
            }
        }
        Reason::NeedsApproval { fields } | Reason::Missing { fields } => {
            let named: Vec<String> = fields.iter().map(|field| named(lang, None, field)).collect();
            args.set("fields", named.join(&lang.say("list-separator")));
        }
        Reason::TooMany { what, max } => {
            let other = lang.say("reason-counted-other");
            args.set("what", lang.or(&format!("reason-counted-{what}"), &other));
            args.set("max", max.to_string());
        }
        _ => (),
    }
    lang.with_args(&key, &args).unwrap_or_else(|| lang.say("reason-unknown"))
}

/// What a program would say of it, in English, for whoever helps; blank where there is no more to know.
#[must_use]
pub fn reason_detail(reason: &Reason) -> String {
    match reason {
        Reason::Unreadable { detail } => detail.clone(),
        Reason::BadValue { field, detail, .. } => format!("{field}: {detail}"),
        Reason::TooMany { what, max } => format!("{what} > {max}"),
        Reason::NotYetKnown { what } => what.clone(),
        _ => String::new(),
    }
}

fn reason_key(reason: &Reason) -> &'static str {
    match reason {
        Reason::Unreadable { .. } => "unreadable",
        Reason::Misnumbered => "misnumbered",
        Reason::AuthorMismatch => "author_mismatch",
        Reason::NotAVillage => "not_a_village",
        Reason::OutsideGrants => "outside_grants",
        Reason::RoleForbids => "role_forbids",
        Reason::UnknownEntity { .. } => "unknown_entity",
        Reason::UnknownObservation { .. } => "unknown_observation",
        Reason::WrongPlace => "wrong_place",
        Reason::WrongLedger => "wrong_ledger",
        Reason::BadValue { .. } => "bad_value",
        Reason::TooMany { .. } => "too_many",
        Reason::DuplicateRecord => "duplicate_record",
        Reason::OwnRectification => "own_rectification",
        Reason::NeedsApproval { .. } => "needs_approval",
        Reason::Missing { .. } => "missing",
        Reason::UnknownParents { .. } => "unknown_parents",
        Reason::ForeignParent { .. } => "foreign_parent",
        Reason::NotYetKnown { .. } => "not_yet_known",
        Reason::OwnRecord => "own_record",
        Reason::NothingToAccept => "nothing_to_accept",
        Reason::CannotBeKept => "cannot_be_kept",
        Reason::NotNamed => "not_named",
        Reason::Unknown => "unknown",
    }
}

/// What is wrong with a value; none for a fault that these screens do not know.
fn fault_words(lang: Lang, fault: &Fault) -> Option<String> {
    let mut args = FluentArgs::new();
    let key = match fault {
        Fault::WrongShape { expected } => {
            return lang.with_args(&format!("reason-fault-wrong_shape-{}", expected.key()), &args);
        }
        Fault::TooLong { max } => {
            args.set("max", max.to_string());
            "reason-fault-too_long"
        }
        Fault::NotAChoice { text } => {
            args.set("text", text.as_str());
            "reason-fault-not_a_choice"
        }
        Fault::OutOfBounds { min, max } => {
            args.set("min", min.as_str());
            args.set("max", max.as_str());
            "reason-fault-out_of_bounds"
        }
        Fault::CheckDigit => "reason-fault-check_digit",
        Fault::ControlCharacter => "reason-fault-control_character",
        Fault::Twice => "reason-fault-twice",
        Fault::HiddenCharacter => "reason-fault-hidden_character",
        Fault::BeginsWithSign => "reason-fault-begins_with_sign",
        Fault::Repeated => "reason-fault-repeated",
        Fault::TooLarge { max } => {
            args.set("max", max.to_string());
            "reason-fault-too_large"
        }
        Fault::OddKey => "reason-fault-odd_key",
        Fault::ByStepsOnly => "reason-fault-by_steps_only",
        Fault::Unknown => return None,
    };
    lang.with_args(key, &args)
}

/// The ledgers whose labels may name a field of which the ledger is not known, the likeliest first.
const LEDGERS: [LedgerKind; 6] = [
    LedgerKind::Household,
    LedgerKind::Person,
    LedgerKind::Issue,
    LedgerKind::House,
    LedgerKind::WaterSupply,
    LedgerKind::Post,
];

/// The records whose questions may name an answer: what was set aside does not say which it was.
const KINDS: [ObservationKind; 4] = [
    ObservationKind::Visit,
    ObservationKind::HouseInspection,
    ObservationKind::WaterCheck,
    ObservationKind::Attendance,
];

/// The label of a field, a question or a part of an operation. Never its key, which is no word of any person.
fn named(lang: Lang, ledger: Option<LedgerKind>, field: &str) -> String {
    let say = |key: String| lang.with_args(&key, &FluentArgs::new());
    let label = |ledger: LedgerKind| say(format!("field-{}-{field}", ledger.key()));
    let found = match ledger {
        Some(ledger) => label(ledger),
        None => say(format!("reason-part-{field}"))
            .or_else(|| question(lang, field))
            .or_else(|| LEDGERS.into_iter().find_map(label)),
    };
    found.unwrap_or_else(|| lang.say("reason-part-other"))
}

fn question(lang: Lang, key: &str) -> Option<String> {
    let found = KINDS.into_iter().find_map(|kind| Checklist::of(kind).question(key));
    found.map(|question| question.text.of(lang.tag()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::reasons;
    use bianfang_shared::judge::COUNTED;

    fn bad(field: &str, ledger: Option<LedgerKind>, fault: Option<Fault>) -> Reason {
        Reason::BadValue { field: field.to_owned(), detail: "expected text".to_owned(), ledger, fault }
    }

    #[test]
    fn a_bad_value_is_said_with_the_label_of_its_field_and_what_would_fit() {
        use LedgerKind::{Household, Person};
        let red = Fault::NotAChoice { text: "紫".to_owned() };
        let long = Fault::TooLong { max: 4_000 };
        for (reason, words) in [
            (bad("colour", Some(Household), Some(red)), "“三色码”不合规定：“紫”不在选项里"),
            (bad("name", Some(Person), Some(long.clone())), "“姓名”不合规定：太长了，最多 4000 个字"),
            (bad("note", None, Some(long.clone())), "“备注”不合规定：太长了，最多 4000 个字"),
            (bad("reason", None, Some(long)), "“撤回原因”不合规定：太长了，最多 4000 个字"),
            (
                bad("a_newer_field", Some(Household), Some(Fault::Twice)),
                "“某一项”不合规定：同一次修改里写了两遍",
            ),
            (bad("satisfaction", Some(Household), Some(Fault::Unknown)), "“满意度”的内容不合规定"),
            (bad("colour", None, None), "“三色码”的内容不合规定"),
        ] {
            assert_eq!(reason_words(Lang::Zh, &reason), words);
        }
    }

    #[test]
    fn a_reason_from_before_faults_had_codes_is_still_understood() {
        let text = r#"{"code":"bad_value","field":"colour","detail":"\"red\" is not one of the choices"}"#;
        let reason: Reason = serde_json::from_str(text).unwrap();
        assert_eq!(reason_words(Lang::En, &reason), "What “Colour code” holds does not fit");
        assert_eq!(reason_detail(&reason), "colour: \"red\" is not one of the choices");
    }

    #[test]
    fn a_question_names_its_answer() {
        for lang in Lang::ALL {
            let question = Checklist::visit().question("water").unwrap();
            let words = reason_words(lang, &bad("water", None, Some(Fault::ControlCharacter)));
            assert!(words.contains(question.text.of(lang.tag())), "{words}");
        }
    }

    #[test]
    fn every_fault_and_all_that_is_counted_has_words_of_its_own() {
        for lang in Lang::ALL {
            for fault in reasons::faults().into_iter().filter(|fault| *fault != Fault::Unknown) {
                assert!(fault_words(lang, &fault).is_some_and(|words| !words.contains('$')), "{fault:?}");
            }
            for what in COUNTED {
                let words = lang.say(&format!("reason-counted-{what}"));
                let reason = Reason::TooMany { what: (*what).to_owned(), max: 50 };
                assert!(!words.starts_with("reason-") && reason_words(lang, &reason).contains(&words));
            }
        }
    }
}
