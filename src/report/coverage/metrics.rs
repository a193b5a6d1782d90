//! `OpenMetrics` text: how far each rule's convention holds, to draw over time and to alert on.
//!
//! Invariant: every rule that ran has every series, so that a line that ends is a rule that is off.

use super::super::metrics::Metrics;
use super::{Counts, CoverageView, Covered};

/// The name of a family, what it counts, and how.
type Family = (&'static str, &'static str, fn(&Counts) -> usize);

/// Every family.
const FAMILIES: [Family; 5] = [
    ("tautline_rule_sites", "Places that a rule looks at.", |it| it.sites),
    ("tautline_rule_open", "Places that are wrong, and nothing says that they may be.", |it| {
        it.open
    }),
    ("tautline_rule_known", "Places that are wrong, and that the baseline knows.", |it| it.known),
    (
        "tautline_rule_silenced",
        "Places that are wrong, and for which somebody gave a reason.",
        |it| it.silenced,
    ),
    ("tautline_rule_unknown", "Places of which nobody knows, because of a value.", |it| it.unknown),
];

/// Renders `view`: what is so now.
pub fn render(view: &CoverageView<'_>) -> String {
    let mut out = Metrics::default();
    for (name, help, count) in FAMILIES {
        out.family(name, help);
        out.series(view.coverage.rules.iter().map(|it| (labels(it), count(&it.now))));
    }
    out.finish()
}

fn labels(covered: &Covered) -> Vec<(&'static str, String)> {
    let run = &covered.run;
    vec![("rule", run.rule.to_string()), ("severity", run.severity.word().to_owned())]
}
