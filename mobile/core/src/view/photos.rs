//! Photographs of records, drafts and problems: where each is, and what that means for the record.

use super::Reading;
use crate::core::{data_address, trouble};
use crate::message::{PhotoRow, PhotoState, Place};
use crate::store::StoreError;
use crate::store::photos::PhotoName;
use bianfang_shared::observation::PhotoRef;

/// The photographs, in the order named, with small pictures where they are here.
pub(crate) fn rows(reading: &Reading<'_>, photos: &[PhotoRef]) -> Result<Vec<PhotoRow>, StoreError> {
    photos.iter().map(|photo| row(reading, photo)).collect()
}

/// The same for a form in hand: what it names was taken here, so one that is not here has been lost.
pub(crate) fn rows_in_hand(reading: &Reading<'_>, photos: &[PhotoRef]) -> Result<Vec<PhotoRow>, StoreError> {
    let mut rows = rows(reading, photos)?;
    for row in rows.iter_mut().filter(|row| row.state == PhotoState::Elsewhere) {
        let trouble = trouble("photo_missing", "the picture is not on this device; take it again", false);
        row.state = PhotoState::Failed { trouble };
    }
    Ok(rows)
}

fn row(reading: &Reading<'_>, photo: &PhotoRef) -> Result<PhotoRow, StoreError> {
    let name = PhotoName::parse(&photo.sha256);
    let kept = name.map(|name| reading.spool.get(name)).transpose()?.flatten();
    let thumbnail = match &kept {
        Some(kept) => reading.spool.thumbnail(kept.name)?.filter(|jpeg| !jpeg.is_empty()),
        None => None,
    };
    Ok(PhotoRow {
        photo: photo.clone(),
        thumbnail: thumbnail.map(|jpeg| data_address(&jpeg)),
        state: kept.map_or(PhotoState::Elsewhere, |kept| kept.state()),
    })
}

/// How far a record made here is, with its photographs: 中心已收 → 照片 2/3 → 照片已齐. Before the centre has the record,
/// and after somebody has judged it, its photographs say nothing new.
pub(crate) fn place(reading: &Reading<'_>, place: Place, owner: [u8; 16]) -> Result<Place, StoreError> {
    if place != Place::Centre {
        return Ok(place);
    }
    count(reading, &crate::store::photos::of_owner(reading.conn, owner)?)
}

/// The same for a part of what an owner names, such as one step of a problem, that is with the centre.
pub(crate) fn place_of(reading: &Reading<'_>, photos: &[PhotoRef]) -> Result<Place, StoreError> {
    let names: Vec<PhotoName> = photos.iter().filter_map(|photo| PhotoName::parse(&photo.sha256)).collect();
    count(reading, &names)
}

fn count(reading: &Reading<'_>, names: &[PhotoName]) -> Result<Place, StoreError> {
    let mut held: u32 = 0;
    for name in names {
        held += u32::from(reading.spool.get(*name)?.is_some_and(|kept| kept.held));
    }
    let total = u32::try_from(names.len()).unwrap_or(u32::MAX);
    Ok(match total {
        0 => Place::Centre,
        _ if held == total => Place::Complete,
        _ => Place::Photos { held, total },
    })
}
