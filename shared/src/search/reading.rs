//! The pinyin readings of the common Chinese characters, from a table that the build draws together.

use std::sync::LazyLock;

/// The first character of the table, 一.
const FIRST: u32 = 0x4e00;

/// For each character the number of its usual syllable, two bytes, 0 for none.
const USUAL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/usual.bin"));
/// Place of a character and number of a further syllable, two bytes each, in the order of the places.
const OTHERS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/others.bin"));

/// The syllables in the order of their numbers, from 1.
static SYLLABLES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!(concat!(env!("OUT_DIR"), "/syllables.txt")).split(' ').collect());

/// The usual reading of a character, in letters a to z; none for what is no common Chinese character.
pub(super) fn usual(c: char) -> Option<&'static str> {
    let place = usize::from(place(c)?);
    syllable(number(USUAL.chunks_exact(2).nth(place)?))
}

/// Every reading of a character, the usual one first.
pub(super) fn all(c: char) -> impl Iterator<Item = &'static str> {
    let others = place(c).map_or(&[][..], others);
    usual(c).into_iter().chain(others.chunks_exact(4).filter_map(|pair| syllable(number(&pair[2..]))))
}

fn place(c: char) -> Option<u16> {
    u16::try_from(u32::from(c).checked_sub(FIRST)?).ok()
}

/// The part of the table of further readings that is about the character at `place`.
fn others(place: u16) -> &'static [u8] {
    let (pairs, _) = OTHERS.as_chunks::<4>();
    let from = pairs.partition_point(|pair| number(pair) < place);
    let until = pairs.partition_point(|pair| number(pair) <= place);
    pairs[from..until].as_flattened()
}

fn number(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn syllable(number: u16) -> Option<&'static str> {
    SYLLABLES.get(usize::from(number).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_their_readings_and_other_writing_has_none() {
        for (c, expected) in [
            ('一', "yi"),
            ('王', "wang"),
            ('曾', "ceng zeng"),
            ('单', "dan shan chan"),
            ('吕', "lv"),
            ('a', ""),
            ('㐀', ""),
            ('🙂', ""),
        ] {
            let found: Vec<&str> = all(c).collect();
            for reading in expected.split_whitespace() {
                assert!(found.contains(&reading), "{c}: {found:?}");
            }
            assert_eq!(found.is_empty(), expected.is_empty(), "{c}: {found:?}");
        }
    }

    #[test]
    fn every_reading_is_typed_with_plain_letters() {
        let every = (FIRST..=0x9fff).filter_map(char::from_u32).flat_map(all);
        assert!(every.into_iter().all(|reading| reading.bytes().all(|b| b.is_ascii_lowercase())));
    }
}
