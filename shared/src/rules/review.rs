//! What supervisors' words and retractions make of a record, in the order of the village's log. Phone, centre and
//! `verify` fold the same.

use crate::op::Verdict;
use crate::query::ReviewState;

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The supervisors' last word, or the author's asking for another.
    pub review: ReviewState,
    /// Whether it was taken back.
    pub retracted: bool,
}

impl Default for Standing {
    fn default() -> Self {
        Self { review: ReviewState::Waiting, retracted: false }
    }
}

impl Standing {
    /// A supervisor's word. A word of a newer version leaves it.
    pub fn review(&mut self, verdict: Verdict) {
        self.review = match verdict {
            Verdict::Approved => ReviewState::Approved,
            Verdict::SentBack => ReviewState::SentBack,
            Verdict::Unknown => self.review,
        };
    }

    /// Its author or a supervisor takes it back. What was approved is the supervisors': there its author only asks.
    pub fn retract(&mut self, by_author: bool) {
        let is_approved = matches!(self.review, ReviewState::Approved | ReviewState::WithdrawalAsked);
        if by_author && is_approved {
            self.review = ReviewState::WithdrawalAsked;
        } else {
            self.retracted = true;
        }
    }

    /// The state as lists show it.
    pub fn state(self) -> ReviewState {
        if self.retracted { ReviewState::Retracted } else { self.review }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_taken_back_before_approval_and_asked_back_after_it() {
        enum Said {
            Approved,
            SentBack,
            ByAuthor,
            BySupervisor,
        }
        use Said::*;
        for (case, said, state) in [
            ("before any word", &[ByAuthor][..], ReviewState::Retracted),
            ("after it was sent back", &[SentBack, ByAuthor], ReviewState::Retracted),
            ("after approval", &[Approved, ByAuthor], ReviewState::WithdrawalAsked),
            ("asked twice", &[Approved, ByAuthor, ByAuthor], ReviewState::WithdrawalAsked),
            ("granted", &[Approved, ByAuthor, BySupervisor], ReviewState::Retracted),
            ("not granted", &[Approved, ByAuthor, Approved], ReviewState::Approved),
            ("taken back by a supervisor", &[Approved, BySupervisor], ReviewState::Retracted),
            ("approved after it was taken back", &[ByAuthor, Approved], ReviewState::Retracted),
        ] {
            let mut standing = Standing::default();
            for word in said {
                match word {
                    Approved => standing.review(Verdict::Approved),
                    SentBack => standing.review(Verdict::SentBack),
                    ByAuthor => standing.retract(true),
                    BySupervisor => standing.retract(false),
                }
            }
            assert_eq!(standing.state(), state, "{case}");
        }
    }
}
