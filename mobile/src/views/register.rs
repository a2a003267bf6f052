//! Something new for a ledger by hand: a house, a supply, a post, a problem, with the fields of its ledger.

mod fields;
mod pick;

use std::collections::BTreeMap;

use bianfang_device::message::{Reply, Request, Trouble};
use bianfang_shared::area::AreaCode;
use bianfang_shared::day::{day_of, plus_days};
use bianfang_shared::id::EntityId;
use bianfang_shared::ledger::{self, LedgerKind, issue};
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::policy::Policy;
use bianfang_shared::value::Value;
use dioxus::prelude::*;
use serde::{Deserialize, Serialize};

use self::fields::{Asked, FieldList};
use self::pick::{Picked, use_preset};
use crate::app::{Begun, LedgerTab, Route, use_app, use_begun, use_core};
use crate::components::{Head, Icon, OwnCamera, PhotoField, Sign, TroubleLine, Wanted, bad_words, tidy};
use crate::i18n::{Lang, use_lang};
use crate::photos::{Gather, Mark, use_gather};
use crate::platform::use_platform;
use crate::words;

/// Most photographs with a new problem.
const PHOTOS_MAX: usize = 6;
/// For which purpose they are taken.
const PURPOSE: &str = "before";

/// What is entered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Entered {
    scope: Option<AreaCode>,
    fields: BTreeMap<String, Value>,
    /// What the entries are called that the fields name.
    picked: BTreeMap<String, Picked>,
    photos: Vec<PhotoRef>,
}

/// A new entry.
#[component]
pub fn RegisterPage(tab: LedgerTab, of: String, shoot: String) -> Element {
    let lang = use_lang();
    rsx! {
        div { class: "bf-app bf-app_form",
            div { class: "bf-page",
                Head { title: lang.say(&format!("register-{tab}")), back: Some(Route::EntriesPage { tab }) }
                main { id: "main", class: "bf-main", "data-testid": "register-form", "data-ledger": tab.key(),
                    // In a list of one, whose key makes each a form of its own.
                    for of in [of] {
                        Register { key: "{tab}-{of}", tab, of, shoot: shoot.clone() }
                    }
                }
            }
        }
    }
}

#[component]
fn Register(tab: LedgerTab, of: String, shoot: String) -> Element {
    let (lang, app, navigator) = (use_lang(), use_app(), use_navigator());
    let begun = use_begun(format!("register/{tab}/{of}"), Entered::default);
    use_preset(&of, tab, &begun);
    let keeping = begun.clone();
    // The problem has no id yet; what it is about has one, and other pictures of that are no re-use.
    let picked = begun.now().picked.get(issue::SUBJECT).map(|picked| picked.id);
    let about = picked.or_else(|| of.parse().ok()).unwrap_or(EntityId::from_bytes([0; 16]));
    let gather = use_gather(about, move |photo| add(&keeping, photo));
    let entered = begun.value.read().clone();
    let mut wrong = use_signal(BTreeMap::<String, String>::new);
    let mark = Mark {
        name: entered.picked.get(issue::SUBJECT).map(|picked| picked.name.clone()).unwrap_or_default(),
        code: entered.picked.get(issue::SUBJECT).map(|picked| picked.code.clone()).unwrap_or_default(),
        author: app.user().map(|user| user.name).unwrap_or_default(),
        shows: String::new(),
    };
    let route = {
        let of = of.clone();
        move |shoot: &str| Route::RegisterPage { tab, of: of.clone(), shoot: shoot.to_owned() }
    };
    let (opening, closed) = (route(PURPOSE), route(""));
    let (choosing, dropping) = (begun.clone(), begun.clone());
    let is_issue = tab == LedgerTab::Issue;
    rsx! {
        Village { entered: entered.clone(), onchoose: move |scope| choosing.change(|entered| entered.scope = scope), wrong: wrong.read().get("scope").cloned() }
        FieldList { ledger: tab.ledger(), entered: entered.clone(), begun: begun.clone(), wrong: wrong.read().clone() }
        if is_issue {
            section { class: "bf-panel",
                PhotoField {
                    wanted: wanted(lang),
                    missing: false,
                    photos: entered.photos.clone(),
                    gather: gather.clone(),
                    mark: mark.clone(),
                    onshoot: move |()| drop(navigator.push(opening.clone())),
                    ondrop: move |photo: PhotoRef| dropping.change(|entered| entered.photos.retain(|own| own.sha256 != photo.sha256)),
                }
            }
        }
        Save { tab, begun, gather: gather.clone(), onwrong: move |found| wrong.set(found) }
        OwnCamera { open: is_issue && shoot == PURPOSE, wanted: wanted(lang), photos: entered.photos, gather, mark, closed }
    }
}

fn add(begun: &Begun<Entered>, photo: PhotoRef) -> bool {
    let new = begun.now().photos.iter().all(|own| own.sha256 != photo.sha256);
    if new {
        begun.change(|entered| entered.photos.push(photo));
    }
    new
}

fn wanted(lang: Lang) -> Wanted {
    Wanted {
        purpose: PURPOSE.to_owned(),
        text: lang.say("purpose-before"),
        hint: lang.say("purpose-before-hint"),
        required: false,
        max: PHOTOS_MAX,
    }
}

/// In which village it is; told by what it belongs to, once that is chosen.
#[component]
fn Village(entered: Entered, onchoose: EventHandler<Option<AreaCode>>, wrong: Option<String>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let villages = app.status.read().as_ref().map(|status| status.villages.clone()).unwrap_or_default();
    let only = match villages.as_slice() {
        [only] => Some(only.code),
        _ => None,
    };
    let told = entered.picked.values().next().map(|picked| picked.scope);
    let scope = entered.scope.or(told).or(only);
    // Chosen where nothing else can be.
    use_effect(use_reactive!(|(scope, only, told)| {
        if let Some(code) = told.or(only)
            && scope == Some(code)
        {
            onchoose.call(Some(code));
        }
    }));
    rsx! {
        section { class: "bf-panel", id: "q-scope", tabindex: "-1",
            label { class: "bf-field",
                span { class: "bf-question__text",
                    {lang.say("ledger-village")}
                    " "
                    span { class: "bf-required", {lang.say("visit-required")} }
                }
                if let Some(wrong) = wrong {
                    span { class: "bf-problem", "data-testid": "wrong-scope",
                        Icon { sign: Sign::Warn }
                        {wrong}
                    }
                }
                select {
                    class: "weui-select bf-select",
                    disabled: told.is_some(),
                    "data-testid": "register-village",
                    onchange: move |event| onchoose.call(event.value().parse().ok()),
                    option { value: "", selected: scope.is_none(), {lang.say("register-village-choose")} }
                    for village in villages {
                        option { key: "{village.code}", value: village.code.to_string(), selected: scope == Some(village.code), {village.name.clone()} }
                    }
                }
            }
        }
    }
}

#[component]
fn Save(
    tab: LedgerTab,
    begun: Begun<Entered>,
    gather: Gather,
    onwrong: EventHandler<BTreeMap<String, String>>,
) -> Element {
    let (lang, app, core, navigator, page) =
        (use_lang(), use_app(), use_core(), use_navigator(), use_platform().page);
    let mut busy = use_signal(|| false);
    let mut trouble = use_signal(|| None::<Trouble>);
    let keeping = !gather.waiting.read().is_empty();
    let ledger = tab.ledger();
    let save = move |_| {
        let entered = begun.now();
        let wrong = wrong(lang, ledger, &entered);
        let first = wrong.keys().next().cloned();
        onwrong.call(wrong);
        if let Some(field) = first {
            page.show_element(&format!("q-{field}"));
            return;
        }
        let Some(scope) = entered.scope else { return };
        let fields = finished(ledger, entered.fields, page.wall_ms());
        let (core, begun, photos) = (core.clone(), begun.clone(), entered.photos);
        busy.set(true);
        trouble.set(None);
        spawn(async move {
            match core.ask(Request::Register { ledger, scope, fields, photos }).await {
                Ok(Reply::Registered { id }) => {
                    begun.done();
                    app.say(lang.say("edit-kept"));
                    navigator.replace(Route::EntryPage { id });
                }
                Ok(_) => (),
                Err(said) => trouble.set(Some(said)),
            }
            busy.set(false);
        });
    };
    rsx! {
        if let Some(trouble) = trouble() {
            TroubleLine { trouble }
        }
        div { class: "bf-do",
            button {
                r#type: "button",
                class: "weui-btn weui-btn_primary bf-btn bf-btn_main",
                disabled: busy() || keeping,
                "data-testid": "register-save",
                onclick: save,
                if keeping {
                    span { class: "weui-loading", "aria-hidden": "true" }
                    {lang.say("photo-keeping-wait")}
                } else {
                    Icon { sign: Sign::Device }
                    {lang.say("register-save")}
                }
            }
        }
    }
}

/// What is missing or does not fit, by field, in the order of the ledger's own rules.
fn wrong(lang: Lang, ledger: LedgerKind, entered: &Entered) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if entered.scope.is_none() {
        found.insert("scope".to_owned(), lang.say("problem-required"));
    }
    for asked in Asked::of(ledger) {
        let value = entered.fields.get(asked.field).map(tidy).unwrap_or_default();
        if asked.required && value.is_blank() {
            found.insert(asked.field.to_owned(), lang.say("problem-required"));
        } else if let Err(bad) = ledger::check(ledger, asked.field, &value) {
            found.insert(asked.field.to_owned(), bad_words(lang, &bad));
        }
    }
    found
}

/// The fields as they are written: without blanks, and of a problem with its state, its deadline and who leads.
fn finished(ledger: LedgerKind, fields: BTreeMap<String, Value>, now_ms: i64) -> BTreeMap<String, Value> {
    let tidied = fields.into_iter().map(|(field, value)| (field, tidy(&value)));
    let mut fields: BTreeMap<String, Value> = tidied.filter(|(_, value)| !value.is_blank()).collect();
    if ledger == LedgerKind::Issue {
        let (lead, days) = terms(&fields);
        let deadline = plus_days(day_of(now_ms), days);
        fields.insert(issue::STATE.to_owned(), issue::OPEN.into());
        fields.entry("lead".to_owned()).or_insert_with(|| lead.into());
        fields.entry(issue::DEADLINE.to_owned()).or_insert_with(|| deadline.to_string().into());
    }
    fields
}

/// Who leads and how many days there are, by the policy.
fn terms(fields: &BTreeMap<String, Value>) -> (String, i64) {
    let topic = fields.get(issue::TOPIC).and_then(Value::as_text).unwrap_or_default();
    let policy = Policy::builtin().issues.of(topic);
    let urgent = fields.get(issue::URGENT).and_then(Value::as_bool) == Some(true);
    let days = if urgent { policy.urgent_days } else { policy.deadline_days };
    (policy.lead.clone(), days.into())
}

/// What the policy gives a problem where nothing is entered.
#[component]
pub(super) fn Terms(entered: Entered) -> Element {
    let lang = use_lang();
    let topic = entered.fields.get(issue::TOPIC).and_then(Value::as_text).unwrap_or_default();
    if topic.is_empty() {
        return rsx! {};
    }
    let (lead, days) = terms(&entered.fields);
    rsx! {
        p { class: "bf-fine", "data-testid": "terms",
            {lang.with("register-terms", [
                ("topic", words::field_value(lang, LedgerKind::Issue, issue::TOPIC, &topic.into(), &words::Names::new()).into()),
                ("days", days.into()),
                ("lead", lead.into()),
            ])}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(given: &[(&str, Value)]) -> BTreeMap<String, Value> {
        given.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect()
    }

    #[test]
    fn a_problem_by_hand_begins_open_with_the_policy_s_deadline_unless_one_is_given() {
        const NOW_MS: i64 = 1_752_805_800_000;
        let policy = Policy::builtin().issues.of("water");
        let plain = finished(
            LedgerKind::Issue,
            fields(&[("topic", "water".into()), ("what", " 停水 ".into()), ("lead", "  ".into())]),
            NOW_MS,
        );
        let deadline = plus_days(day_of(NOW_MS), policy.deadline_days.into()).to_string();
        assert_eq!(plain["state"], issue::OPEN.into());
        assert_eq!(plain["what"], "停水".into());
        assert_eq!(
            (plain["lead"].clone(), plain["deadline"].clone()),
            (policy.lead.clone().into(), deadline.into())
        );
        let urgent = finished(
            LedgerKind::Issue,
            fields(&[("topic", "water".into()), ("urgent", true.into()), ("deadline", "2025-12-31".into())]),
            NOW_MS,
        );
        assert_eq!(urgent["deadline"], "2025-12-31".into());
        let house = finished(LedgerKind::House, fields(&[("name", "老宅".into())]), NOW_MS);
        assert_eq!(house.keys().collect::<Vec<_>>(), ["name"]);
    }

    #[test]
    fn what_is_missing_or_does_not_fit_is_said_by_its_field() {
        let mut entered = Entered { fields: fields(&[("year", Value::Int(12))]), ..Entered::default() };
        let found = wrong(Lang::Zh, LedgerKind::House, &entered);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["household", "scope", "year"]);
        assert_eq!(found["year"], "应在 1800 到 2200 之间");
        entered.scope = AreaCode::new(430_681_113_214);
        entered.fields = fields(&[("household", EntityId::from_bytes([1; 16]).to_string().into())]);
        assert!(wrong(Lang::Zh, LedgerKind::House, &entered).is_empty());
    }
}
