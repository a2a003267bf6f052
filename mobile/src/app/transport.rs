//! Carries questions over the bridge to the owner of the database.

use std::any::Any;

use bianfang_device::message::{Envelope, Message, Request};

use super::core::{Ear, Heard, Transport};
use crate::bridge::{FromOwner, Handle, Ownership, PictureFile};

/// The bridge as a transport.
#[derive(Debug, Clone)]
pub struct BridgeTransport(pub Handle);

impl Transport for BridgeTransport {
    fn send(&self, mut envelope: Envelope) {
        if let Request::KeepPhoto { taken } = &mut envelope.request
            && !taken.bytes.is_empty()
        {
            taken.file = Some(self.0.attach(PictureFile::from_bytes(std::mem::take(&mut taken.bytes))));
        }
        let text = serde_json::to_string(&envelope).expect("a question is plain data with text keys");
        self.0.send(text);
    }

    fn listen(&self, ear: Ear) -> Box<dyn Any> {
        Box::new(self.0.on_message(move |frame| {
            if let Some(heard) = heard(frame) {
                ear(heard);
            }
        }))
    }
}

#[derive(serde::Deserialize)]
struct Numbered {
    id: u64,
}

fn heard(frame: &FromOwner) -> Option<Heard> {
    match frame {
        FromOwner::Message(text) => match serde_json::from_str::<Message>(text) {
            Ok(message) => Some(Heard::Message(Box::new(message))),
            // An answer that cannot be read must not leave its question open for ever.
            Err(_) => serde_json::from_str::<Numbered>(text).ok().map(|answer| Heard::Refused(answer.id)),
        },
        FromOwner::Refused(text) => {
            serde_json::from_str::<Envelope>(text).ok().map(|envelope| Heard::Refused(envelope.id))
        }
        FromOwner::Ownership(Ownership::TakenAway | Ownership::Stopped { .. } | Ownership::Impossible(_)) => {
            Some(Heard::Gone)
        }
        FromOwner::Ownership(Ownership::Starting | Ownership::Here | Ownership::Elsewhere) => None,
    }
}
