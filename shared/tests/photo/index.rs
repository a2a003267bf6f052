//! Likenesses are written in one way only, and the index finds exactly what is near, nearest first.

use crate::copies::jpeg;
use crate::scene::{Dice, Light, Scene, View};
use bianfang_shared::photo::{BadLikeness, DETAIL_BITS, Likeness, LikenessIndex, LikenessProbes, probes};
use proptest::prelude::*;

fn of_place(seed: u64) -> LikenessProbes {
    probes(&jpeg(&Scene::of(seed).draw(&View::FRONT, &Light::of(seed), 160, 120), 85)).unwrap().unwrap()
}

/// The same likeness with so many bits of the detail turned over, from the first on.
fn turned(likeness: &Likeness, bits: usize) -> Likeness {
    let mut bytes = hex::decode(likeness.to_string()).unwrap();
    (0..bits).for_each(|bit| bytes[9 + bit / 8] ^= 1 << (bit % 8));
    hex::encode(bytes).parse().unwrap()
}

#[test]
fn what_is_near_is_found_nearest_first_up_to_the_most_asked_for() {
    let asked = of_place(1);
    let mut index = LikenessIndex::new();
    for bits in [30, 3, 61, 0, 60, 12] {
        index.insert(bits, &turned(&asked.likeness(), bits));
    }
    let found = |within, most| -> Vec<_> {
        let uncropped = LikenessProbes::uncropped(asked.likeness());
        index.search(&uncropped, within, most).into_iter().map(|found| (found.key, found.distance)).collect()
    };
    assert_eq!(found(60, 10), [(0, 0), (3, 3), (12, 12), (30, 30), (60, 60)]);
    assert_eq!(found(60, 2), [(0, 0), (3, 3)]);
    assert_eq!(found(29, 10), [(0, 0), (3, 3), (12, 12)]);
    assert_eq!(found(60, 0), []);
    assert_eq!((index.len(), index.is_empty()), (6, false));
}

#[test]
fn an_empty_index_finds_nothing() {
    assert_eq!(LikenessIndex::<u32>::new().search(&of_place(2), DETAIL_BITS, 10), []);
}

#[test]
fn the_same_likeness_under_two_keys_is_found_twice() {
    let asked = of_place(3);
    let mut index = LikenessIndex::new();
    index.insert("first", &asked.likeness());
    index.insert("again", &asked.likeness());
    let found = index.search(&asked, 0, 10);
    assert_eq!(found.iter().map(|found| found.key).collect::<Vec<_>>(), ["first", "again"]);
}

#[test]
fn what_the_index_finds_is_what_the_probes_say() {
    let places: Vec<_> = (0..30).map(of_place).collect();
    for asked in &places {
        for stored in &places {
            let mut index = LikenessIndex::new();
            index.insert((), &stored.likeness());
            let found = index.search(asked, DETAIL_BITS, 1);
            // Passed over are only those that are far; of those looked at the nearest window may be passed over, too.
            assert!(found.iter().all(|found| found.distance >= asked.distance(&stored.likeness())));
            assert!(!found.is_empty() || asked.distance(&stored.likeness()) > 60);
        }
    }
}

#[test]
fn a_text_that_is_no_likeness_is_refused() {
    let good = of_place(4).likeness().to_string();
    let longer = format!("{good}00");
    let other_form = format!("02{}", &good[2..]);
    let beyond = format!("{}ff", &good[..122]);
    let beyond_outline = format!("{}ff{}", &good[..16], &good[18..]);
    for text in
        ["", "00", &good[1..], &longer, &other_form, &beyond, &beyond_outline, &good.to_uppercase(), "照片"]
    {
        assert_eq!(text.parse::<Likeness>(), Err(BadLikeness), "{text}");
    }
    assert!(serde_json::from_str::<Likeness>("\"zz\"").is_err());
}

proptest! {
    #[test]
    fn a_likeness_is_read_as_it_was_written(seed in 0_u64..1_000_000) {
        let mut dice = Dice::new(seed);
        let mut bytes: Vec<u8> = (0..62).map(|_| dice.next() as u8).collect();
        (bytes[0], bytes[8], bytes[61]) = (1, bytes[8] & 0x0F, bytes[61] & 0x0F);
        let text = hex::encode(bytes);
        let likeness: Likeness = text.parse().unwrap();
        prop_assert_eq!(likeness.to_string(), text.clone());
        prop_assert_eq!(serde_json::to_string(&likeness).unwrap(), format!("\"{text}\""));
        prop_assert_eq!(likeness.distance(&turned(&likeness, 17)), 17);
    }
}
