//! A Pushgateway of Prometheus: the metrics of a run in the place of those of the run before.

use std::fmt::Write as _;

use super::http::{self, Patience, Request};
use super::{Undelivered, origin};

/// A group of metrics on a Pushgateway. A group is replaced as a whole, so that a stack that is gone, or clean again, leaves
/// nothing behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pushgateway {
    url: String,
    shown: String,
}

impl Pushgateway {
    /// The group of `job`, and of `instance` where there is one, on the Pushgateway at `address`; or why there is none.
    pub fn new(address: &str, job: &str, instance: Option<&str>) -> Result<Pushgateway, String> {
        let Some(shown) = origin(address) else {
            return Err("it is no URL: write it as `http://pushgateway:9091`".to_owned());
        };
        if address.contains(['?', '#']) {
            return Err("it has a query: write only host, port and path".to_owned());
        }
        if address.contains("/metrics/job") {
            return Err(
                "it names a group: write only the address, and the job as `--push-job`".to_owned()
            );
        }
        if address
            .split_once("://")
            .is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|it| it.contains('@')))
        {
            return Err("it has a password, which everybody could read: put a proxy in front that asks for none".to_owned());
        }
        if job.is_empty() {
            return Err("its job has no name".to_owned());
        }
        let address = address.trim_end_matches('/');
        let address = address.strip_suffix("/metrics").unwrap_or(address);
        let mut url = format!("{address}/metrics/{}", label("job", job));
        if let Some(instance) = instance {
            let _ = write!(url, "/{}", label("instance", instance));
        }
        Ok(Pushgateway { url, shown })
    }

    /// Puts `metrics`, which are `OpenMetrics`, in the place of the group.
    pub fn put(&self, metrics: &str, patience: &Patience) -> Result<(), Undelivered> {
        let text = plain(metrics);
        let request = Request {
            is_put: true,
            url: &self.url,
            content_type: "text/plain; version=0.0.4; charset=utf-8",
            body: text.as_bytes(),
        };
        http::send(&request, patience)
            .map_err(|why| Undelivered { what: format!("the metrics for {}", self.shown), why })
    }
}

/// A label of a group as a part of its path. What has a slash in it, or is empty, goes as base64.
fn label(name: &str, value: &str) -> String {
    if value.is_empty() || value.contains('/') {
        return format!("{name}@base64/{}", base64(value.as_bytes()));
    }
    let mut out = format!("{name}/");
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Base64 with the letters for URLs, padded: an empty value is `=`, as the Pushgateway wants it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if bytes.is_empty() {
        return "=".to_owned();
    }
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let three = chunk.iter().fold(0_u32, |sum, &byte| sum << 8 | u32::from(byte));
        let three = three << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(three >> (18 - 6 * at) & 63) as usize];
            out.push(if at > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

/// `OpenMetrics` in the older text format, which is all that a Pushgateway reads: types that it does not know are untyped, and
/// its comments have no meaning but type and help.
fn plain(metrics: &str) -> String {
    let mut out = String::with_capacity(metrics.len());
    for line in metrics.lines() {
        if line == "# EOF" || line.starts_with("# UNIT ") {
            continue;
        }
        let unknown = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')).filter(
            |(_, kind)| matches!(*kind, "info" | "stateset" | "unknown" | "gaugehistogram"),
        );
        let _ = match unknown {
            Some((name, _)) => writeln!(out, "# TYPE {name} untyped"),
            None => writeln!(out, "{line}"),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(address: &str, job: &str, instance: Option<&str>) -> String {
        Pushgateway::new(address, job, instance).unwrap().url
    }

    #[test]
    fn a_group_has_a_path() {
        let host = "http://pushgateway.monitoring:9091";
        assert_eq!(url(host, "drift", None), format!("{host}/metrics/job/drift"));
        assert_eq!(
            url(&format!("{host}/metrics/"), "drift", None),
            format!("{host}/metrics/job/drift")
        );
        assert_eq!(
            url(&format!("{host}/push"), "a b%", Some("x/y")),
            format!("{host}/push/metrics/job/a%20b%25/instance@base64/eC95")
        );
        assert_eq!(url(host, "d", Some("")), format!("{host}/metrics/job/d/instance@base64/="));
        for (address, words) in [
            ("pushgateway:9091", "no URL"),
            ("ftp://x", "no URL"),
            ("http://", "no URL"),
            ("http://x/metrics/job/y", "names a group"),
            ("http://x?y", "a query"),
            ("http://a:b@x", "a password"),
        ] {
            let why = Pushgateway::new(address, "drift", None).unwrap_err();
            assert!(why.contains(words), "{address}: {why}");
        }
        assert!(Pushgateway::new(host, "", None).is_err());
    }

    #[test]
    fn base64_is_padded_and_fits_in_a_path() {
        for (text, encoded) in
            [("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("", "="), ("~~~?", "fn5-Pw==")]
        {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn only_what_a_pushgateway_knows_is_sent() {
        let metrics = "# TYPE a info\n# HELP a Words.\na_info{x=\"# EOF\"} 1\n# TYPE b gauge\n# UNIT b seconds\nb 2\n# EOF\n";
        assert_eq!(
            plain(metrics),
            "# TYPE a untyped\n# HELP a Words.\na_info{x=\"# EOF\"} 1\n# TYPE b gauge\nb 2\n"
        );
    }
}
