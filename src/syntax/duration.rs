//! Durations as Go, Kubernetes and Prometheus write them, and time spans of systemd.

/// The seconds of `1h30m`, `500ms` or `7d`; none for anything else, a number without a unit included.
pub fn seconds(text: &str) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ns" => 1e-9,
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            "y" => 31_536_000.0,
            _ => return None,
        };
        seconds += number * unit;
        rest = &rest[letters..];
    }
    Some(seconds)
}

/// `seconds` as [`seconds`] reads them, in days at most: `1d12h`.
pub fn text(seconds: f64) -> String {
    if seconds.fract() != 0.0 || seconds <= 0.0 {
        return format!("{seconds}s");
    }
    let mut left = seconds;
    let units = [("d", 86_400.0), ("h", 3_600.0), ("m", 60.0), ("s", 1.0)].into_iter();
    let parts = units.map(|(unit, length)| {
        let many = (left / length).floor();
        left -= many * length;
        if many > 0.0 { format!("{many}{unit}") } else { String::new() }
    });
    parts.collect()
}

/// The seconds of a time span of systemd (`systemd.time(7)`): `1h 30min`, `2 weeks`, `1month`; a number without a unit is
/// seconds.
pub fn span(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "nsec" | "ns" => 1e-9,
            "usec" | "us" => 1e-6,
            "msec" | "ms" => 1e-3,
            "seconds" | "second" | "sec" | "s" | "" => 1.0,
            "minutes" | "minute" | "min" | "m" => 60.0,
            "hours" | "hour" | "hr" | "h" => 3_600.0,
            "days" | "day" | "d" => 86_400.0,
            "weeks" | "week" | "w" => 604_800.0,
            "months" | "month" | "M" => 30.44 * 86_400.0,
            "years" | "year" | "y" => 365.25 * 86_400.0,
            _ => return None,
        };
        seconds += number * unit;
        rest = rest[letters..].trim_start();
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::{seconds, span, text};

    #[test]
    fn what_is_written_is_what_is_read() {
        for written in ["9d", "1d12h", "1h30m", "400d", "1m1s", "0.5s", "0s", "90.25s"] {
            assert_eq!(text(seconds(written).unwrap()), written);
        }
        assert_eq!(text(seconds("1w25h").unwrap()), "8d1h");
        assert_eq!(text(-60.0), "-60s");
    }

    #[test]
    fn spans_of_systemd_have_words_and_spaces() {
        assert_eq!(span("1h 30min"), Some(5_400.0));
        assert_eq!(span("2 weeks 1day"), Some(1_296_000.0));
        assert_eq!(span("5min 20s"), Some(320.0));
        assert_eq!(span("300"), Some(300.0));
        assert_eq!(span("0.5 days"), Some(43_200.0));
        assert_eq!(span("1month"), Some(2_630_016.0));
        for text in ["", "h", "daily", "1 fortnight", "Mon 1h"] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn parts_add_up_and_each_has_a_unit() {
        assert_eq!(seconds("1h30m"), Some(5_400.0));
        assert_eq!(seconds("500ms"), Some(0.5));
        for text in ["", "7", "h", "1x", "1h2"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
