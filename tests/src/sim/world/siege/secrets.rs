//! What the hostile phone was told, byte for byte, against what its grants let it see.

use super::{Siege, World, texts};
use crate::sim::album::name_of;
use crate::sim::check::Held;
use crate::sim::hostile::Heard;
use crate::sim::people::SECRET;
use crate::sim::phone::PASSWORD;
use bianfang_shared::op::Op;
use bianfang_shared::wire::{PHOTO_UPLOADS_PATH, PhotosHeldReply};
use std::collections::{BTreeMap, BTreeSet};

/// What a picture's file begins with after its marker: see [`crate::sim::album`].
const PICTURE_MARK: &[u8] = b"numbered";

impl World {
    fn siege(&self) -> &Siege {
        self.siege.as_ref().expect("only runs with a hostile phone ask")
    }

    /// No value that honest people wrote in villages without a grant, in any answer.
    pub(super) fn check_secrets(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege();
        let mut may_know: BTreeMap<String, bool> = BTreeMap::new();
        for (op, raw) in honest(siege, held) {
            for secret in secrets_in(raw) {
                *may_know.entry(secret).or_default() |= siege.sees(op.scope);
            }
        }
        for heard in &siege.phone.heard {
            let body = String::from_utf8_lossy(&heard.answer.body);
            let header = |(_, value): &(String, Vec<u8>)| String::from_utf8_lossy(value).into_owned();
            let headers: Vec<String> = heard.answer.headers.iter().map(header).collect();
            for text in headers.iter().map(String::as_str).chain([&*body]) {
                let told = secrets_in(text).find(|secret| may_know.get(secret) == Some(&false));
                if let Some(secret) = told {
                    return Err(format!("{} tells {secret}", asked(heard)));
                }
            }
        }
        Ok(())
    }

    /// No picture that only other villages name.
    pub(super) fn check_pictures(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege();
        let open = open_photos(siege, held);
        for heard in siege.phone.heard.iter().filter(|heard| matches!(heard.answer.status, 200 | 304)) {
            let asked_for =
                heard.path.strip_prefix("/api/v1/photos/").map(|rest| rest.trim_end_matches("/thumb"));
            let asked_for = asked_for.filter(|name| name.len() == 64).map(str::to_owned);
            let is_picture =
                heard.answer.body.windows(PICTURE_MARK.len()).take(64).any(|part| part == PICTURE_MARK);
            let given = is_picture.then(|| name_of(&heard.answer.body));
            for name in asked_for.into_iter().chain(given) {
                if !open.contains(&name) {
                    return Err(format!("{} gives {name}", asked(heard)));
                }
            }
        }
        Ok(())
    }

    /// Whether some village holds a picture is told to nobody else: not by the question for it, not by an upload that
    /// is complete before it began.
    pub(super) fn check_told_held(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege();
        let open = open_photos(siege, held);
        for heard in &siege.phone.heard {
            if heard.path == "/api/v1/photos/held"
                && let Ok(reply) = serde_json::from_slice::<PhotosHeldReply>(&heard.answer.body)
                && let Some(name) = reply.held.iter().find(|name| !open.contains(*name))
            {
                return Err(format!("{} tells of {name}", asked(heard)));
            }
            let begins = heard.begins.as_ref().filter(|name| !open.contains(*name));
            let stands = heard.answer.header("upload-offset").filter(|offset| *offset != "0");
            if let (Some(_), Some(offset)) = (begins, stands) {
                return Err(format!("{} stands at {offset} at once", asked(heard)));
            }
        }
        Ok(())
    }

    /// Uploads of others are as if they were not there, but those of pictures that it may see once they are whole.
    pub(super) fn check_uploads(&self, held: &Held) -> Result<(), String> {
        let siege = self.siege();
        let open = open_photos(siege, held);
        let own: BTreeSet<&str> = siege.phone.uploads.iter().map(String::as_str).collect();
        let of_others = |heard: &&Heard| {
            let upload = heard.path.strip_prefix(PHOTO_UPLOADS_PATH).and_then(|rest| rest.strip_prefix('/'));
            let is_open = |upload: &str| open.iter().any(|name| name.starts_with(upload));
            let may_know =
                |upload| own.contains(heard.path.as_str()) || heard.method == "HEAD" && is_open(upload);
            upload.is_some_and(|upload| !may_know(upload))
        };
        match siege.phone.heard.iter().filter(of_others).find(|heard| heard.answer.status < 400) {
            Some(heard) => Err(format!("{} is answered with {}", asked(heard), heard.answer.status)),
            None => Ok(()),
        }
    }

    /// No login but its own, and no password.
    pub(super) fn check_logins(&self) -> Result<(), String> {
        let siege = self.siege();
        let mut logins: BTreeSet<String> = texts(self.phones.iter().map(|phone| phone.login));
        logins.extend([super::ADMINISTRATOR.to_owned(), PASSWORD.to_owned()]);
        for heard in &siege.phone.heard {
            let body = String::from_utf8_lossy(&heard.answer.body);
            if let Some(login) = logins.iter().find(|login| body.contains(*login)) {
                return Err(format!("{} tells {login}", asked(heard)));
            }
        }
        Ok(())
    }

    /// The hostile phone itself is answered in words, whatever it asks: a failure inside is a fault that others meet too.
    pub(super) fn check_amiss(&self) -> Result<(), String> {
        self.siege().phone.amiss.first().map_or(Ok(()), |first| Err(first.clone()))
    }

    /// What honest phones were answered that none should be.
    pub(super) fn check_refused(&self, pushes: bool) -> Result<(), String> {
        let mut refused = self.siege().refused.iter().filter(|(is_push, _)| *is_push == pushes);
        refused.next().map_or(Ok(()), |(_, said)| Err(said.clone()))
    }
}

/// The operations of honest devices, merged or set aside, with their bytes.
pub(super) fn honest<'h>(siege: &'h Siege, held: &'h Held) -> impl Iterator<Item = (Op, &'h str)> {
    let chains = held.chains.iter().filter(|(id, _)| !siege.is_hostile(id.device));
    chains.filter_map(|(_, (raw, _))| Some((serde_json::from_str(raw).ok()?, raw.as_str())))
}

/// Photographs that the hostile phone brought, or that an honest operation of its villages names.
fn open_photos(siege: &Siege, held: &Held) -> BTreeSet<String> {
    let mut open = siege.phone.brought.clone();
    for (op, _) in honest(siege, held).filter(|(op, _)| siege.sees(op.scope)) {
        open.extend(op.body.photos().iter().map(|photo| photo.sha256.clone()));
    }
    open
}

fn secrets_in(text: &str) -> impl Iterator<Item = String> {
    text.match_indices(SECRET.0).filter_map(|(at, _)| {
        let rest = &text[at + SECRET.0.len_utf8()..];
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        (end > 0 && rest[end..].starts_with(SECRET.1))
            .then(|| format!("{}{}{}", SECRET.0, &rest[..end], SECRET.1))
    })
}

fn asked(heard: &Heard) -> String {
    format!("{} {}", heard.method, heard.path)
}
