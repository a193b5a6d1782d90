//! The façade: the files, rules and settings of one run, and what is asked of them → the sources and a report.
//!
//! Invariant: a run is a function of its input. Whatever the world has to say (files, the day) was read before.

pub mod cases;
mod closure;
mod explain;
mod load;
mod past;
mod request;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub use closure::closure;
pub use explain::{Explained, Told, explain};
pub use past::wanted_past;
use rayon::prelude::*;
pub use request::{Request, RequestError};

use crate::config::Settings;
use crate::diagnostic::{Diagnostic, Failure, PackRun, Report, RuleRun, Summary, UnknownSite};
use crate::engine::{self, Judge, Own, Scope, Suppressed, Verdicts, guarded};
use crate::model::Repo;
use crate::rule::{Findings, Rule, RuleSet};
use crate::syntax::{Date, SourceFile, secret_ranges};
use crate::text::Span;
use crate::workspace::{FileSet, Past};

use load::Loaded;
use request::Selection;

/// What a run works on.
#[derive(Debug)]
pub struct Input {
    /// The files: of the whole repo, or of the closure of some stacks.
    pub files: FileSet,
    /// What the repo's configuration says.
    pub settings: Settings,
    /// The rules.
    pub rules: RuleSet,
    /// The day of the run, by which suppressions end.
    pub today: Date,
}

/// What a run gives.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files that could be read; a `FileId` is an index.
    pub sources: Vec<SourceFile>,
    /// What was found.
    pub report: Report,
    /// The secrets in the files that the report speaks of, sorted: no renderer prints them.
    pub redacted: Vec<Span>,
    /// What the rules cost.
    pub timings: Timings,
}

/// What the rules of a run cost: no part of the report, which is the same for the same input.
#[derive(Debug, Default)]
pub struct Timings {
    /// For each rule that was run: its id, the time that its calls took together, and how many there were.
    pub rules: Vec<(Arc<str>, Duration, usize)>,
    /// The gathers that they share, each with its name and the time it took.
    pub gathers: Vec<(String, Duration)>,
}

/// Checks `input` as `request` says, with nothing known of the past.
pub fn check(input: Input, request: &Request) -> Result<Outcome, RequestError> {
    check_with_past(input, Past::default, request)
}

/// Checks `input` as `request` says; `past` gives what [`wanted_past`] asked for, and is asked while files are parsed.
pub fn check_with_past(
    input: Input,
    past: impl FnOnce() -> Past + Send,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let Input { files, settings, rules, today } = input;
    let (loaded, past) = rayon::join(|| Loaded::read(files), past);
    check_loaded(loaded, &settings, &rules, (today, &past), request)
}

/// [`check`], with rules that other runs use too.
fn check_loaded(
    loaded: Loaded,
    settings: &Settings,
    rules: &RuleSet,
    (today, past): (Date, &Past),
    request: &Request,
) -> Result<Outcome, RequestError> {
    // Neither needs the other, and both are mostly one thread's work.
    let (packs, built) = rayon::join(
        || request.packs_on(rules, settings, &loaded),
        || guarded(|| Repo::build(&loaded.sources, &loaded.skipped)),
    );

    let packs = packs?;
    let selection = Selection::of(request, rules, settings, &packs)?;
    let mut timings = Timings::default();
    let report = match &built {
        Ok(repo) => {
            let scope = request.scope(repo)?;
            let selection = &selection;
            let run = Run { repo, past, rules, selection, scope: &scope, today };
            let mut verdicts = run.judge(&mut timings);
            if request.is_last {
                std::mem::forget(std::mem::take(&mut verdicts.gathered));
            }
            run.report(&loaded, packs, verdicts)
        }
        Err(panic) => {
            let mut failures = loaded.failures.clone();
            failures.push(Failure {
                subject: None,
                message: format!(
                    "the model of the repo cannot be built: {panic}; this is a bug in tautline"
                ),
            });
            let summary = Summary { files: loaded.counts.clone(), packs, ..Summary::default() };
            Report { summary, failures, ..Report::default() }
        }
    };

    if request.is_last {
        std::mem::forget(built);
    }
    let redacted = redacted(&loaded.sources, &report);
    Ok(Outcome { sources: loaded.sources, report, redacted, timings })
}

/// One run over a built model.
struct Run<'a> {
    repo: &'a Repo<'a>,
    past: &'a Past,
    rules: &'a RuleSet,
    selection: &'a Selection<'a>,
    scope: &'a Scope,
    today: Date,
}

impl Run<'_> {
    fn judge(&self, timings: &mut Timings) -> Verdicts {
        let rules = &self.selection.rules;
        let verdicts = engine::judge(self.repo, self.past, rules, &self.rules.gathers, self.scope);
        let spent = rules.iter().zip(&verdicts.spent);
        timings.rules = spent.map(|(rule, it)| (Arc::clone(&rule.id), it.0, it.1)).collect();
        let gathers = &self.rules.gathers;
        let spent = verdicts.gathered.spent.iter();
        timings.gathers = spent.map(|(at, it)| (gathers[*at].name.to_string(), *it)).collect();
        verdicts
    }

    fn report(&self, loaded: &Loaded, packs: Vec<PackRun>, mut verdicts: Verdicts) -> Report {
        let rules = &self.selection.rules;

        let found = engine::diagnostics(self.repo, rules, &mut verdicts);

        let Suppressed { mut diagnostics, silenced } = self.suppress(found, &verdicts);

        diagnostics.extend(self.broken_files(loaded));
        engine::sort(&mut diagnostics);
        let mut failures = loaded.failures.clone();
        failures.append(&mut verdicts.failures);
        failures.sort();
        Report {
            summary: Summary {
                stacks: self.repo.stacks.len(),
                files: loaded.counts.clone(),
                packs,
                rules: self.rule_runs(&verdicts.findings, &diagnostics, &silenced),
                not_run: self.selection.not_run.clone(),
            },
            failures,
            diagnostics,
            unknown: unknown(rules, &verdicts.findings),
        }
    }

    fn own(&self) -> Own<'_> {
        Own { repo: self.repo, rules: &self.selection.own }
    }

    fn suppress(&self, found: Vec<Diagnostic>, verdicts: &Verdicts) -> Suppressed {
        let complete = self.selection.rules.iter().zip(&verdicts.complete);
        let ran: BTreeSet<&str> =
            complete.filter(|(_, complete)| **complete).map(|(rule, _)| &*rule.id).collect();
        let judge = Judge {
            own: self.own(),
            scope: self.scope,
            rules: self.rules,
            ran: &ran,
            today: self.today,
        };
        judge.apply(found)
    }

    /// What is wrong with the files themselves.
    fn broken_files(&self, loaded: &Loaded) -> Vec<Diagnostic> {
        let own = self.own();
        let mut diagnostics = own.syntax_errors(self.scope);
        let not_text = loaded.not_text.iter().filter(|(span, _)| self.scope.includes(span.file));
        diagnostics.extend(not_text.filter_map(|(span, why)| own.not_text(*span, why)));
        diagnostics
    }

    /// What each rule did, in order of id; of the tool's own rules, those that had something to say.
    fn rule_runs(
        &self,
        findings: &[Findings],
        diagnostics: &[Diagnostic],
        silenced: &BTreeMap<Arc<str>, usize>,
    ) -> Vec<RuleRun> {
        let mut reported: BTreeMap<&str, usize> = BTreeMap::new();
        for diagnostic in diagnostics {
            *reported.entry(&diagnostic.rule).or_default() += 1;
        }
        let of_checks = self.selection.rules.iter().zip(findings).map(|(rule, findings)| RuleRun {
            rule: Arc::clone(&rule.id),
            convention: rule.convention.clone(),
            sites: findings.sites,
            diagnostics: reported.get(&*rule.id).copied().unwrap_or_default(),
            unknown: distinct_spans(findings),
            suppressed: silenced.get(&rule.id).copied().unwrap_or_default(),
        });
        let own = self.rules.rules.iter().filter(|rule| rule.check.is_none());
        let of_own = own.filter_map(|rule| {
            let count = *reported.get(&*rule.id)?;
            Some(RuleRun {
                rule: Arc::clone(&rule.id),
                convention: None,
                sites: count,
                diagnostics: count,
                unknown: 0,
                suppressed: 0,
            })
        });
        let mut runs: Vec<RuleRun> = of_checks.chain(of_own).collect();
        runs.sort_by(|a, b| a.rule.cmp(&b.rule));
        runs
    }
}

/// How many sites of a rule are not known; a site may have been found unknown for several reasons.
fn distinct_spans(findings: &Findings) -> usize {
    findings.unknown.iter().map(|(span, _)| span).collect::<BTreeSet<_>>().len()
}

/// The sites that could not be judged, in order.
fn unknown(rules: &[&Rule], findings: &[Findings]) -> Vec<UnknownSite> {
    let of_rule = |(rule, findings): (&&Rule, &Findings)| {
        let rule = Arc::clone(&rule.id);
        let site = move |(span, reason): &(Span, String)| UnknownSite {
            span: *span,
            rule: Arc::clone(&rule),
            reason: reason.clone(),
        };
        findings.unknown.iter().map(site).collect::<Vec<_>>()
    };
    let sites: BTreeSet<UnknownSite> = rules.iter().zip(findings).flat_map(of_rule).collect();
    sites.into_iter().collect()
}

/// The secrets in the files that `report` points into.
fn redacted(sources: &[SourceFile], report: &Report) -> Vec<Span> {
    let mut files = BTreeSet::new();
    for diagnostic in &report.diagnostics {
        files.insert(diagnostic.span.file);
        files.extend(diagnostic.related.iter().map(|label| label.span.file));
    }
    files.extend(report.unknown.iter().map(|site| site.span.file));
    let sources: Vec<&SourceFile> =
        files.into_iter().filter_map(|file| sources.get(file.index())).collect();
    let secrets = sources
        .into_par_iter()
        .flat_map_iter(|source| secret_ranges(source).into_iter().map(|range| source.span(range)));
    secrets.collect()
}
