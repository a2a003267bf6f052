//! A post's months on its page: this one day by day, the way to the sheet for paper.

use bianfang_device::message::MonthSheet;
use bianfang_shared::id::EntityId;
use dioxus::prelude::*;

use crate::app::Route;
use crate::components::{Icon, MonthGrid, MonthSum, Sign};
use crate::i18n::use_lang;

/// This month.
#[component]
pub fn PostMonths(id: EntityId, sheets: Vec<MonthSheet>) -> Element {
    let lang = use_lang();
    let Some(sheet) = sheets.into_iter().next() else { return rsx! {} };
    rsx! {
        section { class: "bf-panel", "data-testid": "month", "aria-label": lang.say("sheet-title"),
            MonthSum { sheet: sheet.clone() }
            MonthGrid { sheet }
            Link { class: "bf-link", to: Route::SheetPage { id }, "data-testid": "to-sheet",
                Icon { sign: Sign::Print }
                {lang.say("sheet-open")}
            }
        }
    }
}
