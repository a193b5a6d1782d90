//! Calendar expressions of systemd (`OnCalendar=`): weekdays, a date and a time, each of which may be left out.

use super::{Days, Numbers, Schedule, WEEKDAYS, by_name, times};

/// What the words stand for.
const WORDS: [(&str, &str); 9] = [
    ("minutely", "*-*-* *:*:00"),
    ("hourly", "*-*-* *:00:00"),
    ("daily", "*-*-* 00:00:00"),
    ("weekly", "Mon *-*-* 00:00:00"),
    ("monthly", "*-*-01 00:00:00"),
    ("quarterly", "*-01,04,07,10-01 00:00:00"),
    ("semiannually", "*-01,07-01 00:00:00"),
    ("yearly", "*-01-01 00:00:00"),
    ("annually", "*-01-01 00:00:00"),
];

/// The names of the weekdays in full, in the order of [`WEEKDAYS`].
const FULL: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) fn schedule(text: &str) -> Option<Schedule> {
    let mut words: Vec<&str> = text.split_ascii_whitespace().collect();
    // Daylight saving moves a run by an hour, and the zone by none of them.
    words.pop_if(|last| {
        last.contains('/') && last.starts_with(char::is_alphabetic) || *last == "UTC"
    });
    if let [word] = words[..]
        && let Some((_, meaning)) = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word))
    {
        words = meaning.split_ascii_whitespace().collect();
    }
    let mut rest = words.as_slice();
    let weekdays = match rest.first() {
        Some(word) if word.starts_with(char::is_alphabetic) => {
            rest = &rest[1..];
            weekdays(word)?
        }
        Some(_) => all(0, 6),
        None => return None,
    };
    let (months, dates) = match rest.first() {
        Some(word) if !word.contains(':') => {
            rest = &rest[1..];
            date(word)?
        }
        _ => (all(1, 12), all(1, 31)),
    };
    let times = match rest {
        [] => vec![0],
        [time] => time_of_day(time)?,
        _ => return None,
    };
    Some(Schedule { days: Days { months, dates, weekdays, either: false }, times })
}

fn all(least: u32, most: u32) -> Numbers {
    (least..=most).collect()
}

/// `Mon,Wed..Fri`
fn weekdays(text: &str) -> Option<Numbers> {
    let day = |word: &str| {
        let lower = word.to_ascii_lowercase();
        let is_day = WEEKDAYS.contains(&&*lower) || FULL.contains(&&*lower);
        if is_day { by_name(&WEEKDAYS, word) } else { None }
    };
    let mut days = Numbers::new();
    for part in text.trim_end_matches(',').split(',') {
        let (from, to) = part.split_once("..").unwrap_or((part, part));
        let (from, to) = (day(from)?, day(to)?);
        if from > to {
            return None;
        }
        days.extend(from..=to);
    }
    Some(days)
}

/// `*-*-01`, or without the year: its months and days. A year that is given comes once.
fn date(text: &str) -> Option<(Numbers, Numbers)> {
    let text = text.strip_prefix("*-").filter(|rest| rest.contains('-')).unwrap_or(text);
    let (months, dates) = text.split_once('-')?;
    Some((numbers(months, 1, 12)?, numbers(dates, 1, 31)?))
}

/// `04:00:00`, `*:0/15`
fn time_of_day(text: &str) -> Option<Vec<u32>> {
    let (hours, rest) = text.split_once(':')?;
    let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
    Some(times(&numbers(hours, 0, 23)?, &numbers(minutes, 0, 59)?, &numbers(seconds, 0, 59)?))
}

/// The numbers of one component: `*`, `5`, `1..5`, `0/15`, `1..5/2`, and lists of these.
fn numbers(text: &str, least: u32, most: u32) -> Option<Numbers> {
    if text == "*" {
        return Some(all(least, most));
    }
    super::numbers(text, (least, most), "..", &[], |_| None)
}
