//! Attendances of different holders that repeat too exactly: the very same point, or the same picture, within minutes.
//! One phone that signs in many is a team leader's and no repeat by itself.

use crate::evidence::distance_m;
use crate::id::{EntityId, ObservationId};
use crate::ledger::Point;
use crate::observation::PhotoRef;
use crate::photo::Likeness;
use crate::policy::RepeatPolicy;
use serde::{Deserialize, Serialize};

/// Most repeats that are told of one list of attendances.
pub const REPEATS_MAX: usize = 200;

/// An attendance as it is compared with others.
#[derive(Clone, Copy, Debug)]
pub struct RosterMark<'a> {
    /// The record.
    pub record: ObservationId,
    /// The post.
    pub post: EntityId,
    /// When it was saved, in milliseconds since 1970.
    pub at_ms: i64,
    /// Where.
    pub point: Option<Point>,
    /// Its photographs.
    pub photos: &'a [PhotoRef],
}

/// What repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RepeatKind {
    /// The very same point.
    Point,
    /// The same picture, or one that looks like it.
    Photo,
}

impl RepeatKind {
    /// The message is `post-flag-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Point => "same_point",
            Self::Photo => "same_photo",
        }
    }
}

/// Two attendances of different posts that repeat each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Repeat {
    /// What repeats.
    pub kind: RepeatKind,
    /// The record that came first.
    pub first: ObservationId,
    /// The record that repeats it.
    pub second: ObservationId,
    /// The post of the first.
    pub first_post: EntityId,
    /// The post of the second.
    pub second_post: EntityId,
    /// How long after it, in milliseconds.
    pub apart_ms: i64,
}

/// The repeats among attendances of any posts, in the order of time; at most [`REPEATS_MAX`]. `within_bits` is how far
/// apart two pictures of the same may look, from the photo policy.
pub fn repeats(marks: &[RosterMark<'_>], policy: &RepeatPolicy, within_bits: u32) -> Vec<Repeat> {
    let mut sorted: Vec<&RosterMark<'_>> = marks.iter().collect();
    sorted.sort_by_key(|mark| (mark.at_ms, mark.record));
    let within_ms = policy.within_min.saturating_mul(60_000);
    let mut found = Vec::new();
    for (at, first) in sorted.iter().enumerate() {
        let near =
            sorted[at + 1..].iter().take_while(|mark| mark.at_ms.saturating_sub(first.at_ms) <= within_ms);
        for second in near.filter(|second| second.post != first.post) {
            let repeat = |kind| Repeat {
                kind,
                first: first.record,
                second: second.record,
                first_post: first.post,
                second_post: second.post,
                apart_ms: second.at_ms.saturating_sub(first.at_ms),
            };
            let same_point =
                first.point.zip(second.point).is_some_and(|(a, b)| distance_m(a, b) <= policy.point_m);
            let same_photo = any_same(first.photos, second.photos, within_bits);
            found.extend(same_point.then(|| repeat(RepeatKind::Point)));
            found.extend(same_photo.then(|| repeat(RepeatKind::Photo)));
            if found.len() >= REPEATS_MAX {
                found.truncate(REPEATS_MAX);
                return found;
            }
        }
    }
    found
}

fn any_same(some: &[PhotoRef], others: &[PhotoRef], within_bits: u32) -> bool {
    some.iter().any(|one| others.iter().any(|other| same(one, other, within_bits)))
}

fn same(one: &PhotoRef, other: &PhotoRef, within_bits: u32) -> bool {
    let likeness = |photo: &PhotoRef| photo.likeness.parse::<Likeness>().ok();
    let alike = likeness(one).zip(likeness(other)).is_some_and(|(a, b)| a.distance(&b) <= within_bits);
    one.sha256 == other.sha256 || alike
}
