//! Shows every rule what it asked for, in parallel, each on its own: one that panics takes no other with it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::{Scope, guarded};
use crate::diagnostic::Failure;
use crate::model::{Change, Repo};
use crate::rule::{
    Asked, Audience, Audiences, Breadth, Check, Columns, Context, Findings, Gather, Gathered, Job,
    Planned, Rule, Shown, Source, Stop, Subject, Viewing, jobs, lineage,
};
use crate::text::{FileId, LazyRegex, dir_of};
use crate::workspace::Past;

/// Some subjects take a thousand times as long as others, and they stand together: a thread takes no more than this one at a
/// time, so that none is left with many of them when the others are done.
const ONE: usize = 1;

/// What the rules found.
#[derive(Debug, Default)]
pub struct Verdicts {
    /// For each rule that was run, in the order given.
    pub findings: Vec<Findings>,
    /// For each rule that was run, whether it judged all its subjects: it did not panic.
    pub complete: Vec<bool>,
    /// One for each panic.
    pub failures: Vec<Failure>,
    /// For each rule that was run, the time that its calls took together, and how many there were.
    pub spent: Vec<(Duration, usize)>,
    /// The rows that they shared, and how long each gather took.
    pub gathered: Gathered,
}

/// What there is to judge, and to judge by.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The model.
    pub repo: &'a Repo<'a>,
    /// What files said earlier.
    pub past: &'a Past,
    /// What changed, in a run that compares two states.
    pub change: Option<&'a Change<'a>>,
    /// What plans would change.
    pub planned: &'a [Planned],
    /// Whether the verdicts are still wanted: if not, most of them are missing.
    pub stop: &'a Stop,
    /// Those of the rules that were run before.
    pub audiences: &'a Audiences,
}

impl<'a> Given<'a> {
    /// What checks may look at, once rows are gathered; what looks at the whole repo looks where somebody `is_wanted`.
    pub(super) fn context(
        self,
        gathered: &'a Gathered,
        is_wanted: &'a (dyn Fn(FileId) -> bool + Sync),
        is_wanted_unread: &'a (dyn Fn(&str) -> bool + Sync),
    ) -> Context<'a> {
        let Given { repo, past, change, .. } = self;
        Context { repo, gathered, past, change, is_wanted, is_wanted_unread }
    }
}

/// What is beside a repo that is looked at by itself: no past, no change and no plans.
#[derive(Default)]
pub(super) struct Alone {
    past: Past,
    stop: Stop,
    audiences: Audiences,
}

impl Alone {
    /// What there is to judge in `repo`.
    pub(super) fn given<'a>(&'a self, repo: &'a Repo<'a>) -> Given<'a> {
        let Alone { past, stop, audiences } = self;
        Given { repo, past, change: None, planned: &[], stop, audiences }
    }
}

/// Runs `rules` on the subjects in `scope`. Rules without a check find nothing here.
///
/// What a check finds on a block, image, file or row must lie in that subject's file, unless it says that it does not:
/// subjects out of scope are not judged.
pub fn judge(given: Given<'_>, rules: &[&Rule], gathers: &[Gather], scope: &Scope) -> Verdicts {
    let mut verdicts = Verdicts::of(rules);
    let included = |subject: Subject<'_>| {
        let is_overridden = || subject.overrides().any(|file| scope.includes(file));
        subject.file().is_none_or(|file| scope.includes(file)) || is_overridden()
    };
    let within: Within<'_, '_> = if scope.is_everything() { None } else { Some(&included) };
    let Plan { tasks, gathered } = Plan::new(given, rules, gathers, within, &mut verdicts);
    let Given { repo, stop, .. } = given;
    let is_wanted = |file| scope.includes(file);
    let is_wanted_unread = |path: &str| scope.reports_unread(path);
    let context = given.context(&gathered, &is_wanted, &is_wanted_unread);
    let tallies: Vec<Tally> = rules.iter().map(|_| Tally::default()).collect();
    let judge_all = |subject, asked: &[usize]| {
        let tallies = (&*tallies, included(subject));
        judge_subject(subject, asked, &context, rules, tallies)
    };
    let searches = |rule: usize| {
        let check = rules[rule].check.as_deref();
        check.is_some_and(|check| guarded(|| check.searches()) == Ok(true))
    };
    let judge = |job| match job {
        _ if stop.is_stopped() => Vec::new(),
        Job::Subject(subject, asked) => judge_all(subject, &asked),
        Job::Search(rule, shown) => {
            let shown = shown.into_iter().filter(|_| !stop.is_stopped());
            let judged =
                shown.flat_map(|it: &Viewing<'_>| judge_all(it.subject, &[rule])).collect();
            if let Some(check) = &rules[rule].check {
                check.rest();
            }
            judged
        }
    };
    let jobs = jobs(&tasks, |_| true, searches);
    let results: Vec<Vec<_>> = jobs.into_par_iter().with_max_len(ONE).map(judge).collect();
    for Judged { rule, subject, found } in results.into_iter().flatten() {
        match found {
            Ok(findings) => verdicts.add(rule, findings),
            Err(panic) => verdicts.fail(rule, rules, &place(repo, subject), &panic),
        }
    }
    for (rule, tally) in tallies.into_iter().enumerate() {
        verdicts.spent[rule] =
            (Duration::from_nanos(tally.nanos.into_inner()), tally.calls.into_inner());
        verdicts.findings[rule].sites += tally.sites.into_inner();
    }
    verdicts.gathered = gathered;
    verdicts.failures.sort();
    verdicts.failures.dedup();
    for findings in &mut verdicts.findings {
        findings.unknown.retain(|it| scope.includes(it.place.file));
        findings.found.retain(|finding| scope.includes(finding.span.file));
    }
    verdicts
}

/// What one rule made of one subject, where it made something of it.
struct Judged<'a> {
    rule: usize,
    subject: Subject<'a>,
    /// What it found, or how it panicked.
    found: Result<Findings, String>,
}

/// What the calls of one rule come to: most of them find nothing.
#[derive(Default)]
struct Tally {
    nanos: AtomicU64,
    calls: AtomicUsize,
    /// How many sites are in scope.
    sites: AtomicUsize,
}

/// Shows the subject to the rules that are `asked`. What one of them works out about it serves those that follow.
fn judge_subject<'a>(
    subject: Subject<'a>,
    asked: &[usize],
    context: &Context<'_>,
    rules: &[&Rule],
    (tallies, is_included): (&[Tally], bool),
) -> Vec<Judged<'a>> {
    let shown = Shown::new(subject);
    let checks = asked.iter().filter_map(|&rule| Some((rule, rules[rule].check.as_deref()?)));
    let mut started = Instant::now();
    let judged = checks.filter_map(|(rule, check)| {
        let found = guarded(|| {
            let mut out = Findings::default();
            check.judge_shown(context, &shown, &mut out);
            debug_assert!(
                check.finds_elsewhere() || out.found.iter().all(|it| subject.lies_in(it.span.file)),
                "what is found about a subject lies in its file"
            );
            out
        });
        let now = Instant::now();
        let elapsed = now - std::mem::replace(&mut started, now);
        let sites = found.as_ref().map_or(0, |findings| findings.sites);
        tallies[rule].add(elapsed, if is_included { sites } else { 0 });
        let is_nothing = found.as_ref().is_ok_and(Findings::is_empty);
        (!is_nothing).then_some(Judged { rule, subject, found })
    });
    judged.collect()
}

impl Tally {
    fn add(&self, elapsed: Duration, sites: usize) {
        self.nanos.fetch_add(elapsed.as_nanos() as u64, Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.sites.fetch_add(sites, Ordering::Relaxed);
    }
}

impl Verdicts {
    /// Those of `rules` before anything is judged.
    pub(super) fn of(rules: &[&Rule]) -> Self {
        Verdicts {
            findings: rules.iter().map(|_| Findings::default()).collect(),
            complete: vec![true; rules.len()],
            failures: Vec::new(),
            spent: vec![(Duration::ZERO, 0); rules.len()],
            gathered: Gathered::default(),
        }
    }

    fn add(&mut self, rule: usize, more: Findings) {
        let findings = &mut self.findings[rule];
        findings.unknown.extend(more.unknown);
        findings.found.extend(more.found);
    }

    fn fail(&mut self, rule: usize, rules: &[&Rule], place: &str, panic: &str) {
        self.complete[rule] = false;
        self.failures.push(Failure {
            subject: Some(rules[rule].id.to_string()),
            message: format!("the rule panicked on {place}: {panic}"),
        });
    }
}

/// Which subjects are judged; every one where nothing says so.
pub(super) type Within<'v, 'a> = Option<&'v (dyn Fn(Subject<'a>) -> bool + Sync)>;

/// What is to be judged, and what has to be gathered for it.
pub(super) struct Plan<'a> {
    /// The subjects in their order (the repo, changes, blocks, images, objects, files, texts), each with the rules that it
    /// is shown, by their positions in the list that is run.
    pub(super) tasks: Vec<Viewing<'a>>,
    /// The rows that the rules of these tasks ask for.
    pub(super) gathered: Gathered,
}

impl<'a> Plan<'a> {
    /// Plans to show `rules` what they are interested in: what is `within`, or everything.
    pub(super) fn new(
        given: Given<'a>,
        rules: &[&Rule],
        gathers: &[Gather],
        within: Within<'_, 'a>,
        verdicts: &mut Verdicts,
    ) -> Self {
        let Given { repo, planned, stop, .. } = given;
        let needs = rules.iter().filter_map(|rule| rule.check.as_deref()).flat_map(Check::needs);
        let sources = Gathered::sources(gathers, &needs.copied().collect());
        let audience = audience(given.audiences, rules, &sources);
        for (number, panic) in &audience.panicked {
            verdicts.fail(*number, rules, "being asked what it judges", panic);
        }
        let is_narrowed = within.is_some();
        let mut views = |is_viewer: &(dyn Fn(usize) -> bool + Sync), within: Within<'_, 'a>| {
            let is_subject = within.unwrap_or(&|_| true);
            // Where only a part is judged, gathers alone look at the rest.
            let asked =
                Asked { is_viewer, is_subject, with_others: !is_narrowed || within.is_some() };
            audience.viewings(repo, planned, asked).unwrap_or_else(|error| {
                verdicts.failures.push(Failure { subject: None, message: error.to_string() });
                Vec::new()
            })
        };
        let mut tasks = views(&|viewer| viewer < rules.len(), within);
        let beside = Beside::of(repo, &tasks, within);
        if let Some(within) = within {
            let check = |rule: usize| rules.get(rule).and_then(|rule| rule.check.as_deref());
            let finds_elsewhere = |rule: usize| check(rule).is_some_and(Check::finds_elsewhere);
            // A file says nothing about another one.
            let is_outside = |it: Subject<'a>| !matches!(it, Subject::File(_)) && !within(it);
            tasks.extend(views(&finds_elsewhere, Some(&is_outside)));
        }
        let mut views_of = |wanted: &BTreeSet<usize>, within| {
            if wanted.is_empty() {
                return Vec::new();
            }
            let feeding = Gathered::feeding(&sources, wanted);
            let source = |viewer: usize| viewer.checked_sub(rules.len());
            let mut shown = views(&|viewer| source(viewer).is_some_and(|it| feeding[it]), within);
            for Viewing { viewers, .. } in &mut shown {
                *viewers = viewers.iter().map(|viewer| viewer - rules.len()).collect();
            }
            shown
        };
        if within.is_some() {
            // Rows that all lie elsewhere are nothing to judge, so nobody has to gather them for that.
            let rows_of = |rule: usize| rules[rule].check.as_deref().and_then(Check::rows_of);
            let judged =
                tasks.iter().flat_map(|task| &*task.viewers).filter_map(|&rule| rows_of(rule));
            let shown = views_of(&lineage(gathers, judged), within);
            let holding = Gathered::holding(repo, gathers, &sources, &shown);
            let has_rows = |rule: &usize| rows_of(*rule).is_none_or(|it| holding.contains(&it));
            let may_judge = |rule: usize, shown: &Shown<'a>| {
                let check = rules[rule].check.as_deref().filter(|check| !check.needs().is_empty());
                check.is_none_or(|check| guarded(|| check.may_judge(repo, shown)).unwrap_or(true))
            };
            tasks.par_iter_mut().for_each(|task| {
                let shown = Shown::new(task.subject);
                let viewers = task.viewers.iter().copied();
                task.viewers =
                    viewers.filter(|rule| has_rows(rule) && may_judge(*rule, &shown)).collect();
            });
            tasks.retain(|task| !task.viewers.is_empty());
        }
        let used: BTreeSet<usize> = tasks.iter().flat_map(|task| &*task.viewers).copied().collect();
        let checks = used.iter().filter_map(|&rule| rules[rule].check.as_deref());
        let Breadth { everywhere, there } = Breadth::of(gathers, checks);
        let needs = everywhere.union(&there).copied().collect();
        let shown = match within {
            None => views_of(&needs, None),
            Some(within) => {
                let is_there = |it: Subject<'a>| within(it) || beside.holds(it);
                let mut shown = views_of(&everywhere, None);
                shown.extend(views_of(&there, Some(&is_there)));
                shown
            }
        };
        let mut gathered =
            Gathered::build(repo, gathers, &sources, &shown, (&needs, Columns::Asked), stop);
        // Most regexes of gathers are no rule's.
        LazyRegex::rest_all();
        for (gather, panic) in gathered.failures.drain(..) {
            let message = format!("the gather panicked: {panic}");
            let subject = Some(gathers[gather].name.to_string());
            verdicts.failures.push(Failure { subject, message });
        }
        Plan { tasks, gathered }
    }
}

/// The directories of what is judged, and of the files that somebody asks about: rows in these are judged too.
struct Beside<'a> {
    repo: &'a Repo<'a>,
    directories: BTreeSet<&'a str>,
}

impl<'a> Beside<'a> {
    fn of(repo: &'a Repo<'a>, tasks: &[Viewing<'a>], within: Within<'_, 'a>) -> Self {
        let files = repo.sources.iter().map(Subject::File);
        let asked = files.filter(|file| within.is_none_or(|within| within(*file)));
        let judged = tasks.iter().map(|task| task.subject).chain(asked);
        let directories = judged.filter_map(|it| directory_of(repo, it)).collect();
        Beside { repo, directories }
    }

    /// Whether the subject stands in one of them.
    fn holds(&self, subject: Subject<'a>) -> bool {
        directory_of(self.repo, subject).is_some_and(|dir| self.directories.contains(dir))
    }
}

/// The directory of the file that the subject lies in; none for the repo.
fn directory_of<'a>(repo: &'a Repo<'a>, subject: Subject<'a>) -> Option<&'a str> {
    let source = repo.sources.get(subject.file()?.index())?;
    Some(dir_of(&source.path))
}

/// Who wants to see what: the rules by their positions, and behind them the sources of gathers.
fn audience(audiences: &Audiences, rules: &[&Rule], sources: &[Source<'_>]) -> Arc<Audience> {
    let ids = rules.iter().map(|rule| Arc::clone(&rule.id)).collect();
    audiences.of(ids, || {
        let mut audience = Audience::default();
        for (number, &rule) in rules.iter().enumerate() {
            let Some(check) = rule.check.as_deref() else { continue };
            match guarded(|| check.interests()) {
                Ok(interests) => audience.add(number, interests),
                Err(panic) => audience.panicked.push((number, panic)),
            }
        }
        for (number, source) in sources.iter().enumerate() {
            audience.add(rules.len() + number, source.interests());
        }
        audience
    })
}

/// The subject, for a message.
fn place(repo: &Repo<'_>, subject: Subject<'_>) -> String {
    let path = |file: FileId| repo.sources.get(file.index()).map_or("?", |source| &source.path);
    match subject {
        Subject::Block(block) => format!("`{}` in `{}`", block.address(), block.file.path),
        Subject::Object(object) => {
            format!("`{}` in `{}`", object.block.address(), object.block.file.path)
        }
        Subject::Image(image) => format!("an image in `{}`", path(image.site.file)),
        Subject::File(file) => format!("`{}`", file.path),
        Subject::Change(change) => format!("what a plan does to `{}`", change.address),
        Subject::Repo => "the repo".to_owned(),
    }
}
