//! Where the phone is, live: accuracy, distance to where the subject is, and what to do about it.

use bianfang_shared::evidence::distance_m;
use bianfang_shared::ledger::{LedgerKind, Point};
use bianfang_shared::policy::Policy;
use dioxus::prelude::*;

use crate::components::{Icon, Sign};
use crate::form::{Advice, advise, to_fix};
use crate::i18n::use_lang;
use crate::platform::{Reading, use_platform};
use crate::words;

/// The place as it is measured.
#[component]
pub fn Gps(reading: ReadSignal<Reading>, anchor: Option<Point>, ledger: LedgerKind) -> Element {
    let lang = use_lang();
    let page = use_platform().page;
    let reading = reading.read();
    let fix = reading.fix.map(to_fix);
    let advice =
        advise(fix.as_ref(), reading.problem.as_ref(), anchor, page.wall_ms(), &Policy::builtin().evidence);
    let (class, sign) = match advice {
        advice if advice.is_good() => ("bf-gps bf-gps_good", Sign::Check),
        Advice::Searching => ("bf-gps", Sign::Pin),
        Advice::Refused | Advice::Unsupported | Advice::Far => ("bf-gps bf-gps_bad", Sign::Warn),
        _ => ("bf-gps bf-gps_careful", Sign::Warn),
    };
    let apart = fix.as_ref().zip(anchor).map(|(fix, anchor)| {
        let at = Point { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m };
        words::distance(lang, distance_m(at, anchor))
    });
    rsx! {
        section { class, "data-testid": "gps", "data-advice": advice.key(), "aria-label": lang.say("gps-title"),
            div { class: "bf-gps__numbers",
                if let Some(fix) = &fix {
                    p { "data-testid": "gps-accuracy",
                        span { class: "bf-fine", {lang.say("gps-accuracy")} }
                        strong { {lang.with("gps-plus-minus", [("m", words::distance(lang, fix.accuracy_m).into())])} }
                    }
                }
                if let Some(apart) = apart {
                    p { "data-testid": "gps-distance",
                        span { class: "bf-fine", {lang.say(if ledger == LedgerKind::Post { "gps-distance-post" } else { "gps-distance" })} }
                        strong { {apart} }
                    }
                }
                if let Some(fix) = &fix {
                    p {
                        span { class: "bf-fine", {lang.say("gps-at")} }
                        strong { {words::time(fix.at_ms)} }
                    }
                }
            }
            p { class: "bf-gps__advice", role: "status",
                Icon { sign }
                {lang.say(&format!("advice-{}", advice.key()))}
            }
        }
    }
}
