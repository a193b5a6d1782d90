//! Why the rules said something about a line, or nothing.

use std::sync::Arc;

use super::load::Loaded;
use super::{Input, Request, RequestError, stand_in};
use crate::diagnostic::Severity;
use crate::engine;
use crate::rule::{Explanation, Rule};
use crate::syntax::{SourceFile, secret_ranges};
use crate::text::{Span, TextRange};

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
    /// What it reports: severity, place, message.
    pub reported: Vec<(Severity, Span, String)>,
    /// What it could not judge, and why.
    pub unknown: Vec<(Span, String)>,
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
/// none where there is no such line.
pub fn explain(
    input: Input,
    path: &str,
    line: u32,
    about: Option<&str>,
) -> Result<Option<Explained>, RequestError> {
    let Input { mut files, settings, rules, .. } = input;
    stand_in::leave_out(&mut files, &settings);
    let loaded = Loaded::read(files);
    let request = Request::default();
    let packs = request.packs_on(&rules, &settings, &loaded)?;
    let is_on = |rule: &Rule| match about {
        Some(id) => *rule.id == *id,
        None => packs.iter().any(|pack| pack.name == rule.pack),
    };
    let wanted: Vec<&Rule> =
        rules.rules.iter().filter(|rule| rule.check.is_some() && is_on(rule)).collect();
    let repo = loaded.repo();
    let Some(place) = line_at(&loaded.sources, path, line) else { return Ok(None) };
    let explained = engine::explain(&repo, &wanted, &rules.gathers, place);
    let mut told: Vec<Told> = Vec::new();
    for one in explained {
        let reported = one.findings.found.into_iter().filter_map(|finding| {
            let case = one.rule.case(&finding.outcome)?;
            let path = &loaded.sources.get(finding.span.file.index())?.path;
            let severity = one.rule.severity_in(path, case)?;
            Some((severity, finding.span, case.message.render(&finding.args)))
        });
        let reported: Vec<_> = reported.collect();
        match told.iter_mut().find(|known| known.rule == one.rule.id) {
            Some(known) => {
                known.ways.extend(one.ways);
                known.reported.extend(reported);
                known.unknown.extend(one.findings.unknown);
            }
            None => told.push(Told {
                rule: Arc::clone(&one.rule.id),
                convention: one.rule.convention.clone(),
                enabled: one.rule.enabled,
                ways: one.ways,
                reported,
                unknown: one.findings.unknown,
            }),
        }
    }
    for one in &mut told {
        one.reported.dedup();
        one.unknown.dedup();
    }
    // What somebody asks about is mostly what was reported.
    let rank = |it: &Told| (it.reported.is_empty(), it.unknown.is_empty());
    told.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.rule.cmp(&b.rule)));
    let file = &loaded.sources[place.file.index()];
    let block = repo.block_around(file, place.range);
    let address = block.map(|block| block.address());
    let silent = wanted.len() - told.len();
    let redacted = loaded.sources.iter().flat_map(|source| {
        secret_ranges(source).into_iter().map(|range| source.span(range)).collect::<Vec<_>>()
    });
    let redacted = if told.is_empty() { Vec::new() } else { redacted.collect() };
    drop(repo);
    let packs = packs.iter().map(|pack| pack.name.to_string()).collect();
    let about = about.map(str::to_owned);
    Ok(Some(Explained { sources: loaded.sources, address, told, about, silent, packs, redacted }))
}

/// The line `line` (from 1) of the file at `path`, without its line break.
fn line_at(sources: &[SourceFile], path: &str, line: u32) -> Option<Span> {
    let at = sources.binary_search_by(|source| (*source.path).cmp(path)).ok()?;
    let file = &sources[at];
    let number = line.checked_sub(1)?;
    let start =
        file.text.split('\n').take(number as usize).map(|line| line.len() + 1).sum::<usize>();
    let rest = file.text.get(start..)?;
    let end = start + rest.find('\n').unwrap_or(rest.len());
    let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    Some(file.span(TextRange::new((start + indent).min(end), end)))
}
