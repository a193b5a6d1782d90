//! One request, made again where that helps.
//!
//! Invariant: it ends. Every try and all of them together have a limit, whatever the other side does.

use std::io::{self, Read as _};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::Response;
use ureq::{Agent, Body, Error, Timeout};

/// How much of an answer is read: enough for what went wrong.
const MOST_ANSWER: u64 = 4 << 10;

/// How much of it is shown.
const MOST_SHOWN: usize = 200;

/// How long to wait, and how often to try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// How long one try may take.
    pub per_try: Duration,
    /// How long everything may take.
    pub in_all: Duration,
    /// How many tries there are.
    pub tries: u32,
    /// How long to wait before the second try, where the other side does not say; twice that before the third.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            per_try: Duration::from_secs(15),
            in_all: Duration::from_mins(1),
            tries: 4,
            pause: Duration::from_secs(1),
        }
    }
}

/// What is sent.
pub(super) struct Request<'a> {
    /// `PUT` or `POST`.
    pub(super) is_put: bool,
    /// Where to. May be a secret.
    pub(super) url: &'a str,
    /// Of the body.
    pub(super) content_type: &'a str,
    /// The body.
    pub(super) body: &'a [u8],
}

/// What came of one try.
enum Outcome {
    Done,
    /// Another try may help; after this long, if the other side says so.
    Again(String, Option<Duration>),
    Failed(String),
}

/// Sends `request`; why it did not arrive, without its URL. What is put may be put again; what is posted is posted again
/// only when it surely did not arrive: else it would be there twice.
pub(super) fn send(request: &Request<'_>, patience: &Patience) -> Result<(), String> {
    let start = Instant::now();
    let mut why = String::new();
    let mut made = 0;
    for number in 1..=patience.tries {
        let left = patience.in_all.saturating_sub(start.elapsed());
        if left.is_zero() {
            break;
        }
        made = number;
        let wait = match once(request, patience.per_try.min(left)) {
            Outcome::Done => return Ok(()),
            Outcome::Failed(reason) => return Err(reason),
            Outcome::Again(reason, wait) => {
                why = reason;
                wait
            }
        };
        if number == patience.tries {
            break;
        }
        let left = patience.in_all.saturating_sub(start.elapsed());
        let wait = wait.unwrap_or(patience.pause * 2_u32.saturating_pow(number - 1));
        if wait >= left {
            return Err(format!(
                "{why}, and {} s are more than there is time for",
                wait.as_secs_f32().ceil()
            ));
        }
        thread::sleep(wait);
    }
    Err(match made {
        1 => why,
        tries => format!("{why}; it was tried {tries} times"),
    })
}

fn once(request: &Request<'_>, limit: Duration) -> Outcome {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        // The address of a webhook is a secret: nobody else is told it, and a redirect is no delivery.
        .max_redirects(0)
        .user_agent(concat!("tautline/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let call = if request.is_put { agent.put(request.url) } else { agent.post(request.url) };
    match call.content_type(request.content_type).send(request.body) {
        Ok(mut response) => answer(&mut response, request),
        Err(error) => failure(&error, request.is_put),
    }
}

fn answer(response: &mut Response<Body>, request: &Request<'_>) -> Outcome {
    let status = response.status();
    if status.is_success() {
        return Outcome::Done;
    }
    let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
    let wait = header.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
    let reason = format!("it answers {}", status.as_u16());
    let reason = match said(response, request.url) {
        Some(said) => format!("{reason}: {said}"),
        None => reason,
    };
    match status.as_u16() {
        429 if wait.is_some() => {
            let seconds = wait.unwrap_or_default().as_secs();
            Outcome::Again(format!("{reason}, and to come back in {seconds} s"), wait)
        }
        429 | 500..=599 => Outcome::Again(reason, wait),
        300..=399 => Outcome::Failed(format!("{reason}, and redirects are not followed")),
        _ => Outcome::Failed(reason),
    }
}

/// The first line of an answer, without the address that it may repeat.
fn said(response: &mut Response<Body>, url: &str) -> Option<String> {
    let mut bytes = Vec::new();
    response.body_mut().as_reader().take(MOST_ANSWER).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    // A page for people says nothing in its first line.
    if line.starts_with('<') {
        return None;
    }
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|it| it.1);
    let mut line = line.replace(url, "(its address)");
    if let Some(path) = path.filter(|path| path.len() > 1) {
        line = line.replace(path, "(its address)");
    }
    let short: String = line.chars().take(MOST_SHOWN).collect();
    Some(short)
}

/// Why there is no answer. Of an error only its kind is told: its text may hold the address.
fn failure(error: &Error, is_put: bool) -> Outcome {
    let (reason, has_arrived) = match error {
        Error::HostNotFound => ("its name is not known".to_owned(), false),
        Error::Timeout(Timeout::Resolve) => ("its name is not resolved in time".to_owned(), false),
        Error::Timeout(Timeout::Connect) => ("it cannot be connected to in time".to_owned(), false),
        Error::Timeout(_) => ("it does not answer in time".to_owned(), true),
        Error::ConnectionFailed => ("it cannot be connected to".to_owned(), false),
        Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused => ("the connection is refused".to_owned(), false),
            io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
                ("it cannot be reached".to_owned(), false)
            }
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => {
                ("it does not answer in time".to_owned(), true)
            }
            // The resolver of the system has no kind of its own.
            _ if error.to_string().contains("failed to lookup address") => {
                ("its name is not known".to_owned(), false)
            }
            kind => (format!("the connection breaks off: {kind}"), true),
        },
        Error::Protocol(_) => ("its answer is no HTTP".to_owned(), true),
        Error::Rustls(_) | Error::Tls(_) => {
            return Outcome::Failed(
                "no safe connection comes about: its certificate or TLS is not accepted".to_owned(),
            );
        }
        Error::BadUri(_) | Error::Http(_) => {
            return Outcome::Failed("its address is no URL".to_owned());
        }
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => {
            return Outcome::Failed(
                "the proxy that the environment names does not work".to_owned(),
            );
        }
        _ => return Outcome::Failed("the request fails".to_owned()),
    };
    if has_arrived && !is_put { Outcome::Failed(reason) } else { Outcome::Again(reason, None) }
}
