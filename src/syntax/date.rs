//! Calendar dates, as written in control comments.

use std::fmt;

/// A day in the Gregorian calendar. Ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

const SECONDS_PER_DAY: u64 = 86_400;
const SECONDS_PER_ERA: i64 = 146_097 * 86_400;

impl Date {
    /// The date, if the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let valid = (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Date { year, month, day })
    }

    /// The date written as `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Date> {
        let shape = text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if text.len() != 10 || !shape {
            return None;
        }
        Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// The day in UTC that lies `seconds` after 1970-01-01T00:00:00Z, or before it where that is less than none. Counts back to
    /// the beginning of the year 0 and on to the end of the year 65535, and stops.
    pub fn from_signed_unix_seconds(seconds: i64) -> Date {
        if let Ok(after) = u64::try_from(seconds) {
            return Date::from_unix_seconds(after);
        }
        // The calendar says the same again after 400 years.
        let mut era = 0;
        let mut after = seconds;
        while after < 0 && era < 5 {
            after += SECONDS_PER_ERA;
            era += 1;
        }
        let Ok(after) = u64::try_from(after) else { return Date { year: 0, month: 1, day: 1 } };
        let Date { year, month, day } = Date::from_unix_seconds(after);
        let year = year.checked_sub(era * 400);
        year.map_or(Date { year: 0, month: 1, day: 1 }, |year| Date { year, month, day })
    }

    /// The day in UTC that lies `seconds` after 1970-01-01T00:00:00Z. Counts on to the end of the year 65535 and stops.
    pub fn from_unix_seconds(seconds: u64) -> Date {
        let mut days = seconds / SECONDS_PER_DAY;
        let mut year = 1970;
        while year < u16::MAX && days >= days_in_year(year) {
            days -= days_in_year(year);
            year += 1;
        }
        let mut month = 1;
        while month < 12 && days >= u64::from(days_in(year, month)) {
            days -= u64::from(days_in(year, month));
            month += 1;
        }
        let day = days.min(u64::from(days_in(year, month)) - 1) as u8 + 1;
        Date { year, month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_of_the_calendar_parse() {
        assert_eq!(Date::parse("2028-02-29").unwrap().to_string(), "2028-02-29");
        for wrong in [
            "2027-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-1-1",
            "27-01-01",
            "2027/01/01",
            "２027-01-01",
        ] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn seconds_become_days() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_798_761_599, "2026-12-31"),
            (1_798_761_600, "2027-01-01"),
            (u64::MAX, "65535-12-31"),
        ] {
            assert_eq!(Date::from_unix_seconds(seconds).to_string(), date);
        }
    }

    #[test]
    fn what_is_before_1970_is_a_day_too() {
        for (seconds, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (-86_400, "1969-12-31"),
            (-86_401, "1969-12-30"),
            (-2_208_988_800, "1900-01-01"),
            (4_107_542_400, "2100-03-01"),
            (-62_167_219_200, "0000-01-01"),
            (-62_167_219_201, "0000-01-01"),
            (i64::MIN, "0000-01-01"),
            (i64::MAX, "65535-12-31"),
        ] {
            assert_eq!(Date::from_signed_unix_seconds(seconds).to_string(), date);
        }
    }

    #[test]
    fn dates_order_by_time() {
        assert!(Date::parse("2026-12-31") < Date::parse("2027-01-01"));
    }
}
