//! JSON text: objects whose attributes may be odd, strings, numbers.

use super::{Choices, Grammar};

/// Numbers at the edges.
const EDGES: &[&str] = &[
    "0",
    "-0.0",
    "-1",
    "1",
    "0.1",
    "1e308",
    "-1e308",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "5e-324",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "1E+2",
    "100000000000000000000000000000000000000000",
];
/// What has the form of a number and is none that can be read.
const UNREADABLE: &str = "-1e400";
const EDGES_WHOLE: &[&str] = &[
    "0",
    "1",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "281474976710655",
    "-62167219200000",
    "253402300799999",
    "1749952800000",
];
/// Strings as they stand in JSON, between quotation marks.
const ODD_STRINGS: &[&str] = &[
    "",
    " ",
    "\\u202e王\\u202c五",
    "张\\u200b三\\u2060",
    "\u{e0041}\u{e0042}",
    "=cmd|'/c calc'!A0",
    "\\u0000",
    "\\u0001\\t",
    "\\ud800",
    "\\ud83d\\ude00",
    "e\\u0301e\\u0301",
    "\u{fdfa}\u{fdfa}",
    "<script>alert(1)</script>",
    "'; DROP TABLE ops; --",
    "../../etc/passwd",
    "%00%ff",
    "\\\"\\\\\\/",
    "葛\u{e0100}",
    "１２３ＡＢＣ",
];
const LONG_CHARS: usize = 5_000;

/// A JSON string of this text.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).expect("text has a JSON form")
}

impl<C: Choices> Grammar<'_, C> {
    /// An object of these attributes, each given as its JSON text.
    pub(super) fn object(&mut self, attributes: Vec<(&str, String)>) -> String {
        let mut attributes: Vec<(String, String)> =
            attributes.into_iter().map(|(key, json)| (string(key), json)).collect();
        if self.rarely(self.odd.form) {
            self.deform(&mut attributes);
        }
        if self.rarely(self.odd.unknown) {
            let later = self.any_value(2);
            attributes.push(("\"later\"".to_owned(), later));
        }
        let blank = if self.rarely(self.odd.form) { " \n\t" } else { "" };
        let parts: Vec<String> =
            attributes.into_iter().map(|(key, json)| format!("{key}{blank}:{json}")).collect();
        format!("{{{}}}", parts.join(&format!(",{blank}")))
    }

    fn deform(&mut self, attributes: &mut Vec<(String, String)>) {
        let at = self.choices.below(attributes.len());
        let Some((key, json)) = attributes.get(at).cloned() else { return };
        match self.choices.below(4) {
            0 => attributes.push((key, json)),
            1 => drop(attributes.remove(at)),
            2 => attributes[at].1 = self.any_value(2),
            _ => attributes.reverse(),
        }
    }

    /// A list of so many of these.
    pub(super) fn list(&mut self, count: usize, mut item: impl FnMut(&mut Self) -> String) -> String {
        let items: Vec<String> = (0..count).map(|_| item(self)).collect();
        format!("[{}]", items.join(","))
    }

    /// How many of something: few, or more than anybody needs.
    pub(super) fn count(&mut self, few: usize, many: usize) -> usize {
        if self.rarely(self.odd.bulk) { many } else { self.choices.below(few + 1) }
    }

    /// Any number.
    pub(super) fn number(&mut self) -> String {
        let plain = self.choices.below(1_000).to_string();
        self.about(&plain)
    }

    /// Any whole number.
    pub(super) fn whole(&mut self) -> String {
        let plain = self.choices.below(1_000).to_string();
        self.about_whole(&plain)
    }

    /// A number that is plain, or odd.
    pub(super) fn about(&mut self, plain: &str) -> String {
        self.edge(plain, EDGES)
    }

    /// A whole number that is plain, or odd.
    pub(super) fn about_whole(&mut self, plain: &str) -> String {
        self.edge(plain, EDGES_WHOLE)
    }

    fn edge(&mut self, plain: &str, edges: &[&str]) -> String {
        if !self.sometimes(self.odd.numbers) {
            plain.to_owned()
        } else if self.rarely(self.odd.form) {
            UNREADABLE.to_owned()
        } else {
            self.one_of(edges).to_owned()
        }
    }

    /// A time near now, or an odd one. Few different ones, so that two things are at the same time.
    pub(super) fn time(&mut self) -> String {
        let ago_ms = i64::try_from(self.choices.below(20)).unwrap_or_default() * 180_000;
        let plain = (self.now_ms / 3_600_000 * 3_600_000 - ago_ms).to_string();
        self.about_whole(&plain)
    }

    /// Text.
    pub(super) fn text(&mut self) -> String {
        if self.often(self.odd.text) {
            if self.choices.below(8) == 7 {
                return string(&"长".repeat(LONG_CHARS));
            }
            return format!("\"{}\"", self.one_of(ODD_STRINGS));
        }
        string(self.one_of(&["甲", "乙", "丙", "a", "10000000001", "2组"]))
    }
}
