//! Questions that only the centre can answer, carried as they are.

use super::photos::picture_reply;
use super::sign_in::SignIn;
use super::{Answered, Asked, Device, signed_out};
use crate::message::{News, Reply, Request, Trouble};
use crate::platform::HttpRequest;
use crate::store::meta;
use crate::sync::{Answer, SyncError, get, read_json};
use bianfang_shared::query::DecisionKind;
use serde::Serialize;

/// A request to the centre on behalf of a question, with what is to become of the answer.
#[derive(Debug)]
pub struct Exchange {
    /// To be sent.
    pub request: HttpRequest,
    pub(super) then: Then,
}

#[derive(Debug)]
pub(super) enum Then {
    SignIn(Box<SignIn>),
    Query { about: About, token: String },
    Picture { sha256: String, token: String },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    VisitList,
    VisitDetail,
    Conflicts,
    Decisions,
    Quarantine,
}

impl Device {
    pub(super) fn begin_query(&mut self, request: Request) -> Asked {
        let token =
            self.profile.as_ref().and_then(|profile| meta::token(profile.store.read()).ok().flatten());
        let Some(token) = token else { return Asked::Ready(Box::new(Err(signed_out()))) };
        let (about, path) = match &request {
            Request::VisitList { filter } => (About::VisitList, with_query("/api/v1/visits", filter)),
            Request::VisitDetail { id } => (About::VisitDetail, format!("/api/v1/visits/{id}")),
            Request::Conflicts { area, after } => {
                let paged = Paged { kind: None, area: area.as_ref(), after };
                (About::Conflicts, with_query("/api/v1/conflicts", &paged))
            }
            Request::Decisions { kind, after } => {
                let paged = Paged { kind: Some(*kind), area: None, after };
                (About::Decisions, with_query("/api/v1/decisions", &paged))
            }
            Request::Quarantine { after } => {
                let paged = Paged { kind: None, area: None, after };
                (About::Quarantine, with_query("/api/v1/quarantine", &paged))
            }
            other => return Asked::Ready(Box::new(self.answer(other.clone()))),
        };
        let request = get(path, Some(&token));
        Asked::Centre(Box::new(Exchange { request, then: Then::Query { about, token } }))
    }

    /// Answers the question with what the centre said.
    pub fn finish(&mut self, exchange: Exchange, answer: Answer) -> Answered {
        match exchange.then {
            Then::SignIn(sign_in) => self.finish_sign_in(*sign_in, answer),
            Then::Query { about, token } => match reply(about, answer) {
                Err(SyncError::SignedOut) => Err(self.refused(&token)),
                other => Ok(other?),
            },
            Then::Picture { sha256, token } => match picture_reply(sha256, answer) {
                Err(SyncError::SignedOut) => Err(self.refused(&token)),
                other => Ok(other?),
            },
        }
    }

    /// The centre takes this token no more. One that was replaced meanwhile says nothing about the present one.
    fn refused(&mut self, token: &str) -> Trouble {
        if let Some(profile) = &mut self.profile
            && matches!(meta::token(profile.store.read()), Ok(Some(current)) if current == token)
        {
            if let Err(error) = profile.store.write(|tx| meta::remove(tx, meta::TOKEN)) {
                return error.into();
            }
            profile.engine.forget();
            self.news.push(News::SignedOut);
        }
        SyncError::SignedOut.into()
    }
}

fn reply(about: About, answer: Answer) -> Result<Reply, SyncError> {
    Ok(match about {
        About::VisitList => Reply::VisitList(read_json(answer)?),
        About::VisitDetail => Reply::VisitDetail(Box::new(read_json(answer)?)),
        About::Conflicts => Reply::Conflicts(read_json(answer)?),
        About::Decisions => Reply::Decisions(read_json(answer)?),
        About::Quarantine => Reply::Quarantine(read_json(answer)?),
    })
}

#[derive(Serialize)]
struct Paged<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<DecisionKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<&'a bianfang_shared::area::AreaCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: &'a Option<String>,
}

/// A path with the fields of `query`, those that are set, as its query string.
fn with_query<T: Serialize>(path: &str, query: &T) -> String {
    let fields = serde_json::to_value(query).ok();
    let fields = fields.as_ref().and_then(serde_json::Value::as_object).into_iter().flatten();
    let pairs: Vec<String> = fields
        .filter_map(|(key, value)| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some(format!("{key}={}", percent(text))),
            other => Some(format!("{key}={}", percent(&other.to_string()))),
        })
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// Percent-encoding (RFC 3986): everything but unreserved characters.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bianfang_shared::query::{ReviewState, VisitFilter};

    #[test]
    fn a_filter_travels_as_a_query_string() {
        let filter = VisitFilter {
            area: Some("430681113214".parse().unwrap()),
            state: Some(ReviewState::SentBack),
            from_ms: Some(-5),
            text: Some("王 & 李".to_owned()),
            ..VisitFilter::default()
        };
        assert_eq!(
            with_query("/api/v1/visits", &filter),
            "/api/v1/visits?area=430681113214&from_ms=-5&state=sent_back&text=%E7%8E%8B%20%26%20%E6%9D%8E"
        );
        assert_eq!(with_query("/api/v1/visits", &VisitFilter::default()), "/api/v1/visits");
    }
}
