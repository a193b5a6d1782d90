//! How a host stands → text for people, or JSON for programs.
//!
//! Invariant: as in the rest of this layer, a renderer decides nothing and does no I/O; the same report gives the same bytes.

use std::fmt::Write as _;

use serde::Serialize;

use super::json::TOOL;
use super::text::Style;
use super::{json_line, one_line, plural};
use crate::drift::Verdict;
use crate::drift::host::{HostReport, HostRow, Standing};
use crate::syntax::Date;
use crate::text::typed;

/// The version of the JSON.
const VERSION: u32 = 1;
/// Letters of a commit's name.
const SHORT: usize = 9;
/// Numbers of lines that are listed.
const MOST_LINES: usize = 10;

/// Renders `report` for people.
pub fn text(report: &HostReport, style: Style) -> String {
    let mut out = String::new();
    let host = one_line(&report.host);
    let mut copied = Vec::new();
    for row in &report.rows {
        let Some((what, code, message)) = told(row) else { continue };
        let _ = writeln!(out, "{}: {message}", style.painted(code, what));
        if row.is_delivered_by_hand() {
            copied.push(row);
        }
    }
    if let Some(row) = copied.first() {
        let typed = |path: &str| typed(&one_line(path)).into_owned();
        let (source, target) = (typed(&row.file.source), typed(&row.file.target));
        out.push_str("  help: an apply does not deliver these files: copy them, as in ");
        let _ = write!(out, "`scp {source} {host}:{target}`");
        // What is not there, nobody has edited.
        if let Some(row) = copied.iter().find(|row| row.standing != Standing::Missing) {
            let (source, target) = (typed(&row.file.source), typed(&row.file.target));
            let _ = write!(
                out,
                "; see what was edited first: `ssh {host} cat {target} | diff {source} -`"
            );
        }
        out.push('\n');
    }
    for it in &report.unsourced {
        let (unit, program) = (one_line(&it.unit), one_line(&it.program));
        let head = style.wary("no source");
        let _ = writeln!(
            out,
            "{head}: {unit}:{} starts `{program}`, which no file of the repo is",
            it.line
        );
    }
    if !report.unread.is_empty() {
        let lines: Vec<String> =
            report.unread.iter().take(MOST_LINES).map(ToString::to_string).collect();
        let more = if report.unread.len() > MOST_LINES { ", …" } else { "" };
        let head = style.bad("not read");
        let _ = write!(
            out,
            "{head}: {}: {} ({}{more})\n  help: make the listing with `find DIR… -type f -exec sha256sum {{}} +`\n",
            one_line(&report.listing),
            plural(report.unread.len(), "line"),
            lines.join(", ")
        );
    }
    let verdict = report.verdict();
    let code = if verdict == Verdict::Clean { "32" } else { "33" };
    let count =
        |is: fn(&Standing) -> bool| report.rows.iter().filter(|it| is(&it.standing)).count();
    let _ = writeln!(
        out,
        "{}: {} of the repo on {host}: {} the same, {} only known to be there, {} listed on the host",
        style.painted(code, verdict.word()),
        plural(report.rows.len(), "file"),
        count(|it| *it == Standing::Same),
        count(|it| *it == Standing::There),
        report.listed,
    );
    out
}

impl HostRow {
    /// Whether somebody has to bring it to the host.
    fn is_delivered_by_hand(&self) -> bool {
        matches!(
            self.standing,
            Standing::Older(_) | Standing::Edited | Standing::Differs | Standing::Missing
        )
    }
}

/// What is said of a file, and how it is painted; nothing where it is as it should be.
fn told(row: &HostRow) -> Option<(&'static str, &'static str, String)> {
    let typed = |path: &str| typed(&one_line(path)).into_owned();
    let (source, target) = (typed(&row.file.source), typed(&row.file.target));
    Some(match &row.standing {
        Standing::Same | Standing::There => return None,
        Standing::Missing => ("missing", "31", format!("{target}: {source} is not there")),
        Standing::Older(version) => {
            let commit = version.commit.get(..SHORT).unwrap_or(&version.commit);
            let day = date(version.time);
            ("older", "33", format!("{target}: it is {source} as of {day} ({commit})"))
        }
        Standing::Edited => {
            ("edited", "31", format!("{target}: it is no version of {source} that git knows"))
        }
        Standing::Differs => ("differs", "33", format!("{target}: it is not {source}")),
        Standing::NotCovered => (
            "not listed",
            "33",
            format!("{target}: nothing in its directory was listed ({source})"),
        ),
        Standing::Closed => {
            ("not compared", "33", format!("{target}: {source} is encrypted, or no text"))
        }
    })
}

fn date(time: i64) -> String {
    Date::from_unix_seconds(u64::try_from(time).unwrap_or_default()).to_string()
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    verdict: &'static str,
    host: &'a str,
    listing: &'a str,
    listed: usize,
    unread_lines: &'a [usize],
    files: Vec<FileEntry<'a>>,
    unsourced: Vec<UnsourcedEntry<'a>>,
}

#[derive(Serialize)]
struct FileEntry<'a> {
    source: &'a str,
    target: &'a str,
    standing: &'static str,
    commit: Option<&'a str>,
    committed: Option<String>,
}

#[derive(Serialize)]
struct UnsourcedEntry<'a> {
    unit: &'a str,
    line: usize,
    program: &'a str,
}

/// Renders `report` for programs: `docs/drift-inventory.md` says what each field means.
pub fn json(report: &HostReport) -> String {
    let file = |row: &'_ HostRow| {
        let standing = match &row.standing {
            Standing::Same => "same",
            Standing::There => "there",
            Standing::Older(_) => "older",
            Standing::Edited => "edited",
            Standing::Differs => "differs",
            Standing::Missing => "missing",
            Standing::NotCovered => "not-listed",
            Standing::Closed => "not-compared",
        };
        let version = match &row.standing {
            Standing::Older(version) => Some(version.clone()),
            _ => None,
        };
        (standing, version)
    };
    let told: Vec<_> = report.rows.iter().map(file).collect();
    let files = report.rows.iter().zip(&told).map(|(row, (standing, version))| FileEntry {
        source: &row.file.source,
        target: &row.file.target,
        standing,
        commit: version.as_ref().map(|it| it.commit.as_str()),
        committed: version.as_ref().map(|it| date(it.time)),
    });
    let document = Document {
        version: VERSION,
        tool: TOOL,
        verdict: report.verdict().word(),
        host: &report.host,
        listing: &report.listing,
        listed: report.listed,
        unread_lines: &report.unread,
        files: files.collect(),
        unsourced: report
            .unsourced
            .iter()
            .map(|it| UnsourcedEntry { unit: &it.unit, line: it.line, program: &it.program })
            .collect(),
    };
    json_line(&document)
}
