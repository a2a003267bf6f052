//! The push path: chains, receipts, quarantine, conflicts.

use crate::harness::{OTHER_VILLAGE, TestDevice, TestServer, VILLAGE, entity, record_id};
use bianfang_shared::chain::Head;
use bianfang_shared::id::OpId;
use bianfang_shared::judge::{Outcome, Reason};
use bianfang_shared::op::{Body, Verdict};
use bianfang_shared::wire::{PushReply, Receipt, ScopePart};

fn outcomes(receipts: &[Receipt]) -> Vec<&Outcome> {
    receipts.iter().map(|receipt| &receipt.outcome).collect()
}

fn reason(receipt: &Receipt) -> &Reason {
    match &receipt.outcome {
        Outcome::Quarantined { reason } => reason,
        other => panic!("not set aside: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_pushed_comes_back_byte_for_byte_in_the_scopes_order() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let born = phone.register(VILLAGE, entity(1), "王小明");
    phone.amend(VILLAGE, entity(1), "head_name", "王大明", &[born]);
    phone.record(VILLAGE, entity(1), record_id(9));
    assert_eq!(outcomes(&phone.push_all(&server).await), [&Outcome::Merged; 3]);
    assert_eq!(phone.log(&server, VILLAGE).await, phone.ops);
}

#[tokio::test]
async fn the_same_push_twice_gives_the_same_receipts_and_one_log() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.amend(VILLAGE, entity(7), "head_name", "nobody", &[]);
    let first = phone.push_all(&server).await;
    server.clock.advance(5_000);
    let second = phone.push_all(&server).await;
    assert_eq!(first, second);
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 1);
    // An older, shorter push that was under way for long is answered the same.
    let PushReply::Accepted { outcomes, chain, .. } = phone.push(&server, 1, 1).await else { panic!() };
    assert_eq!(outcomes, first[..1]);
    assert_eq!(chain.last_seq, 2);
}

#[tokio::test]
async fn a_push_stands_against_the_chain_as_the_protocol_says() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    for number in 1..=4 {
        phone.register(VILLAGE, entity(number), "王小明");
    }
    let gap = phone.push(&server, 3, 4).await;
    assert!(matches!(gap, PushReply::Gap { chain } if chain.last_seq == 0), "{gap:?}");
    assert!(
        matches!(phone.push(&server, 1, 0).await, PushReply::Accepted { outcomes, .. } if outcomes.is_empty())
    );
    phone.push(&server, 1, 2).await;
    let overlapping = phone.push(&server, 2, 4).await;
    assert!(
        matches!(&overlapping, PushReply::Accepted { outcomes, chain, .. } if outcomes.len() == 3 && chain.last_seq == 4)
    );
    // Empty, in the middle: measured by the head there.
    assert!(matches!(phone.push(&server, 3, 2).await, PushReply::Accepted { .. }));

    let mut clone = TestDevice::new(1);
    clone.sign_in(&server, "cadre").await;
    clone.register(VILLAGE, entity(9), "another");
    let forked = clone.push(&server, 1, 1).await;
    assert!(matches!(forked, PushReply::Forked { chain } if chain.last_seq == 4), "{forked:?}");
    // The same bytes at the end, but another past: the head tells.
    let mut other_past = phone.push_request(4, 4);
    other_past.head = Head::EMPTY.extend(b"other past");
    other_past.signature = phone.key.sign(phone.id, other_past.head);
    let reply: PushReply = server.post("/api/v1/sync/push", &phone.token, &other_past).await.json();
    assert!(matches!(reply, PushReply::Forked { .. }));

    phone.epoch = bianfang_shared::id::Epoch::from_bytes([9; 16]);
    assert!(matches!(phone.push(&server, 1, 4).await, PushReply::WrongEpoch { .. }));
}

#[tokio::test]
async fn a_signature_that_does_not_fit_is_refused_for_good_and_nothing_is_taken_in() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    let mut request = phone.push_request(1, 1);
    request.signature = TestDevice::new(2).key.sign(phone.id, request.head);
    let reply = server.post("/api/v1/sync/push", &phone.token, &request).await;
    assert_eq!((reply.status, reply.code().as_str()), (422, "bad_signature"));
    assert!(phone.log(&server, VILLAGE).await.is_empty());
}

#[tokio::test]
async fn a_bad_operation_is_kept_with_its_reason_and_holds_up_nothing() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.register(VILLAGE, entity(1), "王小明");
    phone.make_raw(r#"{"future":true}"#.to_owned());
    phone.make_raw(format!("\"{}\"", "\\ud800"));
    phone.register(OTHER_VILLAGE, entity(2), "outside");
    phone.amend(VILLAGE, entity(1), "insured", "red", &[]);
    phone.amend(VILLAGE, entity(1), "remark", "a\u{0}b", &[]);
    phone.make_raw(phone.ops[0].clone());
    phone.make(
        VILLAGE,
        Body::Review { observation: record_id(3), verdict: Verdict::Approved, comment: String::new() },
    );
    phone.amend(VILLAGE, entity(1), "insured", "some", &[]);
    let receipts = phone.push_all(&server).await;
    assert_eq!(receipts[0].outcome, Outcome::Merged);
    assert!(matches!(reason(&receipts[1]), Reason::Unreadable { .. }));
    assert!(matches!(reason(&receipts[2]), Reason::Unreadable { .. }));
    assert_eq!(reason(&receipts[3]), &Reason::OutsideGrants);
    insta::assert_json_snapshot!(reason(&receipts[4]), @r#"
    {
      "code": "bad_value",
      "field": "insured",
      "detail": "\"red\" is not one of the choices",
      "ledger": "household",
      "fault": {
        "code": "not_a_choice",
        "text": "red"
      }
    }
    "#);
    insta::assert_json_snapshot!(reason(&receipts[5]), @r#"
    {
      "code": "bad_value",
      "field": "remark",
      "detail": "a control character inside the text",
      "ledger": "household",
      "fault": {
        "code": "control_character"
      }
    }
    "#);
    assert_eq!(reason(&receipts[6]), &Reason::Misnumbered);
    assert!(matches!(reason(&receipts[7]), Reason::UnknownObservation { .. }));
    assert_eq!(receipts[8].outcome, Outcome::Merged);
    assert_eq!(phone.log(&server, VILLAGE).await.len(), 2);
}

#[tokio::test]
async fn a_kind_of_operation_from_next_year_waits_for_the_upgrade_and_reaches_no_phone() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    let raw = format!(
        r#"{{"device":"{}","seq":1,"hlc":5,"author":"{}","scope":"{VILLAGE}","body":{{"kind":"hologram","x":[1,2]}},"new":7}}"#,
        phone.id, phone.user
    );
    phone.make_raw(raw.clone());
    let not_yet = Reason::NotYetKnown { what: "kind".to_owned() };
    assert_eq!(*reason(&phone.push_all(&server).await[0]), not_yet);
    assert!(phone.log(&server, VILLAGE).await.is_empty());
}

#[tokio::test]
async fn what_waits_is_merged_in_the_transaction_in_which_the_awaited_arrives() {
    let server = TestServer::new();
    let mut late = server.device("cadre", 1).await;
    let mut early = server.device("cadre2", 2).await;
    let mut supervisor = server.device("supervisor", 3).await;
    // A review of a record of a household: each waits for the one before.
    let review =
        Body::Review { observation: record_id(5), verdict: Verdict::Approved, comment: String::new() };
    supervisor.make(VILLAGE, review);
    early.record(VILLAGE, entity(1), record_id(5));
    assert!(matches!(reason(&supervisor.push_all(&server).await[0]), Reason::UnknownObservation { .. }));
    assert!(matches!(reason(&early.push_all(&server).await[0]), Reason::UnknownEntity { .. }));
    late.register(VILLAGE, entity(1), "王小明");
    server.clock.advance(1_000);
    late.push_all(&server).await;
    let log = late.log(&server, VILLAGE).await;
    assert_eq!(log, [&late.ops[0], &early.ops[0], &supervisor.ops[0]].map(String::clone));
    // The receipt says so when asked again; the time of receipt stays.
    let again = early.push_all(&server).await;
    assert_eq!(again[0].outcome, Outcome::Merged);
    assert_eq!(again[0].received_at_ms, crate::harness::NOW_MS);
}

#[tokio::test]
async fn what_waits_for_something_later_in_the_same_push_is_merged_at_once() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    phone.record(VILLAGE, entity(1), record_id(5));
    phone.amend(VILLAGE, entity(1), "insured", "some", &[]);
    phone.register(VILLAGE, entity(1), "王小明");
    assert_eq!(outcomes(&phone.push_all(&server).await), [&Outcome::Merged; 3]);
}

#[tokio::test]
async fn two_who_did_not_see_each_other_make_a_conflict_and_one_who_saw_both_ends_it() {
    let server = TestServer::new();
    let mut first = server.device("cadre", 1).await;
    let mut second = server.device("cadre2", 2).await;
    let born = first.register(VILLAGE, entity(1), "王小明");
    let mine = first.amend(VILLAGE, entity(1), "head_name", "王大明", &[born]);
    assert_eq!(outcomes(&first.push_all(&server).await), [&Outcome::Merged; 2]);
    let theirs: OpId = second.amend(VILLAGE, entity(1), "head_name", "王二明", &[born]);
    let same = second.amend(VILLAGE, entity(1), "insured", "all", &[]);
    assert_eq!(outcomes(&second.push_all(&server).await), [&Outcome::MergedWithConflict, &Outcome::Merged]);
    first.amend(VILLAGE, entity(1), "insured", "all", &[]);
    first.amend(VILLAGE, entity(1), "head_name", "王二明", &[mine, theirs]);
    assert_eq!(outcomes(&first.push_all(&server).await), [&Outcome::Merged; 4]);
    let _ = same;
}

#[tokio::test]
async fn cursors_are_dense_pages_join_and_a_cursor_beyond_the_head_starts_over() {
    let server = TestServer::new();
    let mut phone = server.device("cadre", 1).await;
    for number in 1..=7 {
        phone.register(VILLAGE, entity(number), "王小明");
    }
    phone.push_all(&server).await;
    let (mut next, mut seen, mut checksum) = (1, Vec::new(), 0);
    loop {
        let reply = phone.pull(&server, VILLAGE, next, 3).await;
        let ScopePart::Ops { ops, next: after, head, checksum: told } = &reply.scopes[0].part else {
            panic!()
        };
        for op in ops {
            checksum = bianfang_shared::chain::extend_checksum(checksum, op.op.get().as_bytes());
        }
        assert_eq!((told.0, *head), (checksum, 7));
        seen.extend(ops.iter().map(|op| op.seq));
        next = *after;
        if !reply.more {
            break;
        }
    }
    assert_eq!(seen, (1..=7).collect::<Vec<_>>());
    assert!(matches!(phone.pull(&server, VILLAGE, 9, 3).await.scopes[0].part, ScopePart::Resync));
    assert!(matches!(phone.pull(&server, OTHER_VILLAGE, 1, 3).await.scopes[0].part, ScopePart::Drop));
    phone.epoch = bianfang_shared::id::Epoch::from_bytes([9; 16]);
    assert!(matches!(phone.pull(&server, VILLAGE, 1, 3).await.scopes[0].part, ScopePart::Resync));
}
