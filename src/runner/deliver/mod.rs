//! Results on their way to others: a Pushgateway and a webhook of Slack.
//!
//! Invariant: what is delivered lies on the disk already. A delivery that fails costs nothing but itself, and says so; the
//! address of a webhook is in no message.

mod http;
mod pushgateway;
mod slack;

use std::fmt;

pub use http::Patience;
pub use pushgateway::Pushgateway;
pub use slack::Webhook;

/// A delivery that did not arrive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undelivered {
    /// What was to be delivered where: `the metrics to http://pushgateway:9091`.
    pub what: String,
    /// Why it was not: one line.
    pub why: String,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} are not delivered: {}", self.what, self.why)
    }
}

/// A text that nothing prints.
#[derive(Clone, PartialEq, Eq)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// `url` as far as it may be shown: scheme, host and port, and whether it has those.
fn origin(url: &str) -> Option<String> {
    let uri: ureq::http::Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    let port = uri.port_u16().map_or_else(String::new, |port| format!(":{port}"));
    Some(format!("{scheme}://{host}{port}"))
}
