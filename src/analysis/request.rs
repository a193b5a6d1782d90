//! What is asked of a run: which rules, and what part of the repo is reported.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::called::called_files;
use super::load::Loaded;
use crate::config::{ConfigError, Level, PackSetting, Settings, meant};
use crate::diagnostic::PackRun;
use crate::engine::{Baseline, SYNTAX_ERROR, Scope, guarded};
use crate::model::{Repo, Stack, StackId};
use crate::rule::{Check, Facts, Rule, RuleSet};
use crate::text::typed;

/// What is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// Names or directories of the stacks to report on.
    pub stacks: Vec<String>,
    /// Files and directories to report on, relative to the root, with `/`. Without these and stacks: everything.
    pub paths: Vec<String>,
    /// Ids of rules, or names of packs, to run; none for what is switched on.
    pub rules: Vec<String>,
    /// Whether the files are the whole repo's, or only those of the stacks and what they call.
    pub facts: Facts,
    /// The debt that is known and does not gate.
    pub baseline: Option<Arc<Baseline>>,
    /// Whether control comments and waivers silence what they name.
    pub suppressions: bool,
    /// Of a comparison, whether to report only what stands on a line that is new.
    pub changed_lines: bool,
    /// What is judged.
    pub judged: Judged,
    /// Whether the process ends with the run: then no time is lost on giving memory back node by node.
    pub is_last: bool,
    /// Paths and texts of files as they are saved, of which the run has what an editor makes of them. They are evidence for packs
    /// all the same: a pack does not go off and come back while somebody types.
    pub saved: Vec<(Box<str>, Arc<str>)>,
}

/// What of a repo is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Judged {
    /// Whatever a rule is about.
    All,
    /// Commits, by the rules about them.
    Commits,
}

impl Default for Request {
    /// Everything, by all rules that are on.
    fn default() -> Self {
        Self {
            stacks: Vec::new(),
            paths: Vec::new(),
            rules: Vec::new(),
            facts: Facts::Repo,
            baseline: None,
            suppressions: true,
            changed_lines: false,
            judged: Judged::All,
            is_last: false,
            saved: Vec::new(),
        }
    }
}

/// Why a request cannot be served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RequestError {
    /// It names something that is not there.
    Unknown {
        /// What was asked for: `stack` or `rule`.
        what: &'static str,
        /// The name as given.
        name: String,
        /// The name that was probably meant.
        near: Option<String>,
    },
    /// It names a stack of which a sparse checkout has no file.
    LeftOut {
        /// The name as given.
        name: String,
        /// Its directory.
        dir: String,
    },
    /// It names a convention where a rule is wanted.
    Convention {
        /// The code as given.
        code: String,
        /// The ids of its rules.
        rules: Vec<Arc<str>>,
    },
    /// The settings do not fit the repo.
    Settings(Vec<ConfigError>),
}

impl RequestError {
    /// What to type, where that is clear.
    pub fn help(&self) -> Option<String> {
        match self {
            RequestError::Unknown { name, .. } if name.is_empty() => {
                Some("it has no name: if that is a variable, it is empty".to_owned())
            }
            RequestError::Unknown { near: Some(near), .. } => {
                Some(format!("did you mean `{near}`?"))
            }
            RequestError::Unknown { what: "rule", .. } => {
                Some("`tautline rules list` shows every rule".to_owned())
            }
            RequestError::Unknown { .. } => Some("`tautline stacks` lists them".to_owned()),
            RequestError::LeftOut { dir, .. } => Some(add_to_sparse(dir)),
            RequestError::Convention { code, rules } => Some(format!(
                "write its rules, `{}`; codes work in `tautline explain {code}`",
                rules.join(",")
            )),
            RequestError::Settings(_) => None,
        }
    }

    /// `name` is neither a rule nor a pack of `rules`.
    pub(super) fn unknown_rule(name: &str, rules: &RuleSet) -> Self {
        let ids = |rule: &Rule| Arc::clone(&rule.id);
        let of_convention: Vec<Arc<str>> =
            rules.rules.iter().filter(|rule| rule.is_of_convention(name)).map(ids).collect();
        if !of_convention.is_empty() {
            return RequestError::Convention { code: name.to_owned(), rules: of_convention };
        }
        let known = rules.rules.iter().map(|rule| &*rule.id);
        Self::unknown("rule", name, known.chain(rules.packs.iter().map(|pack| &*pack.name)))
    }

    /// `repo` has no stack `name`, or it is left out of the checkout.
    pub(super) fn unknown_stack(name: &str, repo: &Repo<'_>) -> Self {
        if let Some(dir) = left_out(repo, name.trim_end_matches('/')) {
            return RequestError::LeftOut { name: name.to_owned(), dir };
        }
        Self::unknown("stack", name, repo.stacks.iter().map(|stack| &*stack.name))
    }

    fn unknown<'a>(what: &'static str, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let near = meant(name, known).map(str::to_owned);
        RequestError::Unknown { what, name: name.to_owned(), near }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::Unknown { what, name, .. } => write!(f, "there is no {what} `{name}`"),
            RequestError::LeftOut { name, .. } => {
                write!(f, "this sparse checkout leaves the stack `{name}` out")
            }
            RequestError::Convention { code, .. } => {
                write!(f, "`{code}` is the code of a convention, not the name of a rule")
            }
            RequestError::Settings(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

impl std::error::Error for RequestError {}

/// What brings back the directory `dir`, which a sparse checkout leaves out.
pub fn add_to_sparse(dir: &str) -> String {
    format!("`git sparse-checkout add {}` brings it back", typed(dir))
}

/// The directory of the stack `name`, where a sparse checkout leaves all of it out.
fn left_out(repo: &Repo<'_>, name: &str) -> Option<String> {
    let is_there = |dir: &String| {
        let is_in = |path: &str| path.strip_prefix(&**dir).is_some_and(|it| it.starts_with('/'));
        repo.skipped.iter().any(|file| file.why == "sparse" && is_in(&file.path))
    };
    [format!("stacks/{name}"), name.to_owned()].into_iter().find(is_there)
}

/// What a request asks for, as far as that is known before there are rules to ask.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    /// As in [`Request`].
    pub rules: &'a [String],
    /// As in [`Request`].
    pub facts: Facts,
    /// Whether there is a state to compare with: some rules are asked only about what a change adds.
    pub compares: bool,
}

impl Outline<'_> {
    /// Whether the run may ask `rule`, of which no more need be known than the head of its entry. Where the settings replace
    /// params of its pack, what they say is held against the whole of it, asked or not.
    pub fn may_ask(&self, rule: &Rule, settings: &Settings) -> bool {
        let has_params = || settings.params.iter().any(|set| *set.pack.value == *rule.pack);
        if rule.locked || has_params() {
            return true;
        }
        if self.facts == Facts::Stack && rule.facts == Facts::Repo {
            return false;
        }
        if !self.rules.is_empty() {
            return asks_for(self.rules, rule, settings);
        }
        let is_on = || settings.pack(&rule.pack).is_some_and(PackSetting::is_on);
        let may_be_on = settings.packs.is_none() || is_on();
        may_be_on && (rule.enabled || (self.compares && rule.added.is_some()))
    }
}

/// Whether `names` ask for `rule` by its id, or by its pack's name and it is not switched off.
fn asks_for(names: &[String], rule: &Rule, settings: &Settings) -> bool {
    let is_asked =
        |name: &String| *name == *rule.id || (*name == *rule.pack && !is_off(rule, settings));
    names.iter().any(is_asked)
}

/// Whether the settings switch `rule` off.
fn is_off(rule: &Rule, settings: &Settings) -> bool {
    settings.rule(&rule.id).is_some_and(|set| set.level.value == Level::Off)
}

/// What a run has beside its files.
#[derive(Clone, Copy, Default)]
pub(super) struct Present {
    /// A state to compare with.
    pub(super) base: bool,
    /// The commits that lead from there; a state that is not committed yet has none.
    pub(super) commits: bool,
    /// Plans.
    pub(super) plans: bool,
}

/// The rules of a run.
#[derive(Debug, Default)]
pub(super) struct Selection<'a> {
    /// Those with a check, in order of id.
    pub(super) rules: Vec<&'a Rule>,
    /// The tool's own, in order of id.
    pub(super) own: Vec<&'a Rule>,
    /// Those that would need more facts than there are, in order of id.
    pub(super) not_run: Vec<Arc<str>>,
    /// Those that would need a state to compare with, in order of id.
    pub(super) needs_base: Vec<Arc<str>>,
    /// Those that would need plans, in order of id.
    pub(super) needs_plans: Vec<Arc<str>>,
    /// Those of `rules` that are run only for what a change adds.
    pub(super) for_additions: BTreeSet<Arc<str>>,
}

impl<'a> Selection<'a> {
    pub(super) fn of(
        request: &Request,
        rules: &'a RuleSet,
        settings: &Settings,
        packs: &[PackRun],
        given: Present,
    ) -> Result<Self, RequestError> {
        for name in &request.rules {
            if rules.rule(name).is_none() && rules.pack(name).is_none() {
                return Err(RequestError::unknown_rule(name, rules));
            }
        }
        let on: BTreeSet<&str> = packs.iter().map(|pack| &*pack.name).collect();
        let mut selection = Selection::default();
        for rule in &rules.rules {
            let mut wanted = request.wants(rule, settings, &|pack| on.contains(pack));
            let of_pack = request.rules.is_empty() && on.contains(&*rule.pack);
            if request.judged == Judged::Commits {
                wanted &= judges_commits(rule);
            } else if given.base
                && !wanted
                && rule.added.is_some()
                && of_pack
                && !is_off(rule, settings)
            {
                selection.for_additions.insert(Arc::clone(&rule.id));
                wanted = true;
            }
            match &rule.check {
                // Where a file is broken, no other answer about it can be trusted.
                None if wanted || &*rule.id == SYNTAX_ERROR => selection.own.push(rule),
                None => {}
                Some(_) if !wanted => {}
                Some(_) if !given.plans && judges_plans(rule) => {
                    selection.needs_plans.push(Arc::clone(&rule.id));
                }
                Some(_) if !given.base && says(rule, |check| check.compares()) => {
                    selection.needs_base.push(Arc::clone(&rule.id));
                }
                Some(_) if request.facts == Facts::Stack && rule.facts == Facts::Repo => {
                    selection.not_run.push(Arc::clone(&rule.id));
                }
                // A commit lies in no stack and no directory.
                Some(_) if (request.is_narrowed() || !given.commits) && judges_commits(rule) => {
                    selection.not_run.push(Arc::clone(&rule.id));
                }
                Some(_) => selection.rules.push(rule),
            }
        }
        Ok(selection)
    }
}

/// Whether the check of `rule` answers yes. One that panics does not: that is told where it is to judge.
pub(super) fn says(rule: &Rule, asked: impl FnOnce(&dyn Check) -> bool) -> bool {
    rule.check.as_deref().is_some_and(|check| guarded(|| asked(check)) == Ok(true))
}

/// Whether `rule` judges the commits that a comparison adds.
fn judges_commits(rule: &Rule) -> bool {
    says(rule, |check| check.judges_commits())
}

/// Whether `rule` judges what plans would change.
pub(super) fn judges_plans(rule: &Rule) -> bool {
    says(rule, |check| check.judges_plans())
}

impl Selection<'_> {
    /// Whether one of the rules judges commits.
    pub(super) fn judges_commits(&self) -> bool {
        self.rules.iter().any(|rule| judges_commits(rule))
    }

    /// Whether one of the rules judges what plans would change.
    pub(super) fn judges_plans(&self) -> bool {
        self.rules.iter().any(|rule| judges_plans(rule))
    }
}

impl Request {
    /// Whether only a part of the repo is asked about.
    fn is_narrowed(&self) -> bool {
        !(self.stacks.is_empty() && self.paths.iter().all(String::is_empty))
    }

    /// Whether `rule` is to run where the packs that `is_on` names are on.
    pub(super) fn wants(
        &self,
        rule: &Rule,
        settings: &Settings,
        is_on: &dyn Fn(&str) -> bool,
    ) -> bool {
        if self.rules.is_empty() {
            rule.enabled && is_on(&rule.pack)
        } else {
            asks_for(&self.rules, rule, settings)
        }
    }

    /// The packs that are on, and why.
    pub(super) fn packs_on(
        &self,
        rules: &RuleSet,
        settings: &Settings,
        loaded: &Loaded,
        older: Option<&Loaded>,
    ) -> Result<Vec<PackRun>, RequestError> {
        // A change that takes a pack's evidence away is still judged by it.
        let states = || [Some(loaded), older].into_iter().flatten();
        let sources = states().flat_map(|it| it.sources.iter());
        let sources = sources.map(|source| (&*source.path, &*source.text));
        let skipped = states().flat_map(|it| it.skipped.iter().map(|file| (&*file.path, "")));
        let saved = self.saved.iter().map(|(path, text)| (&**path, &**text));
        let files: Vec<(&str, &str)> = sources.chain(skipped).chain(saved).collect();
        let (mut packs, errors) = rules.packs_on(settings, &files);
        if errors.is_empty() {
            return Ok(packs);
        }
        if self.facts == Facts::Repo {
            return Err(RequestError::Settings(errors));
        }
        // The evidence may lie in what was not loaded; the configuration's word is enough.
        for setting in settings.packs.iter().flatten().filter(|setting| setting.is_on()) {
            if packs.iter().all(|pack| pack.name != setting.name) {
                let evidence = settings.place(setting.range);
                packs.push(PackRun { name: Arc::clone(&setting.name), evidence });
            }
        }
        packs.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(packs)
    }

    /// The files to report on; what the stacks among them call is noted.
    pub(super) fn scope(&self, repo: &Repo<'_>) -> Result<Scope, RequestError> {
        let mut stacks = Vec::with_capacity(self.stacks.len());
        for wanted in &self.stacks {
            let stack = repo.stack_called(wanted);
            stacks.push(stack.ok_or_else(|| RequestError::unknown_stack(wanted, repo))?);
        }
        let mut scope = Scope::of(repo, &stacks, &self.paths);
        let baseline = self.baseline.as_ref().and_then(|it| repo.source(&it.source.path));
        if let Some(file) = baseline {
            scope.leave_out(file.id);
        }
        let named = |stack: &Stack| self.paths.iter().any(|path| *path == *stack.dir);
        let by_path = (0..).zip(&repo.stacks).filter(|(_, stack)| named(stack));
        stacks.extend(by_path.map(|(position, _)| StackId(position)));
        Ok(scope.noting(&called_files(repo, &stacks)))
    }
}
