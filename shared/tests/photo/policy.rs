//! The policy of photographs is read whole, and nonsense in it is named.

use bianfang_shared::photo::PhotoPolicy;

const BUILTIN: &str = include_str!("../../../assets/policy/photo.toml");

#[test]
fn the_built_in_policy_is_the_one_agreed_on() {
    let policy = PhotoPolicy::builtin();
    assert_eq!((policy.picture.long_edge_px, policy.thumbnail.long_edge_px), (1_600, 320));
    assert_eq!(policy.time.utc_offset_min, 480);
    assert_eq!(PhotoPolicy::parse(BUILTIN).unwrap(), *policy);
}

#[test]
fn a_policy_with_nonsense_is_refused_and_says_why() {
    let cases = [
        ("long_edge_px = 1600", "long_edge_px = 20", "edge"),
        ("quality = 82", "quality = 0", "quality"),
        ("utc_offset_min = 480", "utc_offset_min = 4800", "UTC"),
        ("accuracy_m = 50.0", "accuracy_m = 0.0", "accuracy"),
        ("within_bits = 60", "within_bits = 200", "alike"),
        ("version = 1", "version = 1\nunknown = 2", "unknown"),
    ];
    for (right, wrong, told) in cases {
        assert!(BUILTIN.contains(right), "{right}");
        let problem = PhotoPolicy::parse(&BUILTIN.replacen(right, wrong, 1)).unwrap_err().to_string();
        assert!(problem.contains(told), "{wrong}: {problem}");
    }
}
