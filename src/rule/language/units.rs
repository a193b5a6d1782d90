//! Texts as amounts that can be compared: quantities, durations, schedules, shares, versions.

use super::schedule;
use crate::syntax::duration;

/// What a text is read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// A plain number.
    Number,
    /// A Kubernetes quantity: `512Mi`, `1.5`, `250m`. Compared in bytes or whole units.
    Quantity,
    /// `90s`, `1h30m`, `7d`, and systemd's `1h 30min`; a plain number is seconds.
    Duration,
    /// A schedule of cron or systemd, as the seconds between two of its runs at most; a duration is one too.
    Period,
    /// `10%`.
    Percent,
    /// `1.2.3`, with a leading `v`, `=` or `>=` passed over.
    Version,
    /// The number of characters.
    Length,
}

impl Unit {
    /// The words for them in rules.
    pub(super) const WORDS: [&str; 7] =
        ["number", "quantity", "duration", "period", "percent", "version", "length"];

    /// In the order of the words.
    const ALL: [Unit; 7] = [
        Unit::Number,
        Unit::Quantity,
        Unit::Duration,
        Unit::Period,
        Unit::Percent,
        Unit::Version,
        Unit::Length,
    ];

    pub(super) fn parse(word: &str) -> Option<Unit> {
        Unit::WORDS.iter().position(|known| *known == word).map(|at| Unit::ALL[at])
    }

    /// The word for it in rules.
    pub(super) fn word(self) -> &'static str {
        let at = Unit::ALL.iter().position(|unit| *unit == self);
        at.map_or("amount", |at| Unit::WORDS[at])
    }

    /// What an amount of it is compared with: of characters, a number.
    pub(super) fn of_bound(self) -> Unit {
        if self == Unit::Length { Unit::Number } else { self }
    }

    /// The amount that `text` stands for; none where it is no such amount.
    pub(super) fn amount(self, text: &str) -> Option<f64> {
        let text = text.trim();
        match self {
            Unit::Number => text.parse().ok(),
            Unit::Quantity => quantity(text),
            Unit::Duration => duration(text),
            Unit::Period => duration(text).or_else(|| schedule::period(text)),
            Unit::Percent => percent(text),
            Unit::Version => version(text),
            Unit::Length => Some(count(text.chars().count())),
        }
    }

    /// `amount` as people read it: of a duration that is no number of seconds.
    pub(super) fn text(self, amount: f64) -> String {
        match self {
            Unit::Duration => duration::text(amount),
            _ => amount.to_string(),
        }
    }
}

/// A number of things as an amount.
pub(super) fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::INFINITY, f64::from)
}

/// The number of bytes (or plain units) that a quantity such as `10Gi`, `500M`, `1.5Ti` or `1e9` stands for.
pub fn quantity(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok()?;
    let suffix = &text[digits..];
    if let Some(power) = suffix.strip_prefix(['e', 'E']).and_then(|power| power.parse().ok()) {
        return Some(number * 10.0_f64.powi(power));
    }
    let factor = match suffix {
        "" => 1.0,
        "m" => 1e-3,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "E" => 1e18,
        "Ki" => 1024.0,
        "Mi" => 1024.0_f64.powi(2),
        "Gi" => 1024.0_f64.powi(3),
        "Ti" => 1024.0_f64.powi(4),
        "Pi" => 1024.0_f64.powi(5),
        "Ei" => 1024.0_f64.powi(6),
        _ => return None,
    };
    Some(number * factor)
}

/// The number in `10%`.
pub fn percent(text: &str) -> Option<f64> {
    text.trim().strip_suffix('%')?.trim().parse().ok()
}

/// The seconds of `1h30m`, `500ms`, `7d`, `1h 30min`, or of a plain number of seconds.
fn duration(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| duration::seconds(text)).or_else(|| duration::span(text))
}

/// What stands behind a version that is not released yet. Other words (`-alpine`) are variants of the release.
const BEFORE_RELEASE: [&str; 8] =
    ["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "nightly"];

/// `1.2.3` as a number that orders as versions do: each part counts below 100,000, and `1.2.3-rc1` comes before.
fn version(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(['v', '=', '>', '~', ' ']);
    let plain = text.split(['-', '+', ',', ' ']).next()?;
    let mut parts = plain.split('.').map(|part| part.parse::<u32>().ok());
    let mut number = 0.0;
    for _ in 0..3 {
        number = number * 100_000.0 + f64::from(parts.next().unwrap_or(Some(0))?);
    }
    let suffix = text.split_once('-').map(|(_, suffix)| suffix.to_ascii_lowercase());
    let word = suffix.as_deref().map(|it| it.trim_end_matches(|c: char| !c.is_ascii_alphabetic()));
    let is_before = word.is_some_and(|it| BEFORE_RELEASE.contains(&it));
    Some(if is_before { number - 0.5 } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_compare_across_units() {
        assert!(quantity("1Gi") > quantity("1000Mi"));
        assert!(quantity("1Gi") > quantity("1G"));
        assert_eq!(quantity("0.5Gi"), quantity("512Mi"));
        assert_eq!(quantity("1e6"), quantity("1M"));
        assert_eq!(quantity("12E2"), quantity("1200"));
        assert!(quantity("1E") > quantity("1P"));
        assert_eq!(quantity("1e"), None);
        assert_eq!(quantity("ten"), None);
        assert_eq!(percent("10%"), Some(10.0));
        assert_eq!(percent("10Gi"), None);
    }

    #[test]
    fn durations_and_versions_order_as_people_read_them() {
        let seconds = |text| Unit::Duration.amount(text);
        assert_eq!(seconds("1h30m"), Some(5_400.0));
        assert_eq!(seconds("90"), Some(90.0));
        assert_eq!(seconds("7d"), Some(604_800.0));
        assert_eq!(seconds("1 week 2 days"), Some(777_600.0));
        assert_eq!(seconds("h"), None);
        let version = |text| Unit::Version.amount(text);
        assert!(version(">= 3.2.1") > version("3.2.0"));
        assert!(version("3.10") > version("3.9.9"));
        assert_eq!(version("latest"), None);
        assert!(
            version("1.2.0-rc1") < version("1.2.0") && version("v1.2.0-beta.3") > version("1.1.9")
        );
        assert_eq!(version("16.4-alpine"), version("16.4"));
    }
}
