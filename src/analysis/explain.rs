//! Why the rules said something about a line, or nothing.

use std::sync::Arc;

use super::load::Loaded;
use super::packs::Fences;
use super::secrets::{Secrets, in_files};
use super::{History, Input, Request, RequestError, check_files, stand_in};
use crate::diagnostic::{Severity, Silenced, SilencedBy};
use crate::engine::{self, Baseline};
use crate::model::source_at;
use crate::rule::{Answer, Explanation, Rule};
use crate::syntax::SourceFile;
use crate::text::{Span, TextRange};
use crate::workspace::Past;

/// What one rule made of the things around a line.
#[derive(Debug)]
pub struct Told {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The code of its convention.
    pub convention: Option<Arc<str>>,
    /// Whether it runs without being asked for.
    pub enabled: bool,
    /// The ways it took; none for a native check, which tells only its result.
    pub ways: Vec<Explanation>,
    /// What it finds.
    pub reported: Vec<Finding>,
    /// What it could not judge, and why.
    pub unknown: Vec<(Span, String)>,
}

/// What a rule finds around a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What keeps `check` from reporting it, and why, in the words of whoever wrote that.
    pub silenced: Option<(SilencedBy, Option<String>)>,
}

/// What was found out about a line.
#[derive(Debug, Default)]
pub struct Explained {
    /// The files.
    pub sources: Vec<SourceFile>,
    /// Terraform's address of the block around the line.
    pub address: Option<String>,
    /// The rules that looked at something around the line, in order of id.
    pub told: Vec<Told>,
    /// The one rule that was asked about, if there is one.
    pub about: Option<String>,
    /// How many rules of the packs that are on looked at nothing there.
    pub silent: usize,
    /// The packs that are on.
    pub packs: Vec<String>,
    /// The secrets in the file: not to be shown.
    pub redacted: Vec<Span>,
}

/// What every rule of the packs that are on, or the rule `about` alone, made of line `line` (from 1) of the file at `path`;
/// none where there is no such line. What `baseline` knows is told so.
pub fn explain(
    input: Input,
    path: &str,
    line: u32,
    about: Option<&str>,
    baseline: Option<Arc<Baseline>>,
) -> Result<Option<Explained>, RequestError> {
    let Input { mut files, settings, rules, today } = input;
    let as_read = files.clone();
    stand_in::leave_out(&mut files, &settings);
    let loaded = Loaded::read(files);
    let request = Request::default();
    let packs = request.packs_on(&rules, &settings, &loaded, None)?;
    let is_on = |rule: &Rule| match about {
        Some(id) => *rule.id == *id,
        None => packs.iter().any(|pack| pack.name == rule.pack),
    };
    let wanted: Vec<&Rule> =
        rules.rules.iter().filter(|rule| rule.check.is_some() && is_on(rule)).collect();
    let repo = loaded.repo();
    let Some(place) = line_at(&loaded.sources, path, line) else { return Ok(None) };
    let explained = if Fences::of(&repo, &settings).hold(place) {
        Vec::new()
    } else {
        engine::explain(&repo, &wanted, &rules.gathers, place)
    };
    let mut told = told(explained, &loaded.sources);
    let found = told.iter().filter(|one| !one.reported.is_empty());
    let found: Vec<String> = found.map(|one| one.rule.to_string()).collect();
    if !found.is_empty() {
        let request = Request { rules: found, baseline, ..Request::default() };
        let history = History { past: &Past::default, base: None, plans: None };
        let checked = check_files(as_read.into(), &settings, &rules, today, &history, &request)?;
        tell_silenced(&mut told, &checked.report.suppressed);
    }
    // What somebody asks about is mostly what was reported.
    let rank = |it: &Told| (it.reported.is_empty(), it.unknown.is_empty());
    told.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.rule.cmp(&b.rule)));
    let file = &loaded.sources[place.file.index()];
    let block = repo.block_around(file, place.range);
    let address = block.map(|block| block.address());
    let silent = wanted.len() - told.len();
    let redacted = if told.is_empty() { Vec::new() } else { hide(&loaded.sources, &mut told) };
    drop(repo);
    let packs = packs.iter().map(|pack| pack.name.to_string()).collect();
    let about = about.map(str::to_owned);
    Ok(Some(Explained { sources: loaded.sources, address, told, about, silent, packs, redacted }))
}

/// What the rules make of the things around a line, each told once.
fn told(explained: Vec<engine::Explained<'_>>, sources: &[SourceFile]) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for one in explained {
        let reported = findings(&one, sources);
        let unknown =
            one.findings.unknown.iter().map(|it| (it.place, it.reason.clone())).collect::<Vec<_>>();
        match told.iter_mut().find(|known| known.rule == one.rule.id) {
            Some(known) => {
                known.ways.extend(one.ways);
                known.reported.extend(reported);
                known.unknown.extend(unknown);
            }
            None => told.push(Told {
                rule: Arc::clone(&one.rule.id),
                convention: one.rule.convention.clone(),
                enabled: one.rule.enabled,
                ways: one.ways,
                reported,
                unknown,
            }),
        }
    }
    for one in &mut told {
        once(&mut one.reported);
        once(&mut one.unknown);
    }
    told
}

/// Takes out what was there before: instances take turns in what they are told.
fn once<T: PartialEq>(told: &mut Vec<T>) {
    let mut at = 0;
    while at < told.len() {
        if told[..at].contains(&told[at]) {
            told.remove(at);
        } else {
            at += 1;
        }
    }
}

/// What a rule finds, in words.
fn findings(explained: &engine::Explained<'_>, sources: &[SourceFile]) -> Vec<Finding> {
    let found = explained.findings.found.iter().filter_map(|finding| {
        let case = explained.rule.case(&finding.outcome)?;
        let path = &sources.get(finding.span.file.index())?.path;
        let severity = explained.rule.severity_in(path, case)?;
        let message = case.message.render(&finding.args);
        Some(Finding { severity, span: finding.span, message, silenced: None })
    });
    found.collect()
}

/// Says of what `check` keeps silent about that it does, and why.
fn tell_silenced(told: &mut [Told], silenced: &[Silenced]) {
    for one in told {
        for finding in &mut one.reported {
            let is_it = |it: &&Silenced| {
                it.diagnostic.rule == one.rule && it.diagnostic.span == finding.span
            };
            let here: Vec<&Silenced> = silenced.iter().filter(is_it).collect();
            // Two that a rule has at one place differ in what they say; a sentence that held a secret says something else here.
            let same = here.iter().find(|it| it.diagnostic.message == finding.message);
            finding.silenced = same.or(here.first()).map(|it| (it.by, it.reason.clone()));
        }
    }
}

/// Takes the secrets in `sources` out of what is told, and gives their places.
fn hide(sources: &[SourceFile], told: &mut [Told]) -> Vec<Span> {
    let redacted = in_files(sources, &sources.iter().map(|source| source.id).collect());
    let secrets = Secrets::new(sources, &redacted);
    for one in told {
        for finding in &mut one.reported {
            secrets.leave_text(&mut finding.message, &secrets.words_at(&[finding.span]));
        }
        for (span, reason) in &mut one.unknown {
            secrets.leave_text(reason, &secrets.words_at(&[*span]));
        }
        for step in one.ways.iter_mut().flat_map(|way| &mut way.steps) {
            if let Some((span, text)) = &mut step.found {
                secrets.leave_text(text, &secrets.words_at(&[*span]));
            }
            if let Answer::Unknown(reason) = &mut step.answer {
                secrets.leave_text(reason, &secrets.words_at(&[]));
            }
        }
    }
    redacted
}

/// The line `line` (from 1) of the file at `path`, without its line break.
fn line_at(sources: &[SourceFile], path: &str, line: u32) -> Option<Span> {
    let file = source_at(sources, path)?;
    let number = line.checked_sub(1)?;
    let start =
        file.text.split('\n').take(number as usize).map(|line| line.len() + 1).sum::<usize>();
    let rest = file.text.get(start..)?;
    let end = start + rest.find('\n').unwrap_or(rest.len());
    let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    Some(file.span(TextRange::new((start + indent).min(end), end)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_instances_take_turns_in_is_told_once() {
        let mut told = vec![1, 2, 1, 2, 3];
        super::once(&mut told);
        assert_eq!(told, [1, 2, 3]);
    }
}
