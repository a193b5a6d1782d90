//! The time of day, as measurements are stamped with it. How long something takes is never told from it: it may jump.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::syntax::Date;

/// Now: RFC 3339 in UTC, to the second.
#[expect(clippy::disallowed_methods, reason = "a measurement says when it was made")]
pub fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    written(since.as_secs())
}

fn written(seconds: u64) -> String {
    let date = Date::from_unix_seconds(seconds);
    let (minutes, second) = (seconds / 60, seconds % 60);
    format!("{date}T{:02}:{:02}:{second:02}Z", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    #[test]
    fn seconds_are_written_as_a_moment() {
        assert_eq!(super::written(0), "1970-01-01T00:00:00Z");
        assert_eq!(super::written(1_795_678_905), "2026-11-26T07:41:45Z");
    }
}
