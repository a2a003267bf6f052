//! Requests from the worker, by the browser's own `fetch`.

use std::time::Duration;

use bianfang_device::platform::{
    ANSWER_HEADERS, Http, HttpError, HttpRequest, HttpResponse, Method, RESPONSE_BYTES_MAX,
};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use reqwest::{Client, RequestBuilder};

/// Longest wait for a whole answer. A first exchange over a weak signal is slow and still worth its while.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(120);

/// The browser's HTTP, to the page's own origin and nowhere else.
pub(super) struct WebHttp {
    client: Client,
    origin: String,
}

impl WebHttp {
    /// `origin` as in `https://example.org`, without a slash at the end.
    pub(super) fn new(origin: String) -> Self {
        Self { client: Client::new(), origin }
    }

    fn build(&self, request: HttpRequest) -> RequestBuilder {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Head => reqwest::Method::HEAD,
        };
        let mut builder = self.client.request(method, format!("{}{}", self.origin, request.path));
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if !request.body.is_empty() {
            builder = builder.body(request.body);
        }
        builder.timeout(ANSWER_TIME_MAX)
    }
}

impl Http for WebHttp {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpResponse, HttpError>> {
        let request = self.build(request);
        async move {
            let response = request.send().await.map_err(reason)?;
            let status = response.status().as_u16();
            let headers = ANSWER_HEADERS.iter().filter_map(|name| {
                let value = response.headers().get(*name)?.to_str().ok()?;
                Some(((*name).to_owned(), value.to_owned()))
            });
            let headers = headers.collect();
            let body = response.bytes().await.map_err(reason)?;
            // The browser has read it by now; what is prevented is keeping a second copy of something absurd.
            if body.len() > RESPONSE_BYTES_MAX {
                return Err(HttpError::TooLarge);
            }
            Ok(HttpResponse { status, headers, body: body.into() })
        }
        .boxed_local()
    }
}

fn reason(error: reqwest::Error) -> HttpError {
    if error.is_timeout() {
        HttpError::Timeout
    } else {
        // Without the address, which may hold an identifier.
        HttpError::Unreachable(error.without_url().to_string())
    }
}
