//! Characters that do not show what they are: which there are, how a text is written without them, and how one that
//! has them is shown. Decides about single texts only.

use icu_normalizer::ComposingNormalizerBorrowed;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is not seen itself, but changes how others look: it turns the direction of writing, joins or
/// parts letters without a width, or is a tag. Variation selectors are not among them: rare characters in names need
/// them.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
}

/// Whether a character is neither hidden nor a control character; a line break and a tab are let pass.
fn is_plain(c: char) -> bool {
    (!c.is_control() || c == '\n' || c == '\t') && !is_hidden(c)
}

/// A note as it is kept: without control and hidden characters. They come from pasted text and scanners; the person
/// sees no difference, so nothing is asked.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|&c| is_plain(c)).collect::<String>().into()
}

/// A text as it is shown: hidden characters are spelled out as `[U+202E]`, so that it does not look like another.
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            write!(shown, "[U+{:04X}]", u32::from(c)).expect("a string takes what is written");
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

/// Whether a text is in the composed form in which equal names are equal (Unicode NFC).
pub fn is_composed(text: &str) -> bool {
    text.is_ascii() || ComposingNormalizerBorrowed::new_nfc().is_normalized(text)
}

/// A name as it is kept: composed, cleaned, without blanks around it and with single ones inside.
pub fn name(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned();
    clean(&composed).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A code or number as it is kept: full-width digits and letters as half-width ones, without any blank.
pub fn code(text: &str) -> String {
    clean(text).chars().map(half_width).filter(|c| !c.is_whitespace()).collect()
}

/// The half-width form of a full-width one (U+FF01 to U+FF5E), and of the ideographic blank.
fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_left_out_when_typed_and_spelled_out_when_shown() {
        for (text, cleaned, seen) in [
            ("王某", "王某", "王某"),
            ("王\u{202E}某", "王某", "王[U+202E]某"),
            ("a\u{200B}b", "ab", "a[U+200B]b"),
            ("a\u{E0041}b", "ab", "a[U+E0041]b"),
            ("a\u{2066}b\u{2069}", "ab", "a[U+2066]b[U+2069]"),
            ("\u{FEFF}户", "户", "[U+FEFF]户"),
            ("行一\n行二\t", "行一\n行二\t", "行一\n行二\t"),
            // A variation selector belongs to the character before it.
            ("葛\u{E0100}", "葛\u{E0100}", "葛\u{E0100}"),
            ("\u{3164}", "", "[U+3164]"),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
            assert_eq!(shown(text), seen, "{text:?}");
        }
    }

    #[test]
    fn names_and_codes_have_one_form_however_they_were_typed() {
        assert_eq!(name("  王　小\u{200D}明 "), "王 小明");
        assert_eq!(name("e\u{301}"), "\u{e9}");
        assert_eq!(code("ＡＢ－１２ ３"), "AB-123");
        assert!(is_composed("王小明") && !is_composed("e\u{301}"));
    }
}
