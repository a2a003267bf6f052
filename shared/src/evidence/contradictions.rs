//! The checks of what a record says against itself and against its receipt. Each is named only where something does not
//! fit: a record in order needs no line that says that it did not end before it began.

use super::assess::{check, judge, seconds};
use super::{Check, CheckName, EvidenceInput, Finding};
use crate::checklist::Checklist;
use crate::policy::EvidencePolicy;

pub(super) fn checks(input: &EvidenceInput, policy: &EvidencePolicy) -> Vec<Check> {
    let received = input.received_at_ms;
    let by_receipt = |check: fn(i64, i64, &EvidencePolicy) -> Option<Check>| {
        received.and_then(|received_at_ms| check(input.made_at_ms(), received_at_ms, policy))
    };
    [
        by_receipt(future),
        span(input, policy),
        open(input, policy),
        by_receipt(late),
        checklist(input),
        companions(input),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Dated later than it came.
pub(super) fn future(made_at_ms: i64, received_at_ms: i64, policy: &EvidencePolicy) -> Option<Check> {
    let ahead_s = seconds(made_at_ms.saturating_sub(received_at_ms));
    let (finding, limit_s) = judge(ahead_s, &policy.future_s);
    named(CheckName::Future, finding, [("ahead_s", ahead_s), ("limit_s", limit_s)])
}

/// Saved before it was begun, or in hand for longer than lies between.
fn span(input: &EvidenceInput, policy: &EvidencePolicy) -> Option<Check> {
    let span_ms = input.saved_at_ms.saturating_sub(input.started_at_ms);
    let dwell_ms = i64::try_from(input.dwell_ms).unwrap_or(i64::MAX);
    let excess_s = seconds(dwell_ms.saturating_sub(span_ms).max(span_ms.saturating_neg()));
    let (finding, limit_s) = judge(excess_s, &policy.span_s);
    let numbers = [("excess_s", excess_s), ("span_s", seconds(span_ms)), ("limit_s", limit_s)];
    named(CheckName::Span, finding, numbers)
}

/// Open for more than a day, as one that was begun and forgotten, or whose beginning was made up.
fn open(input: &EvidenceInput, policy: &EvidencePolicy) -> Option<Check> {
    let open_s = seconds(input.saved_at_ms.saturating_sub(input.started_at_ms));
    let (finding, limit_s) = judge(open_s, &policy.open_s);
    named(CheckName::Open, finding, [("open_s", open_s), ("limit_s", limit_s)])
}

/// Came after more than a day. It passes: a valley without a signal is no reason for doubt.
fn late(made_at_ms: i64, received_at_ms: i64, policy: &EvidencePolicy) -> Option<Check> {
    let late_s = seconds(received_at_ms.saturating_sub(made_at_ms));
    (late_s > policy.late.after_s).then(|| check(CheckName::Late, Finding::Pass, [("late_s", late_s)]))
}

fn checklist(input: &EvidenceInput) -> Option<Check> {
    let asked = input.checklist.as_ref()?;
    let known = Checklist::of(input.kind);
    let exists = asked.key == known.key && (1..=known.version).contains(&asked.version);
    (!exists).then(|| check(CheckName::Checklist, Finding::Doubt, [("version", f64::from(asked.version))]))
}

fn companions(input: &EvidenceInput) -> Option<Check> {
    let company = input.company?;
    let numbers =
        [("stranger_count", f64::from(company.strangers)), ("named_count", f64::from(company.named))];
    (company.strangers > 0).then(|| check(CheckName::Companions, Finding::Doubt, numbers))
}

fn named<const N: usize>(name: CheckName, finding: Finding, numbers: [(&str, f64); N]) -> Option<Check> {
    (finding != Finding::Pass).then(|| check(name, finding, numbers))
}
