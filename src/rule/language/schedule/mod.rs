//! Schedules, cron's and systemd's, as the longest time between two of their runs.
//!
//! Invariant: what is not wholly understood has no period. A cycle of 28 years holds every combination of weekday and
//! leap year (but for centuries), so the longest time in it is the longest there is.

mod calendar;
mod cron;

use std::collections::BTreeSet;

/// Days of the cycle, which begins on Monday, 2001-01-01.
const CYCLE: u32 = 28 * 365 + 7;

/// The seconds of a day.
const DAY: u32 = 86_400;

/// At most so many schedules run one job.
const MOST: usize = 16;

/// The whole numbers of one field of a schedule.
type Numbers = BTreeSet<u32>;

/// When a job runs.
#[derive(Debug)]
struct Schedule {
    days: Days,
    /// Seconds since midnight, in order.
    times: Vec<u32>,
}

/// On which days.
#[derive(Debug)]
struct Days {
    months: Numbers,
    /// Days of the month.
    dates: Numbers,
    /// 0 is Monday.
    weekdays: Numbers,
    /// Whether a day that is one of the dates or one of the weekdays will do: cron's rule where both are given.
    either: bool,
}

/// The runs of one day: the first, the last, and the longest wait between two.
#[derive(Clone, Copy)]
struct Runs {
    first: u32,
    last: u32,
    longest: u32,
}

/// A day of the cycle.
#[derive(Clone, Copy)]
struct Day {
    month: u32,
    date: u32,
    weekday: u32,
}

/// The seconds between two runs of what `text` schedules, at most. Several schedules of one job are separated by line
/// breaks, or as a list in a text is (`, `).
pub(super) fn period(text: &str) -> Option<f64> {
    let mut schedules = Vec::new();
    for line in text.lines().flat_map(|line| line.split(", ")) {
        let line = line.trim();
        let schedule =
            if cron::looks_like(line) { cron::schedule(line) } else { calendar::schedule(line) };
        schedules.push(schedule?);
    }
    if schedules.is_empty() || schedules.len() > MOST {
        return None;
    }
    longest_gap(&schedules).map(f64::from)
}

/// The longest time between two runs, of all `schedules` taken together; none where nothing ever runs.
fn longest_gap(schedules: &[Schedule]) -> Option<u32> {
    // The runs of a day by which of the schedules have it.
    let mut kinds: Vec<(u32, Option<Runs>)> = Vec::new();
    let mut first_run = None;
    let mut last_run = 0;
    let mut longest = 0;
    // Most schedules know nothing but days of the week.
    let cycle = if schedules.iter().all(|it| it.days.are_weekly()) { 7 } else { CYCLE };
    for (number, day) in days().take(cycle as usize).enumerate() {
        let mask = schedules.iter().enumerate().fold(0, |mask, (at, schedule)| {
            if schedule.days.include(day) { mask | 1 << at } else { mask }
        });
        let known = kinds.iter().find(|(known, _)| *known == mask).map(|(_, runs)| *runs);
        let runs = known.unwrap_or_else(|| {
            let runs = runs_of_a_day(schedules, mask);
            kinds.push((mask, runs));
            runs
        });
        let Some(Runs { first, last, longest: inner }) = runs else { continue };
        let midnight = u32::try_from(number).ok()? * DAY;
        if first_run.is_none() {
            first_run = Some(midnight + first);
        } else {
            longest = longest.max(midnight + first - last_run);
        }
        longest = longest.max(inner);
        last_run = midnight + last;
    }
    // The cycle begins again.
    Some(longest.max(cycle * DAY - last_run + first_run?))
}

fn runs_of_a_day(schedules: &[Schedule], mask: u32) -> Option<Runs> {
    let running = schedules.iter().enumerate().filter(|(at, _)| mask & 1 << at != 0);
    let times: BTreeSet<u32> = running.flat_map(|(_, it)| it.times.iter().copied()).collect();
    let waits = times.iter().zip(times.iter().skip(1)).map(|(from, to)| to - from);
    let longest = waits.max().unwrap_or(0);
    Some(Runs { first: *times.first()?, last: *times.last()?, longest })
}

fn days() -> impl Iterator<Item = Day> {
    let months = (2001..2029_u32).flat_map(|year| (1..=12_u32).map(move |month| (year, month)));
    let dates =
        months.flat_map(|(year, month)| (1..=days_in(year, month)).map(move |date| (month, date)));
    dates.zip((0..7).cycle()).map(|((month, date), weekday)| Day { month, date, weekday })
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Days {
    /// Whether a week is like every other.
    fn are_weekly(&self) -> bool {
        self.months.len() == 12 && self.dates.len() == 31
    }

    fn include(&self, day: Day) -> bool {
        let (date, weekday) =
            (self.dates.contains(&day.date), self.weekdays.contains(&day.weekday));
        let is_day = if self.either { date || weekday } else { date && weekday };
        is_day && self.months.contains(&day.month)
    }
}

/// The numbers that `text` lists, from `least` to `most`: `5`, a range with `dash` in it, either with a step (`7/20`), and lists
/// of these. Some words stand for `every` number, and some for one, if they are `named`.
fn numbers(
    text: &str,
    (least, most): (u32, u32),
    dash: &str,
    every: &[&str],
    named: impl Fn(&str) -> Option<u32>,
) -> Option<Numbers> {
    let number = |word: &str| {
        let digits = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        if digits { word.parse().ok() } else { named(word) }
    };
    let mut numbers = Numbers::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(number(step)?)),
            None => (part, None),
        };
        let (from, to) = match range.split_once(dash) {
            _ if every.contains(&range) => (least, most),
            Some((from, to)) => (number(from)?, number(to)?),
            None if step.is_some() => (number(range)?, most),
            None => (number(range)?, number(range)?),
        };
        if from < least || to > most || from > to || step == Some(0) {
            return None;
        }
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        numbers.extend((from..=to).step_by(step));
    }
    Some(numbers)
}

/// The seconds since midnight of every time that hours, minutes and seconds make.
fn times(hours: &Numbers, minutes: &Numbers, seconds: &Numbers) -> Vec<u32> {
    let minutes = hours.iter().flat_map(|hour| minutes.iter().map(move |it| (hour * 60 + it) * 60));
    minutes.flat_map(|minute| seconds.iter().map(move |second| minute + second)).collect()
}

/// The number of a name, by its first three letters.
fn by_name(names: &[&str], word: &str) -> Option<u32> {
    let short = word.get(..3)?.to_ascii_lowercase();
    names.iter().position(|name| *name == short).and_then(|at| u32::try_from(at).ok())
}

/// The weekdays, Monday first.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

#[cfg(test)]
mod tests;
