//! The addresses of the screens.

use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::observation::ObservationKind;
use dioxus::prelude::*;

use crate::views::{
    ConflictsPage, FormPage, Home, HouseholdPage, HouseholdsPage, MePage, NotFound, QuarantinePage,
    RecordPage, ReviewNone, ReviewPage, Reviews, SavedPage, Shell, SignInPage, Signed, UploadsPage,
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
            /// 暂存待处理, asked of the centre.
            #[route("/quarantine")]
            QuarantinePage {},
        #[end_layout]
        /// A form, perhaps to correct a record.
        #[route("/form/:kind/:subject?:corrects")]
        FormPage {
            /// Which kind of record.
            kind: ObservationKind,
            /// What it is about.
            subject: EntityId,
            /// The record to correct; blank for none.
            corrects: String,
        },
        /// A visit was saved.
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
