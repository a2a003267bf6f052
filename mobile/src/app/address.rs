//! Parts of addresses that are words.

use std::fmt;
use std::str::FromStr;

use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::op::IssueStep;

/// A ledger with a list of its own besides the households'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerTab {
    /// 房.
    House,
    /// 供水点.
    Water,
    /// 公岗.
    Post,
    /// 问题.
    Issue,
}

impl LedgerTab {
    /// In the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::House, Self::Water, Self::Post, Self::Issue];

    /// The ledger.
    #[must_use]
    pub fn ledger(self) -> LedgerKind {
        match self {
            Self::House => LedgerKind::House,
            Self::Water => LedgerKind::WaterSupply,
            Self::Post => LedgerKind::Post,
            Self::Issue => LedgerKind::Issue,
        }
    }

    /// The one of a ledger, if it has one.
    #[must_use]
    pub fn of(ledger: LedgerKind) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.ledger() == ledger)
    }

    /// Its word in addresses and for tests.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::Water => "water",
            Self::Post => "post",
            Self::Issue => "issue",
        }
    }
}

impl fmt::Display for LedgerTab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// An address names something that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchWord;

impl fmt::Display for NoSuchWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such word in an address")
    }
}

impl FromStr for LedgerTab {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|tab| tab.key() == text).ok_or(NoSuchWord)
    }
}

/// What waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionTab {
    /// 待核定: values proposed for fields.
    Proposals,
    /// 新登记待核定.
    Registrations,
    /// 重码.
    SameCode,
    /// 异常值.
    Unfit,
    /// 申请撤回.
    Withdrawals,
}

impl DecisionTab {
    /// In the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Proposals, Self::Registrations, Self::SameCode, Self::Withdrawals, Self::Unfit];

    /// Its word in addresses, messages and for tests.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Proposals => "proposals",
            Self::Registrations => "registrations",
            Self::SameCode => "same_code",
            Self::Unfit => "unfit",
            Self::Withdrawals => "withdrawals",
        }
    }
}

impl fmt::Display for DecisionTab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for DecisionTab {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|tab| tab.key() == text).ok_or(NoSuchWord)
    }
}

/// A step of a problem that a person takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepName(pub IssueStep);

impl StepName {
    /// In the order of a problem's life.
    pub const ALL: [Self; 4] = [
        Self(IssueStep::Begin),
        Self(IssueStep::Rectify),
        Self(IssueStep::Accept),
        Self(IssueStep::SendBack),
    ];

    /// Its word in addresses, messages and for tests.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self.0 {
            IssueStep::Begin => "begin",
            IssueStep::Rectify => "rectify",
            IssueStep::Accept => "accept",
            IssueStep::SendBack => "send_back",
            IssueStep::Unknown => "unknown",
        }
    }
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for StepName {
    type Err = NoSuchWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|step| step.key() == text).ok_or(NoSuchWord)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_what_it_names() {
        for tab in LedgerTab::ALL {
            assert_eq!(tab.to_string().parse(), Ok(tab));
            assert_eq!(LedgerTab::of(tab.ledger()), Some(tab));
        }
        for tab in DecisionTab::ALL {
            assert_eq!(tab.to_string().parse(), Ok(tab));
        }
        for step in StepName::ALL {
            assert_eq!(step.to_string().parse(), Ok(step));
        }
        assert_eq!("household".parse::<LedgerTab>(), Err(NoSuchWord));
    }
}
