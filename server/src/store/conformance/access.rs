//! Promises about people, devices, sign-ins, areas and notes.

use super::{Bench, Check, EPOCH, Phone, START_MS, account, audit, township, user, village};
use crate::store::StoreResult;
use crate::store::people::{NewSignIn, SignInOutcome};
use bianfang_shared::access::Role;
use bianfang_shared::area::Area;
use bianfang_shared::id::Epoch;

pub(super) const CHECKS: &[Check] = &[
    ("a new store has its epoch and begins another when told", epoch),
    ("notes are kept and replaced", notes),
    ("areas are kept in order and renamed", areas),
    ("a name or an id is given once", accounts_are_unique),
    ("grants are replaced as a whole and come in order", grants),
    ("a new password and a closed account end every sign-in", sign_ins_end),
    ("a device belongs to one key and one person", devices_are_bound),
    ("a token leads to its person, device and key until it is ended", tokens),
    ("a sign-in that replaces another ends it when it is used", replacing),
    ("a device out of service is told so and cannot sign in", revoked),
    ("the audit log keeps everything, newest first", audits),
    ("what is not there is not found", nothing),
];

fn epoch(bench: &Bench) -> StoreResult<()> {
    assert_eq!(bench.store.epoch()?, EPOCH);
    let next = Epoch::from_bytes([7; 16]);
    bench.store.begin_epoch(next)?;
    assert_eq!(bench.store.epoch()?, next);
    bench.store.ready()
}

fn notes(bench: &Bench) -> StoreResult<()> {
    assert_eq!(bench.store.note("a")?, None);
    bench.store.set_note("a", "1")?;
    bench.store.set_note("a", "2")?;
    bench.store.set_note("b", "")?;
    assert_eq!(bench.store.note("a")?.as_deref(), Some("2"));
    assert_eq!(bench.store.note("b")?.as_deref(), Some(""));
    Ok(())
}

fn areas(bench: &Bench) -> StoreResult<()> {
    let area = |code, name: &str| Area { code, name: name.to_owned() };
    bench.store.put_areas(&[area(village(2), "双桥"), area(village(1), "八景")])?;
    bench.store.put_areas(&[area(village(2), "双桥村"), area(township(), "三江镇")])?;
    let expected = [area(township(), "三江镇"), area(village(1), "八景"), area(village(2), "双桥村")];
    assert_eq!(bench.store.areas()?, expected);
    Ok(())
}

fn accounts_are_unique(bench: &Bench) -> StoreResult<()> {
    let first = account(1, Role::Cadre, &[village(1)]);
    assert!(bench.store.add_account(&first, &audit("added"))?);
    let mut same_name = account(2, Role::Supervisor, &[village(2)]);
    same_name.user.login = first.user.login.clone();
    assert!(!bench.store.add_account(&same_name, &audit("added"))?);
    let mut same_id = account(3, Role::Supervisor, &[]);
    same_id.user.id = first.user.id;
    assert!(!bench.store.add_account(&same_id, &audit("added"))?);
    assert_eq!(bench.store.accounts()?, std::slice::from_ref(&first));
    assert_eq!(bench.store.account_by_login("user1")?, Some(first.clone()));
    assert_eq!(bench.store.account(user(1))?, Some(first));
    assert_eq!(bench.store.audit_log(10)?.len(), 1, "what did not happen is not in the log");
    Ok(())
}

fn grants(bench: &Bench) -> StoreResult<()> {
    bench.add_user(1, Role::Cadre, &[village(3), village(1)])?;
    let held = |bench: &Bench| -> StoreResult<Vec<_>> {
        Ok(bench.store.account(user(1))?.map(|account| account.grants).unwrap_or_default())
    };
    assert_eq!(held(bench)?, [village(1), village(3)]);
    assert!(bench.store.set_grants(user(1), &[village(2), village(2)], &audit("grants"))?);
    assert_eq!(held(bench)?, [village(2)]);
    assert!(bench.store.set_grants(user(1), &[], &audit("grants"))?);
    assert!(held(bench)?.is_empty());
    assert!(!bench.store.set_grants(user(9), &[village(1)], &audit("grants"))?);
    Ok(())
}

fn sign_ins_end(bench: &Bench) -> StoreResult<()> {
    let phone = Phone::new(1, bench.add_user(1, Role::Cadre, &[])?);
    let hash = phone.sign_in(0).token_hash;
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    assert!(bench.store.set_password(user(1), "other", &audit("password"))?);
    assert_eq!(bench.store.signed_in(&hash)?, None);
    assert_eq!(bench.store.account(user(1))?.map(|known| known.password_hash).as_deref(), Some("other"));
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    assert!(bench.store.set_disabled(user(1), true, &audit("closed"))?);
    assert_eq!(bench.store.signed_in(&hash)?, None);
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Closed);
    assert!(bench.store.set_disabled(user(1), false, &audit("opened"))?);
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    assert!(!bench.store.set_password(user(9), "x", &audit("password"))?);
    assert!(!bench.store.set_disabled(user(9), true, &audit("closed"))?);
    Ok(())
}

fn devices_are_bound(bench: &Bench) -> StoreResult<()> {
    let phone = Phone::new(1, bench.add_user(1, Role::Cadre, &[])?);
    let other = bench.add_user(2, Role::Cadre, &[])?;
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    let sign_in = phone.sign_in(START_MS + 1);
    let other_key = NewSignIn { public_key: Phone::new(2, other).key.public(), ..sign_in.clone() };
    let other_user = NewSignIn { user: other, ..sign_in.clone() };
    let nobody = NewSignIn { user: user(9), ..sign_in };
    assert_eq!(bench.store.sign_in(&other_key, &audit("x"))?, SignInOutcome::OtherKey);
    assert_eq!(bench.store.sign_in(&other_user, &audit("x"))?, SignInOutcome::OtherUser);
    assert_eq!(bench.store.sign_in(&nobody, &audit("x"))?, SignInOutcome::Closed);
    let devices = bench.store.devices()?;
    assert_eq!(devices.len(), 1);
    assert_eq!((devices[0].id, devices[0].user, devices[0].last_seq), (phone.id, user(1), 0));
    Ok(())
}

fn tokens(bench: &Bench) -> StoreResult<()> {
    let phone = Phone::new(1, bench.add_user(1, Role::Supervisor, &[township()])?);
    let sign_in = phone.sign_in(START_MS + 50);
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    assert_eq!(bench.store.sign_in(&sign_in, &audit("again"))?, SignInOutcome::Kept);
    let who = bench.store.signed_in(&sign_in.token_hash)?.expect("the token is kept");
    assert_eq!((who.account.user.id, who.device, who.public_key), (user(1), phone.id, phone.key.public()));
    assert_eq!((who.expires_at_ms, who.revoked, who.replaces), (START_MS + 50, false, false));
    assert_eq!(who.account.grants, [township()]);
    bench.store.set_clock_offset(phone.id, -1_234)?;
    assert_eq!(bench.store.device_facts(phone.id)?.and_then(|facts| facts.clock_offset_ms), Some(-1_234));
    bench.store.sign_out(&sign_in.token_hash)?;
    bench.store.sign_out(&sign_in.token_hash)?;
    assert_eq!(bench.store.signed_in(&sign_in.token_hash)?, None);
    Ok(())
}

fn replacing(bench: &Bench) -> StoreResult<()> {
    let phone = Phone::new(1, bench.add_user(1, Role::Cadre, &[])?);
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    let old = phone.sign_in(0).token_hash;
    let next = Phone::new(2, user(1));
    let new = NewSignIn { replaces: Some(old), ..next.sign_in(START_MS + 99) };
    assert_eq!(bench.store.sign_in(&new, &audit("anew"))?, SignInOutcome::Kept);
    assert!(bench.store.signed_in(&old)?.is_some(), "the old one is good until the new one is used");
    assert!(bench.store.signed_in(&new.token_hash)?.is_some_and(|who| who.replaces));
    bench.store.end_replaced(&new.token_hash)?;
    bench.store.end_replaced(&new.token_hash)?;
    assert_eq!(bench.store.signed_in(&old)?, None);
    assert!(bench.store.signed_in(&new.token_hash)?.is_some_and(|who| !who.replaces));
    Ok(())
}

fn revoked(bench: &Bench) -> StoreResult<()> {
    let phone = Phone::new(1, bench.add_user(1, Role::Cadre, &[village(1)])?);
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Kept);
    assert!(bench.store.revoke_device(phone.id, &audit("revoked"))?);
    assert!(!bench.store.revoke_device(Phone::new(9, user(1)).id, &audit("revoked"))?);
    let who = bench.store.signed_in(&phone.sign_in(0).token_hash)?;
    assert!(who.is_some_and(|who| who.revoked), "it is told why");
    assert_eq!(bench.enrol(&phone)?, SignInOutcome::Revoked);
    assert!(bench.store.devices()?[0].revoked);
    Ok(())
}

fn audits(bench: &Bench) -> StoreResult<()> {
    for action in ["one", "two", "three"] {
        bench.store.audit(&audit(action))?;
    }
    let actions: Vec<String> = bench.store.audit_log(2)?.into_iter().map(|line| line.action).collect();
    assert_eq!(actions, ["three", "two"]);
    Ok(())
}

fn nothing(bench: &Bench) -> StoreResult<()> {
    assert_eq!(bench.store.account_by_login("nobody")?, None);
    assert_eq!(bench.store.account(user(1))?, None);
    assert_eq!(bench.store.signed_in(&[0; 32])?, None);
    assert_eq!(bench.store.device_facts(Phone::new(1, user(1)).id)?, None);
    assert!(bench.store.scopes()?.is_empty());
    assert!(bench.store.scope_log(village(1), 1, 10)?.is_empty());
    assert_eq!(bench.store.counts()?, crate::store::ledgers::Counts::default());
    Ok(())
}
