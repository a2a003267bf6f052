//! Where the phone is, for “nearest first”. The receiver is on only from when the person asks until a place is known.

use bianfang_device::message::Request;
use bianfang_shared::ledger::Point;
use dioxus::prelude::*;

use super::state::{use_app, use_core};
use crate::components::{Icon, Sign};
use crate::i18n::use_lang;
use crate::platform::{LocationProblem, use_location};

/// Good enough to say which household is nearer.
const ACCURACY_M_MAX: f64 = 200.0;
/// Under which key it is remembered that the person wants distances.
const HERE_KEY: &str = "here";

/// Asks for distances, or finds the place.
#[component]
pub fn HereFinder() -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let wanted = app.status.read().as_ref().is_some_and(|status| status.remembered.contains_key(HERE_KEY));
    let mut searching = use_signal(|| wanted && app.here.peek().is_none());
    let found = app.here.read().is_some();
    let start = move |_| {
        searching.set(true);
        core.tell(Request::Remember { key: HERE_KEY.to_owned(), value: "yes".to_owned() });
    };
    rsx! {
        if searching() {
            Finding { onend: move |()| searching.set(false) }
        } else {
            button { r#type: "button", class: "bf-link", "data-testid": "find-here", onclick: start,
                Icon { sign: Sign::Pin }
                {if found { lang.say("here-again") } else { lang.say("here-find") }}
            }
        }
    }
}

#[component]
fn Finding(onend: EventHandler<()>) -> Element {
    let (lang, app) = (use_lang(), use_app());
    let reading = use_location();
    let refused = reading.read().problem == Some(LocationProblem::Refused);
    let mut here = app.here;
    use_effect(move || {
        if let Some(fix) = reading.read().fix.filter(|fix| fix.accuracy_m <= ACCURACY_M_MAX) {
            here.set(Some(Point {
                lat: fix.latitude_deg,
                lon: fix.longitude_deg,
                accuracy_m: fix.accuracy_m,
            }));
            onend.call(());
        }
    });
    rsx! {
        span { class: "bf-fine bf-line", role: "status", "data-testid": "finding-here",
            Icon { sign: Sign::Pin }
            {if refused { lang.say("here-refused") } else { lang.say("here-finding") }}
        }
    }
}
