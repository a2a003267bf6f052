//! Pictures on the device: kept before anything names them, found again, and never at the cost of anything else.

mod damaged;
mod letting_go;

use crate::album::name_of;
use crate::world::{Phone, at_work, picture, township};
use bianfang_device::message::{KeptPhoto, PhotoState, Place, Reply, Request, TakenPhoto};
use bianfang_device::platform::memory::platform;
use bianfang_device::platform::{PictureFile, Platform};
use bianfang_shared::evidence::{CheckName, Finding};
use bianfang_shared::form::FormDraft;
use bianfang_shared::id::{EntityId, ObservationId};
use bianfang_shared::observation::PhotoSource;
use bianfang_shared::photo::PhotoProblem;

fn state(phone: &Phone, bytes: &[u8]) -> PhotoState {
    let photos = phone.device.own_photos().unwrap();
    photos.into_iter().find(|(name, _)| *name == name_of(bytes)).unwrap().1
}

fn look(phone: &mut Phone, bytes: &[u8], full: bool) -> Option<String> {
    match phone.ask(Request::Picture { sha256: name_of(bytes), full }).unwrap() {
        Reply::Picture(picture) => picture.address,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_picture_is_kept_before_a_draft_names_it_and_both_survive_the_app() {
    let (_, mut phone, [household, ..]) = at_work();
    let shot = picture(1, 1, 3_000);
    let kept = phone.take(household, shot.clone()).unwrap();
    assert_eq!((kept.photo.sha256.as_str(), kept.photo.bytes), (name_of(&shot).as_str(), 3_000));
    let now_ms = phone.wall_ms();
    assert_eq!((kept.photo.taken_at_ms, kept.photo.source), (Some(now_ms), PhotoSource::Camera));
    assert!(kept.thumbnail.starts_with("data:image/jpeg;base64,"));
    phone.reopen();
    assert!(look(&mut phone, &shot, true).is_some());
    let mut draft = phone.form(household);
    draft.photos.push(kept.photo.clone());
    phone.ask(Request::KeepForm { draft: Box::new(draft) }).unwrap();
    phone.reopen();
    let view = phone.open(household);
    assert_eq!(view.draft.photos, [kept.photo]);
    assert_eq!(view.photos[0].thumbnail, Some(kept.thumbnail));
    assert_eq!(view.photos[0].state, PhotoState::Device);
    assert_eq!(phone.status().sync.photos_to_send, 0, "nothing names it but a draft");
}

#[test]
fn a_picture_of_the_gallery_says_itself_when_it_was_taken() {
    let (centre, _, [household, ..]) = township();
    let mut phone = Phone::signed_in(&centre, 1, "cadre");
    let taken = TakenPhoto {
        source: PhotoSource::Gallery,
        purpose: "overall".into(),
        subject: household,
        taken_at_ms: Some(5),
        place: None,
        bytes: picture(1, 1, 100),
        file: None,
    };
    let Reply::Photo(kept) = phone.ask(Request::KeepPhoto { taken }).unwrap() else { panic!() };
    assert_eq!((kept.photo.taken_at_ms, kept.photo.source), (Some(7), PhotoSource::Gallery));
}

#[test]
fn a_file_that_is_no_picture_is_refused_in_words_and_touches_nothing() {
    let (_, mut phone, [household, ..]) = at_work();
    phone.take(household, picture(1, 1, 100)).unwrap();
    let mut taken = |bytes: Vec<u8>, file: Option<u64>| {
        let taken = TakenPhoto {
            source: PhotoSource::Gallery,
            purpose: "overall".into(),
            subject: household,
            taken_at_ms: None,
            place: None,
            bytes,
            file,
        };
        phone.ask(Request::KeepPhoto { taken })
    };
    assert!(matches!(taken(vec![0, 1], None), Ok(Reply::PhotoRefused(PhotoProblem::NotAPicture))));
    let gone = taken(Vec::new(), Some(9)).unwrap_err();
    assert_eq!((gone.code.as_str(), gone.may_retry), ("not_now", true));
    phone.sound();
    phone.save(household);
}

#[test]
fn a_real_picture_becomes_a_photograph_that_a_record_names() {
    let (centre, mut phone, [household, ..]) = at_work();
    let Platform { pictures, .. } = platform(&phone.clock, 1);
    let mut png = std::io::Cursor::new(Vec::new());
    let drawn = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([x.to_le_bytes()[0] * 4, y.to_le_bytes()[0] * 5, 90])
    });
    drawn.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let prepare = |bytes: Vec<u8>| futures::executor::block_on(pictures.prepare(PictureFile::Bytes(bytes)));
    let photo = prepare(png.into_inner()).unwrap().photo;
    assert_eq!((photo.width, photo.height), (64, 48));
    let visit = phone.save_with(household, std::slice::from_ref(&photo.jpeg));
    phone.sync();
    assert_eq!(centre.borrow().state.album.held[&photo.sha256], photo.jpeg);
    assert_eq!(phone.record(visit).row.place, Place::Complete);
    assert!(prepare(b"a shopping list".to_vec()).is_err());
}

#[test]
fn a_record_cannot_name_a_picture_that_is_nowhere_and_its_form_stays() {
    let (_, mut phone, [household, ..]) = at_work();
    let mut draft = phone.form_with(household, &[picture(1, 1, 100)]);
    draft.photos[0].sha256 = "ab".repeat(32);
    phone.ask(Request::KeepForm { draft: Box::new(draft.clone()) }).unwrap();
    let trouble = phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) }).unwrap_err();
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("photo_missing", false));
    assert_eq!(phone.open(household).draft.photos, draft.photos);
    assert_eq!(phone.uploads().records, []);
}

#[test]
fn pictures_that_look_alike_are_told_with_whose_they_are() {
    let (centre, mut phone, [first, second, _]) = at_work();
    let (seen, other) = (picture(8, 1, 500), picture(8, 2, 500));
    phone.save_with(first, std::slice::from_ref(&seen));
    let names = |kept: &KeptPhoto| -> Vec<(String, u32)> {
        kept.similar.iter().map(|like| (like.name.clone(), like.distance)).collect()
    };
    let alike = phone.take(second, other.clone()).unwrap();
    assert_eq!(names(&alike), [("王小明".to_owned(), 0)]);
    assert_eq!(phone.take(second, picture(0xf0, 3, 500)).unwrap().similar, []);
    // A house looks like itself; but the very bytes of another record are a picture used again.
    assert_eq!(phone.take(first, picture(8, 4, 500)).unwrap().similar.len(), 1, "the other household's");
    let again = phone.take(first, seen.clone()).unwrap();
    assert!(again.similar.iter().any(|like| like.sha256 == name_of(&seen)), "{again:?}");
    // Another phone knows it from the record alone.
    phone.sync();
    let mut colleague = Phone::synced(&centre, 2, "cadre2");
    assert_eq!(names(&colleague.take(second, other).unwrap()), [("王小明".to_owned(), 0)]);
}

#[test]
fn a_picture_is_looked_at_from_here_or_else_from_the_centre() {
    let (centre, mut phone, [household, ..]) = at_work();
    let shot = picture(1, 1, 5_000);
    let visit = phone.save_with(household, std::slice::from_ref(&shot));
    let mut supervisor = Phone::synced(&centre, 3, "supervisor");
    assert_eq!(look(&mut supervisor, &shot, false), None);
    phone.sync();
    supervisor.sync();
    assert_eq!(supervisor.record(visit).photos[0].state, PhotoState::Elsewhere);
    assert_eq!(supervisor.record(visit).row.place, Place::Centre);
    let full = look(&mut supervisor, &shot, true).unwrap();
    assert_eq!(look(&mut phone, &shot, true).unwrap(), full);
    assert_ne!(look(&mut supervisor, &shot, false).unwrap(), full);
    let odd = supervisor.ask(Request::Picture { sha256: "../session".into(), full: true }).unwrap_err();
    assert_eq!(odd.code, "bad_value");
}

#[test]
fn a_phone_put_back_to_before_a_picture_says_that_it_is_missing_unless_the_centre_has_it() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let backup = phone.disk.copy().unwrap();
    let (sent, lost) = (picture(1, 1, 500), picture(2, 2, 500));
    let first = phone.save_with(household, std::slice::from_ref(&sent));
    phone.sync();
    let then = phone.save_with(second, std::slice::from_ref(&lost));
    phone.carry_records();
    phone.disk = backup;
    phone.reopen();
    phone.sync();
    assert_eq!(phone.record(first).row.place, Place::Complete);
    assert_eq!(phone.record(then).row.place, Place::Photos { held: 0, total: 1 });
    let PhotoState::Failed { trouble } = state(&phone, &lost) else { panic!() };
    assert_eq!((trouble.code.as_str(), trouble.may_retry), ("photo_lost", false));
    assert_eq!(phone.uploads().photos_failed.len(), 1);
    // Taken over from elsewhere after all, as from the phone that has it, it is there.
    centre.borrow_mut().state.album.held.insert(name_of(&lost), lost.clone());
    phone.clock.advance(11 * 60_000);
    phone.sync();
    assert_eq!(phone.record(then).row.place, Place::Complete);
    phone.sound();
}

#[test]
fn a_clone_writes_its_records_again_and_their_pictures_follow() {
    let (centre, mut phone, [household, second, _]) = at_work();
    phone.save(household);
    phone.sync();
    let mut clone = phone.cloned(77);
    phone.save_with(household, &[picture(1, 1, 300_000)]);
    phone.sync();
    let visit = clone.save_with(second, &[picture(2, 2, 300_000), picture(3, 3, 1_000)]);
    clone.sync();
    assert!(centre.borrow().has_record(visit));
    assert_eq!(clone.record(visit).row.place, Place::Complete);
    assert_eq!(centre.borrow().state.album.held.len(), 3);
    phone.sync();
    phone.in_step();
}

#[test]
fn losing_a_village_takes_the_photographs_of_others_from_sight_and_never_ones_own() {
    let (centre, _, [household, ..]) = township();
    let mut phone = Phone::signed_in(&centre, 1, "cadre");
    let mut colleague = Phone::signed_in(&centre, 2, "cadre2");
    [&mut phone, &mut colleague].into_iter().for_each(Phone::sync);
    colleague.save_with(household, &[picture(0xf6, 9, 100)]);
    colleague.sync();
    let own = picture(1, 1, 100);
    let visit = phone.save_with(household, std::slice::from_ref(&own));
    phone.sync();
    centre.borrow_mut().state.accounts.get_mut("cadre").unwrap().grants = Vec::new();
    phone.sync();
    assert_eq!(phone.record(visit).photos[0].state, PhotoState::Held);
    assert_eq!(phone.device.own_photos().unwrap().len(), 1);
    assert_eq!(phone.take(EntityId::from_bytes([3; 16]), picture(0xf6, 1, 100)).unwrap().similar, []);
}

#[test]
fn a_picture_of_a_form_in_hand_is_offered_where_a_colleagues_record_names_it_too() {
    let (centre, _, [household, ..]) = township();
    let mut phone = Phone::signed_in(&centre, 1, "cadre");
    let mut colleague = Phone::signed_in(&centre, 2, "cadre2");
    [&mut phone, &mut colleague].into_iter().for_each(Phone::sync);
    let shared = picture(1, 1, 3_000);
    colleague.save_with(household, std::slice::from_ref(&shared));
    colleague.sync();
    // As after a fire at the centre: the record came back from a backup, its photograph did not.
    centre.borrow_mut().state.album.held.clear();
    phone.take(household, shared.clone()).unwrap();
    phone.sync();
    assert_eq!(centre.borrow().state.album.held.get(&name_of(&shared)), Some(&shared));
}

#[test]
fn a_form_saved_twice_with_its_pictures_is_one_record() {
    let (_, mut phone, [household, ..]) = at_work();
    let draft: FormDraft = phone.form_with(household, &[picture(1, 1, 100)]);
    for _ in 0..2 {
        phone.ask(Request::SaveForm { draft: Box::new(draft.clone()) }).unwrap();
    }
    assert_eq!(phone.uploads().records.len(), 1);
}

/// Saves a form with one picture, as a correction where that is said, and tells what was found of where the picture was
/// seen before.
fn correct(
    phone: &mut Phone,
    household: EntityId,
    corrects: Option<ObservationId>,
    shot: &[u8],
) -> (ObservationId, Finding) {
    let mut draft = phone.form_with(household, &[shot.to_vec()]);
    draft.corrects = corrects;
    phone.clock.advance(60_000);
    let Reply::Saved(saved) = phone.ask(Request::SaveForm { draft: Box::new(draft) }).unwrap() else {
        panic!()
    };
    let check = saved.evidence.checks.iter().find(|check| check.name == CheckName::PhotoSeen);
    (saved.id, check.unwrap().finding)
}

#[test]
fn corrections_of_corrections_may_name_one_picture_and_nobody_elses_may() {
    let (centre, mut phone, [household, second, _]) = at_work();
    let shot = picture(1, 1, 500);
    let (first, found) = correct(&mut phone, household, None, &shot);
    assert_eq!(found, Finding::Pass);
    let (again, found) = correct(&mut phone, household, Some(first), &shot);
    assert_eq!(found, Finding::Pass);
    let (last, found) = correct(&mut phone, household, Some(again), &shot);
    assert_eq!(found, Finding::Pass, "one picture, corrected twice");
    assert_eq!(correct(&mut phone, household, None, &shot).1, Finding::Fail, "no correction at all");
    phone.sync();
    // Saying that it corrects a record of another household, or of somebody else, excuses nothing.
    let other = picture(0xf0, 2, 500);
    let (of_first, _) = correct(&mut phone, household, None, &other);
    phone.sync();
    assert_eq!(correct(&mut phone, second, Some(of_first), &picture(0xf0, 3, 500)).1, Finding::Doubt);
    let mut colleague = Phone::synced(&centre, 2, "cadre2");
    assert_eq!(correct(&mut colleague, household, Some(of_first), &other).1, Finding::Fail);
    assert_eq!(correct(&mut phone, second, Some(of_first), &other).1, Finding::Fail);
    assert_eq!(correct(&mut phone, household, Some(last), &picture(2, 4, 500)).1, Finding::Pass);
}
