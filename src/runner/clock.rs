//! The time of day, as measurements are stamped with it. How long something takes is never told from it: it may jump.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::drift::history::Moment;

/// Now, to the second.
#[expect(clippy::disallowed_methods, reason = "a measurement says when it was made")]
pub fn this_moment() -> Moment {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::from_unix_seconds(since.as_secs())
}

/// Now: RFC 3339 in UTC, to the second.
pub fn now() -> String {
    this_moment().to_string()
}
