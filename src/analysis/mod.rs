//! The façade: the files, rules and settings of one run, and what is asked of them → the sources and a report.
//!
//! Invariant: a run is a function of its input. Whatever the world has to say (files, the day) was read before.

mod called;
pub mod cases;
mod closure;
mod compare;
mod coverage;
mod debt;
mod drift;
mod examined;
mod explain;
mod fix;
mod fixed;
mod hidden;
mod host;
mod inventory;
pub mod learn;
mod load;
mod memory;
mod mutate;
pub mod naming;
mod packs;
mod past;
mod pins;
mod predict;
mod request;
mod round;
mod secrets;
pub mod session;
mod stand_in;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

pub use closure::{Closure, Reached, Why};
pub use compare::{History, StackList, stacks};
pub use coverage::{Counts, Coverage, Covered, coverage};
pub use drift::{Against, Readings, drift, drift_without_source};
pub use examined::Examined;
pub use explain::{Explained, Finding, Told, explain};
pub use fix::{Fixed, fix};
pub use fixed::{FixedFile, FixedLink};
pub use hidden::hidden_settings;
pub use host::{HostError, Listed, host};
pub use inventory::inventory;
pub use load::with_repo;
pub use mutate::{Mutated, mutate};
pub use packs::{has_pack, own_packs, pack_files, where_packs_are};
pub use past::wanted_past;
pub use predict::predict;
pub use request::{Judged, Outline, Request, RequestError, add_to_sparse};
pub use state::{StateArrival, states};

pub use crate::engine::{Reach, Wish};

use crate::config::Settings;
use crate::diagnostic::{
    Diagnostic, Failure, PackRun, Report, RuleRun, Silenced, SilencedBy, Summary, UnknownSite,
};
use crate::engine::{self, Debt, Given, Judge, Own, Scope, Suppressed, Verdicts, guarded};
use crate::model::{Change, KeptTexts, Repo};
use crate::rule::{Facts, Findings, Planned, Rule, RuleSet, Stop, Unjudged};
use crate::syntax::{Date, Format, SourceFile};
use crate::text::Span;
use crate::workspace::{Base, FileSet, Past};

use compare::{Compared, cut_history};
use load::Loaded;
use memory::Unparsed;
use request::{Present, Selection};
use stand_in::StandIns;

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
    /// What became of the baseline, where there is one.
    pub debt: Option<Debt>,
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
    past: impl Fn() -> Past + Sync,
    request: &Request,
) -> Result<Outcome, RequestError> {
    check_with_history(input, &History { past: &past, base: None, plans: None }, request)
}

/// Checks `input` as `request` says; where there is a state to compare with, only what changed is reported, and what the
/// change did elsewhere.
pub fn check_with_history(
    input: Input,
    history: &History<'_>,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let Input { files, settings, rules, today } = input;
    let outcome = check_files(files.into(), &settings, &rules, today, history, request);
    if request.is_last {
        std::mem::forget(rules);
    }
    outcome
}

/// [`check`], with rules that other runs use too.
fn check_files(
    unparsed: Unparsed<'_>,
    settings: &Settings,
    rules: &RuleSet,
    today: Date,
    history: &History<'_>,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let Unparsed { mut files, memory } = unparsed;
    // What a sparse checkout leaves out may say anything: what is there are the facts of some stacks.
    let of_some = files.is_sparse().then(|| Request { facts: Facts::Stack, ..request.clone() });
    let request = of_some.as_ref().unwrap_or(request);
    stand_in::leave_out(&mut files, settings);
    let stand_ins = StandIns::among(&mut files.files, settings, request);
    let older_files = history.base.map(|base| {
        let mut older = base.over(&files);
        stand_in::leave_out(&mut older, settings);
        older
    });
    if let Some(base) = history.base.filter(|base| !base.commits.texts.is_empty()) {
        files.files.extend(base.commits.texts.iter().cloned());
        files.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    let ((loaded, older), past) = rayon::join(
        || rayon::join(|| Loaded::read_with(files, memory), || older_files.map(Loaded::read)),
        history.past,
    );
    let &History { base, plans, .. } = history;
    let (kept, stop) = (memory.map(|memory| &memory.texts), Stop::default());
    let files = Files { loaded, older, past, stand_ins, base, plans, kept, stop };
    check_loaded(files, settings, rules, today, request)
}

/// What a run works on, once files are parsed.
struct Files<'a> {
    loaded: Loaded,
    /// Those of the state to compare with.
    older: Option<Loaded>,
    past: Past,
    stand_ins: StandIns<'a>,
    base: Option<&'a Base>,
    plans: Option<&'a Readings>,
    /// What other runs have read in texts.
    kept: Option<&'a Arc<KeptTexts>>,
    /// Whether the outcome is still wanted: if not, it is worth nothing.
    stop: Stop,
}

/// [`check`], once files are parsed.
fn check_loaded(
    files: Files<'_>,
    settings: &Settings,
    rules: &RuleSet,
    today: Date,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let Files { mut loaded, older, past, stand_ins, base, plans, kept, stop } = files;
    stand_ins.discount(&mut loaded);
    let build = || kept.map_or_else(|| loaded.repo(), |kept| loaded.repo_with(kept));
    let packs_on = || request.packs_on(rules, settings, &loaded, older.as_ref());
    // Neither needs the other, and both are mostly one thread's work.
    let ((packs, built), built_older) = rayon::join(
        || rayon::join(packs_on, || guarded(build)),
        || older.as_ref().map(|it| guarded(|| it.repo())),
    );
    let packs = packs?;
    let present = Present {
        base: base.is_some(),
        commits: base.is_some_and(|base| !base.is_uncommitted),
        plans: plans.is_some(),
    };
    let selection = Selection::of(request, rules, settings, &packs, present)?;
    let mut timings = Timings::default();
    let mut debt = None;
    let built = built.and_then(|repo| Ok((repo, built_older.transpose()?)));
    let mut report = match &built {
        Ok((repo, older_repo)) => {
            let scope = request.scope(repo)?;
            let compared = match (older_repo, &older, base) {
                (Some(older_repo), Some(loaded), Some(base)) => {
                    let change = Change::between(repo, older_repo, base.differing());
                    Some(Compared { change, base, loaded, lines: request.changed_lines })
                }
                _ => None,
            };
            let (planned, unread) =
                plans.map(|it| drift::planned(repo, rules, it)).unwrap_or_default();
            let (past, compared) = (&past, compared.as_ref());
            let selection = &selection;
            let run = Run {
                repo,
                past,
                planned: &planned,
                settings,
                rules,
                request,
                selection,
                scope: &scope,
                today,
                compared,
                stop: &stop,
            };
            let mut verdicts = run.judge(&mut timings);
            if request.is_last {
                std::mem::forget(std::mem::take(&mut verdicts.gathered));
            }
            let mut report = run.report(&loaded, packs, verdicts, &mut debt);
            report.failures.extend(unread);
            if base.is_some_and(|base| base.commits.is_cut) && selection.judges_commits() {
                report.failures.push(cut_history());
            }
            if plans.is_some() && !selection.judges_plans() {
                report.failures.push(no_rule_judges_plans(rules));
            }
            report
        }
        Err(panic) => {
            let mut failures = loaded.failures.clone();
            failures.push(Failure {
                subject: None,
                message: format!("the model of the repo cannot be built: {panic}"),
            });
            let summary = Summary { files: loaded.counts.clone(), packs, ..Summary::default() };
            Report { summary, failures, ..Report::default() }
        }
    };
    if request.is_last {
        std::mem::forget(built);
    }
    let redacted = secrets::hide(&loaded.sources, &mut report);
    stand_ins.restore(&mut loaded.sources);
    Ok(Outcome { sources: loaded.sources, report, redacted, timings, debt })
}

/// A plan was given, and nobody looks at it.
fn no_rule_judges_plans(rules: &RuleSet) -> Failure {
    let advice = match rules.rules.iter().find(|rule| request::judges_plans(rule)) {
        Some(Rule { pack, .. }) => format!("`--rule {pack}` runs those of the pack `{pack}`"),
        None => "and no pack has one".to_owned(),
    };
    Failure { subject: None, message: format!("no rule that is on judges plans: {advice}") }
}

/// One run over a built model.
struct Run<'a> {
    repo: &'a Repo<'a>,
    past: &'a Past,
    planned: &'a [Planned],
    settings: &'a Settings,
    rules: &'a RuleSet,
    request: &'a Request,
    selection: &'a Selection<'a>,
    scope: &'a Scope,
    today: Date,
    compared: Option<&'a Compared<'a>>,
    stop: &'a Stop,
}

impl Run<'_> {
    fn judge(&self, timings: &mut Timings) -> Verdicts {
        let rules = &self.selection.rules;
        let gathers = &self.rules.gathers;
        let change = self.compared.map(|compared| &compared.change);
        let Run { repo, past, planned, stop, .. } = *self;
        let audiences = &self.rules.audiences;
        let given = Given { repo, past, change, planned, stop, audiences };
        let mut verdicts = engine::judge(given, rules, gathers, self.scope);
        for findings in &mut verdicts.findings {
            findings.unknown.retain(|it| !self.scope.notes(it.place.file));
        }
        packs::pass_over_fences(repo, self.settings, &mut verdicts.findings);
        let spent = rules.iter().zip(&verdicts.spent);
        timings.rules = spent.map(|(rule, it)| (Arc::clone(&rule.id), it.0, it.1)).collect();
        let spent = verdicts.gathered.spent.iter();
        timings.gathers = spent.map(|(at, it)| (gathers[*at].name.to_string(), *it)).collect();
        verdicts
    }

    fn report(
        &self,
        loaded: &Loaded,
        packs: Vec<PackRun>,
        mut verdicts: Verdicts,
        debt: &mut Option<Debt>,
    ) -> Report {
        let rules = &self.selection.rules;
        let mut found = engine::diagnostics(self.repo, rules, &mut verdicts);
        if let Some(compared) = self.compared {
            compared.grade(rules, &mut found);
        }
        let Suppressed { mut diagnostics, mut silenced } = self.suppress(found, &verdicts);
        if self.request.suppressions {
            self.waive(loaded, &verdicts, &mut diagnostics, &mut silenced);
        }
        if let Some(baseline) = &self.request.baseline {
            *debt = Some(self.settle(baseline, loaded, &verdicts, &mut diagnostics, &mut silenced));
        }
        silenced.sort_by(|a, b| engine::compare(&a.diagnostic, &b.diagnostic));
        diagnostics.extend(self.broken_files(loaded));
        let mut failures = loaded.failures.clone();
        failures.append(&mut verdicts.failures);
        let mut unknown = unknown(rules, &verdicts.findings);
        if let Some(compared) = self.compared {
            diagnostics = self.of_the_change(compared, diagnostics, &mut failures);
            unknown.retain(|site| compared.change.includes(site.span));
        }
        if self.request.judged == Judged::Commits {
            let is_commit = |it: &Diagnostic| {
                let source = self.repo.sources.get(it.span.file.index());
                source.is_some_and(|source| source.format == Format::Commit)
            };
            diagnostics.retain(is_commit);
        }
        engine::sort(&mut diagnostics);
        let (noted, diagnostics): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|it| self.scope.notes(it.span.file));
        silenced.retain(|it| !self.scope.notes(it.diagnostic.span.file));
        failures.sort();
        failures.dedup();
        Report {
            summary: Summary {
                stacks: self.repo.stacks.len(),
                files: loaded.counts.clone(),
                idle_packs: self.rules.idle(self.settings, &packs),
                has_settings: self.settings.source.is_some(),
                settings_below: self.settings_below(&packs),
                packs,
                rules: self.rule_runs(&verdicts.findings, &diagnostics, &silenced),
                not_run: self.selection.not_run.clone(),
                needs_base: self.selection.needs_base.clone(),
                needs_plans: self.selection.needs_plans.clone(),
                is_of_message: self.request.judged == Judged::Commits,
                comparison: self.compared.map(Compared::account),
                called_modules: called::notes(self.repo, &noted),
                fixes: None,
            },
            failures,
            diagnostics,
            unknown,
            suppressed: silenced,
        }
    }

    /// The settings of directories below, where none were read, or none that switch any but the tool's own pack on.
    fn settings_below(&self, packs: &[PackRun]) -> Vec<Box<str>> {
        let is_locked = |run: &PackRun| self.rules.pack(&run.name).is_some_and(|pack| pack.locked);
        if self.settings.source.is_some() && !packs.iter().all(is_locked) {
            return Vec::new();
        }
        let paths = self.repo.sources.iter().map(|file| &file.path);
        paths.filter(|path| path.ends_with("/tautline.hcl")).cloned().collect()
    }

    fn own(&self) -> Own<'_> {
        Own { repo: self.repo, rules: &self.selection.own }
    }

    /// The rules that judged all they were shown.
    fn ran(&self, verdicts: &Verdicts) -> BTreeSet<&str> {
        let complete = self.selection.rules.iter().zip(&verdicts.complete);
        complete.filter(|(_, complete)| **complete).map(|(rule, _)| &*rule.id).collect()
    }

    fn suppress(&self, found: Vec<Diagnostic>, verdicts: &Verdicts) -> Suppressed {
        if !self.request.suppressions {
            return Suppressed { diagnostics: found, silenced: Vec::new() };
        }
        let ran = self.ran(verdicts);
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
        diagnostics.extend(not_text.filter_map(|(span, why)| own.not_read(*span, why)));
        diagnostics
    }

    /// What each rule did, in order of id; of the tool's own rules, those that had something to say.
    fn rule_runs(
        &self,
        findings: &[Findings],
        diagnostics: &[Diagnostic],
        silenced: &[Silenced],
    ) -> Vec<RuleRun> {
        let mut reported: BTreeMap<&str, usize> = BTreeMap::new();
        for diagnostic in diagnostics {
            *reported.entry(&diagnostic.rule).or_default() += 1;
        }
        let mut suppressed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for Silenced { diagnostic, by, .. } in silenced {
            let counts = if *by == SilencedBy::Baseline { &mut known } else { &mut suppressed };
            *counts.entry(&diagnostic.rule).or_default() += 1;
        }
        let of_checks = self.selection.rules.iter().zip(findings).map(|(rule, findings)| RuleRun {
            rule: Arc::clone(&rule.id),
            convention: rule.convention.clone(),
            summary: rule.summary.as_str().into(),
            severity: rule.usual_severity(),
            sites: findings.sites,
            diagnostics: reported.get(&*rule.id).copied().unwrap_or_default(),
            unknown: distinct_sites(findings),
            suppressed: suppressed.get(&*rule.id).copied().unwrap_or_default(),
            known: known.get(&*rule.id).copied().unwrap_or_default(),
        });
        let own = self.rules.rules.iter().filter(|rule| rule.check.is_none());
        let of_own = own.filter_map(|rule| {
            let count = *reported.get(&*rule.id)?;
            Some(RuleRun {
                rule: Arc::clone(&rule.id),
                convention: None,
                summary: rule.summary.as_str().into(),
                severity: rule.usual_severity(),
                sites: count,
                diagnostics: count,
                unknown: 0,
                suppressed: 0,
                known: 0,
            })
        });
        let mut runs: Vec<RuleRun> = of_checks.chain(of_own).collect();
        runs.sort_by(|a, b| a.rule.cmp(&b.rule));
        runs
    }
}

/// How many sites of a rule are not known; a site may have been found unknown for several reasons.
fn distinct_sites(findings: &Findings) -> usize {
    findings.unknown.iter().map(|it| it.site).collect::<BTreeSet<_>>().len()
}

/// The sites that could not be judged, in order.
fn unknown(rules: &[&Rule], findings: &[Findings]) -> Vec<UnknownSite> {
    let of_rule = |(rule, findings): (&&Rule, &Findings)| {
        let rule = Arc::clone(&rule.id);
        let site = move |it: &Unjudged| UnknownSite {
            span: it.place,
            rule: Arc::clone(&rule),
            reason: it.reason.clone(),
        };
        findings.unknown.iter().map(site).collect::<Vec<_>>()
    };
    let sites: BTreeSet<UnknownSite> = rules.iter().zip(findings).flat_map(of_rule).collect();
    sites.into_iter().collect()
}
