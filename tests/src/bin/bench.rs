//! `cargo xtask bench`: measures and prints one JSON line for each figure.

use bianfang_tests::bench::{Figure, centre, device, photos};

/// As many households as a county has.
const HOUSEHOLDS: u64 = 100_000;

// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut tell = |figure: &Figure| println!("{}", figure.line());
    centre::run(centre::Size::default(), &mut tell)?;
    device::run(HOUSEHOLDS, &mut tell)?;
    photos::run(&mut tell)
}
