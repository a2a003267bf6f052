#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bianfang_tests::fuzz::fuzz_query(data));
