//! Deadlines and departments of problems.

use crate::day::{Day, day_of, plus_days};
use crate::hlc::Hlc;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Deadlines and departments of problems, by topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuePolicy {
    /// Counts up with every change.
    pub version: u32,
    /// A deadline no farther away than so many days is near.
    pub soon_days: i32,
    /// Where that number comes from.
    pub soon_source: String,
    /// By topic, in the words of `ledger::issue::TOPICS`.
    pub topic: BTreeMap<String, TopicPolicy>,
}

impl IssuePolicy {
    /// What holds for a topic; for one that is not listed, what holds for `other`.
    pub fn of(&self, topic: &str) -> &TopicPolicy {
        static UNLISTED: TopicPolicy =
            TopicPolicy { lead: String::new(), deadline_days: 30, urgent_days: 3, source: String::new() };
        self.topic.get(topic).or_else(|| self.topic.get("other")).unwrap_or(&UNLISTED)
    }
}

impl TopicPolicy {
    /// The last day that a deadline of a problem noted under this stamp can be.
    pub fn last_deadline(&self, noted: Hlc) -> Day {
        plus_days(day_of(noted.wall_ms()), i64::from(self.deadline_days.max(self.urgent_days)))
    }
}

/// What holds for problems of one topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicPolicy {
    /// 牵头责任部门.
    pub lead: String,
    /// Days until it has to be closed.
    pub deadline_days: u32,
    /// Days until it has to be closed when it cannot wait.
    pub urgent_days: u32,
    /// Where it comes from.
    pub source: String,
}
