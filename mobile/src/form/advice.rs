//! What to tell the person at the door about the place measured: plain, and with something to do.

use bianfang_shared::evidence::distance_m;
use bianfang_shared::ledger::Point;
use bianfang_shared::observation::Fix;
use bianfang_shared::policy::EvidencePolicy;

use crate::platform::LocationProblem;

/// Advice. The message is `advice-<key>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The receiver is on, nothing has come yet.
    Searching,
    /// The person or the system refused.
    Refused,
    /// No satellites and no network place.
    Unavailable,
    /// It takes long.
    TooSlow,
    /// This device never tells.
    Unsupported,
    /// The last place is old.
    Old,
    /// Too inaccurate to say anything.
    Poor,
    /// Could be better.
    Fair,
    /// Far from the household's anchor, whatever the uncertainty.
    Far,
    /// Not near the anchor.
    Off,
    /// Accurate, but the household has no anchor to compare with.
    NoAnchor,
    /// Accurate and near.
    Good,
}

impl Advice {
    /// The end of its message's key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Searching => "searching",
            Self::Refused => "refused",
            Self::Unavailable => "unavailable",
            Self::TooSlow => "too-slow",
            Self::Unsupported => "unsupported",
            Self::Old => "old",
            Self::Poor => "poor",
            Self::Fair => "fair",
            Self::Far => "far",
            Self::Off => "off",
            Self::NoAnchor => "no-anchor",
            Self::Good => "good",
        }
    }

    /// Whether all is well.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::Good | Self::NoAnchor)
    }
}

/// The first thing to say about the newest place, by the same limits as the evidence checks.
#[must_use]
pub fn advise(
    fix: Option<&Fix>,
    problem: Option<&LocationProblem>,
    anchor: Option<Point>,
    now_ms: i64,
    policy: &EvidencePolicy,
) -> Advice {
    if problem == Some(&LocationProblem::Refused) {
        return Advice::Refused;
    }
    let Some(fix) = fix else { return without_fix(problem) };
    #[expect(clippy::cast_precision_loss, reason = "an age, far below 2^53 ms")]
    let age_s = now_ms.saturating_sub(fix.at_ms) as f64 / 1_000.0;
    if age_s > policy.fix_age_s.pass {
        return Advice::Old;
    }
    if fix.accuracy_m > policy.accuracy_m.doubt {
        return Advice::Poor;
    }
    let place = Point { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m };
    let beyond_m = anchor.map(|anchor| distance_m(place, anchor) - fix.accuracy_m.hypot(anchor.accuracy_m));
    match beyond_m {
        Some(beyond) if beyond > policy.distance_m.doubt => Advice::Far,
        Some(beyond) if beyond > policy.distance_m.pass => Advice::Off,
        _ if fix.accuracy_m > policy.accuracy_m.pass => Advice::Fair,
        Some(_) => Advice::Good,
        None => Advice::NoAnchor,
    }
}

fn without_fix(problem: Option<&LocationProblem>) -> Advice {
    match problem {
        None => Advice::Searching,
        Some(LocationProblem::Refused) => Advice::Refused,
        Some(LocationProblem::Unavailable) => Advice::Unavailable,
        Some(LocationProblem::TooSlow) => Advice::TooSlow,
        Some(LocationProblem::Unsupported) => Advice::Unsupported,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::policy::Policy;

    const ANCHOR: Point = Point { lat: 28.9, lon: 113.3, accuracy_m: 8.0 };

    /// About `north_m` metres north of the anchor.
    fn fix(north_m: f64, accuracy_m: f64) -> Fix {
        Fix {
            lat: ANCHOR.lat + north_m / 111_195.0,
            lon: ANCHOR.lon,
            accuracy_m,
            altitude_m: None,
            at_ms: 0,
            received_at_ms: None,
            provider: None,
            mocked: None,
        }
    }

    #[test]
    fn the_person_is_told_the_first_thing_that_helps() {
        for (name, fix, problem, anchor, now_ms, advice) in [
            ("nothing yet", None, None, Some(ANCHOR), 0, Advice::Searching),
            ("refused", None, Some(LocationProblem::Refused), Some(ANCHOR), 0, Advice::Refused),
            ("refused later", Some(fix(0.0, 5.0)), Some(LocationProblem::Refused), None, 0, Advice::Refused),
            ("indoors", None, Some(LocationProblem::TooSlow), Some(ANCHOR), 0, Advice::TooSlow),
            ("at the door", Some(fix(12.0, 8.0)), None, Some(ANCHOR), 1_000, Advice::Good),
            (
                "lost since",
                Some(fix(12.0, 8.0)),
                Some(LocationProblem::TooSlow),
                Some(ANCHOR),
                1_000,
                Advice::Good,
            ),
            (
                "lost for long",
                Some(fix(12.0, 8.0)),
                Some(LocationProblem::TooSlow),
                Some(ANCHOR),
                600_000,
                Advice::Old,
            ),
            ("under the roof", Some(fix(12.0, 45.0)), None, Some(ANCHOR), 0, Advice::Fair),
            ("by the network", Some(fix(12.0, 900.0)), None, Some(ANCHOR), 0, Advice::Poor),
            ("next door", Some(fix(150.0, 8.0)), None, Some(ANCHOR), 0, Advice::Off),
            ("another village", Some(fix(4_000.0, 8.0)), None, Some(ANCHOR), 0, Advice::Far),
            ("far, perhaps", Some(fix(90.0, 60.0)), None, Some(ANCHOR), 0, Advice::Fair),
            ("no anchor", Some(fix(0.0, 8.0)), None, None, 0, Advice::NoAnchor),
        ] {
            let policy = &Policy::builtin().evidence;
            assert_eq!(advise(fix.as_ref(), problem.as_ref(), anchor, now_ms, policy), advice, "{name}");
        }
    }
}
