//! Photographs that records name, and those that were painted.

use super::*;
use crate::demo::township::pictures::{Place, Scene, Source, Take, paint};
use bianfang_shared::observation::PhotoRef;
use bianfang_shared::photo::{Photo, PhotoPolicy, finish};

#[test]
fn the_same_seed_paints_the_same_picture_and_another_seed_another() {
    for scene in [Scene::Work(Place::Road, true), Scene::Water(Source::Well, true)] {
        let painted = |take, seed| paint(scene, take, seed).unwrap();
        assert!(painted(Take::First, 5) == painted(Take::First, 5));
        assert!(painted(Take::First, 5) != painted(Take::First, 6));
        assert!(painted(Take::First, 5) != painted(Take::Again, 5));
    }
}

#[test]
fn every_inspection_and_attendance_names_the_photographs_that_its_form_requires() {
    for (_, record) in usual().records() {
        let input = EvidenceInput::of_record(record, None, None, ChainState::Intact);
        for purpose in &input.photos.required {
            assert!(record.photos.iter().any(|photo| photo.purpose == *purpose), "{purpose} of {record:?}");
        }
        for photo in &record.photos {
            let taken_ms = photo.taken_at_ms.unwrap();
            assert!((record.started_at_ms..=record.ended_at_ms).contains(&taken_ms));
        }
    }
}

/// The only test that paints the whole township.
#[test]
fn some_sixty_photographs_are_painted_and_only_the_doubles_look_alike() {
    let town = township(DEMO_SEED, Size::PerVillage(DEMO_HOUSEHOLDS), NOW_MS);
    let mut painted: BTreeMap<String, Photo> = BTreeMap::new();
    let mut records: BTreeMap<String, usize> = BTreeMap::new();
    let (mut whole, mut partial, mut elsewhere) = (0, 0, 0);
    for op in town.all_ops() {
        let named = op.body.photos();
        let here = |photo: &&PhotoRef| town.picture(&photo.sha256).is_some();
        match named.iter().filter(here).count() {
            0 if named.is_empty() => (),
            0 => elsewhere += 1,
            arrived if arrived < named.len() => partial += 1,
            _ => whole += 1,
        }
        for photo in named.iter().filter(here) {
            *records.entry(photo.sha256.clone()).or_default() += 1;
            let known = painted.entry(photo.sha256.clone()).or_insert_with(|| {
                let jpeg = town.picture(&photo.sha256).unwrap();
                finish(jpeg.to_vec(), PhotoPolicy::builtin()).unwrap()
            });
            let likeness = known.likeness().unwrap().to_string();
            assert_eq!(
                (photo.sha256.as_str(), photo.likeness.as_str()),
                (known.sha256.as_str(), likeness.as_str())
            );
            assert_eq!(
                (photo.bytes, photo.width, photo.height),
                (known.jpeg.len() as u64, known.width, known.height)
            );
            assert!(known.jpeg.len() <= 80_000 && known.width.max(known.height) <= 1_280, "{known:?}");
        }
    }
    assert!((40..=60).contains(&painted.len()), "{} painted", painted.len());
    assert!(whole > 20 && partial >= 9 && elsewhere > 100, "{whole} {partial} {elsewhere}");
    assert_eq!(records.values().filter(|count| **count > 1).count(), 1, "one is named twice");

    let all: Vec<&Photo> = painted.values().collect();
    let within = PhotoPolicy::builtin().likeness.within_bits;
    let alike = all.iter().enumerate().flat_map(|(at, one)| {
        let probes = one.probes.as_ref().unwrap();
        let others = all[at + 1..].iter().map(|other| probes.distance(&other.likeness().unwrap()));
        others.filter(|distance| *distance <= within).collect::<Vec<_>>()
    });
    assert_eq!(alike.count(), 1, "one was photographed from another");
}
