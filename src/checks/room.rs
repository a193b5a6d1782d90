//! How far a volume may grow, where nothing says it yet.

use crate::model::Value;
use crate::rule::{OptionError, Options, quantity};

/// The room that a volume is given.
pub(super) struct Room {
    /// The limit is so many times what is requested,
    times: f64,
    /// and at least so much.
    least: String,
}

impl Room {
    pub(super) fn read(options: &mut Options<'_>) -> Result<Self, OptionError> {
        Ok(Room { times: options.number("limit_times")?, least: options.string("limit_at_least")? })
    }

    /// The limit of a volume of which so much is requested, in the unit of the request.
    pub(super) fn limit(&self, request: Option<&Value>) -> String {
        let request = request.and_then(Value::as_str);
        request.and_then(|it| self.times(&it)).unwrap_or_else(|| self.least.clone())
    }

    fn times(&self, request: &str) -> Option<String> {
        let unit = request.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let size: f64 = request.strip_suffix(unit)?.parse().ok()?;
        let limit = format!("{}{unit}", size * self.times);
        (quantity(&limit)? > quantity(&self.least)?).then_some(limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_several_requests_and_never_little() {
        let room = Room { times: 5.0, least: "5Gi".to_owned() };
        let said = ["2Gi", "512Mi", "2000Mi", "1Ti", "", "2.5Gi", "many"].map(|it| room.times(it));
        let said = said.map(Option::unwrap_or_default);
        assert_eq!(said, ["10Gi", "", "10000Mi", "5Ti", "", "12.5Gi", ""]);
    }
}
