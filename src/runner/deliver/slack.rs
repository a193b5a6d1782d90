//! A webhook of Slack, or of what understands its messages.

use super::http::{self, Patience, Request};
use super::{Secret, Undelivered, origin};

/// Where messages are posted. Whoever knows the address may post there, so nothing shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Webhook {
    url: Secret,
    shown: String,
}

impl Webhook {
    /// The webhook at `url`, or why that is none; `url` is in no message.
    pub fn new(url: &str) -> Result<Webhook, String> {
        let url = url.trim();
        if url.is_empty() {
            return Err("it is empty".to_owned());
        }
        let shown = origin(url).ok_or("it is no URL that begins with `https://`")?;
        Ok(Webhook { url: Secret(url.to_owned()), shown })
    }

    /// Posts `message`, which is JSON.
    pub fn post(&self, message: &str, patience: &Patience) -> Result<(), Undelivered> {
        let request = Request {
            is_put: false,
            url: &self.url.0,
            content_type: "application/json; charset=utf-8",
            body: message.as_bytes(),
        };
        http::send(&request, patience)
            .map_err(|why| Undelivered { what: format!("the news for {}", self.shown), why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_never_shown() {
        let webhook = Webhook::new(" https://hooks.slack.com/services/T0/B0/c4n4ry\n").unwrap();
        assert!(!format!("{webhook:?}").contains("c4n4ry"));
        assert_eq!(webhook.shown, "https://hooks.slack.com");
        for wrong in ["", " ", "c4n4ry", "ftp://c4n4ry/x", "https:///c4n4ry"] {
            let why = Webhook::new(wrong).unwrap_err();
            assert!(!why.contains("c4n4ry"), "{why}");
        }
    }
}
