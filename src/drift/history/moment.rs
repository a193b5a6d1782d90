//! Points in time, as plans and commits name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::syntax::Date;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A second in UTC, from 1970 on. Written as RFC 3339.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Moment(u64);

impl Moment {
    /// The moment `seconds` after 1970-01-01T00:00:00Z.
    pub fn from_unix_seconds(seconds: u64) -> Moment {
        Moment(seconds)
    }

    /// How many seconds after 1970-01-01T00:00:00Z it is.
    pub fn unix_seconds(self) -> u64 {
        self.0
    }

    /// The moment in `text`: RFC 3339, as Terraform and git write it, or a date alone, which is its first second. `None`
    /// for anything else, and for what lies before 1970.
    pub fn parse(text: &str) -> Option<Moment> {
        let (date, rest) = text.split_at_checked(10)?;
        let days = days_of(date)?;
        if rest.is_empty() {
            return Some(Moment(days * DAY));
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (time, rest) = rest.split_at_checked(8)?;
        let mut parts = time.split(':').map(two_digits);
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        // The sixtieth second is a leap second.
        if hour > 23 || minute > 59 || second > 60 || parts.next().is_some() {
            return None;
        }
        let rest = match rest.strip_prefix('.') {
            Some(fraction) => {
                let digits = fraction.find(|c: char| !c.is_ascii_digit()).filter(|&at| at > 0)?;
                &fraction[digits..]
            }
            None => rest,
        };
        let local = days * DAY + hour * HOUR + minute * MINUTE + second;
        match rest {
            "Z" | "z" => Some(Moment(local)),
            _ => {
                let (hours, minutes) = rest.get(1..)?.split_once(':')?;
                let offset = two_digits(hours)? * HOUR + two_digits(minutes)? * MINUTE;
                match rest.as_bytes()[0] {
                    b'+' => local.checked_sub(offset).map(Moment),
                    b'-' => Some(Moment(local + offset)),
                    _ => None,
                }
            }
        }
    }

    /// How many whole days lie between `earlier` and this; none where `earlier` is later.
    pub fn days_since(self, earlier: Moment) -> u32 {
        u32::try_from(self.0.saturating_sub(earlier.0) / DAY).unwrap_or(u32::MAX)
    }

    /// The moment `seconds` before this.
    #[must_use]
    pub fn before(self, seconds: u64) -> Moment {
        Moment(self.0.saturating_sub(seconds))
    }

    /// The day in UTC.
    pub fn date(self) -> Date {
        Date::from_unix_seconds(self.0)
    }
}

fn two_digits(text: &str) -> Option<u64> {
    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// How many days after 1970-01-01 the day in `date` is, which the calendar has; `None` for what lies before.
fn days_of(date: &str) -> Option<u64> {
    Date::parse(date)?;
    let mut numbers = date.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // A year that begins in March has the day that comes and goes as its last.
    let (year, month) =
        if month > 2 { (year, month - 3) } else { (year.checked_sub(1)?, month + 9) };
    let before_year = year * 365 + year / 4 - year / 100 + year / 400;
    let before_month = (153 * month + 2) / 5;
    (before_year + before_month + day - 1).checked_sub(719_468)
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute) = (self.0 % DAY / HOUR, self.0 % HOUR / MINUTE);
        write!(f, "{}T{hour:02}:{minute:02}:{:02}Z", self.date(), self.0 % MINUTE)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> String {
        moment.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Moment::parse(&text).ok_or_else(|| format!("`{text}` is no moment"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_zone_and_written_in_utc() {
        for (text, written) in [
            ("2026-11-26T04:00:00Z", "2026-11-26T04:00:00Z"),
            ("2026-11-26T04:00:00.123456789Z", "2026-11-26T04:00:00Z"),
            ("2026-11-26T01:30:00+02:00", "2026-11-25T23:30:00Z"),
            ("2026-12-31T23:00:00-01:30", "2027-01-01T00:30:00Z"),
            ("2026-11-26", "2026-11-26T00:00:00Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
            ("2000-02-29t12:00:60z", "2000-02-29T12:01:00Z"),
        ] {
            assert_eq!(Moment::parse(text).unwrap().to_string(), written, "{text}");
        }
        for text in [
            "",
            "2026-11-26T04:00:00",
            "2026-11-26T04:00Z",
            "2026-11-26T24:00:00Z",
            "2026-11-26T04:00:00.Z",
            "2026-11-26T04:00:00é01:00",
            "2026-02-30T04:00:00Z",
            "1970-01-01T00:00:00+01:00",
            "1969-12-31T23:59:59Z",
            "0000-01-01",
            "é026-11-26T04:00:00Z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_is_the_one_after_the_day_before() {
        for day in 0..60_000 {
            let moment = Moment(day * DAY);
            assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
            assert_eq!(Moment::parse(&moment.date().to_string()), Some(moment));
        }
    }

    #[test]
    fn ages_are_whole_days_and_never_negative() {
        let early = Moment::parse("2026-11-25T04:00:01Z").unwrap();
        let late = Moment::parse("2026-11-27T04:00:00Z").unwrap();
        assert_eq!(late.days_since(early), 1);
        assert_eq!(early.days_since(late), 0);
        assert_eq!(Moment(u64::MAX).days_since(Moment(0)), u32::MAX);
    }
}
