//! Finding an entry by what a person remembers of it: name, pinyin, initials, code, the tail of a telephone number, the
//! address. Makes the text that is indexed and the query that is asked; the index itself is FTS5 with the `unicode61`
//! tokenizer on the device, and the bare text at the centre.

mod reading;

use crate::entry::Entry;
use crate::ledger::{LedgerKind, house, household, issue, person, post, water_supply};
use std::collections::BTreeSet;

/// Most characters of a query that are looked at.
pub const QUERY_CHARS_MAX: usize = 64;
/// Most words of a query that are looked for.
pub const QUERY_WORDS_MAX: usize = 8;
/// Most characters of a field that are indexed.
const FIELD_CHARS_MAX: usize = 120;
/// Most readings of a name that are indexed; beyond come only rare characters one after another.
const READINGS_MAX: usize = 16;
/// Longest run of an address that is indexed from each of its characters.
const ADDRESS_RUN_CHARS: usize = 8;

/// The text to index for a household: words apart by blanks, matched by their beginnings.
pub fn household_text(household: &Entry) -> String {
    text(
        &[household.text(household::HEAD_NAME)],
        &[household.text(household::CODE), household.text(household::PHONE)],
        &[household.text(household::GROUP), household.text(household::ADDRESS)],
    )
}

/// What is taken over from the entry that another one belongs to, where that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Above<'a> {
    /// Whose it is.
    pub name: &'a str,
    /// The household's code.
    pub code: &'a str,
    /// Where the household is.
    pub address: &'a str,
}

/// The text to index for an entry: what it says itself, and who and where it belongs to.
pub fn entry_text(entry: &Entry, above: Above<'_>) -> String {
    let own = |field: &str| entry.text(field);
    match entry.ledger.unwrap_or(LedgerKind::Unknown) {
        LedgerKind::Household => household_text(entry),
        LedgerKind::Person => text(&[own(person::NAME)], &[], &[]),
        LedgerKind::House => text(
            &[above.name, own(house::NAME)],
            &[above.code, own(house::CODE)],
            &[above.address, own("address")],
        ),
        LedgerKind::WaterSupply => text(
            &[own(water_supply::NAME), own(water_supply::KEEPER)],
            &[own(water_supply::CODE)],
            &[own("address"), own(water_supply::UNIT)],
        ),
        LedgerKind::Post => {
            text(&[above.name, own(post::NAME)], &[above.code, own(post::CODE)], &[above.address])
        }
        LedgerKind::Issue => text(&[above.name], &[above.code], &[own("what"), above.address]),
        LedgerKind::Unknown => String::new(),
    }
}

/// The fields that an entry is found by, with the one that names what it belongs to.
pub fn found_by_fields(ledger: LedgerKind) -> &'static [&'static str] {
    match ledger {
        LedgerKind::Household => {
            &[household::HEAD_NAME, household::CODE, household::PHONE, household::GROUP, household::ADDRESS]
        }
        LedgerKind::Person => &[person::NAME, person::HOUSEHOLD],
        LedgerKind::House => &[house::NAME, house::CODE, "address", house::HOUSEHOLD],
        LedgerKind::WaterSupply => {
            &[water_supply::NAME, water_supply::KEEPER, water_supply::CODE, "address", water_supply::UNIT]
        }
        LedgerKind::Post => &[post::NAME, post::CODE, post::HOLDER],
        LedgerKind::Issue => &["what", issue::SUBJECT],
        LedgerKind::Unknown => &[],
    }
}

/// The text to index for an entry of any ledger: names, codes and numbers, and what is found by any part of it, such
/// as an address or a sentence.
fn text(names: &[&str], numbers: &[&str], places: &[&str]) -> String {
    let mut words = BTreeSet::new();
    names.iter().for_each(|name| name_words(name, &mut words));
    numbers.iter().for_each(|number| number_words(number, &mut words));
    places.iter().for_each(|place| place_words(place, &mut words));
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// What a person typed, as an FTS5 `MATCH` expression: every word has to begin some indexed word. Safe for any
/// input; none where nothing searchable was typed.
pub fn query(typed: &str) -> Option<String> {
    let typed: String = typed.chars().take(QUERY_CHARS_MAX).map(half_width).collect();
    let words: Vec<String> = pieces(&typed)
        .take(QUERY_WORDS_MAX)
        // Only letters and digits are left, so the quotes cannot be broken out of.
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// Runs of letters and digits, in small letters, cut where Chinese and other writing meet.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let class = class(c);
        if class.is_some() && class != last {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut().filter(|_| class.is_some()) {
            piece.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
        last = class;
    }
    pieces.into_iter().filter(|piece| !piece.is_empty())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    Other,
}

fn class(c: char) -> Option<Class> {
    match c {
        c if !c.is_alphanumeric() => None,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Some(Class::Han),
        _ => Some(Class::Other),
    }
}

/// Full-width letters and digits, as Chinese keyboards write them, in the ordinary width.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Every ending of the name, so that a given name is found without the surname; its initials and its full pinyin
/// in every reading of the surname (曾 is zeng and ceng, 单 shan and dan).
fn name_words(name: &str, words: &mut BTreeSet<String>) {
    let name: String = name.chars().take(FIELD_CHARS_MAX).map(half_width).collect();
    for piece in pieces(&name) {
        let chars: Vec<char> = piece.chars().collect();
        for start in 0..chars.len() {
            words.insert(chars[start..].iter().collect());
            for reading in readings(&chars[start..]) {
                words.insert(reading.iter().filter_map(|syllable| syllable.chars().next()).collect());
                words.insert(reading.concat());
            }
        }
    }
}

/// The readings of a run of characters: every reading of the first, where surnames differ, and the usual one of
/// the others. Empty where a character has none.
fn readings(chars: &[char]) -> Vec<Vec<&'static str>> {
    let Some((first, rest)) = chars.split_first() else { return Vec::new() };
    let Some(rest) = rest.iter().map(|&c| reading::usual(c)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let with_rest = |first| [first].into_iter().chain(rest.iter().copied()).collect();
    reading::all(*first).take(READINGS_MAX).map(with_rest).collect()
}

/// A code or number whole, by its parts, and by its last four to eight characters.
fn number_words(number: &str, words: &mut BTreeSet<String>) {
    let number: String = number.chars().take(FIELD_CHARS_MAX).map(half_width).collect();
    words.extend(pieces(&number));
    let joined: Vec<char> =
        number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    for tail in 3..=8 {
        if let Some(start) = joined.len().checked_sub(tail) {
            words.insert(joined[start..].iter().collect());
        }
    }
    if !joined.is_empty() {
        words.insert(joined.into_iter().collect());
    }
}

/// An address from each of its characters on, so that any part of it is found.
fn place_words(place: &str, words: &mut BTreeSet<String>) {
    let place: String = place.chars().take(FIELD_CHARS_MAX).map(half_width).collect();
    for piece in pieces(&place) {
        let chars: Vec<char> = piece.chars().collect();
        for start in 0..chars.len() {
            let end = chars.len().min(start + ADDRESS_RUN_CHARS);
            words.insert(chars[start..end].iter().collect());
        }
    }
}
