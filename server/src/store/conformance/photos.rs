//! Promises about photographs, what names them, and their uploads.

use super::{Bench, Check, Phone, START_MS, township, user, village};
use crate::store::ledgers::AreaRange;
use crate::store::photos::{
    Before, BeginUpload, Due, Examined, HeldPhoto, NOBODY, PhotoId, PhotoUse, Seen, Upload, UploadId,
    UploadLimits,
};
use crate::store::{StoreError, StoreResult};
use bianfang_shared::access::Role;
use bianfang_shared::evidence::{Evidence, Grade};
use bianfang_shared::id::{DeviceId, EntityId, ObservationId, OpId};
use bianfang_shared::ledger::LedgerKind;
use bianfang_shared::observation::{PhotoRef, PhotoSource};
use bianfang_shared::op::Body;
use std::collections::BTreeMap;

pub(super) const CHECKS: &[Check] = &[
    ("an upload is found until it is ended", uploads),
    ("a new upload ends those of the same account, device and photograph", uploads_replace),
    ("of finished uploads an account has only so many", finished_uploads),
    ("a photograph that comes whole is noted with its upload", photos_kept_whole),
    ("an account and all together have only so much under way", upload_limits),
    ("expired uploads are found, the earliest first", uploads_expire),
    ("a photograph is noted once and its upload is done with it", photos_are_kept),
    ("what was seen in a photograph is noted, likenesses both ways", examined),
    ("those that nobody looked at are told page by page", examined_by_pages),
    ("a photograph is missing until it comes again", missing),
    ("one without a likeness is looked at again when it comes again", looked_at_again),
    ("operations name photographs, merged or set aside", uses),
    ("a photograph is opened by who brought it and by the earliest that names it", opened),
    ("a photograph is noted with all who brought it", brought),
    ("the uses of a photograph are told page by page", uses_by_pages),
    ("only records of the ledger that came before name a photograph before", named_before),
    ("what falls due again while it is dealt with stays due", due),
    ("a photograph that no operation names can be let go, and no other", let_go),
];

/// A photograph by number.
pub(super) fn photo(number: u8) -> PhotoId {
    PhotoId([number; 32])
}

/// What an operation says of it.
pub(super) fn reference(number: u8) -> PhotoRef {
    PhotoRef {
        sha256: photo(number).to_string(),
        purpose: "front".to_owned(),
        bytes: 1_000,
        width: 640,
        height: 480,
        source: PhotoSource::Camera,
        taken_at_ms: None,
        place: None,
        likeness: String::new(),
    }
}

pub(super) fn held(number: u8) -> HeldPhoto {
    HeldPhoto {
        id: photo(number),
        bytes: 1_000 + u64::from(number),
        received_at_ms: START_MS - i64::from(number),
        uploader: user(1),
        seen: None,
        missing: false,
    }
}

pub(super) fn upload(number: u8, of: u8) -> Upload {
    Upload {
        id: UploadId([number; 16]),
        photo: photo(of),
        bytes: 100,
        account: user(1),
        device: DeviceId::from_bytes([1; 16]),
        metadata: "sha256 AA".to_owned(),
        began_at_ms: START_MS,
        expires_at_ms: START_MS + i64::from(number),
        done: false,
    }
}

pub(super) const LIMITS: UploadLimits =
    UploadLimits { open_of_account_max: 3, open_bytes_max: 1_000, done_of_account_max: 2 };

fn begun(ended: &[u8]) -> BeginUpload {
    BeginUpload::Begun { ended: ended.iter().map(|number| UploadId([*number; 16])).collect() }
}

fn uploads(bench: &Bench) -> StoreResult<()> {
    let first = upload(1, 1);
    assert_eq!(bench.store.upload(first.id)?, None);
    assert_eq!(bench.store.begin_upload(&first, LIMITS)?, begun(&[]));
    assert_eq!(bench.store.upload(first.id)?, Some(first.clone()));
    assert_eq!(bench.store.counts()?.uploads, 1);
    assert!(bench.store.end_upload(first.id)?);
    assert!(!bench.store.end_upload(first.id)?);
    assert_eq!(bench.store.upload(first.id)?, None);
    Ok(())
}

fn uploads_replace(bench: &Bench) -> StoreResult<()> {
    bench.store.begin_upload(&upload(1, 1), LIMITS)?;
    bench.store.begin_upload(&upload(2, 2), LIMITS)?;
    let other_device = Upload { device: DeviceId::from_bytes([2; 16]), ..upload(3, 1) };
    assert_eq!(bench.store.begin_upload(&other_device, LIMITS)?, begun(&[]));
    assert_eq!(bench.store.begin_upload(&upload(4, 1), LIMITS)?, begun(&[1]));
    assert_eq!(bench.store.upload(UploadId([1; 16]))?, None);
    bench.store.keep_photo(&held(1), Some(UploadId([4; 16])))?;
    assert!(bench.store.upload(UploadId([4; 16]))?.is_some_and(|upload| upload.done));
    let other_account = Upload { account: user(2), ..upload(5, 1) };
    assert_eq!(bench.store.begin_upload(&other_account, LIMITS)?, begun(&[]));
    assert_eq!(bench.store.begin_upload(&upload(6, 1), LIMITS)?, begun(&[4]), "finished or not");
    assert_eq!(bench.store.upload(UploadId([4; 16]))?, None);
    Ok(())
}

fn finished_uploads(bench: &Bench) -> StoreResult<()> {
    let done = |number: u8, account: u8| Upload {
        account: user(account),
        began_at_ms: START_MS - i64::from(number),
        done: true,
        ..upload(number, number)
    };
    for number in [5, 3, 4] {
        bench.store.begin_upload(&done(number, 1), LIMITS)?;
        bench.store.begin_upload(&done(number + 10, 2), LIMITS)?;
    }
    bench.store.begin_upload(&upload(1, 1), LIMITS)?;
    let known = |number: u8| Ok::<_, StoreError>(bench.store.upload(UploadId([number; 16]))?.is_some());
    let left: Vec<bool> = [1, 3, 4, 5, 13, 14, 15].into_iter().map(known).collect::<Result<_, _>>()?;
    assert_eq!(left, [true, true, true, false, true, true, true], "the earliest goes, and no other's");
    Ok(())
}

fn photos_kept_whole(bench: &Bench) -> StoreResult<()> {
    let keep = |photo: &HeldPhoto| bench.store.keep_whole(photo, upload(1, 1).device);
    keep(&held(1))?;
    assert_eq!(bench.store.photo(photo(1))?, Some(held(1)));
    assert_eq!(bench.store.counts()?.uploads, 0, "nothing is noted of how it came");
    bench.store.begin_upload(&upload(2, 2), LIMITS)?;
    let other_device = Upload { device: DeviceId::from_bytes([2; 16]), ..upload(3, 2) };
    bench.store.begin_upload(&other_device, LIMITS)?;
    keep(&held(2))?;
    assert_eq!(
        bench.store.upload(UploadId([2; 16]))?,
        None,
        "nobody goes on with what came whole by another way"
    );
    assert!(bench.store.upload(other_device.id)?.is_some());
    keep(&HeldPhoto { uploader: user(2), ..held(1) })?;
    assert_eq!(bench.store.photo(photo(1))?, Some(held(1)), "held once, by whom it came first");
    bench.store.note_missing(photo(1))?;
    keep(&held(1))?;
    assert!(bench.store.photo(photo(1))?.is_some_and(|photo| !photo.missing), "here again");
    Ok(())
}

fn upload_limits(bench: &Bench) -> StoreResult<()> {
    for number in 1..=3 {
        bench.store.begin_upload(&upload(number, number), LIMITS)?;
    }
    assert_eq!(bench.store.begin_upload(&upload(4, 4), LIMITS)?, BeginUpload::TooMany);
    let done = Upload { done: true, ..upload(5, 5) };
    assert_eq!(bench.store.begin_upload(&done, LIMITS)?, begun(&[]), "what is done takes no place");
    let other = Upload { account: user(2), bytes: 701, ..upload(6, 6) };
    assert_eq!(bench.store.begin_upload(&other, LIMITS)?, BeginUpload::NoRoom);
    let other = Upload { bytes: 700, ..other };
    assert_eq!(bench.store.begin_upload(&other, LIMITS)?, begun(&[]));
    bench.store.end_upload(UploadId([1; 16]))?;
    let small = Upload { bytes: 1, ..upload(7, 7) };
    assert_eq!(bench.store.begin_upload(&small, LIMITS)?, begun(&[]));
    assert_eq!(bench.store.upload(UploadId([4; 16]))?, None, "what was refused was not noted");
    Ok(())
}

fn uploads_expire(bench: &Bench) -> StoreResult<()> {
    for number in [3, 1, 2] {
        bench.store.begin_upload(&upload(number, number), LIMITS)?;
    }
    let expired = |now_ms, rows_max| -> StoreResult<Vec<u8>> {
        let found = bench.store.expired_uploads(now_ms, rows_max)?;
        Ok(found.iter().map(|upload| upload.id.0[0]).collect())
    };
    assert_eq!(expired(START_MS, 10)?, [0u8; 0]);
    assert_eq!(expired(START_MS + 2, 10)?, [1, 2]);
    assert_eq!(expired(START_MS + 9, 1)?, [1]);
    Ok(())
}

fn photos_are_kept(bench: &Bench) -> StoreResult<()> {
    bench.store.begin_upload(&upload(1, 7), LIMITS)?;
    assert_eq!(bench.store.photo(photo(7))?, None);
    assert!(bench.store.keep_photo(&held(7), Some(UploadId([1; 16])))?);
    let again = HeldPhoto { uploader: user(2), ..held(7) };
    assert!(!bench.store.keep_photo(&again, None)?);
    assert_eq!(bench.store.photo(photo(7))?, Some(held(7)));
    assert!(bench.store.keep_photo(&held(3), None)?);
    assert_eq!(bench.store.photos(None, 10)?, [held(3), held(7)]);
    assert_eq!(bench.store.photos(Some(photo(3)), 10)?, [held(7)]);
    assert_eq!(bench.store.photos(None, 1)?, [held(3)]);
    let counts = bench.store.counts()?;
    assert_eq!((counts.photos, counts.photo_bytes, counts.uploads), (2, 2_010, 0));
    Ok(())
}

fn examined(bench: &Bench) -> StoreResult<()> {
    for number in 1..=4 {
        bench.store.keep_photo(&held(number), None)?;
    }
    let waiting = |rows_max| -> StoreResult<Vec<u8>> {
        Ok(bench.store.photos_to_examine(None, rows_max)?.iter().map(|photo| photo.id.0[0]).collect())
    };
    assert_eq!(waiting(10)?, [4, 3, 2, 1], "the first received first");
    assert_eq!(waiting(2)?, [4, 3]);
    let seen = |likeness: &str| Seen { width: 640, height: 480, likeness: Some(likeness.to_owned()) };
    bench.store.note_examined(&[(photo(1), Examined { seen: seen("aa"), alike: vec![] })])?;
    bench.store.note_examined(&[(photo(2), Examined { seen: seen("ab"), alike: vec![(photo(1), 3)] })])?;
    bench.store.note_examined(&[(photo(3), Examined { seen: seen("ac"), alike: vec![(photo(1), 2)] })])?;
    bench.store.note_examined(&[(photo(4), Examined::default()), (photo(9), Examined::default())])?;
    assert_eq!(waiting(10)?, [0u8; 0]);
    assert_eq!(bench.store.photo(photo(1))?.and_then(|photo| photo.seen), Some(seen("aa")));
    assert_eq!(bench.store.photo(photo(4))?.and_then(|photo| photo.seen), Some(Seen::default()));
    assert_eq!(bench.store.photo(photo(9))?, None);
    assert_eq!(bench.store.photos_alike(photo(1))?, [(photo(3), 2), (photo(2), 3)]);
    assert_eq!(bench.store.photos_alike(photo(2))?, [(photo(1), 3)]);
    assert_eq!(bench.store.photos_alike(photo(4))?, []);
    let likeness = |number: u8, text: &str| (photo(number), text.to_owned());
    assert_eq!(bench.store.likenesses(None, 2)?, [likeness(1, "aa"), likeness(2, "ab")]);
    assert_eq!(bench.store.likenesses(Some(photo(2)), 9)?, [likeness(3, "ac")]);
    Ok(())
}

fn examined_by_pages(bench: &Bench) -> StoreResult<()> {
    for number in 1..=5 {
        let moment = START_MS - i64::from(number / 2);
        bench.store.keep_photo(&HeldPhoto { received_at_ms: moment, ..held(number) }, None)?;
    }
    let mut told = Vec::new();
    let mut after = None;
    while let [found, ..] = bench.store.photos_to_examine(after, 1)?.as_slice() {
        after = Some((found.received_at_ms, found.id));
        told.push(found.id.0[0]);
    }
    assert_eq!(told, [4, 5, 2, 3, 1]);
    Ok(())
}

fn missing(bench: &Bench) -> StoreResult<()> {
    let seen = Seen { width: 640, height: 480, likeness: Some("aa".to_owned()) };
    for number in 1..=2 {
        bench.store.keep_photo(&held(number), None)?;
    }
    bench.store.note_examined(&[(photo(1), Examined { seen: seen.clone(), alike: vec![] })])?;
    bench.store.note_assessed(&bench.store.photos_due(None, 9)?, &[])?;
    for number in [1, 1, 2, 3] {
        bench.store.note_missing(photo(number))?;
    }
    let due = || -> StoreResult<Vec<(u8, i64)>> {
        Ok(bench.store.photos_due(None, 9)?.iter().map(|due| (due.photo.0[0], due.turn)).collect())
    };
    assert_eq!(due()?, [(1, 1), (2, 1)], "the same again is nothing new");
    assert_eq!(
        bench.store.photo(photo(1))?.map(|photo| (photo.missing, photo.seen)),
        Some((true, Some(seen)))
    );
    assert_eq!(bench.store.photo(photo(3))?, None);
    assert_eq!(bench.store.photos_to_examine(None, 9)?, [], "there is nothing to look at");
    bench.store.note_assessed(&bench.store.photos_due(None, 9)?, &[])?;
    for number in 1..=2 {
        assert!(!bench.store.keep_photo(&held(number), None)?);
        assert!(!bench.store.photo(photo(number))?.is_some_and(|photo| photo.missing));
    }
    assert_eq!(bench.store.photos_to_examine(None, 9)?, [held(2)], "the other was looked at before");
    assert_eq!(due()?, [(1, 1), (2, 1)]);
    Ok(())
}

fn looked_at_again(bench: &Bench) -> StoreResult<()> {
    let seen = |likeness: Option<&str>| Seen { width: 9, height: 9, likeness: likeness.map(str::to_owned) };
    for (number, likeness) in [(1, None), (2, Some("ab"))] {
        bench.store.keep_photo(&held(number), None)?;
        bench.store.note_examined(&[(photo(number), Examined { seen: seen(likeness), alike: vec![] })])?;
        bench.store.keep_photo(&held(number), None)?;
    }
    assert_eq!(bench.store.photos_to_examine(None, 9)?, [held(1)]);
    assert_eq!(bench.store.photo(photo(2))?.and_then(|photo| photo.seen), Some(seen(Some("ab"))));
    Ok(())
}

fn phone(bench: &Bench) -> StoreResult<Phone> {
    let phone = Phone::new(1, bench.add_user(1, Role::Cadre, &[village(1)])?);
    bench.enrol(&phone)?;
    Ok(phone)
}

fn register(entity: u8, photos: &[u8]) -> Body {
    Body::Register {
        entity: EntityId::from_bytes([entity; 16]),
        ledger: LedgerKind::Household,
        fields: BTreeMap::from([
            ("head_name".to_owned(), "王小明".into()),
            ("registration".to_owned(), "to_confirm".into()),
        ]),
        cause: None,
        photos: photos.iter().map(|number| reference(*number)).collect(),
    }
}

fn let_go(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    phone.make(village(1), register(1, &[1]));
    // Set aside: it names its photograph all the same.
    phone.make(village(2), register(2, &[2]));
    bench.push(&phone.all());
    for number in 1..=4 {
        bench.store.keep_photo(&held(number), None)?;
    }
    let alike = Examined { seen: Seen::default(), alike: vec![(photo(3), 5), (photo(1), 6)] };
    bench.store.note_examined(&[(photo(4), alike)])?;
    // Received at the start, less their numbers.
    assert_eq!(bench.store.photos_unnamed(START_MS - 3, 9)?, [photo(4)]);
    let mut unnamed = bench.store.photos_unnamed(START_MS, 9)?;
    unnamed.sort();
    assert_eq!(unnamed, [photo(3), photo(4)]);
    assert_eq!(bench.store.photos_unnamed(START_MS, 1)?.len(), 1);
    for (number, may_go) in [(1, false), (2, false), (4, true), (4, false), (9, false)] {
        assert_eq!(bench.store.let_photo_go(photo(number), START_MS + 7)?, may_go, "{number}");
        assert_eq!(bench.store.photo(photo(number))?.is_some(), number < 3, "{number}");
    }
    assert_eq!(bench.store.photos_alike(photo(1))?, []);
    assert_eq!(bench.store.photos_alike(photo(3))?, []);
    for (number, at_ms) in [(1, None), (3, None), (4, Some(START_MS + 7)), (8, Some(START_MS + 9))] {
        assert_eq!(bench.store.photo_let_go_at(photo(number), START_MS + 9)?, at_ms, "{number}");
    }
    bench.store.forget_let_go(photo(4))?;
    assert_eq!(bench.store.photo_let_go_at(photo(4), START_MS + 11)?, Some(START_MS + 11));
    Ok(())
}

fn uses(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    phone.make(village(1), register(1, &[1, 2, 1]));
    phone.make(village(1), super::walk::record(EntityId::from_bytes([1; 16]), 5, &[2]));
    // Outside the grant: set aside, and its photograph is expected all the same.
    phone.make(village(2), register(2, &[3]));
    let no_name = PhotoRef { sha256: "no name".to_owned(), ..reference(1) };
    let mut body = register(3, &[]);
    if let Body::Register { photos, .. } = &mut body {
        photos.push(no_name);
    }
    phone.make(village(1), body);
    bench.push(&phone.all());
    // The same again is nothing new.
    bench.push(&phone.all());
    let named = |of: u8, seq: u64, scope: u64, record: Option<u8>| PhotoUse {
        photo: photo(of),
        op: OpId::new(phone.id, seq),
        scope: village(scope),
        record: record.map(|number| ObservationId::from_bytes([number; 16])),
    };
    assert_eq!(bench.store.photo_uses(photo(1), None, 9)?, [named(1, 1, 1, None)]);
    assert_eq!(bench.store.photo_uses(photo(2), None, 9)?, [named(2, 1, 1, None), named(2, 2, 1, Some(5))]);
    assert_eq!(bench.store.photo_uses(photo(2), None, 1)?.len(), 1);
    assert_eq!(bench.store.photo_uses(photo(3), None, 9)?, [named(3, 3, 2, None)]);
    let within = |of: u8, area| bench.store.photo_opened_in(photo(of), &[AreaRange::of(area)]);
    assert!(within(1, village(1))? && within(1, township())?);
    assert!(!within(1, village(2))? && !within(9, township())?);
    assert!(!within(3, village(2))?, "what was set aside opens nothing");
    assert!(!bench.store.photo_opened_in(photo(1), &[])?);
    bench.store.keep_photo(&held(2), None)?;
    assert_eq!(bench.store.photos_missing(None, 9)?, [photo(1), photo(3)]);
    assert_eq!(bench.store.photos_missing(Some(photo(1)), 9)?, [photo(3)]);
    assert_eq!(bench.store.photos_missing(None, 1)?, [photo(1)]);
    Ok(())
}

fn opened(bench: &Bench) -> StoreResult<()> {
    let mut early = phone(bench)?;
    let mut late = Phone::new(2, bench.add_user(2, Role::Cadre, &[village(2)])?);
    bench.enrol(&late)?;
    // Its name comes first, and so does its operation, which is set aside.
    let mut aside = Phone::new(0, late.user);
    bench.enrol(&aside)?;
    aside.make(village(3), register(1, &[7]));
    bench.push(&aside.all());
    early.make(village(1), register(2, &[7]));
    bench.push(&early.all());
    late.make(village(2), register(3, &[7]));
    bench.push(&late.all());
    let within = |number| bench.store.photo_opened_in(photo(7), &[AreaRange::of(village(number))]);
    let opened = || -> StoreResult<[bool; 3]> { Ok([within(1)?, within(2)?, within(3)?]) };
    let by_the_earliest = [true, false, false];
    assert_eq!(opened()?, by_the_earliest, "where nobody is known to have brought it");
    bench.store.keep_photo(&HeldPhoto { uploader: NOBODY, ..held(7) }, None)?;
    assert_eq!(opened()?, by_the_earliest, "the same when its bytes are found");
    let counts = |number| bench.store.photo_brought_by(photo(7), user(number));
    assert_eq!([counts(1)?, counts(2)?], [true, false], "who named it first counts as having brought it");
    bench.store.keep_photo(&HeldPhoto { uploader: late.user, ..held(7) }, None)?;
    assert_eq!(opened()?, [true, true, false], "who brought it opens it by what is merged");
    assert_eq!([counts(1)?, counts(2)?], [false, true]);
    bench.store.set_grants(late.user, &[village(2), village(3)], &super::audit("grants"))?;
    assert!(matches!(bench.merger.release(OpId::new(aside.id, 1), Role::Supervisor), Ok(Some(true))));
    assert_eq!(opened()?, [true, true, true], "and when it is merged later");
    Ok(())
}

fn brought(bench: &Bench) -> StoreResult<()> {
    let by = |number| bench.store.photo_brought_by(photo(1), user(number));
    bench.store.note_brought(photo(1), user(2))?;
    assert!(!by(2)?, "nobody has brought what is not held");
    bench.store.keep_photo(&held(1), None)?;
    let dues =
        || Ok::<_, StoreError>(bench.store.photos_due(None, 9)?.iter().map(|due| due.turn).sum::<i64>());
    assert_eq!((by(1)?, by(2)?, dues()?), (true, false, 0));
    bench.store.keep_whole(&HeldPhoto { uploader: user(2), ..held(1) }, upload(1, 1).device)?;
    assert_eq!((by(1)?, by(2)?, dues()?), (true, true, 1), "records of the second were waiting for it");
    for number in 1..=3 {
        bench.store.note_brought(photo(1), user(number))?;
        bench.store.keep_photo(&HeldPhoto { uploader: NOBODY, ..held(1) }, None)?;
    }
    assert_eq!((by(3)?, dues()?), (true, 2), "each is noted once, and nobody never");
    assert!(!bench.store.photo_brought_by(photo(1), NOBODY)?);
    Ok(())
}

fn uses_by_pages(bench: &Bench) -> StoreResult<()> {
    let mut one = phone(bench)?;
    let mut other = Phone::new(2, one.user);
    bench.enrol(&other)?;
    for (phone, first) in [(&mut one, 1), (&mut other, 11)] {
        for number in first..first + 3 {
            phone.make(village(1), register(number, &[7]));
        }
        bench.push(&phone.all());
    }
    let all = bench.store.photo_uses(photo(7), None, 99)?;
    assert_eq!(all.len(), 6);
    let (mut told, mut after) = (Vec::new(), None);
    while let [.., last] = bench.store.photo_uses(photo(7), after, 4)?.as_slice() {
        let page = bench.store.photo_uses(photo(7), after, 4)?;
        assert!(page.len() <= 4);
        after = Some(last.op);
        told.extend(page);
    }
    assert_eq!(told, all);
    Ok(())
}

fn named_before(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    let subject = EntityId::from_bytes([1; 16]);
    phone.make(village(1), register(1, &[9]));
    phone.make(village(1), super::walk::record(subject, 5, &[2]));
    // The same record again is set aside, and so is one outside the grant: neither is in the ledger with it.
    phone.make(village(1), super::walk::record(subject, 5, &[2, 3]));
    phone.make(village(2), super::walk::record(subject, 6, &[4]));
    bench.push(&phone.all());
    let record = |number: u8| ObservationId::from_bytes([number; 16]);
    let came_ms = bench.store.record(record(5))?.map_or(0, |held| held.received_at_ms);
    let before = Before { than: (came_ms + 1, record(1)), besides: &[], not_about: None };
    let named = |of: u8, before: Before<'_>| bench.store.photo_named_before(photo(of), &before);
    assert!(named(2, before)?);
    for of in [3, 4, 9] {
        assert!(!named(of, before)?, "photograph {of}: no record of the ledger names it");
    }
    for (than, is_before) in
        [((came_ms, record(5)), false), ((came_ms, record(6)), true), ((0, record(9)), false)]
    {
        assert_eq!(named(2, Before { than, ..before })?, is_before, "{than:?}");
    }
    assert!(!named(2, Before { besides: &[record(5)], ..before })?);
    assert!(!named(2, Before { not_about: Some(subject), ..before })?);
    assert!(named(2, Before { not_about: Some(EntityId::from_bytes([2; 16])), ..before })?);
    Ok(())
}

fn due(bench: &Bench) -> StoreResult<()> {
    let mut phone = phone(bench)?;
    let record = ObservationId::from_bytes([5; 16]);
    phone.make(village(1), register(1, &[9]));
    phone.make(village(1), super::walk::record(EntityId::from_bytes([1; 16]), 5, &[2, 3]));
    bench.push(&phone.all());
    let first = bench.store.photos_due(None, 10)?;
    let names: Vec<PhotoId> = first.iter().map(|due| due.photo).collect();
    assert_eq!(names, [photo(2), photo(3)], "those of records");
    assert_eq!(bench.store.photos_due(None, 1)?, first[..1]);
    assert_eq!(bench.store.photos_due(Some(photo(2)), 9)?, first[1..]);
    bench.store.keep_photo(&held(2), None)?;
    bench
        .store
        .note_examined(&[(photo(2), Examined { seen: Seen::default(), alike: vec![(photo(4), 1)] })])?;
    let evidence = Evidence { grade: Grade::Doubtful, checks: Vec::new() };
    let gone = ObservationId::from_bytes([77; 16]);
    bench.store.note_assessed(&first, &[(record, evidence.clone()), (gone, evidence.clone())])?;
    let left = bench.store.photos_due(None, 10)?;
    assert_eq!(left.iter().map(|due| due.photo).collect::<Vec<_>>(), [photo(2), photo(4)]);
    assert_eq!(bench.store.record(record)?.map(|held| held.evidence), Some(evidence));
    assert_eq!(bench.store.record(gone)?, None);
    bench.store.note_assessed(&[Due { photo: photo(4), turn: 99 }], &[])?;
    bench.store.note_assessed(&left, &[])?;
    assert_eq!(bench.store.photos_due(None, 10)?, []);
    Ok(())
}
