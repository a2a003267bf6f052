//! `cargo xtask bench`: measures and prints one JSON line for each figure. Of `centre`, `device`, `photos` and `uploads`
//! only those named, if any are.

use bianfang_tests::bench::{Figure, centre, device, photos, uploads};

/// As many households as a county has.
const HOUSEHOLDS: u64 = 100_000;

// As the server has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let mut tell = |figure: &Figure| println!("{}", figure.line());
    let named: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("centre") {
        centre::run(centre::Size::default(), &mut tell)?;
    }
    if wanted("device") {
        device::run(HOUSEHOLDS, &mut tell)?;
    }
    if wanted("photos") {
        photos::run(&mut tell)?;
    }
    if wanted("uploads") {
        uploads::run(&mut tell)?;
    }
    Ok(())
}
