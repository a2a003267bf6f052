//! Around the screens: who may see them, the tabs, and what concerns every screen.

use dioxus::prelude::*;

use super::sign_in::SignInPage;
use super::today::TodayPage;
use crate::app::{DecisionTab, LedgerTab, Route, use_again_status, use_app};
use crate::components::{Empty, Icon, Loading, Note, Sign, TroubleScreen, Weight};
use crate::i18n::use_lang;
use crate::words;

/// Shows the screens to whoever is signed in, and the sign-in to everyone else.
#[component]
pub fn Signed() -> Element {
    let app = use_app();
    let again = use_again_status();
    let status = app.status.read();
    match (&*status, &*app.status_trouble.read()) {
        (Some(status), _) if status.user.is_some() => rsx! { Outlet::<Route> {} },
        (Some(_), _) => rsx! { SignInPage {} },
        (None, Some(trouble)) => rsx! { TroubleScreen { trouble: trouble.clone(), again } },
        (None, None) => rsx! { Loading {} },
    }
}

/// The first screen: for those who review 审核, for all others 今日.
#[component]
pub fn Home() -> Element {
    let app = use_app();
    let navigator = use_navigator();
    use_effect(move || {
        if app.at_desk() {
            navigator.replace(Route::ReviewNone {});
        }
    });
    if app.at_desk() {
        rsx! {}
    } else {
        rsx! { TodayPage {} }
    }
}

/// The tabs beneath or beside a screen, and notes above it.
#[component]
pub fn Shell() -> Element {
    let lang = use_lang();
    rsx! {
        div { class: "bf-app",
            a { class: "bf-skip", href: "#main", {lang.say("nav-skip")} }
            Tabs {}
            div { class: "bf-page",
                Notes {}
                main { id: "main", class: "bf-main", tabindex: "-1", Outlet::<Route> {} }
            }
        }
    }
}

struct Tab {
    to: Route,
    testid: &'static str,
    sign: Sign,
    words: String,
    badge: u64,
    /// Shown only beside wide screens; narrow ones reach it from elsewhere.
    wide_only: bool,
}

#[component]
fn Tabs() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let here = use_route::<Route>();
    let unsent = app.status.read().as_ref().map_or(0, |status| status.unsent);
    let conflicts = app.status.read().as_ref().map_or(0, |status| status.conflicts);
    let tab = |to, testid, sign, words, badge| Tab { to, testid, sign, words, badge, wide_only: false };
    let mut tabs = Vec::new();
    if app.at_desk() {
        tabs.push(tab(Route::ReviewNone {}, "tab-review", Sign::Review, lang.say("nav-review"), 0));
        let disputes =
            tab(Route::ConflictsPage {}, "tab-conflicts", Sign::Fork, lang.say("nav-conflicts"), conflicts);
        tabs.push(Tab { wide_only: true, ..disputes });
        let decisions = Route::DecisionsPage { tab: DecisionTab::Proposals };
        let decisions = tab(decisions, "tab-decisions", Sign::Pencil, lang.say("nav-decisions"), 0);
        tabs.push(Tab { wide_only: true, ..decisions });
        let aside =
            tab(Route::QuarantinePage {}, "tab-quarantine", Sign::SetAside, lang.say("nav-quarantine"), 0);
        tabs.push(Tab { wide_only: true, ..aside });
    } else {
        tabs.push(tab(Route::Home {}, "tab-today", Sign::Today, lang.say("nav-today"), 0));
    }
    tabs.push(tab(Route::HouseholdsPage {}, "tab-ledger", Sign::Ledger, lang.say("nav-ledger"), 0));
    let issues = Route::EntriesPage { tab: LedgerTab::Issue };
    let issues = tab(issues, "tab-issues", Sign::Flag, lang.say("nav-issues"), 0);
    tabs.push(Tab { wide_only: true, ..issues });
    tabs.push(tab(Route::UploadsPage {}, "tab-uploads", Sign::Upload, lang.say("nav-uploads"), unsent));
    tabs.push(tab(Route::MePage {}, "tab-me", Sign::Person, lang.say("nav-me"), 0));
    rsx! {
        nav { class: "bf-tabs", "aria-label": lang.say("nav-label"),
            span { class: "bf-tabs__brand", "aria-hidden": "true", {lang.say("app-name")} }
            for tab in tabs {
                TabLink {
                    key: "{tab.testid}",
                    current: group(&here) == group(&tab.to),
                    // Where the tabs are few, problems are found in the ledger; where they have a tab, that one is lit.
                    current_narrow: tab.testid == "tab-ledger" && group(&here) == "issues",
                    to: tab.to,
                    testid: tab.testid,
                    sign: tab.sign,
                    words: tab.words,
                    badge: tab.badge,
                    wide_only: tab.wide_only,
                }
            }
        }
    }
}

/// The tab that an address belongs to.
fn group(route: &Route) -> &'static str {
    match route {
        Route::Home {} | Route::ChoosePage { .. } => "today",
        Route::EntriesPage { tab: LedgerTab::Issue } => "issues",
        Route::HouseholdsPage {}
        | Route::HouseholdPage { .. }
        | Route::EntriesPage { .. }
        | Route::EntryPage { .. }
        | Route::SheetPage { .. }
        | Route::RegisterPage { .. }
        | Route::StepPage { .. }
        | Route::FormPage { .. } => "ledger",
        Route::UploadsPage {} | Route::RecordPage { .. } | Route::SavedPage { .. } => "uploads",
        Route::ReviewNone {} | Route::ReviewPage { .. } => "review",
        Route::ConflictsPage {} => "conflicts",
        Route::DecisionsPage { .. } => "decisions",
        Route::QuarantinePage {} => "quarantine",
        Route::MePage {} | Route::SignInPage {} | Route::NotFound { .. } => "me",
    }
}

#[component]
fn TabLink(
    to: Route,
    testid: &'static str,
    sign: Sign,
    words: String,
    badge: u64,
    wide_only: bool,
    current: bool,
    current_narrow: bool,
) -> Element {
    let lang = use_lang();
    let wide = if wide_only { " bf-tab_wide" } else { "" };
    let on = match (current, current_narrow) {
        (true, _) => " bf-tab_on",
        (false, true) => " bf-tab_on bf-tab_on-narrow",
        (false, false) => "",
    };
    rsx! {
        Link { class: "bf-tab{wide}{on}", to, "data-testid": testid, "data-current": current.to_string(),
            span { class: "bf-tab__icon",
                Icon { sign }
                if badge > 0 {
                    span { class: "weui-badge bf-badge", "data-testid": "{testid}-badge",
                        span { "aria-hidden": "true", {if badge > 99 { "99+".to_owned() } else { badge.to_string() }} }
                        span { class: "bf-hidden", {lang.with("nav-badge", [("n", badge.into())])} }
                    }
                }
            }
            span { {words} }
        }
    }
}

/// Above this the person is warned that the phone's clock is wrong.
pub(super) const CLOCK_OFFSET_MS_MAX: u64 = 5 * 60 * 1_000;

/// What concerns every screen: signed out, no signal, a wrong clock.
#[component]
fn Notes() -> Element {
    let (lang, app) = (use_lang(), use_app());
    let status = app.status.read();
    let signed_out = status.as_ref().is_some_and(|status| !status.signed_in);
    let offset_ms = status.as_ref().and_then(|status| status.clock_offset_ms).unwrap_or(0);
    rsx! {
        if signed_out {
            Note { weight: Weight::Careful, sign: Sign::Person, testid: "note-signed-out",
                p { {lang.say("note-signed-out")} }
                Link { class: "bf-link", to: Route::SignInPage {}, "data-testid": "sign-in-again", {lang.say("sign-in-do")} }
            }
        }
        if !*app.online.read() {
            Note { weight: Weight::Info, sign: Sign::NoSignal, testid: "note-offline",
                {lang.say("note-offline")}
            }
        }
        if offset_ms.unsigned_abs() > CLOCK_OFFSET_MS_MAX {
            ClockNote { offset_ms }
        }
    }
}

/// The phone's clock is wrong, by how much and what to do.
#[component]
fn ClockNote(offset_ms: i64) -> Element {
    let lang = use_lang();
    #[expect(clippy::cast_precision_loss, reason = "said in whole minutes or larger")]
    let span = words::span(lang, offset_ms as f64 / 1_000.0);
    let key = if offset_ms > 0 { "note-clock-ahead" } else { "note-clock-behind" };
    rsx! {
        Note { weight: Weight::Careful, sign: Sign::Clock, testid: "note-clock", {lang.with(key, [("span", span.into())])} }
    }
}

/// An address that no screen has.
#[component]
pub fn NotFound(rest: Vec<String>) -> Element {
    let lang = use_lang();
    rsx! {
        main { class: "bf-main",
            Empty { sign: Sign::Unknown, title: lang.say("not-found-title"), detail: rest.join("/"), testid: "not-found" }
            Link { class: "weui-btn weui-btn_primary bf-btn", to: Route::Home {}, "data-testid": "home", {lang.say("not-found-home")} }
        }
    }
}
