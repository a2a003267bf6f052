//! Holds what is drawn: words as they are read, in both languages, and what every screen owes its users.

use std::collections::BTreeSet;

use bianfang_device::message::Request;
use bianfang_shared::observation::PhotoSource;

use super::scenes::draw_by;
use super::*;
use crate::bridge::Ownership;
use crate::i18n::Lang;

/// A piece of HTML as drawn.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Open { name: String, attributes: String },
    Close(String),
    Text(String),
}

fn pieces(html: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_text(&mut found, &rest[..at]);
        let end = tag_end(&rest[at..]) + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        match tag.strip_prefix('/') {
            Some(name) => found.push(Piece::Close(name.to_owned())),
            None if tag.starts_with('!') => (),
            None => {
                let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
                let attributes = tag[name.len()..].trim_end_matches('/').to_owned();
                found.push(Piece::Open { name, attributes });
            }
        }
    }
    push_text(&mut found, rest);
    found
}

/// Where a tag ends, past any `>` inside quotes.
fn tag_end(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.map(|(at, _)| at).unwrap()
}

fn push_text(found: &mut Vec<Piece>, text: &str) {
    if !text.trim().is_empty() {
        found.push(Piece::Text(text.trim().replace("&#34;", "\"").replace("&#39;", "'")));
    }
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = attributes.find(&format!(" {name}=\""))? + name.len() + 3;
    attributes[start..].split('"').next()
}

const BLOCKS: &[&str] =
    &["p", "li", "div", "h1", "h2", "button", "a", "label", "dt", "dd", "summary", "input", "select"];
const INTERACTIVE: &[&str] = &["a", "button", "input", "select", "textarea"];

/// What a person reads, line by line, each with the test ids that stand before it.
fn read_out(html: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    let mut in_drawing = false;
    for piece in pieces(html) {
        match piece {
            Piece::Open { name, attributes } => {
                in_drawing |= name == "svg";
                if BLOCKS.contains(&name.as_str()) {
                    lines.push(std::mem::take(&mut line));
                }
                if let Some(id) = attribute(&attributes, "data-testid") {
                    line.push_str(&format!("[{id}] "));
                }
                for said in ["aria-label", "placeholder"] {
                    if let Some(words) = attribute(&attributes, said).filter(|_| name != "section") {
                        line.push_str(&format!("({words}) "));
                    }
                }
            }
            Piece::Close(name) => {
                in_drawing &= name != "svg";
                if BLOCKS.contains(&name.as_str()) {
                    lines.push(std::mem::take(&mut line));
                }
            }
            Piece::Text(text) if in_drawing => drop(text),
            Piece::Text(text) => {
                line.push_str(&text);
                line.push(' ');
            }
        }
    }
    lines.push(line);
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn every_drawing() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for lang in Lang::ALL {
        for scene in SCENES {
            found.push((format!("{} {}", scene.name, lang.tag()), draw(*scene, lang)));
        }
        for (name, ownership) in blocked() {
            found.push((format!("{name} {}", lang.tag()), draw_owned(SCENES[0], lang, ownership)));
        }
    }
    found
}

#[test]
fn screens_read_as_a_person_would_expect() {
    let wanted = [
        "sign-in",
        "today",
        "today-empty",
        "today-fresh",
        "today-broken",
        "household-disputed",
        "visit-new",
        "visit-filled",
        "visit-no-place",
        "saved",
        "uploads-offline",
        "uploads-empty",
        "me",
        "review-detail",
        "review-offline",
        "quarantine",
        "today-tasks",
        "today-issues",
        "today-drafts",
        "today-draft-drop",
        "choose-water",
        "ledger-house",
        "ledger-issue",
        "ledger-house-empty",
        "entry-house",
        "entry-post",
        "issue-open",
        "issue-to-accept-own",
        "issue-to-accept",
        "sheet",
        "register-house-wrong",
        "register-issue",
        "step-rectify-photo",
        "step-send-back-blank",
        "house-new",
        "house-filled",
        "water-filled",
        "post-new",
        "post-filled",
        "camera",
        "camera-refused",
        "photo-similar",
        "viewer",
        "viewer-none",
        "saved-house",
        "record-house",
        "uploads",
        "review-detail-house",
    ];
    for name in wanted {
        assert!(SCENES.iter().any(|scene| scene.name == name), "no scene is called {name}");
    }
    for scene in SCENES.iter().filter(|scene| wanted.contains(&scene.name)) {
        for lang in Lang::ALL {
            let name = format!("{}-{}", scene.name, lang.tag());
            let words = read_out(&draw(*scene, lang));
            // The questions are data and have tests of their own; what follows from them is the screen's.
            let from = match scene.name {
                "visit-filled" => words.find("[note]").unwrap(),
                "house-filled" | "water-filled" | "post-filled" => words.find("[verdict]").unwrap(),
                _ => 0,
            };
            insta::assert_snapshot!(name, words[from..]);
        }
    }
}

/// Longest run of Latin letters that a Chinese screen may show at first glance, as in household codes.
const LATIN_RUN_MAX: usize = 3;
/// What is Latin in Chinese too: the choice of language, and a user's name as it is typed.
const LATIN_ALLOWED: &[&str] = &["English", "Language", "cadre"];

/// What is read without unfolding anything, names for screen readers among it.
fn at_first_glance(html: &str) -> Vec<String> {
    let (mut said, mut hidden) = (Vec::new(), 0);
    for piece in pieces(html) {
        match piece {
            Piece::Open { name, .. } if ["svg", "details"].contains(&name.as_str()) => hidden += 1,
            Piece::Close(name) if ["svg", "details"].contains(&name.as_str()) => hidden -= 1,
            Piece::Open { attributes, .. } if hidden == 0 => {
                let named =
                    ["aria-label", "placeholder"].iter().filter_map(|key| attribute(&attributes, key));
                said.extend(named.map(str::to_owned));
            }
            Piece::Text(text) if hidden == 0 => said.push(text),
            _ => (),
        }
    }
    said
}

#[test]
fn chinese_screens_show_no_english_at_first_glance() {
    for scene in SCENES {
        for words in at_first_glance(&draw(*scene, Lang::Zh)) {
            let mut runs = words.split(|c: char| !c.is_ascii_alphabetic());
            // An address that leads nowhere is shown as it came.
            let allowed = |run: &str| LATIN_ALLOWED.contains(&run) || scene.path.contains(run);
            let found = runs.find(|run| run.len() > LATIN_RUN_MAX && !allowed(run));
            assert_eq!(found, None, "{}: {words}", scene.name);
        }
    }
}

#[test]
fn every_reason_for_setting_aside_is_on_both_screens_in_words() {
    for lang in Lang::ALL {
        let words = |reason| crate::words::reason_words(lang, &reason);
        let reasons: Vec<String> = reasons::every().into_iter().map(words).collect();
        for scene in SCENES.iter().filter(|scene| scene.mood == Mood::SetAside) {
            let said = at_first_glance(&draw(*scene, lang));
            for words in &reasons {
                assert!(said.contains(words), "{}: {words}", scene.name);
            }
        }
        insta::assert_snapshot!(format!("reasons-{}", lang.tag()), reasons.join("\n"));
    }
}

#[test]
fn a_window_without_the_database_says_why_and_what_to_do() {
    for lang in Lang::ALL {
        for (name, ownership) in blocked() {
            insta::assert_snapshot!(
                format!("{name}-{}", lang.tag()),
                read_out(&draw_owned(SCENES[0], lang, ownership))
            );
        }
    }
}

#[test]
fn everything_one_can_press_or_fill_in_has_a_test_id_and_a_name() {
    for (name, html) in every_drawing() {
        let pieces = pieces(&html);
        for (at, piece) in pieces.iter().enumerate() {
            let Piece::Open { name: tag, attributes } = piece else { continue };
            // The link past the navigation is found by its address.
            if !INTERACTIVE.contains(&tag.as_str()) || attribute(attributes, "href") == Some("#main") {
                continue;
            }
            assert!(
                attribute(attributes, "data-testid").is_some(),
                "{name}: <{tag}{attributes}> has no test id"
            );
            let named =
                ["aria-label", "aria-labelledby"].iter().any(|key| attribute(attributes, key).is_some())
                    || if matches!(tag.as_str(), "a" | "button") {
                        holds_text(&pieces, at, tag)
                    } else {
                        is_labelled(&pieces, at)
                    };
            assert!(named, "{name}: <{tag}{attributes}> has no name");
        }
    }
}

/// Whether there are words before the element closes.
fn holds_text(pieces: &[Piece], at: usize, tag: &str) -> bool {
    let inside = pieces[at + 1..].iter().take_while(|piece| **piece != Piece::Close(tag.to_owned()));
    inside.into_iter().any(|piece| matches!(piece, Piece::Text(_)))
}

/// Whether a field stands inside a label, or one points to it.
fn is_labelled(pieces: &[Piece], at: usize) -> bool {
    let Piece::Open { attributes, .. } = &pieces[at] else { return false };
    let points = |id: &str| {
        pieces.iter().any(|piece| matches!(piece, Piece::Open { attributes, .. } if attribute(attributes, "for") == Some(id)))
    };
    if attribute(attributes, "id").is_some_and(points) {
        return true;
    }
    let open = |piece: &&Piece| matches!(piece, Piece::Open { name, .. } if name == "label");
    let closed = |piece: &&Piece| **piece == Piece::Close("label".to_owned());
    pieces[..at].iter().filter(open).count() > pieces[..at].iter().filter(closed).count()
}

#[test]
fn no_screen_needs_more_than_a_strict_policy_allows() {
    for (name, html) in every_drawing() {
        for piece in pieces(&html) {
            let Piece::Open { name: tag, attributes } = piece else { continue };
            assert!(attribute(&attributes, "style").is_none(), "{name}: <{tag}> carries its own style");
            // Every other part stands in quotes and is a value.
            let names: String = attributes.split('"').step_by(2).collect();
            assert!(!names.contains(" on"), "{name}: <{tag}{attributes}> carries a handler");
            assert!(!["script", "iframe", "style"].contains(&tag.as_str()), "{name}: <{tag}>");
            let address = attribute(&attributes, "href").or(attribute(&attributes, "src")).unwrap_or("/");
            // Small pictures travel inside the answers; the policy lets images do that and nothing else.
            let picture = tag == "img" && address.starts_with("data:image/jpeg;base64,");
            assert!(picture || address.starts_with(['/', '#']), "{name}: {address} leads elsewhere");
        }
    }
}

#[test]
fn every_screen_has_one_heading_and_no_id_twice() {
    for (name, html) in every_drawing() {
        let pieces = pieces(&html);
        let headings =
            pieces.iter().filter(|piece| matches!(piece, Piece::Open { name, .. } if name == "h1")).count();
        let waits = ["loading", "starting"].iter().any(|part| name.contains(part));
        let beside = ["review-d", "review-w"].iter().any(|part| name.starts_with(part));
        assert!(
            headings == 1 || waits || beside || name.starts_with("not-found"),
            "{name}: {headings} headings"
        );
        let mut seen = BTreeSet::new();
        for piece in &pieces {
            let Piece::Open { attributes, .. } = piece else { continue };
            if let Some(id) = attribute(attributes, "id") {
                assert!(seen.insert(id.to_owned()), "{name}: id {id} twice");
            }
        }
    }
}

#[test]
fn no_screen_shows_a_gap_where_a_number_or_name_belongs() {
    for (name, html) in every_drawing() {
        for piece in pieces(&html) {
            let Piece::Text(text) = piece else { continue };
            assert!(!text.contains("{$") && !text.contains("{ $"), "{name}: {text}");
        }
    }
}

#[test]
fn no_screen_shows_a_key_instead_of_words() {
    // The keys are the same in both languages, and in Chinese no word looks like one.
    for (name, html) in every_drawing().into_iter().filter(|(name, _)| !name.ends_with(" en")) {
        for piece in pieces(&html) {
            let Piece::Text(text) = piece else { continue };
            let is_key = |word: &str| {
                let parts: Vec<&str> = word.split('-').collect();
                parts.len() > 1
                    && parts.iter().all(|part| {
                        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_')
                    })
            };
            let found = text.split_whitespace().find(|word| is_key(word));
            assert_eq!(found, None, "{name}: {text}");
        }
    }
}

#[test]
fn a_picture_taken_is_kept_with_its_question_its_time_and_its_place() {
    let scene = SCENES.iter().find(|scene| scene.name == "camera-shot").unwrap();
    let transport = std::rc::Rc::new(MemoryTransport::new(scene.mood));
    draw_by(*scene, Lang::Zh, Ownership::Here, &transport);
    let taken = transport.asked().into_iter().find_map(|request| match request {
        Request::KeepPhoto { taken } => Some(taken),
        _ => None,
    });
    let taken = taken.unwrap();
    assert_eq!((taken.purpose.as_str(), taken.source), ("photo_whole", PhotoSource::Camera));
    assert_eq!(taken.taken_at_ms, Some(NOW_MS));
    assert!(taken.file.is_some() && taken.place.is_some());
}

#[test]
fn what_is_entered_for_a_step_is_kept_before_it_is_taken() {
    let scene = SCENES.iter().find(|scene| scene.name == "step-rectify-photo").unwrap();
    let transport = std::rc::Rc::new(MemoryTransport::new(scene.mood));
    draw_by(*scene, Lang::Zh, Ownership::Here, &transport);
    let asked = transport.asked();
    assert!(!asked.iter().any(|request| matches!(request, Request::Step { .. })));
    // Changes wait for a moment on a clock that stands still here; leaving the screen keeps them.
    let begun = asked.iter().find_map(|request| match request {
        Request::Remember { key, value } if key == "begun" => Some(value.as_str()),
        _ => None,
    });
    assert!(begun.is_some_and(|begun| begun.contains("/rectify") && begun.contains("after")), "{begun:?}");
}
