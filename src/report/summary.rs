//! The run's account of itself, in words.

use std::fmt::Write;

use super::{comparison, harmless};
use crate::diagnostic::{Applicability, FixAccount, PackRun, Report, RuleRun, Severity, Summary};
use crate::engine::OWN_RULES;
use crate::text::{plural, typed};

/// What was looked at: `12 stacks, 40 files: 30 parsed, 8 as text, 2 skipped (1 binary, 1 git-crypt)`.
pub(super) fn files_line(summary: &Summary) -> String {
    let files = &summary.files;
    let mut line = format!(
        "{}, {}: {} parsed, {} as text",
        plural(summary.stacks, "stack"),
        plural(files.seen, "file"),
        files.parsed,
        files.text
    );
    let skipped: usize = files.skipped.values().sum();
    if skipped > 0 {
        let reasons: Vec<_> =
            files.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let _ = write!(line, ", {skipped} skipped ({})", reasons.join(", "));
    }
    line
}

/// What was found: `2 errors, 1 warning, 0 infos`.
pub(super) fn counts(report: &Report) -> String {
    let counts = Severity::ALL.map(|severity| plural(report.count(severity), severity.word()));
    let [infos, warnings, errors] = counts;
    format!("{errors}, {warnings}, {infos}")
}

/// The lines at the end of a text report that leaves `hidden` diagnostics out and lists, or not, what could not be judged.
pub(super) fn closing(report: &Report, hidden: usize, lists_unknown: bool) -> String {
    let summary = &report.summary;
    let mut out = String::new();
    out.push_str(&counts(report));
    if hidden > 0 {
        let _ = write!(out, " ({hidden} not shown: `--severity`)");
    }
    if report.known() > 0 {
        let _ = write!(out, ", {} known", report.known());
    }
    let _ = if summary.is_of_message {
        writeln!(out, " in the message")
    } else {
        writeln!(out, " in {}", files_line(summary))
    };
    out.push_str(&match &summary.fixes {
        Some(account) => fixes(account),
        None => fixable(report),
    });
    out.push_str(&packs(summary));
    let unknown = summary.unknown();
    if unknown > 0 {
        let sites = plural(unknown, "site");
        let whose = if unknown == 1 { "its" } else { "their" };
        let how = if lists_unknown { "" } else { ": `--show-unknown`" };
        let _ = writeln!(out, "{sites} not judged, {whose} value is not known{how}");
    }
    if !summary.not_run.is_empty() {
        let rules = match summary.not_run.len() {
            ..=MOST_RULES => summary.not_run.join(", "),
            count => format!("{count} rules, `--verbose` names them"),
        };
        let _ = writeln!(out, "not run, {}: {rules}", lack(summary));
    }
    if !summary.is_of_message {
        out.push_str(&comparison::lines(summary));
    }
    out.push_str(&called_modules(summary));
    out
}

/// So many rules that were not run are named at the end of a report; of more, only their number is told.
const MOST_RULES: usize = 12;

/// Why rules that needed more than there was were not run. A comparison is always made with the whole repo at hand.
pub fn lack(summary: &Summary) -> &'static str {
    match summary.comparison {
        Some(_) => "they judge commits (`--since` or `--range`, in the whole repo)",
        None => "they need the whole repo",
    }
}

/// What a run has fixed, and why the rest is left.
pub fn fixes(account: &FixAccount) -> String {
    told(account, "fixed")
}

/// The same of a patch, which somebody may apply or not.
pub fn fixes_of_patch(account: &FixAccount) -> String {
    told(account, "would be fixed")
}

fn told(account: &FixAccount, verb: &str) -> String {
    let mut out = format!("{} {verb}", account.fixed);
    if account.files > 0 {
        let _ = write!(out, " in {}", plural(account.files, "file"));
    }
    if account.along > 0 {
        let _ = write!(out, ", {} more gone with them", account.along);
    }
    let left: usize = account.left.iter().map(|(_, count)| count).sum();
    if left > 0 {
        let reasons: Vec<_> = account.left.iter().map(|(why, it)| format!("{it} {why}")).collect();
        let _ = write!(out, ", {left} left: {}", reasons.join(", "));
    }
    out.push('\n');
    for refused in &account.refused {
        let _ = writeln!(out, "not fixed: {}", harmless(refused));
    }
    out
}

/// How many diagnostics bring a fix that can be applied.
fn fixable(report: &Report) -> String {
    let count = |wanted| {
        let fixes = report.diagnostics.iter().filter_map(|it| it.fix.as_ref());
        fixes.filter(|fix| fix.applicability == wanted && !fix.is_empty()).count()
    };
    match (count(Applicability::Safe), count(Applicability::Unsafe)) {
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} can be fixed with `--fix`\n"),
        (0, more) => {
            format!("{more} can be fixed with `--fix --unsafe-fixes`, `--diff` shows how\n")
        }
        (safe, more) => {
            format!("{safe} can be fixed with `--fix`, {more} more with `--unsafe-fixes`\n")
        }
    }
}

/// What was found in modules that the stacks call.
fn called_modules(summary: &Summary) -> String {
    let mut out = String::new();
    for module in &summary.called_modules {
        let counts = [
            (module.errors, Severity::Error),
            (module.warnings, Severity::Warning),
            (module.infos, Severity::Info),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts.map(|(count, it)| plural(count, it.word())).collect();
        let _ = writeln!(
            out,
            "note: {} in a module that is called, which does not gate: `tautline check {}`",
            counts.join(", "),
            typed(&harmless(&module.dir))
        );
    }
    out
}

/// So many packs are named at the end of a report; of more, only their number is told.
const FEW: usize = 4;

/// Which packs are on. That the tool's own is on tells nobody anything.
fn packs(summary: &Summary) -> String {
    let is_other = |pack: &&PackRun| &*pack.name != env!("CARGO_PKG_NAME");
    let names: Vec<&str> = summary.packs.iter().filter(is_other).map(|it| &*it.name).collect();
    let mut out = String::new();
    // Those of the tool's own that had something to say are no pack's.
    let ran = summary.rules.iter().any(|run| OWN_RULES.iter().all(|own| *run.rule != **own));
    match names.len() {
        // Those that were asked for by name ran, and a brief report does not say.
        0 if summary.packs.is_empty() || ran => {}
        // Where nothing differs there was nothing to judge, whichever are on.
        0 if !summary.is_of_message
            && summary.comparison.as_ref().is_some_and(|it| it.files == 0) => {}
        0 if !summary.settings_below.is_empty() => {
            out.push_str("no pack is on, so only syntax was judged\n");
        }
        0 => out.push_str(
            "no pack is on, so only syntax was judged: a `packs` block in tautline.hcl names them (`tautline init` writes one where there is no file)\n",
        ),
        // Of a message, the rules about commits alone judge anything.
        _ if summary.is_of_message => {}
        1..=FEW => {
            // Whoever has settings somewhere has seen which packs there are.
            let has_chosen = summary.has_settings || !summary.settings_below.is_empty();
            let more = if has_chosen { "" } else { ", and no other: `tautline init` writes a file that can name more" };
            let _ = writeln!(out, "packs: {}{more}", names.join(", "));
        }
        count => {
            let _ = writeln!(out, "packs: {count} are on, `--verbose` says which and why");
        }
    }
    if !names.is_empty() || !ran {
        out.push_str(&settings_below(summary));
    }
    for pack in &summary.idle_packs {
        let _ =
            writeln!(out, "note: the repo's own pack `{}` is off: {}", pack.name, pack.evidence);
    }
    out
}

/// That what is set in directories below was not asked.
fn settings_below(summary: &Summary) -> String {
    let Some((first, others)) = summary.settings_below.split_first() else { return String::new() };
    let dir = first.trim_end_matches("/tautline.hcl");
    let (first, dir) = (harmless(first), harmless(dir));
    let dir = typed(&dir);
    match others.len() {
        0 => format!("note: `{first}` holds for what is below it: `tautline check {dir}`\n"),
        more => format!(
            "note: `{first}` and {more} more hold for what is below each: `tautline check {dir}`\n"
        ),
    }
}

/// The table of `--statistics`: what each rule that ran did.
pub fn statistics(summary: &Summary) -> String {
    let is_idle = |run: &RuleRun| run.sites + run.diagnostics + run.unknown + run.suppressed == 0;
    if !summary.rules.is_empty() && summary.rules.iter().all(is_idle) {
        let rules = plural(summary.rules.len(), "rule");
        return format!("{rules} ran, and found nothing to look at\n");
    }
    let widest = summary.rules.iter().map(|run| run.rule.len()).max().unwrap_or(0).max(4);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:widest$} {:>7} {:>11} {:>7} {:>10}",
        "rule", "sites", "diagnostics", "unknown", "suppressed"
    );
    for run in &summary.rules {
        let _ = writeln!(
            out,
            "{:widest$} {:>7} {:>11} {:>7} {:>10}",
            run.rule, run.sites, run.diagnostics, run.unknown, run.suppressed
        );
    }
    out
}
