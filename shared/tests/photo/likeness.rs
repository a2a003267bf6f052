//! A copy is found, from both sides, however it was encoded, resized or cut by up to a tenth; another house is not.
//! The rates over more places are measured by the example `likeness` and stand in `docs/photos.md`.

use crate::copies::{COPIES, jpeg};
use crate::scene::{Dice, Light, Scene, Subject, View};
use bianfang_shared::photo::{Likeness, LikenessIndex, LikenessProbes, PhotoPolicy, probes};
use image::{Rgb, RgbImage};

const PLACES: u64 = 120;
const COPIED: u64 = 24;
const EDGES: (u32, u32) = (320, 240);

fn drawn(seed: u64) -> RgbImage {
    Scene::of(seed).draw(&View::FRONT, &Light::of(seed), EDGES.0, EDGES.1)
}

fn within() -> u32 {
    PhotoPolicy::builtin().likeness.within_bits
}

fn finds(asked: &LikenessProbes, stored: &Likeness) -> bool {
    let mut index = LikenessIndex::new();
    index.insert((), stored);
    !index.search(asked, within(), 1).is_empty()
}

#[test]
fn copies_encoded_resized_or_cut_by_a_tenth_are_found_from_both_sides() {
    let originals: Vec<_> = (0..COPIED).map(|seed| (seed, drawn(seed))).collect();
    let asked: Vec<_> =
        originals.iter().map(|(_, picture)| probes(&jpeg(picture, 85)).unwrap().unwrap()).collect();
    for copy in COPIES.iter().filter(|copy| copy.promised) {
        let mut missed = Vec::new();
        for ((seed, picture), original) in originals.iter().zip(&asked) {
            let copied = probes(&copy.of(picture, &mut Dice::new(*seed))).unwrap().unwrap();
            if !finds(&copied, &original.likeness()) || !finds(original, &copied.likeness()) {
                missed.push(seed);
            }
        }
        assert!(missed.len() <= 1, "{}: {missed:?} of {COPIED} were not found", copy.name);
    }
}

#[test]
fn no_picture_of_another_place_is_taken_for_a_copy() {
    let mut index = LikenessIndex::new();
    let asked: Vec<_> = (0..PLACES).map(|seed| probes(&jpeg(&drawn(seed), 85)).unwrap().unwrap()).collect();
    for (key, probes) in asked.iter().enumerate() {
        index.insert(key, &probes.likeness());
    }
    // 14,280 pairs.
    for (key, probes) in asked.iter().enumerate() {
        let found: Vec<_> = index.search(probes, within(), 10).into_iter().map(|found| found.key).collect();
        assert_eq!(found, [key]);
    }
}

#[test]
fn walls_of_the_same_kind_are_told_apart() {
    let walls: Vec<_> = (0..40)
        .map(|seed| Scene::with(seed, Subject::Wall).draw(&View::FRONT, &Light::DAY, EDGES.0, EDGES.1))
        .filter_map(|picture| probes(&jpeg(&picture, 85)).unwrap())
        .collect();
    assert!(walls.len() >= 36, "{} walls can be recognised", walls.len());
    for (at, wall) in walls.iter().enumerate() {
        for (other, stored) in walls.iter().enumerate() {
            assert_eq!(finds(wall, &stored.likeness()), at == other, "{at} and {other}");
        }
    }
}

#[test]
fn the_same_house_from_elsewhere_is_another_photograph() {
    let aside = View { right: 0.2, ..View::FRONT };
    let nearer = View { zoom: 1.25, ..View::FRONT };
    for seed in 0..20 {
        let first = probes(&jpeg(&drawn(seed), 85)).unwrap().unwrap().likeness();
        for view in [aside, nearer] {
            let again = Scene::of(seed).draw(&view, &Light::of(seed + 500), EDGES.0, EDGES.1);
            assert!(!finds(&probes(&jpeg(&again, 85)).unwrap().unwrap(), &first), "{seed}");
        }
    }
}

#[test]
fn a_picture_has_the_likeness_that_it_had_when_the_first_were_stored() {
    // What was stored is compared with for years. A bit or two may tip with the rounding of another processor.
    const PICTURE: &[u8] = include_bytes!("../photos/progressive.jpg");
    const STORED: &str = "01f75e736f9ce0de0bd324f6c88d4383c75cf122cc0003c00032a80d72d3d800f462cc5521550809c282ab94200148000e90a3e54835428e5063ce2c3108";
    let seen = probes(PICTURE).unwrap().unwrap().likeness();
    assert!(STORED.parse().is_ok_and(|stored| seen.distance(&stored) <= 2), "{seen}");
}

#[test]
fn a_picture_that_shows_nothing_has_no_likeness() {
    let mut dice = Dice::new(4);
    let mut noisy = |base: f32, slope: f32| {
        RgbImage::from_fn(EDGES.0, EDGES.1, |x, y| {
            let level = base + slope * (x + y) as f32 / 560.0 + dice.between(-6.0, 6.0);
            Rgb([level.clamp(0.0, 255.0) as u8; 3])
        })
    };
    let cases = [
        ("the night", noisy(4.0, 0.0)),
        ("a finger before the lens", noisy(70.0, 10.0)),
        ("an empty wall in slanting light", noisy(120.0, 90.0)),
        ("nothing but white", noisy(255.0, 0.0)),
    ];
    for (name, picture) in cases {
        assert_eq!(probes(&jpeg(&picture, 85)).unwrap(), None, "{name}");
    }
}
