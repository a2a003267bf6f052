//! A blocking HTTP/1.1 client of the plainest kind, so that a benchmark measures the server and not its client:
//! one kept connection, whole requests written at once, answers by their length.

use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

/// Largest answer read, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

/// One connection.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body, if the server said yes.
    pub fn ok(self) -> anyhow::Result<Vec<u8>> {
        if self.status == 200 {
            return Ok(self.body);
        }
        bail!("the server answered {}: {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// The bytes of a request with a JSON body, made once and sent often.
pub fn request(method: &str, path: &str, token: Option<&str>, body: &[u8]) -> Vec<u8> {
    let token = token.map(|token| ("authorization", format!("Bearer {token}")));
    let json = [("content-type", "application/json".to_owned())];
    let headers: Vec<_> = token.into_iter().chain(json).collect();
    request_with(method, path, &headers, body)
}

/// The bytes of a request with any headers.
pub fn request_with(method: &str, path: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).context("connecting to the server")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(1 << 16, stream) })
    }

    /// Sends a request made by [`request`] and reads the answer.
    pub fn call(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let (status, length) = self.read_head()?;
        let body = match length {
            Some(length) if length <= ANSWER_BYTES_MAX => {
                let mut body = vec![0; length];
                self.stream.read_exact(&mut body)?;
                body
            }
            Some(length) => bail!("an answer of {length} bytes"),
            None => self.read_chunks()?,
        };
        Ok(Answer { status, body })
    }

    fn read_head(&mut self) -> anyhow::Result<(u16, Option<usize>)> {
        let status_line = self.read_line()?;
        let status =
            status_line.split(' ').nth(1).and_then(|text| text.parse().ok()).context("a status line")?;
        let mut length = None;
        loop {
            let line = self.read_line()?.to_ascii_lowercase();
            match line.split_once(':') {
                None => return Ok((status, length)),
                Some(("content-length", value)) => length = Some(value.trim().parse()?),
                Some(_) => (),
            }
        }
    }

    fn read_chunks(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(self.read_line()?.trim(), 16)?;
            let start = body.len();
            if start + length > ANSWER_BYTES_MAX {
                bail!("an answer of more than {ANSWER_BYTES_MAX} bytes");
            }
            body.resize(start + length, 0);
            self.stream.read_exact(&mut body[start..])?;
            self.read_line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn read_line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }
}
