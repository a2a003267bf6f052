//! Measures what likenesses find and what they mistake, over made-up places; and how long a search takes. What it
//! prints stands in `docs/photos.md`.
//!
//! ```text
//! cargo run --release -p bianfang-shared --features photo --example likeness -- rates [places] [width in pixels]
//! cargo run --release -p bianfang-shared --features photo --example likeness -- search [likenesses]
//! cargo run --release -p bianfang-shared --features photo --example likeness -- prepare [megapixels]
//! ```
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a program for the desk"
)]

#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/photo/copies.rs"]
mod copies;
#[expect(dead_code, reason = "the tests use the rest")]
#[path = "../tests/photo/scene.rs"]
mod scene;

use bianfang_shared::photo::{
    DETAIL_BITS, Likeness, LikenessIndex, LikenessProbes, PhotoPolicy, finish, prepare, probes,
};
use copies::{COPIES, jpeg};
use image::RgbImage;
use scene::{Dice, Light, Scene, View};
use std::time::{Duration, Instant};

fn main() {
    let mut args = std::env::args().skip(1);
    let what = args.next().unwrap_or_default();
    let count = args.next().and_then(|text| text.parse().ok());
    let width = args.next().and_then(|text| text.parse().ok());
    match what.as_str() {
        "rates" => rates(count.unwrap_or(1_000), width.unwrap_or(640)),
        "search" => search(count.unwrap_or(1_000_000) as usize),
        "prepare" => measure_prepare(count.unwrap_or(12)),
        _ => println!("rates, search or prepare"),
    }
}

struct Shown {
    picture: RgbImage,
    probes: LikenessProbes,
}

fn rates(places: u64, width: u32) {
    let within = PhotoPolicy::builtin().likeness.within_bits;
    let start = Instant::now();
    let mut blank = 0;
    let shown: Vec<Shown> = (0..places)
        .filter_map(|seed| {
            let picture = Scene::of(seed).draw(&View::FRONT, &Light::of(seed), width, width / 4 * 3);
            let found = probes(&jpeg(&picture, 85)).unwrap();
            blank += u32::from(found.is_none());
            Some(Shown { picture, probes: found? })
        })
        .collect();
    println!(
        "{places} places drawn in {:?}, {blank} show nothing; near means within {within} bits",
        start.elapsed()
    );
    different_places(&shown, within);
    copies_of(&shown, within);
    same_place_again(shown.len() as u64, width, within);
}

/// Every picture is asked about among all others.
fn different_places(shown: &[Shown], within: u32) {
    let mut index = LikenessIndex::new();
    for (at, shown) in shown.iter().enumerate() {
        index.insert(at, &shown.probes.likeness());
    }
    let mut near = [0_u64; DETAIL_BITS as usize + 1];
    let (mut found, mut found_wide) = (0, 0);
    for (at, asked) in shown.iter().enumerate() {
        found +=
            index.search(&asked.probes, within, usize::MAX).iter().filter(|found| found.key != at).count();
        found_wide += index.search(&asked.probes, DETAIL_BITS, usize::MAX).len() - 1;
        for (other, stored) in shown.iter().enumerate() {
            if other != at {
                near[asked.probes.distance(&stored.probes.likeness()) as usize] += 1;
            }
        }
    }
    let pairs: u64 = near.iter().sum();
    println!("different places: {pairs} pairs, {found} found near, {found_wide} came through the outlines");
    let mut below = 0;
    let mut parts = [1e-5, 1e-4, 1e-3, 1e-2, 0.5].into_iter().peekable();
    for (distance, count) in near.iter().enumerate() {
        if below == 0 && *count > 0 {
            println!("  nearest pair {distance} bits");
        }
        below += count;
        while parts.peek().is_some_and(|part| below as f64 >= part * pairs as f64) {
            println!("  {:8.5} of the pairs within {distance} bits", parts.next().unwrap());
        }
    }
    for distance in [30, 40, 50, 60, 70, 80] {
        println!("  within {distance}: {}", near[..=distance].iter().sum::<u64>());
    }
}

/// Each picture against a changed copy of it, asked from both sides.
fn copies_of(shown: &[Shown], within: u32) {
    for copy in COPIES {
        let mut far = Vec::new();
        let mut missed = [0, 0];
        // Near enough, but not looked at, since the outlines are too far apart.
        let mut passed_over = 0;
        for (at, original) in shown.iter().enumerate() {
            let changed = copy.of(&original.picture, &mut Dice::new(at as u64));
            let Some(changed) = probes(&changed).unwrap() else {
                missed = missed.map(|count| count + 1);
                continue;
            };
            for (side, asked, stored) in [(0, &changed, &original.probes), (1, &original.probes, &changed)] {
                let distance = asked.distance(&stored.likeness());
                far.push(distance);
                let mut index = LikenessIndex::new();
                index.insert(0, &stored.likeness());
                let found = !index.search(asked, within, 1).is_empty();
                missed[side] += usize::from(!found);
                passed_over += usize::from(!found && distance <= within);
            }
        }
        far.sort_unstable();
        let part = |part: f64| far[((far.len() - 1) as f64 * part) as usize];
        println!(
            "{:42} {:6} pairs  not found {:5.2} % as copy, {:5.2} % as original ({passed_over} passed over); bits 50 % {} 95 % {} 99 % {} 99.9 % {} most {}",
            copy.name,
            2 * shown.len(),
            100.0 * missed[0] as f64 / shown.len() as f64,
            100.0 * missed[1] as f64 / shown.len() as f64,
            part(0.5),
            part(0.95),
            part(0.99),
            part(0.999),
            part(1.0),
        );
    }
}

/// The same place from elsewhere or on another day is another photograph.
fn same_place_again(places: u64, width: u32, within: u32) {
    let views: [(&str, View); 7] = [
        ("another day, the very same view", View::FRONT),
        ("another day, 2 % to the side", View { right: 0.02, ..View::FRONT }),
        ("another day, 5 % to the side", View { right: 0.05, ..View::FRONT }),
        ("another day, 10 % aside and nearer", View { right: 0.1, zoom: 1.1, ..View::FRONT }),
        ("another day, 20 % aside", View { right: 0.2, ..View::FRONT }),
        ("another day, 25 % nearer", View { zoom: 1.25, ..View::FRONT }),
        (
            "another day, from an angle, tilted 3°",
            View { lean: 0.3, turn: 0.052, right: 0.03, ..View::FRONT },
        ),
    ];
    let seeds = (0..places).step_by(4);
    for (name, view) in views {
        let (mut asked, mut near) = (0, 0);
        for seed in seeds.clone() {
            let scene = Scene::of(seed);
            let first =
                probes(&jpeg(&scene.draw(&View::FRONT, &Light::of(seed), width, width / 4 * 3), 85)).unwrap();
            let again =
                probes(&jpeg(&scene.draw(&view, &Light::of(seed + 1_000_000), width, width / 4 * 3), 85))
                    .unwrap();
            if let (Some(first), Some(again)) = (first, again) {
                asked += 1;
                let mut index = LikenessIndex::new();
                index.insert(0, &first.likeness());
                near += index.search(&again, within, 1).len();
            }
        }
        println!("{name:42} {asked:6} pairs  found near {:5.1} %", 100.0 * near as f64 / asked as f64);
    }
}

/// Likenesses of made-up places, each with a tenth of its bits turned over, until there are enough. Asked about are
/// places that are not among them, as most new photographs are not.
fn search(count: usize) {
    let mut dice = Dice::new(7);
    let drawn = |seed: u64| {
        let picture = Scene::of(seed).draw(&View::FRONT, &Light::of(seed), 200, 150);
        probes(&jpeg(&picture, 85)).unwrap()
    };
    let stored: Vec<Likeness> = (1_000..5_000).filter_map(drawn).map(|probes| probes.likeness()).collect();
    let asked: Vec<LikenessProbes> = (0..100).filter_map(drawn).collect();
    let mut index = LikenessIndex::new();
    for at in 0..count {
        index.insert(at, &turned(&stored[at % stored.len()], &mut dice));
    }
    let within = PhotoPolicy::builtin().likeness.within_bits;
    let mut took: Vec<Duration> = Vec::new();
    let mut took_uncropped: Vec<Duration> = Vec::new();
    let mut found = 0;
    for asked in &asked {
        let start = Instant::now();
        found += index.search(asked, within, 100).len();
        took.push(start.elapsed());
        let start = Instant::now();
        index.search(&LikenessProbes::uncropped(asked.likeness()), within, 100);
        took_uncropped.push(start.elapsed());
    }
    took.sort();
    took_uncropped.sort();
    println!(
        "{count} likenesses, {} searches: p50 {:?}, p99 {:?}, found {found}; without crops p50 {:?}, p99 {:?}",
        took.len(),
        took[took.len() / 2],
        took[took.len() * 99 / 100],
        took_uncropped[took.len() / 2],
        took_uncropped[took.len() * 99 / 100],
    );
}

fn turned(likeness: &Likeness, dice: &mut Dice) -> Likeness {
    let mut bytes: Vec<u8> = likeness.to_string().as_bytes().chunks(2).map(byte).collect();
    let mut turn = |from: usize, bits: usize| {
        for bit in (0..bits).filter(|_| dice.below(10) == 0).collect::<Vec<_>>() {
            bytes[from + bit / 8] ^= 1 << (bit % 8);
        }
    };
    turn(1, 60);
    turn(9, DETAIL_BITS as usize);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().parse().unwrap()
}

fn byte(digits: &[u8]) -> u8 {
    u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap()
}

fn measure_prepare(megapixels: u64) {
    let file = copies::camera_file(megapixels);
    let policy = PhotoPolicy::builtin();
    // The making of the file took memory too: the high-water mark begins anew.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let before_kb = memory_kb("VmRSS:");
    let mut took = Vec::new();
    let mut photo = None;
    for _ in 0..9 {
        let start = Instant::now();
        photo = Some(prepare(&file, policy).unwrap().photo);
        took.push(start.elapsed());
    }
    let photo = photo.unwrap();
    took.sort();
    println!(
        "prepare: {megapixels} MP, {} KB → {} × {}, {} KB, thumbnail {} KB: p50 {:?}, most {:?}; {} MB before, {} MB at most",
        file.len() / 1024,
        photo.width,
        photo.height,
        photo.jpeg.len() / 1024,
        photo.thumbnail.len() / 1024,
        took[4],
        took[8],
        before_kb / 1024,
        memory_kb("VmHWM:") / 1024,
    );
    let mut took: Vec<Duration> = (0..9)
        .map(|_| {
            let jpeg = photo.jpeg.clone();
            let start = Instant::now();
            finish(jpeg, policy).unwrap();
            start.elapsed()
        })
        .collect();
    took.sort();
    println!("finish: {} × {}: p50 {:?}, most {:?}", photo.width, photo.height, took[4], took[8]);
}

fn memory_kb(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    found.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
