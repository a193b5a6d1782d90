//! What a repo nearly always does, and where it does not: the rules that nobody has written yet.
//!
//! Invariant: what is told of a habit is what its rule says of the repo, so whoever takes the rule over finds the same.

mod draft;
mod habits;
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use draft::Draft;
pub use habits::Least;

use super::load::Loaded;
use super::{History, Input, Outcome, Request, RequestError, check_files, stand_in};
use crate::config::{PackSetting, Settings, Switch};
use crate::diagnostic::{Diagnostic, Report, RuleRun};
use crate::rule::{CheckDef, Home, Origin, PackFile, RuleSet, load_files};
use crate::syntax::{Date, SourceFile};
use crate::text::{FileId, Span, TextRange};
use crate::workspace::{Content, FileSet, LoadedFile, Past};

/// The pack that the rules belong to while they are tried.
const PACK: &str = "learned";

/// At most so many rules are tried.
const MOST: usize = 600;

/// The file of a case.
const CASE_FILE: &str = "stacks/example/main.tf";

/// What was learned of a repo.
#[derive(Debug)]
pub struct Learned {
    /// The files; spans point into them.
    pub sources: Vec<SourceFile>,
    /// What most do, those first that most keep.
    pub habits: Vec<Habit>,
}

/// What nearly all places of one kind have in common.
#[derive(Clone, Debug)]
pub struct Habit {
    /// The name of the rule that asks for it.
    pub name: String,
    /// What it is, in a sentence without an end.
    pub says: String,
    /// How many places are asked, without those of which it is not known.
    pub sites: usize,
    /// Of how many it is not known.
    pub unknown: usize,
    /// The places that do not keep it.
    pub exceptions: Vec<Exception>,
    /// The rule that is on and says the same of them.
    pub told_by: Option<Arc<str>>,
    /// The entry of the rule.
    pub entry: String,
    draft: Draft,
}

/// A place that does not keep a habit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Exception {
    /// Where it is.
    pub span: Span,
    /// The block it stands in.
    pub address: Option<String>,
}

impl Habit {
    /// How many places keep it.
    pub fn kept(&self) -> usize {
        self.sites - self.exceptions.len()
    }
}

/// Finds the habits of the repo in `input` of which `least` says that they are some.
pub fn learn(input: Input, checks: &[CheckDef], least: Least) -> Result<Learned, RequestError> {
    let Input { mut files, settings, rules, today } = input;
    stand_in::leave_out(&mut files, &settings);
    let loaded = Loaded::read(files.clone());
    let drafts = {
        let repo = loaded.repo();
        let candidates = habits::candidates(&repo, least).into_iter().take(MOST);
        named_apart(candidates.map(|candidate| draft::draft(&candidate)).collect())
    };
    let (tried, drafts) = Tried::load(drafts, checks);
    let outcome = tried.check(files.clone(), &settings, today)?;
    let request = Request { suppressions: false, is_last: false, ..Request::default() };
    let known = run(files, &settings, &rules, today, &request)?.report;
    let mut found = Vec::new();
    let said = by_rule(&outcome.report);
    let told = by_block(&known);
    for draft in drafts {
        let id = format!("{PACK}/{}", draft.name);
        let Some(run) = outcome.report.summary.rules.iter().find(|run| *run.rule == *id) else {
            continue;
        };
        let exceptions = said.get(id.as_str()).map(|it| exceptions(it)).unwrap_or_default();
        let sites = asked(run);
        if least.is_met(sites.saturating_sub(exceptions.len()), sites) {
            let told_by = told_by(&exceptions, &told);
            let (name, says, entry) =
                (draft.name.clone(), draft.habit.clone(), draft.entry.clone());
            let unknown = run.unknown;
            found.push(Habit { name, says, sites, unknown, exceptions, told_by, entry, draft });
        }
    }
    Ok(Learned { sources: outcome.sources, habits: found })
}

/// The page of the rule `id` that asks for `habit`: with a case that keeps it, and one that does not where it is clear what is said
/// of it.
pub fn page(id: &str, habit: &Habit, checks: &[CheckDef], learned: &Learned) -> String {
    let Habit { draft, exceptions, .. } = habit;
    let exceptions = match exceptions.as_slice() {
        [] => "There is none yet.".to_owned(),
        some => {
            let lines = some.iter().map(|it| {
                let file = &learned.sources[it.span.file.index()];
                let line = file.position(it.span.range.start).line;
                let address = it.address.as_deref().unwrap_or_default();
                format!("- `{}:{line}` {address}", file.path)
            });
            let lines: Vec<String> = lines.collect();
            format!("TODO: which of these are right?\n\n{}", lines.join("\n"))
        }
    };
    let bad = bad_case(draft, checks).map(|case| format!("\n### what does not\n\n{case}"));
    format!(
        "# {id}\n\n## What it does\n\nAsks for what {} of {} places have:\n{}.\n\n## Why\n\nTODO: what goes wrong \
         where it is not so.\n\n## Exceptions\n\n{exceptions}\n\n## Fix safety\n\nTODO: whether the fix, if there is \
         one, can be applied unasked.\n\n## Cases\n\n### what keeps to it\n\n{}{}",
        habit.kept(),
        habit.sites,
        habit.says,
        fenced(&draft.good),
        bad.unwrap_or_default()
    )
}

/// The code that breaks the rule, with carets under what is said of it.
fn bad_case(draft: &Draft, checks: &[CheckDef]) -> Option<String> {
    let (tried, _) = Tried::load(vec![draft.clone()], checks);
    let content = Content::of(CASE_FILE, draft.bad.clone().into_bytes());
    let files = FileSet {
        files: vec![LoadedFile { path: CASE_FILE.into(), content }],
        ..FileSet::default()
    };
    let today = Date::from_unix_seconds(0);
    let outcome = tried.check(files, &Settings::default(), today).ok()?;
    let [only] = outcome.report.diagnostics.as_slice() else { return None };
    let source = &outcome.sources[only.span.file.index()];
    let (start, end) =
        (source.position(only.span.range.start), source.position(only.span.range.end));
    if start.line != end.line {
        return None;
    }
    let carets = "^".repeat((end.column - start.column).max(1) as usize);
    let mark =
        format!("{}{carets} warning: {}", " ".repeat(start.column as usize - 1), only.message);
    let mut lines: Vec<&str> = draft.bad.lines().collect();
    lines.insert(start.line as usize, &mark);
    Some(fenced(&format!("{}\n", lines.join("\n"))))
}

fn fenced(code: &str) -> String {
    format!("```hcl path={CASE_FILE}\n{code}```\n")
}

/// The rules that are tried.
struct Tried(RuleSet);

impl Tried {
    /// Loads the rules of `drafts`, and gives back those that are rules.
    fn load(drafts: Vec<Draft>, checks: &[CheckDef]) -> (Tried, Vec<Draft>) {
        let load = |drafts: &[Draft]| load_files(&pack_files(drafts), checks, &Settings::default());
        let wrong = match load(&drafts) {
            Ok(rules) => return (Tried(rules), drafts),
            Err(errors) => errors,
        };
        let wrong: BTreeSet<String> = wrong.iter().map(|error| error.path.to_string()).collect();
        let is_one = |draft: &Draft| !wrong.iter().any(|path| path.ends_with(&file_of(draft)));
        let drafts: Vec<Draft> = drafts.into_iter().filter(is_one).collect();
        match load(&drafts) {
            Ok(rules) => (Tried(rules), drafts),
            Err(_) => (Tried(RuleSet::default()), Vec::new()),
        }
    }

    fn check(
        &self,
        files: FileSet,
        settings: &Settings,
        today: Date,
    ) -> Result<Outcome, RequestError> {
        let on =
            PackSetting { name: PACK.into(), switch: Switch::Always, range: TextRange::default() };
        let settings = Settings { packs: Some(vec![on]), ..settings.clone() };
        let rules = vec![PACK.to_owned()];
        let request = Request { suppressions: false, is_last: false, rules, ..Request::default() };
        run(files, &settings, &self.0, today, &request)
    }
}

fn run(
    files: FileSet,
    settings: &Settings,
    rules: &RuleSet,
    today: Date,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let history = History { past: &Past::default, base: None, plans: None };
    check_files(files.into(), settings, rules, today, &history, request)
}

fn file_of(draft: &Draft) -> String {
    format!("{PACK}/{}.hcl", draft.name)
}

fn pack_files(drafts: &[Draft]) -> Vec<PackFile> {
    let home = Home::directory(Origin::Arguments, PACK);
    let file = |name: String, text: String| PackFile {
        home: home.clone(),
        name: name.into(),
        text: text.into(),
        is_proven: false,
        document: None,
    };
    let pack = file(
        format!("{PACK}/pack.hcl"),
        "summary = \"what this repo nearly always does\"\n".to_owned(),
    );
    let mut files: Vec<PackFile> =
        drafts.iter().map(|draft| file(file_of(draft), draft.entry.clone())).collect();
    files.push(pack);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// The drafts, each with a name of its own.
fn named_apart(mut drafts: Vec<Draft>) -> Vec<Draft> {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for draft in &mut drafts {
        let count = known.entry(draft.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            draft.name = format!("{}-{count}", draft.name);
        }
    }
    drafts
}

/// How many places `run` asked and has an answer for.
fn asked(run: &RuleRun) -> usize {
    run.sites.saturating_sub(run.unknown)
}

fn by_rule(report: &Report) -> BTreeMap<&str, Vec<&Diagnostic>> {
    let mut by_rule: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_rule.entry(&diagnostic.rule).or_default().push(diagnostic);
    }
    by_rule
}

fn exceptions(diagnostics: &[&Diagnostic]) -> Vec<Exception> {
    let exception = |it: &&Diagnostic| Exception { span: it.span, address: it.address.clone() };
    diagnostics.iter().map(exception).collect()
}

/// By the block, which rules say something of it, and how much each says in all.
struct TellTales {
    by_block: BTreeMap<(FileId, String), BTreeSet<Arc<str>>>,
    counts: BTreeMap<Arc<str>, usize>,
}

fn by_block(report: &Report) -> TellTales {
    let mut told = TellTales { by_block: BTreeMap::new(), counts: BTreeMap::new() };
    for it in &report.diagnostics {
        let Some(address) = &it.address else { continue };
        *told.counts.entry(Arc::clone(&it.rule)).or_default() += 1;
        let rules = told.by_block.entry((it.span.file, address.clone())).or_default();
        rules.insert(Arc::clone(&it.rule));
    }
    told
}

/// The rule that says something of each of these places, and hardly anything else.
fn told_by(exceptions: &[Exception], told: &TellTales) -> Option<Arc<str>> {
    let rules = |it: &Exception| {
        let key = (it.span.file, it.address.clone()?);
        told.by_block.get(&key)
    };
    let mut common = rules(exceptions.first()?)?.clone();
    for exception in exceptions {
        let here = rules(exception)?;
        common.retain(|rule| here.contains(rule));
    }
    common.into_iter().find(|rule| told.counts[rule] <= 2 * exceptions.len())
}
