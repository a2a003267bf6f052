//! The addresses of the screens.

use bianfang_device::message::EntryRow;
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use super::address::{DecisionTab, LedgerTab, StepName};
use crate::views::{
    ChoosePage, ConflictsPage, DecisionsPage, EntriesPage, EntryPage, FormPage, Home, HouseholdPage,
    HouseholdsPage, MePage, NotFound, QuarantinePage, RecordPage, RegisterPage, ReviewNone, ReviewPage,
    Reviews, SavedPage, SheetPage, Shell, SignInPage, Signed, StepPage, UploadsPage,
};

/// Every screen with its address.
#[derive(Debug, Clone, PartialEq, Routable)]
#[rustfmt::skip]
pub enum Route {
    #[layout(Signed)]
        #[layout(Shell)]
            /// 今日, or 审核 for those who review.
            #[route("/")]
            Home {},
            /// 台账.
            #[route("/households")]
            HouseholdsPage {},
            /// A household.
            #[route("/households/:id")]
            HouseholdPage {
                /// Which.
                id: EntityId,
            },
            /// 台账: 房, 供水点, 公岗, 问题.
            #[route("/ledger/:tab")]
            EntriesPage {
                /// Which.
                tab: LedgerTab,
            },
            /// An entry of another ledger than the households'.
            #[route("/entries/:id")]
            EntryPage {
                /// Which.
                id: EntityId,
            },
            /// The months of a post.
            #[route("/sheet/:id")]
            SheetPage {
                /// Which post.
                id: EntityId,
            },
            /// Choosing what a record is about.
            #[route("/choose/:kind")]
            ChoosePage {
                /// Which kind of record.
                kind: ObservationKind,
            },
            /// A record known on this device.
            #[route("/records/:id")]
            RecordPage {
                /// Which.
                id: ObservationId,
            },
            /// 上传.
            #[route("/uploads")]
            UploadsPage {},
            /// 我的.
            #[route("/me")]
            MePage {},
            #[layout(Reviews)]
                /// 审核: the list.
                #[route("/review")]
                ReviewNone {},
                /// 审核: one visit.
                #[route("/review/:id")]
                ReviewPage {
                    /// Which.
                    id: ObservationId,
                },
            #[end_layout]
            /// 冲突, asked of the centre.
            #[route("/conflicts")]
            ConflictsPage {},
            /// 待核定: what waits for the office, asked of the centre.
            #[route("/decisions/:tab")]
            DecisionsPage {
                /// Which of it.
                tab: DecisionTab,
            },
            /// 暂存待处理, asked of the centre.
            #[route("/quarantine")]
            QuarantinePage {},
        #[end_layout]
        /// A form, perhaps to correct a record.
        #[route("/form/:kind/:subject?:corrects&:shoot")]
        FormPage {
            /// Which kind of record.
            kind: ObservationKind,
            /// What it is about.
            subject: EntityId,
            /// The record to correct; blank for none.
            corrects: String,
            /// The question for which the camera is open; blank while it is not.
            shoot: String,
        },
        /// Something new for a ledger.
        #[route("/register/:tab?:of&:shoot")]
        RegisterPage {
            /// Which ledger.
            tab: LedgerTab,
            /// What it belongs to; blank for nothing yet.
            of: String,
            /// For what the camera is open; blank while it is not.
            shoot: String,
        },
        /// A step in a problem's life.
        #[route("/step/:id/:step?:shoot")]
        StepPage {
            /// Which problem.
            id: EntityId,
            /// Which step.
            step: StepName,
            /// For what the camera is open; blank while it is not.
            shoot: String,
        },
        /// A record was saved.
        #[route("/saved/:id")]
        SavedPage {
            /// Which.
            id: ObservationId,
        },
    #[end_layout]
    /// Signing in, also once more while records are here.
    #[route("/sign-in")]
    SignInPage {},
    /// Anything else.
    #[route("/:..rest")]
    NotFound {
        /// What was asked for.
        rest: Vec<String>,
    },
}

impl Route {
    /// A form about something, its camera closed, correcting nothing.
    #[must_use]
    pub fn form(kind: ObservationKind, subject: EntityId) -> Self {
        Self::FormPage { kind, subject, corrects: String::new(), shoot: String::new() }
    }

    /// The page of an entry of any ledger.
    #[must_use]
    pub fn entry(row: &EntryRow) -> Self {
        Self::of_ledger(row.ledger, row.id)
    }

    /// The page of an entry of this ledger.
    #[must_use]
    pub fn of_ledger(ledger: LedgerKind, id: EntityId) -> Self {
        match ledger {
            LedgerKind::Household => Self::HouseholdPage { id },
            _ => Self::EntryPage { id },
        }
    }

    /// The page of what a record is about.
    #[must_use]
    pub fn subject(kind: ObservationKind, id: EntityId) -> Self {
        match kind {
            ObservationKind::Visit => Self::HouseholdPage { id },
            // A water check may be about a household: that page tells.
            _ => Self::EntryPage { id },
        }
    }

    /// The list of a ledger.
    #[must_use]
    pub fn list(ledger: LedgerKind) -> Self {
        LedgerTab::of(ledger).map_or(Self::HouseholdsPage {}, |tab| Self::EntriesPage { tab })
    }
}
