//! What a reviewer is shown of a record's photographs: whether each is here, and where it, or one like it, was seen.

use super::Photos;
use crate::service::Refusal;
use crate::service::queries::Subjects;
use crate::service::reader::Reader;
use crate::store::photos::PhotoId;
use bianfang_shared::id::ObservationId;
use bianfang_shared::observation::{Observation, PhotoRef};
use bianfang_shared::query::{PhotoView, SimilarPhoto};

/// Most similar photographs shown of one.
const SIMILAR_MAX: usize = 20;

/// The photographs of a record as this person may see them.
pub fn views(
    photos: &Photos,
    reader: &Reader<'_>,
    observation: &Observation,
) -> Result<Vec<PhotoView>, Refusal> {
    observation.photos.iter().map(|photo| photos.view(reader, observation.id, photo)).collect()
}

impl Photos {
    fn view(&self, reader: &Reader<'_>, of: ObservationId, photo: &PhotoRef) -> Result<PhotoView, Refusal> {
        let unseen = PhotoView { photo: photo.clone(), held: false, similar: Vec::new() };
        let Ok(id) = photo.sha256.parse::<PhotoId>() else { return Ok(unseen) };
        // A record can name any hash: what is known of a photograph is told to those alone who may see it.
        if !reader.sees_photo(id)? {
            return Ok(unseen);
        }
        let mut similar = Vec::new();
        for (other, distance) in std::iter::once((id, 0)).chain(self.store.photos_alike(id)?) {
            // What makes no record says nothing of where and when.
            for record in self.records_naming(other)?.into_iter().filter(|record| *record != of) {
                if similar.len() < SIMILAR_MAX {
                    let same_bytes = other == id;
                    similar.extend(self.similar(reader, (other, record), distance, same_bytes)?);
                }
            }
        }
        Ok(PhotoView { held: self.is_held(id)?, similar, ..unseen })
    }

    /// Where a photograph was seen. That it was is told to whoever may see it; where, only to those who have the village.
    /// Nothing of a record that is in no ledger.
    fn similar(
        &self,
        reader: &Reader<'_>,
        (photo, record): (PhotoId, ObservationId),
        distance: u32,
        same_bytes: bool,
    ) -> Result<Option<SimilarPhoto>, Refusal> {
        let Some(record) = self.store.record(record)? else { return Ok(None) };
        let hidden = SimilarPhoto { distance, same_bytes, ..SimilarPhoto::default() };
        if !reader.sees(record.scope) {
            return Ok(Some(hidden));
        }
        let author = self.store.account(record.author)?.map(|account| account.user.name);
        Ok(Some(SimilarPhoto {
            sha256: photo.to_string(),
            record: Some(record.id),
            scope: Some(record.scope),
            subject_name: Subjects::load(reader, [record.subject])?.name(record.subject),
            author_name: author.unwrap_or_default(),
            ended_at_ms: record.ended_at_ms,
            ..hidden
        }))
    }
}
