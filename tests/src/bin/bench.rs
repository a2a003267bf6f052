//! `cargo xtask bench`: measures and prints one JSON line for each figure.

use bianfang_tests::bench::{Figure, centre};

fn main() -> anyhow::Result<()> {
    let mut tell = |figure: &Figure| println!("{}", figure.line());
    centre::run(centre::Size::default(), &mut tell)
}
