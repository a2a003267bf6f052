//! A value that somebody proposed for a field (待核定): what stands, what is proposed, and the office's decision.

use bianfang_device::message::{Request, Trouble};
use bianfang_shared::query::ProposalView;
use dioxus::prelude::*;

use super::{Icon, Sign, TroubleLine};
use crate::app::{use_app, use_core};
use crate::i18n::use_lang;
use crate::words::{self, Names};

/// A proposal with who made it. The office adopts or refuses it; its author may take it back.
#[component]
pub fn ProposalCard(
    proposal: ProposalView,
    names: Names,
    #[props(default)] of: String,
    #[props(default)] children: Element,
) -> Element {
    let (lang, app, core) = (use_lang(), use_app(), use_core());
    let mut trouble = use_signal(|| None::<Trouble>);
    let mut busy = use_signal(|| false);
    let decides = app.at_desk();
    let is_own = app.user().is_some_and(|user| user.id == proposal.proposal.author);
    let name = words::field_name(lang, proposal.ledger, &proposal.field);
    let title = if of.is_empty() { name } else { format!("{of} · {name}") };
    let say = |value| words::field_value(lang, proposal.ledger, &proposal.field, value, &names);
    let author = names.get(&proposal.proposal.author.to_string()).cloned();
    let author = author.unwrap_or_else(|| lang.say("value-person-unknown"));
    let ask = {
        let proposal = proposal.clone();
        Callback::new(move |adopt: bool| {
            let (id, field, op) = (proposal.entity, proposal.field.clone(), proposal.proposal.op);
            let (request, done) = if adopt {
                (Request::Adopt { id, field, proposal: op }, "proposal-adopted")
            } else {
                (Request::Refuse { id, field, proposal: op, reason: String::new() }, "proposal-refused")
            };
            let core = core.clone();
            busy.set(true);
            spawn(async move {
                match core.ask(request).await {
                    Ok(_) => app.say(lang.say(done)),
                    Err(said) => trouble.set(Some(said)),
                }
                busy.set(false);
            });
        })
    };
    let refuse = lang.say(if decides { "proposal-refuse" } else { "proposal-take-back" });
    rsx! {
        li { class: "bf-dispute", "data-testid": "proposal-{proposal.field}",
            p { class: "bf-dispute__title",
                Icon { sign: Sign::Pencil }
                strong { {title} }
            }
            {children}
            p {
                span { class: "bf-from", {say(&proposal.from)} }
                span { " → " }
                strong { {say(&proposal.proposal.value)} }
            }
            p { class: "bf-fine", {author} }
            p { class: "bf-fine", {words::moment(proposal.proposal.hlc.wall_ms())} }
            if decides {
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_primary bf-btn",
                    "data-testid": "adopt",
                    disabled: busy(),
                    onclick: move |_| ask.call(true),
                    {lang.say("proposal-adopt")}
                }
            } else {
                p { class: "bf-fine", {lang.say("proposal-waits")} }
            }
            if decides || is_own {
                button {
                    r#type: "button",
                    class: "weui-btn weui-btn_default bf-btn",
                    "data-testid": "refuse",
                    disabled: busy(),
                    onclick: move |_| ask.call(false),
                    {refuse}
                }
            }
            if let Some(trouble) = trouble() {
                TroubleLine { trouble }
            }
        }
    }
}
