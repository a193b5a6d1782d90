//! `OpenMetrics` text, for Prometheus: a Pushgateway (with PUT, so that what is gone goes) or a textfile collector.

use std::fmt::{Display, Write as _};

use super::harmless;

/// A series: its labels and its value.
type Series<V> = (Vec<(&'static str, String)>, V);

/// The text as it grows, one family after the other.
#[derive(Default)]
pub(super) struct Metrics {
    out: String,
    /// The family that is being written.
    name: &'static str,
}

impl Metrics {
    /// Begins a family of gauges.
    pub(super) fn family(&mut self, name: &'static str, help: &str) {
        self.begin(name, "", help);
    }

    /// Begins a family of points in time.
    pub(super) fn family_of_times(&mut self, name: &'static str, help: &str) {
        self.begin(name, "seconds", help);
    }

    fn begin(&mut self, name: &'static str, unit: &str, help: &str) {
        self.name = name;
        let _ = writeln!(self.out, "# TYPE {name} gauge");
        if !unit.is_empty() {
            let _ = writeln!(self.out, "# UNIT {name} {unit}");
        }
        let _ = writeln!(self.out, "# HELP {name} {help}");
    }

    /// Adds to the family.
    pub(super) fn series<V: Display>(&mut self, series: impl IntoIterator<Item = Series<V>>) {
        for (labels, value) in series {
            let labels: Vec<String> = labels
                .iter()
                .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
                .collect();
            let labels =
                if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.out, "{}{labels} {value}", self.name);
        }
    }

    /// The whole text.
    pub(super) fn finish(mut self) -> String {
        self.out.push_str("# EOF\n");
        self.out
    }
}

/// The value of a label between its quotes.
fn escaped(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    harmless(&value).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
    }
}
