//! Draws the readings of the common Chinese characters out of the crate `pinyin` into a small table.
//!
//! The crate itself knows 100,000 characters and would add 400 KB to the web client; the 20,992 of the basic block are
//! what names and places are written with, and take 60 KB. A name with a rarer character is found by that character.

use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs, io};

/// CJK Unified Ideographs, the basic block.
const CHARACTERS: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let readings: Vec<Vec<String>> = CHARACTERS.map(readings).collect();
    let syllables: BTreeSet<&str> = readings.iter().flatten().map(String::as_str).collect();
    // 0 says that there is no reading.
    let numbers: BTreeMap<&str, u16> = syllables.iter().copied().zip(1..).collect();

    let (mut usual, mut others) = (Vec::new(), Vec::new());
    for (place, readings) in (0u16..).zip(&readings) {
        let mut own = readings.iter().map(|reading| numbers[reading.as_str()]);
        usual.extend(own.next().unwrap_or(0).to_le_bytes());
        for other in own {
            others.extend(place.to_le_bytes());
            others.extend(other.to_le_bytes());
        }
    }
    let folder = env::var("OUT_DIR").map_err(io::Error::other)?;
    let words: Vec<&str> = syllables.into_iter().collect();
    fs::write(Path::new(&folder).join("syllables.txt"), words.join(" "))?;
    fs::write(Path::new(&folder).join("usual.bin"), usual)?;
    fs::write(Path::new(&folder).join("others.bin"), others)
}

/// The readings of a character as they are typed, the usual one first.
fn readings(c: char) -> Vec<String> {
    let usual = c.to_pinyin().into_iter();
    let all = usual.chain(c.to_pinyin_multi().into_iter().flatten());
    let mut found: Vec<String> = Vec::new();
    for reading in all.map(|reading| typed(reading.plain())) {
        if !found.contains(&reading) {
            found.push(reading);
        }
    }
    found
}

/// Pinyin as it is typed: ü is v, ê is e.
fn typed(syllable: &str) -> String {
    syllable.replace('ü', "v").replace('ê', "e")
}
