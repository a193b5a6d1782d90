//! Shows every rule what it asked for, in parallel, each on its own: one that panics takes no other with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, Input, MatchKind};
use globset::GlobSet;
use rayon::prelude::*;
use smol_str::SmolStr;

use super::{Scope, guarded};
use crate::diagnostic::Failure;
use crate::model::{BlockRef, Change, Repo, Value};
use crate::rule::{Check, Context, Findings, Gather, Gathered, Interest, Rule, Subject};
use crate::syntax::SourceFile;
use crate::text::FileId;
use crate::workspace::Past;

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
    /// For each gather that they share, its number and how long it took.
    pub gathering: Vec<(usize, Duration)>,
}

/// Runs `rules` on the subjects in `scope`. Rules without a check find nothing here.
///
/// What a check finds on a block, image or file must lie in that subject's file: subjects out of scope are not judged.
pub fn judge(
    repo: &Repo<'_>,
    past: &Past,
    change: Option<&Change<'_>>,
    rules: &[&Rule],
    gathers: &[Gather],
    scope: &Scope,
) -> Verdicts {
    let mut verdicts = Verdicts::of(rules);
    let index = Index::new(rules, &mut verdicts);
    let tasks = index.tasks(repo, scope, &mut verdicts);
    let mut gathered = Gathered::build(repo, gathers, &index.needs());
    verdicts.gathering = std::mem::take(&mut gathered.spent);
    let context = Context { repo, gathered: &gathered, past, change };
    let results: Vec<(Result<Findings, String>, Duration)> = tasks
        .par_iter()
        .map(|task| {
            let started = Instant::now();
            let result = guarded(|| {
                let mut out = Findings::default();
                task.check.judge(&context, task.subject, &mut out);
                out
            });
            (result, started.elapsed())
        })
        .collect();
    for (task, (result, elapsed)) in tasks.iter().zip(results) {
        let (spent, calls) = &mut verdicts.spent[task.rule];
        *spent += elapsed;
        *calls += 1;
        match result {
            Ok(findings) => verdicts.add(task.rule, findings),
            Err(panic) => verdicts.fail(task.rule, rules, &place(repo, task.subject), &panic),
        }
    }
    verdicts.failures.sort();
    verdicts.failures.dedup();
    for findings in &mut verdicts.findings {
        findings.unknown.retain(|(span, _)| scope.includes(span.file));
        findings.found.retain(|finding| scope.includes(finding.span.file));
    }
    verdicts
}

impl Verdicts {
    /// Those of `rules` before anything is judged.
    pub(super) fn of(rules: &[&Rule]) -> Self {
        Verdicts {
            findings: rules.iter().map(|_| Findings::default()).collect(),
            complete: vec![true; rules.len()],
            failures: Vec::new(),
            spent: vec![(Duration::ZERO, 0); rules.len()],
            gathering: Vec::new(),
        }
    }

    fn add(&mut self, rule: usize, more: Findings) {
        let findings = &mut self.findings[rule];
        findings.sites += more.sites;
        findings.unknown.extend(more.unknown);
        findings.found.extend(more.found);
    }

    fn fail(&mut self, rule: usize, rules: &[&Rule], place: &str, panic: &str) {
        self.complete[rule] = false;
        self.failures.push(Failure {
            subject: Some(rules[rule].id.to_string()),
            message: format!("the rule panicked on {place}: {panic}; this is a bug in tautline"),
        });
    }
}

/// One call of one check.
pub(super) struct Task<'a> {
    pub(super) rule: usize,
    pub(super) check: &'a dyn Check,
    pub(super) subject: Subject<'a>,
}

/// Which rules want to see what. Rules are positions in the list that is run.
#[derive(Default)]
pub(super) struct Index<'r> {
    checks: Vec<Option<&'r dyn Check>>,
    blocks: HashMap<SmolStr, BlockIndex>,
    images: Vec<usize>,
    objects: BlockIndex,
    files: Vec<(GlobSet, usize)>,
    /// Sorted, so that the positions in the automaton do not depend on the rules' order.
    words: BTreeMap<String, Vec<usize>>,
    repo: Vec<usize>,
}

/// Which rules want to see the blocks of one type.
#[derive(Default)]
struct BlockIndex {
    all: Vec<usize>,
    by_label: HashMap<String, Vec<usize>>,
}

impl BlockIndex {
    fn is_empty(&self) -> bool {
        self.all.is_empty() && self.by_label.is_empty()
    }

    fn add(&mut self, rule: usize, labels: Vec<String>) {
        if labels.is_empty() {
            enter(&mut self.all, rule);
        }
        for label in labels {
            enter(self.by_label.entry(label).or_default(), rule);
        }
    }

    /// The rules that want to see what is labelled `label`, each once.
    fn of(&self, label: Option<&str>) -> Vec<usize> {
        let labelled = label.and_then(|label| self.by_label.get(label));
        let mut rules: Vec<usize> =
            self.all.iter().chain(labelled.into_iter().flatten()).copied().collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

impl<'r> Index<'r> {
    pub(super) fn new(rules: &[&'r Rule], verdicts: &mut Verdicts) -> Self {
        let mut index = Index::default();
        for (number, &rule) in rules.iter().enumerate() {
            let check = rule.check.as_deref();
            index.checks.push(check);
            match check.map(|check| guarded(|| check.interests())) {
                None => {}
                Some(Ok(interests)) => index.add(number, interests),
                Some(Err(panic)) => {
                    verdicts.fail(number, rules, "being asked what it judges", &panic);
                }
            }
        }
        index
    }

    fn add(&mut self, rule: usize, interests: Vec<Interest>) {
        for interest in interests {
            match interest {
                Interest::Blocks { kind, labels } => {
                    self.blocks.entry(kind).or_default().add(rule, labels);
                }
                Interest::Images => enter(&mut self.images, rule),
                Interest::Objects(kinds) => self.objects.add(rule, kinds),
                Interest::Files(globs) => self.files.push((globs, rule)),
                Interest::Text(words) => {
                    for word in words {
                        enter(self.words.entry(word).or_default(), rule);
                    }
                }
                Interest::Repo => enter(&mut self.repo, rule),
            }
        }
    }

    /// The gathers that the rules need.
    pub(super) fn needs(&self) -> Vec<usize> {
        self.checks.iter().flatten().flat_map(|check| check.needs().to_vec()).collect()
    }

    /// Every call to make, in the order of subjects: blocks, images, texts, the repo.
    pub(super) fn tasks<'a>(
        &self,
        repo: &'a Repo<'a>,
        scope: &Scope,
        verdicts: &mut Verdicts,
    ) -> Vec<Task<'a>>
    where
        'r: 'a,
    {
        let mut tasks = Vec::new();
        let mut push = |rules: &[usize], subject: Subject<'a>| {
            for &rule in rules {
                tasks.extend(self.checks[rule].map(|check| Task { rule, check, subject }));
            }
        };
        for block in repo.blocks().filter(|block| scope.includes(block.file.id)) {
            push(&self.of_block(block), Subject::Block(block));
        }
        for image in repo.images().iter().filter(|image| scope.includes(image.site.file)) {
            push(&self.images, Subject::Image(image));
        }
        let objects = if self.objects.is_empty() { &[] } else { repo.objects() };
        for object in objects.iter().filter(|object| scope.includes(object.block.file.id)) {
            let kind = object.value.at(&["kind"]).and_then(Value::as_str);
            push(&self.objects.of(kind.as_deref()), Subject::Object(object));
        }
        if !self.files.is_empty() {
            for file in repo.sources.iter().filter(|file| scope.includes(file.id)) {
                let wanted = self.files.iter().filter(|(globs, _)| globs.is_match(&*file.path));
                let rules: Vec<usize> = wanted.map(|(_, rule)| *rule).collect();
                push(&rules, Subject::File(file));
            }
        }
        match self.texts(repo, scope) {
            Ok(texts) => {
                for (file, rules) in texts {
                    push(&rules, Subject::File(file));
                }
            }
            Err(error) => verdicts.failures.push(Failure {
                subject: None,
                message: format!("the words that rules look for cannot be searched: {error}"),
            }),
        }
        push(&self.repo, Subject::Repo);
        tasks
    }

    /// The rules that want to see the block, each once.
    fn of_block(&self, block: BlockRef<'_>) -> Vec<usize> {
        let kind = self.blocks.get(block.block.kind.name.as_str());
        kind.map_or_else(Vec::new, |kind| kind.of(block.block.label(0)))
    }

    /// The files in whose text a rule's words occur, with those rules. One pass over each text for all rules.
    fn texts<'a>(
        &self,
        repo: &'a Repo<'a>,
        scope: &Scope,
    ) -> Result<Vec<(&'a SourceFile, Vec<usize>)>, aho_corasick::BuildError> {
        if self.words.is_empty() {
            return Ok(Vec::new());
        }
        // Only in this mode does the automaton skip through a text with vector instructions.
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(self.words.keys())?;
        let words: Vec<(&str, &[usize])> =
            self.words.iter().map(|(word, rules)| (word.as_str(), rules.as_slice())).collect();
        // Words are sorted, so those that begin alike stand together.
        let alike = |first: u8| {
            let from = words.partition_point(|(word, _)| word.as_bytes().first() < Some(&first));
            let to = words.partition_point(|(word, _)| word.as_bytes().first() <= Some(&first));
            from..to
        };
        let files = repo.sources.par_iter().filter(|file| scope.includes(file.id));
        let texts = files.filter_map(|file| {
            let mut seen = vec![false; words.len()];
            let mut wanted_by = BTreeSet::new();
            let mut from = 0;
            // One match hides others that start at the same place or inside it.
            while let Some(found) = automaton.find(Input::new(&*file.text).range(from..)) {
                let rest = &file.text.as_bytes()[found.start()..];
                for at in rest.first().map_or(0..0, |first| alike(*first)) {
                    let (word, rules) = words[at];
                    if !seen[at] && rest.starts_with(word.as_bytes()) {
                        seen[at] = true;
                        wanted_by.extend(rules);
                    }
                }
                from = found.start() + 1;
            }
            (!wanted_by.is_empty()).then(|| (file, wanted_by.into_iter().copied().collect()))
        });
        Ok(texts.collect())
    }
}

/// Adds `rule` to a list that is filled rule by rule, once.
fn enter(rules: &mut Vec<usize>, rule: usize) {
    if rules.last() != Some(&rule) {
        rules.push(rule);
    }
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
        Subject::Repo => "the repo".to_owned(),
    }
}
