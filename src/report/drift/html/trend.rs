//! Earlier runs, as bars: how many stacks drifted, and how many could not be measured.

use std::fmt::Write as _;

use super::super::super::plural;
use super::escape::esc;
use crate::drift::{Status, TrendPoint};

/// Runs that are shown, the newest.
const MOST_RUNS: usize = 60;
/// The room for a bar.
const STEP: usize = 12;
const HEIGHT: usize = 72;

/// Adds the picture, and the same as a table.
pub(super) fn push(out: &mut String, trend: &[TrendPoint]) {
    let shown = &trend[trend.len().saturating_sub(MOST_RUNS)..];
    if shown.len() < 2 {
        return;
    }
    let most = shown.iter().map(|point| drift(point) + broken(point)).max().unwrap_or(0).max(1);
    let width = shown.len() * STEP + 40;
    let _ = write!(
        out,
        "<h2>Earlier runs</h2>\n<svg width=\"{width}\" height=\"{}\" viewBox=\"0 0 {width} {}\" \
         role=\"img\" aria-label=\"Stacks that drifted or could not be measured, run by run\">\n\
         <text x=\"0\" y=\"10\">{most}</text><text x=\"0\" y=\"{HEIGHT}\">0</text>\n",
        HEIGHT + 4,
        HEIGHT + 4
    );
    for (at, point) in shown.iter().enumerate() {
        let x = at * STEP + 34;
        let scaled = |count: usize| count * (HEIGHT - 4) / most;
        let (drift_height, broken_height) = (scaled(drift(point)), scaled(broken(point)));
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect class=\"bar-drift\" x=\"{x}\" y=\"{}\" width=\"9\" \
             height=\"{drift_height}\"/><rect class=\"bar-error\" x=\"{x}\" y=\"{}\" width=\"9\" \
             height=\"{broken_height}\"/></g>",
            esc(&told(point)),
            HEIGHT - drift_height,
            HEIGHT - drift_height - broken_height
        );
    }
    out.push_str(
        "</svg>\n<p class=\"dim\">stacks with drift below, not measured above</p>\n<details><summary>as a table</summary>\n<div class=\"scroll\">\n<table>\n",
    );
    out.push_str(
        "<thead><tr><th scope=\"col\">run</th><th scope=\"col\">drift</th>\
         <th scope=\"col\">not measured</th><th scope=\"col\">differences</th></tr></thead>\n<tbody>\n",
    );
    for point in shown.iter().rev() {
        let (at, drift, broken) = (esc(&point.at), drift(point), broken(point));
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{at}</th><td>{drift}</td><td>{broken}</td><td>{}</td></tr>",
            point.findings
        );
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    if trend.len() > shown.len() {
        let _ = writeln!(
            out,
            "<p class=\"dim\">{} before them</p>",
            plural(trend.len() - shown.len(), "run")
        );
    }
    out.push_str("</details>\n");
}

fn told(point: &TrendPoint) -> String {
    let (drift, broken) = (drift(point), broken(point));
    format!(
        "{}: {drift} drift, {broken} not measured, {}",
        point.at,
        plural(point.findings, "difference")
    )
}

fn drift(point: &TrendPoint) -> usize {
    count(point, &[Status::Drift, Status::Pending])
}

fn broken(point: &TrendPoint) -> usize {
    count(point, &[Status::Error, Status::Timeout, Status::Locked, Status::BlockedByLint])
}

fn count(point: &TrendPoint, statuses: &[Status]) -> usize {
    point
        .stacks
        .iter()
        .filter(|(status, _)| statuses.contains(status))
        .map(|(_, count)| count)
        .sum()
}
