//! Fields in conflict, asked of the centre.

use bianfang_device::message::{Reply, Request};
use bianfang_shared::area::AreaCode;
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::query::{ConflictView, Page};
use dioxus::prelude::*;

use crate::app::{Listing, Pages, Route, use_app, use_ask, use_pages};
use crate::components::{
    ConflictCard, Dispute, Empty, Group, Head, Loading, Sign, TroubleLine, TroubleScreen, UnreadableRows,
};
use crate::i18n::use_lang;

const LISTING: Listing<Option<AreaCode>, ConflictView> = Listing { request, read };

fn request(area: Option<AreaCode>, after: Option<String>) -> Request {
    Request::Conflicts { area, after }
}

fn read(reply: Reply) -> Option<Page<ConflictView>> {
    match reply {
        Reply::Conflicts(page) => Some(page),
        _ => None,
    }
}

/// Which household it is about, as far as this device knows it, and the way to its entry, whichever ledger that is in.
#[component]
fn OfHousehold(id: EntityId) -> Element {
    let lang = use_lang();
    let asked = use_ask(id, |id| Request::Household { id }, super::household::read);
    let name = asked.got.map(|view| format!("{} {}", view.row.head_name, view.row.code));
    // Of another ledger the page of entries tells.
    let to = if name.is_some() { Route::HouseholdPage { id } } else { Route::EntryPage { id } };
    rsx! {
        Link { class: "bf-link bf-name", to, "data-testid": "to-household",
            {name.unwrap_or_else(|| lang.say("conflicts-to-entry"))}
        }
    }
}

/// The conflicts of the granted areas.
#[component]
pub fn ConflictsPage() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let Pages { rows, unreadable, more, busy, known, trouble, again, next } = use_pages(None, LISTING);
    rsx! {
        Head { title: lang.say("nav-conflicts"), back: Some(Route::MePage {}) }
        if !known {
            match trouble {
                Some(trouble) if !busy => rsx! { TroubleScreen { trouble, again } },
                _ => rsx! { Loading {} },
            }
        } else {
            if let Some(trouble) = trouble {
                TroubleLine { trouble }
            }
            UnreadableRows { names: unreadable }
            if rows.is_empty() {
                Empty { sign: Sign::Check, title: lang.say("conflicts-none"), detail: lang.say("conflicts-none-more"), testid: "no-conflicts" }
            }
            Group { testid: "conflicts",
                for row in rows.iter() {
                    ConflictCard {
                        key: "{row.entity}{row.field}",
                        of: app.area_name(row.scope),
                        dispute: Dispute {
                            entity: row.entity,
                            ledger: row.ledger,
                            field: row.field.clone(),
                            siblings: row.siblings.clone(),
                            names: app.names(),
                        },
                        if row.ledger == LedgerKind::Household {
                            OfHousehold { id: row.entity }
                        }
                    }
                }
            }
            if more {
                button { r#type: "button", class: "weui-btn weui-btn_default bf-btn", disabled: busy, "data-testid": "more", onclick: move |_| next.call(()),
                    {lang.say("list-more")}
                }
            }
        }
    }
}
