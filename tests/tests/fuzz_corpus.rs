//! What the fuzzers found worth keeping, replayed without them.

use bianfang_tests::fuzz::TARGETS;
use std::path::Path;

#[test]
fn every_kept_input_of_every_fuzz_target_does_no_harm() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, take) in TARGETS {
        let mut inputs = 0;
        for file in std::fs::read_dir(corpus.join(target)).unwrap() {
            let path = file.unwrap().path();
            let data = std::fs::read(&path).unwrap();
            let outcome = std::panic::catch_unwind(|| take(&data));
            assert!(outcome.is_ok(), "{}", path.display());
            inputs += 1;
        }
        assert!(inputs > 0, "{target} has no kept input");
    }
}
