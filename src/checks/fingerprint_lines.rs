//! Exceptions of a scanner for secrets that name a file and a line still lead to what they are for.

use crate::diagnostic::{Applicability, Edit};
use crate::model::Repo;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::text::{Globs, LazyRegex, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "fingerprint_lines",
    outcomes: &[
        Outcome { name: "file", placeholders: &["path"] },
        Outcome { name: "line", placeholders: &["path", "line"] },
        Outcome { name: "other", placeholders: &["path", "line", "rule"] },
        Outcome { name: "moved", placeholders: &["path", "line", "rule", "likely"] },
    ],
    build,
};

struct FingerprintLines {
    files: Globs,
    /// What is on a line that a rule of the scanner finds, for the rules of which that is known.
    signs: Vec<(String, LazyRegex)>,
}

/// `path:rule:line`, with the commit before it where the exception is for one.
struct Fingerprint<'t> {
    range: TextRange,
    path: &'t str,
    rule: &'t str,
    line: usize,
    /// Where the number of the line is written.
    number: TextRange,
    has_commit: bool,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let files = options.globs("files")?;
    let mut signs = Vec::new();
    for (rule, sign) in options.string_map("signs")? {
        let sign = options.compiled(&rule, &sign)?;
        signs.push((rule, sign));
    }
    Ok(Box::new(FingerprintLines { files, signs }))
}

impl Check for FingerprintLines {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(list) = subject else { return };
        for found in fingerprints(&list.text) {
            out.site();
            // What stood there in a commit of the past stands there for ever.
            if !found.has_commit {
                self.judge_one(context.repo, list, &found, out);
            }
        }
    }
}

impl FingerprintLines {
    fn judge_one(
        &self,
        repo: &Repo<'_>,
        list: &SourceFile,
        found: &Fingerprint<'_>,
        out: &mut Findings,
    ) {
        let place = list.span(found.range);
        let report = |outcome: &'static str| {
            Finding::new(outcome, place).arg("path", found.path).arg("line", found.line.to_string())
        };
        let Some(file) = repo.source(found.path) else {
            match repo.skipped.iter().find(|file| *file.path == *found.path) {
                Some(file) => {
                    out.unknown(place, format!("`{}` cannot be read ({})", found.path, file.why));
                }
                None => out.report(report("file")),
            }
            return;
        };
        let Some(line) = file.text.lines().nth(found.line.saturating_sub(1)) else {
            out.report(report("line"));
            return;
        };
        let sign = self.signs.iter().find(|(rule, _)| rule == found.rule).map(|(_, sign)| sign);
        let holds = |line: &str| match sign {
            Some(sign) => sign.is_match(line),
            None => !line.trim().is_empty(),
        };
        if !holds(line) {
            // It has moved: the nearest line that looks so, where that is told from others.
            let alike =
                file.text.lines().zip(1_usize..).filter(|(line, _)| sign.is_some() && holds(line));
            let alike: Vec<usize> = alike.map(|(_, number)| number).collect();
            let nearest = alike.iter().min_by_key(|number| number.abs_diff(found.line));
            out.report(match nearest {
                Some(number) => {
                    let likely = number.to_string();
                    // Among several that look so, the one that was excepted is not known, and another would be let through.
                    let same = format!("{}:{}:{likely}", found.path, found.rule);
                    let is_excepted = list.text.lines().any(|line| line.trim() == same);
                    let applicability = if alike.len() == 1 && !is_excepted {
                        Applicability::Unsafe
                    } else {
                        Applicability::DisplayOnly
                    };
                    let edit = Edit { span: list.span(found.number), text: likely.clone() };
                    let title = format!("write `{likely}`");
                    report("moved").arg("rule", found.rule).arg("likely", likely).fix(
                        applicability,
                        &title,
                        Some(vec![edit]),
                    )
                }
                None => report("other").arg("rule", found.rule),
            });
        }
    }
}

fn fingerprints(text: &str) -> Vec<Fingerprint<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if !written.starts_with('#') {
            found.extend(fingerprint(written, start));
        }
    }
    found
}

fn fingerprint(written: &str, start: usize) -> Option<Fingerprint<'_>> {
    let (rest, line) = written.rsplit_once(':')?;
    let (place, rule) = rest.rsplit_once(':')?;
    let is_commit = |text: &str| text.len() == 40 && text.bytes().all(|it| it.is_ascii_hexdigit());
    let (path, has_commit) = match place.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (path, true),
        _ => (place, false),
    };
    let range = TextRange::new(start, start + written.len());
    let number = TextRange::new(start + written.len() - line.len(), start + written.len());
    Some(Fingerprint { range, path, rule, line: line.parse().ok()?, number, has_commit })
}
