//! A problem: what, until when, who has to see to it, and what the person may do now.

use bianfang_device::message::EntryDetail;
use bianfang_shared::ledger::{LedgerKind, issue};
use bianfang_shared::op::IssueStep;
use bianfang_shared::rules::issue::Forbidden;
use dioxus::prelude::*;

use crate::app::{Route, StepName, use_app};
use crate::components::{FactRow, Group, Note, Sign, Weight};
use crate::i18n::use_lang;
use crate::words::{self, Names, text_of};

/// What the people in charge ask first.
const FACTS: [&str; 4] = [issue::DEADLINE, "lead", "responsible_unit", issue::RESPONSIBLE];

/// The heads of a problem.
#[component]
pub fn IssueFacts(detail: EntryDetail, names: Names) -> Element {
    let lang = use_lang();
    let entry = detail.entry.clone();
    let said = |field: &str| {
        let value = entry.fields.get(field).cloned().unwrap_or_default();
        words::field_value(lang, LedgerKind::Issue, field, &value, &names)
    };
    rsx! {
        Group { testid: "issue-facts",
            for field in FACTS {
                FactRow { key: "{field}", name: words::field_name(lang, LedgerKind::Issue, field), testid: "issue-{field}", {said(field)} }
            }
        }
    }
}

/// The steps in the order in which buttons stand: the main one last, nearest to the thumb.
const ORDER: [IssueStep; 4] = [IssueStep::SendBack, IssueStep::Begin, IssueStep::Rectify, IssueStep::Accept];

/// What the person may do now, or why nothing.
#[component]
pub fn IssueActions(detail: EntryDetail) -> Element {
    let lang = use_lang();
    let id = detail.row.id;
    let steps: Vec<StepName> =
        ORDER.into_iter().filter(|step| detail.may.contains(step)).map(StepName).collect();
    let count = steps.len();
    rsx! {
        WhyNot { detail: detail.clone() }
        if count > 0 {
            div { class: "bf-do bf-do_steps",
                for (at , step) in steps.into_iter().enumerate() {
                    Link {
                        key: "{step}",
                        class: if at + 1 == count { "weui-btn weui-btn_primary bf-btn" } else { "weui-btn weui-btn_default bf-btn" },
                        to: Route::StepPage { id, step, shoot: String::new() },
                        "data-testid": "do-{step}",
                        {lang.say(&format!("step-do-{step}"))}
                    }
                }
            }
        }
    }
}

/// Why what was rectified cannot be accepted by this person.
#[component]
fn WhyNot(detail: EntryDetail) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let own = app.user().map(|user| user.name).unwrap_or_default();
    let Some(why) = why_not(&detail, &own) else { return rsx! {} };
    rsx! {
        Note { weight: Weight::Info, sign: Sign::Info, testid: "why-not",
            span { "data-why": why.code(), {lang.say(&format!("issue-forbidden-{}", why.code()))} }
        }
    }
}

/// The reason: what was rectified is accepted by somebody else, and by a reviewer.
fn why_not(detail: &EntryDetail, own: &str) -> Option<Forbidden> {
    let waits = text_of(&detail.entry, issue::STATE) == issue::TO_ACCEPT;
    if !waits || detail.may.contains(&IssueStep::Accept) {
        return None;
    }
    let rectified = detail.steps.iter().rev().find(|step| step.step == Some(IssueStep::Rectify));
    let by_oneself = rectified.is_some_and(|step| step.author_name == own);
    Some(if by_oneself { Forbidden::OwnRectification } else { Forbidden::Role })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::issue_detail;

    #[test]
    fn whoever_rectified_is_told_why_somebody_else_accepts() {
        let why = |state: &str, may: Vec<IssueStep>, own: &str| {
            let mut detail = issue_detail(3);
            detail.entry.fields.insert(issue::STATE.to_owned(), state.into());
            detail.may = may;
            why_not(&detail, own)
        };
        let steps = issue_detail(3).steps;
        let rectified = steps.iter().find(|step| step.step == Some(IssueStep::Rectify)).unwrap();
        let rectifier = rectified.author_name.as_str();
        assert_eq!(why(issue::TO_ACCEPT, vec![], rectifier), Some(Forbidden::OwnRectification));
        assert_eq!(why(issue::TO_ACCEPT, vec![], "somebody else"), Some(Forbidden::Role));
        assert_eq!(why(issue::TO_ACCEPT, vec![IssueStep::Accept], "somebody else"), None);
        assert_eq!(why(issue::OPEN, vec![IssueStep::Begin], rectifier), None);
    }
}
