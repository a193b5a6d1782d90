//! Runs the cases on rules' pages.
//!
//! Invariant: a case is a run like any other, over its own files, with the packs of the rules it names on and no others;
//! the settings of a repo have no part in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::fix::Fixer;
use super::memory::Memory;
use super::{Fixed, History, Outcome, Reach, Readings, Request, Wish, check_files};
use crate::config::{ConfigError, PackSetting, Settings, Switch};
use crate::diagnostic::Applicability;
use crate::drift::naming::Arrival;
use crate::drift::read::{Input as Read, read_whole};
use crate::engine::SYNTAX_ERROR;
use crate::rule::cases::{PageCase, cases, differences};
use crate::rule::{CheckDef, Home, PackFile, Rule, RuleSet, builtin_bases, find_page, load_files};
use crate::syntax::{Date, Format};
use crate::text::{TextRange, patch};
use crate::workspace::{Base, Content, FileSet, Link, LoadedFile, Past};

/// The day of every case: 2026-01-01, in seconds since 1970.
const TODAY: u64 = 1_767_225_600;

/// The fixtures that the cases of one directory of packs start from.
#[derive(Clone, Debug, Default)]
pub struct Bases {
    /// By `NAME/path`.
    files: BTreeMap<Box<str>, Content>,
}

/// Packs whose pages are to be tested. They are loaded once, for all cases.
#[derive(Debug)]
pub struct Suite {
    files: Vec<PackFile>,
    rules: RuleSet,
    bases: BTreeMap<Home, Bases>,
}

/// What a test of some pages gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tested {
    /// How many rules have cases that ran.
    pub rules: usize,
    /// How many cases ran and hold.
    pub hold: usize,
    /// The rules without a case, which only some of the tool's own are: what they judge is in no case.
    pub without: Vec<String>,
    /// What does not hold, in order of path and line.
    pub broken: Vec<Broken>,
    /// Which fixes the rules brought in their cases.
    pub fixes: BTreeMap<String, BTreeSet<Applicability>>,
}

/// What one case gave.
#[derive(Debug, Default)]
struct Ran {
    differences: Vec<String>,
    /// The fixes of the page's own rule.
    fixes: BTreeSet<Applicability>,
}

impl Ran {
    fn failed(difference: String) -> Ran {
        Ran { differences: vec![difference], ..Ran::default() }
    }
}

/// A case that does not hold, or a page that cannot be tested.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Broken {
    /// The page.
    pub path: String,
    /// The line of the case's heading, or of what is wrong with the page.
    pub line: u32,
    /// The case's name, or what is wrong with the page.
    pub title: String,
    /// How what was reported differs from what the page says: one line each.
    pub differences: Vec<String>,
}

impl Bases {
    /// Those of the built-in packs.
    pub fn builtin() -> Bases {
        let file = |(path, text): &(&str, &str)| ((*path).into(), Content::Text((*text).into()));
        Bases { files: builtin_bases().iter().map(file).collect() }
    }

    /// Those in `files`, with paths `NAME/path`.
    pub fn of(files: FileSet) -> Bases {
        Bases { files: files.files.into_iter().map(|file| (file.path, file.content)).collect() }
    }

    /// The files of the fixture `name`.
    fn files<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a Content)> {
        self.files.iter().filter_map(move |(path, content)| {
            Some((path.strip_prefix(name)?.strip_prefix('/')?, content))
        })
    }

    fn names(&self) -> BTreeSet<&str> {
        self.files.keys().filter_map(|path| Some(path.split_once('/')?.0)).collect()
    }
}

impl Suite {
    /// Loads the packs in `files`, without the settings of a repo; `bases` are the fixtures of each directory of packs.
    pub fn load(
        files: Vec<PackFile>,
        checks: &[CheckDef],
        bases: BTreeMap<Home, Bases>,
    ) -> Result<Suite, Vec<ConfigError>> {
        let mut rules = load_files(&files, checks, &Settings::default())?;
        // A case says which packs are on. It need not show evidence for them.
        for pack in &mut rules.packs {
            pack.evidence.clear();
        }
        Ok(Suite { files, rules, bases })
    }

    /// The rules.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Runs the cases on the pages that are `wanted`, and looks for the pages of entries that are.
    pub fn run(&self, wanted: &dyn Fn(&PackFile) -> bool) -> Tested {
        let mut tested = Tested::default();
        let mut jobs = Vec::new();
        for file in self.files.iter().filter(|file| wanted(file)) {
            let Some(id) = file.rule() else { continue };
            let Some(rule) = self.rules.rule(id) else {
                let title = format!("a page of no rule: there is no `{id}.hcl`");
                tested.broken.push(Broken::page(file, 1, title));
                continue;
            };
            if !file.is_page() {
                tested.broken.extend(self.missing_page(rule, file));
                continue;
            }
            match cases(&file.text) {
                Err(errors) => tested
                    .broken
                    .extend(errors.into_iter().map(|it| Broken::page(file, it.line, it.message))),
                Ok(cases) => {
                    tested.broken.extend(one_sided(rule, file, &cases));
                    tested.rules += usize::from(!cases.is_empty());
                    if rule.check.is_none() && cases.is_empty() {
                        tested.without.push(id.to_owned());
                    }
                    jobs.extend(cases.into_iter().map(|case| (file, id, case)));
                }
            }
        }
        let ran: Vec<Ran> =
            jobs.par_iter().map(|(page, id, case)| self.ran(&page.home, id, case)).collect();
        for ((page, id, case), Ran { differences, fixes }) in jobs.into_iter().zip(ran) {
            tested.fixes.entry(id.to_owned()).or_default().extend(fixes);
            if differences.is_empty() {
                tested.hold += 1;
            } else {
                let (path, line, title) = (page.path(), case.line, case.name);
                tested.broken.push(Broken { path, line, title, differences });
            }
        }
        tested.broken.sort();
        tested
    }

    /// What is wrong where `rule` has an entry and no page. The tool's own rules may do without.
    fn missing_page(&self, rule: &Rule, entry: &PackFile) -> Option<Broken> {
        let is_fine = rule.check.is_none() || find_page(&self.files, &rule.id).is_some();
        let title = format!("there is no page `{}.md` with cases for this rule", rule.id);
        (!is_fine).then(|| Broken::page(entry, 1, title))
    }

    /// How a run over `case`, on the page of the rule `own` in the directory of packs `home`, differs from what it
    /// expects.
    pub fn differences(&self, home: &Home, own: &str, case: &PageCase) -> Vec<String> {
        self.ran(home, own, case).differences
    }

    fn ran(&self, home: &Home, own: &str, case: &PageCase) -> Ran {
        let told = |message: String| Ran::failed(format!("line {}: {message}", case.line));
        let files = match self.files(home, case) {
            Ok(files) => files,
            Err(message) => return told(message),
        };
        let wanted: Vec<String> = case.rules(own).into_iter().map(str::to_owned).collect();
        let settings = Settings { packs: Some(packs_of(&wanted)), ..Settings::default() };
        let request = Request { rules: wanted, ..Request::default() };
        let today = Date::from_unix_seconds(TODAY);
        let base = older(case);
        let plans = match plans(case) {
            Ok(plans) => plans,
            Err(message) => return Ran::failed(message),
        };
        let history = History { past: &Past::default, base: base.as_ref(), plans: plans.as_ref() };
        let check = |files: FileSet, request: &Request| {
            check_files(files.into(), &settings, &self.rules, today, &history, request)
        };
        let outcome = match check(files.clone(), &request) {
            Ok(outcome) => outcome,
            Err(wrong) => return told(wrong.to_string()),
        };
        let mut wrong = differences(own, case, &outcome.sources, &outcome.report);
        wrong.extend(not_valid(own, case, &outcome));
        // Of a commit something is said wherever its branch is looked at.
        let judged = case.files.iter().map(|file| file.path.as_str());
        for path in judged.filter(|path| Format::of(path) != Format::Commit) {
            let of_file = Request { paths: vec![path.to_owned()], ..request.clone() };
            let alone = check(files.clone(), &of_file).map(|alone| said_of(&alone, path));
            if alone.ok().as_ref() != Some(&said_of(&outcome, path)) {
                let line = case.line;
                wrong.push(format!("line {line}: other answers where {path} alone is asked about"));
            }
        }
        let failures = &outcome.report.failures;
        wrong.extend(
            failures.iter().map(|it| format!("line {}: the run failed: {}", case.line, it.message)),
        );
        if !case.fixed.is_empty() {
            wrong.extend(match self.fixed(home, own, case) {
                Ok(fixed) => not_so_fixed(&fixed, case),
                Err(message) => told(message).differences,
            });
        }
        let of_own = outcome.report.diagnostics.iter().filter(|it| &*it.rule == own);
        let fixes = of_own.filter_map(|it| it.fix.as_ref()).map(|fix| fix.applicability).collect();
        Ran { differences: wrong, fixes }
    }

    /// What all fixes of the rule `own`, safe or not, make of `case`.
    pub fn fixed(&self, home: &Home, own: &str, case: &PageCase) -> Result<Fixed, String> {
        let files = self.files(home, case)?;
        let wanted: Vec<String> = case.rules(own).into_iter().map(str::to_owned).collect();
        let settings = Settings { packs: Some(packs_of(&wanted)), ..Settings::default() };
        let request = Request { rules: wanted, ..Request::default() };
        let wish = Wish { is_unsafe: true, only: vec![own.to_owned()], reach: Reach::Repo };
        let base = older(case);
        let plans = plans(case)?;
        let history = History { past: &Past::default, base: base.as_ref(), plans: plans.as_ref() };
        let fixer = Fixer {
            settings: &settings,
            rules: &self.rules,
            today: Date::from_unix_seconds(TODAY),
            past: Past::default(),
            history: &history,
            request: &request,
            memory: &Memory::default(),
        };
        fixer.fix(files, &wish).map_err(|wrong| wrong.to_string())
    }

    /// The files of `case` over those of its base, sorted by path.
    fn files(&self, home: &Home, case: &PageCase) -> Result<FileSet, String> {
        let mut files: BTreeMap<&str, Content> = BTreeMap::new();
        if let Some(name) = &case.base {
            if let Some(bases) = self.bases.get(home) {
                files.extend(bases.files(name).map(|(path, content)| (path, content.clone())));
            }
            if files.is_empty() {
                return Err(self.no_base(home, name));
            }
        }
        let mut links = Vec::new();
        for file in &case.files {
            if let Some(target) = &file.link {
                links.push(Link::new(file.path.as_str(), target.as_str()));
            } else {
                let content = Content::of(&file.path, file.text.clone().into_bytes());
                files.insert(&file.path, content);
            }
        }
        links.sort();
        let loaded = |(path, content): (&str, _)| LoadedFile { path: path.into(), content };
        let files = files.into_iter().map(loaded).collect();
        Ok(FileSet { files, links, ..FileSet::default() })
    }

    fn no_base(&self, home: &Home, name: &str) -> String {
        let names = self.bases.get(home).map(Bases::names).unwrap_or_default();
        if names.is_empty() {
            return format!(
                "no base `{name}`: there is no directory `fixtures/bases` beside `{}`",
                home.dir
            );
        }
        let names: Vec<&str> = names.into_iter().collect();
        format!("no base `{name}` in `fixtures/bases`: there are `{}`", names.join("`, `"))
    }
}

impl Broken {
    fn page(page: &PackFile, line: u32, title: String) -> Broken {
        Broken { path: page.path(), line, title, differences: Vec::new() }
    }
}

/// What is said of the file at `path`.
fn said_of(outcome: &Outcome, path: &str) -> Vec<(Arc<str>, TextRange, String)> {
    let diagnostics = outcome.report.diagnostics.iter();
    let of_file = diagnostics.filter(|it| {
        outcome.sources.get(it.span.file.index()).is_some_and(|source| *source.path == *path)
    });
    of_file.map(|it| (Arc::clone(&it.rule), it.span.range, it.message.clone())).collect()
}

/// The files of `case` that are not valid, where that is not what it is about: what is wrong in them may not have been seen.
fn not_valid(own: &str, case: &PageCase, outcome: &Outcome) -> Vec<String> {
    if case.rules(own).contains(&SYNTAX_ERROR) {
        return Vec::new();
    }
    let errors = outcome.report.diagnostics.iter().filter(|it| &*it.rule == SYNTAX_ERROR);
    let said = errors.filter_map(|it| {
        let source = outcome.sources.get(it.span.file.index())?;
        let at = source.position(it.span.range.start);
        let (path, line, column) = (&source.path, at.line, at.column);
        Some(format!("line {}: not valid: {path}:{line}:{column}: {}", case.line, it.message))
    });
    said.collect()
}

/// How what was `fixed` differs from what `case` says.
fn not_so_fixed(fixed: &Fixed, case: &PageCase) -> Vec<String> {
    let mut wrong = Vec::new();
    for wanted in &case.fixed {
        let is_named = |path: &str| path == wanted.path;
        let (wanted_text, found) = if let Some(target) = &wanted.link {
            let link = fixed.links.iter().find(|link| is_named(&link.path));
            (target, link.map(|link| &*link.after))
        } else {
            let file = fixed.files.iter().find(|file| is_named(&file.path));
            (&wanted.text, file.map(|file| &*file.after))
        };
        // One that says the same again is for a file that is left as it is.
        let was =
            case.files.iter().find(|file| file.path == wanted.path && file.link == wanted.link);
        let is_left = found.is_none() && was.is_some_and(|file| file.text == wanted.text);
        if !is_left && found.is_none_or(|text| *text != **wanted_text) {
            let found = found.map(|text| patch(&wanted.path, wanted_text, text));
            let found = found.unwrap_or_else(|| format!("nothing changes {}", wanted.path));
            let account = fixed.outcome.report.summary.fixes.as_ref();
            let refused = account.map(|it| it.refused.as_slice()).unwrap_or_default();
            let mut said = vec![format!("line {}: not so fixed:", wanted.line)];
            said.extend(refused.iter().map(|why| format!("  refused: {why}")));
            said.push(found);
            wrong.push(said.join("\n"));
        }
    }
    let named = |path: &str| case.fixed.iter().any(|wanted| wanted.path == *path);
    let files = fixed.files.iter().map(|file| &file.path);
    let all = files.chain(fixed.links.iter().map(|link| &link.path));
    let more = all.filter(|path| !named(path));
    wrong.extend(more.map(|path| format!("line {}: fixed too: {path}", case.line)));
    wrong
}

/// What `case` says was before; none where it is about no change.
fn older(case: &PageCase) -> Option<Base> {
    let content = |text: &String| Content::Text(text.as_str().into());
    let file = |(path, text): &(String, Option<String>)| {
        (path.as_str().into(), text.as_ref().map(content))
    };
    let files = case.older.iter().map(file).collect();
    let name = "what was before".to_owned();
    (!case.older.is_empty()).then(|| Base { name, files, ..Base::default() })
}

/// The plans of `case`, where it has some; or what is wrong with one.
fn plans(case: &PageCase) -> Result<Option<Readings>, String> {
    let mut readings = Readings::default();
    for plan in &case.plans {
        let (read, rest) = read_whole(&plan.stack, plan.text.as_bytes());
        if let Some(rest) = rest {
            return Err(format!("line {}: {}", plan.line, rest.why));
        }
        match read {
            Read::Measured(measured) => readings.arrivals.push(Arrival {
                measured: *measured,
                given: Some(plan.stack.clone()),
                below: plan.stack.clone(),
                inside: None,
                modified: None,
                instances: Vec::new(),
            }),
            Read::Unread(unread) => return Err(format!("line {}: {}", plan.line, unread.why)),
            Read::State(_) | Read::Inventory => {
                return Err(format!("line {}: it is no plan", plan.line));
            }
        }
    }
    Ok((!case.plans.is_empty()).then_some(readings))
}

/// What is wrong with a page whose cases show only what `rule` reports, or only what it leaves alone.
fn one_sided(rule: &Rule, page: &PackFile, cases: &[PageCase]) -> Option<Broken> {
    let bad = cases.iter().filter(|case| case.is_bad()).count();
    let good = cases.len() - bad;
    if rule.check.is_none() || (bad > 0 && good > 0) {
        return None;
    }
    let title = format!("{bad} bad and {good} good cases: a page needs at least one of each");
    Some(Broken::page(page, 1, title))
}

/// The packs of `rules`, on.
fn packs_of(rules: &[String]) -> Vec<PackSetting> {
    let names: BTreeSet<&str> = rules.iter().filter_map(|id| Some(id.split_once('/')?.0)).collect();
    let on = |name: &str| PackSetting {
        name: name.into(),
        switch: Switch::Always,
        range: TextRange::empty(0),
    };
    names.into_iter().map(on).collect()
}
