//! `cargo xtask bench`: measures and prints one JSON line for each figure. Only the parts that are named, if any are.

use anyhow::ensure;
use bianfang_tests::bench::{Figure, centre, device, photos, uploads};

/// As many households as a county has.
const HOUSEHOLDS: u64 = 100_000;

// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures something, and tells each figure as it is known.
type Part = fn(&mut dyn FnMut(&Figure)) -> anyhow::Result<()>;

const PARTS: [(&str, Part); 4] = [
    ("centre", |tell| centre::run(centre::Size::default(), tell)),
    ("device", |tell| device::run(HOUSEHOLDS, tell)),
    ("photos", |tell| photos::run(tell)),
    ("uploads", |tell| uploads::run(tell)),
];

fn main() -> anyhow::Result<()> {
    let named: Vec<String> = std::env::args().skip(1).collect();
    for name in &named {
        let all = PARTS.map(|(part, _)| part).join(", ");
        ensure!(PARTS.iter().any(|(part, _)| part == name), "nothing is measured as “{name}”, but {all}");
    }
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    PARTS
        .iter()
        .filter(|(part, _)| wanted(part))
        .try_for_each(|(_, run)| run(&mut |figure| println!("{}", figure.line())))
}
