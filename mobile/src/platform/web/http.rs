//! Requests from the worker, by the browser's own `fetch`.

use reqwest::{Client, Method, StatusCode};

/// The browser's HTTP. Addresses that begin with a slash are the page's own origin.
#[derive(Debug, Clone)]
pub(super) struct WebHttp {
    client: Client,
    origin: String,
}

impl WebHttp {
    /// `origin` as in `https://example.org`, without a slash at the end.
    pub(super) fn new(origin: String) -> Self {
        Self { client: Client::new(), origin }
    }

    pub(super) async fn send(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<(StatusCode, Vec<u8>), reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{address}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !body.is_empty() {
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status();
        Ok((status, response.bytes().await?.to_vec()))
    }
}
