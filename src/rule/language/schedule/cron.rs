//! Cron expressions of five fields, and the words that stand for some of them.

use super::{Days, Numbers, Schedule, WEEKDAYS, by_name, times};

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What the words stand for. `@reboot` stands for no time at all.
const WORDS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Whether `text` is meant for cron, rather than for systemd: it has a word of cron's, or five fields.
pub(super) fn looks_like(text: &str) -> bool {
    text.starts_with('@') || fields(text).is_some()
}

/// The five fields, without the time zone that may stand before them.
fn fields(text: &str) -> Option<[&str; 5]> {
    let is_zone = |word: &&str| word.starts_with("TZ=") || word.starts_with("CRON_TZ=");
    let mut words = text.split_ascii_whitespace().skip_while(is_zone);
    let fields = [words.next()?, words.next()?, words.next()?, words.next()?, words.next()?];
    let is_cron = words.next().is_none() && !fields.iter().any(|field| field.contains(':'));
    is_cron.then_some(fields)
}

pub(super) fn schedule(text: &str) -> Option<Schedule> {
    let known = WORDS.iter().find(|(word, _)| *word == text);
    let [minutes, hours, dates, months, weekdays] = fields(known.map_or(text, |(_, it)| *it))?;
    let is_open = |field: &str| field.starts_with(['*', '?']);
    let month = |word: &str| by_name(&MONTHS, word).map(|at| at + 1);
    // Sunday is 0, and 7 to many.
    let weekday = |word: &str| by_name(&WEEKDAYS, word).map(|at| (at + 1) % 7);
    let sunday_first = numbers(weekdays, (0, 7), weekday)?;
    let days = Days {
        months: numbers(months, (1, 12), month)?,
        dates: numbers(dates, (1, 31), |_| None)?,
        weekdays: sunday_first.into_iter().map(|day| (day + 6) % 7).collect(),
        either: !is_open(dates) && !is_open(weekdays),
    };
    let hours = numbers(hours, (0, 23), |_| None)?;
    let minutes = numbers(minutes, (0, 59), |_| None)?;
    Some(Schedule { days, times: times(&hours, &minutes, &Numbers::from([0])) })
}

/// The numbers of one field: `*`, `5`, `1-5`, `*/15`, `7/20`, `mon`, and lists of these.
fn numbers(
    field: &str,
    bounds: (u32, u32),
    named: impl Fn(&str) -> Option<u32>,
) -> Option<Numbers> {
    super::numbers(field, bounds, "-", &["*", "?"], named)
}
