//! Mutants: a repo as it would be if somebody had forgotten what a rule asks for, and whether the rule would say so.
//!
//! Invariant: files are changed in memory only. A mutant lacks one thing, and of one block there is one mutant at a time, so
//! what is reported about a block is about its mutant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fixed::with_texts;
use super::load::Loaded;
use super::{History, Input, Outcome, Reach, Request, RequestError, Wish, check_files, stand_in};
use crate::config::{PackSetting, Switch};
use crate::diagnostic::{Applicability, Diagnostic, Edit};
use crate::engine::{self, Refusals, choose, texts};
use crate::model::Repo;
use crate::rule::{Rule, write};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{self, Body, Expr, ExprKind, Item};
use crate::text::{Span, TextRange};
use crate::workspace::{FileSet, Past};

/// Of one block at most so many things are taken away, one after the other.
const MOST_PER_BLOCK: usize = 12;

/// What became of the mutants of one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mutated {
    /// The rule's id.
    pub rule: Arc<str>,
    /// How many sites it has in the repo as it is.
    pub sites: usize,
    /// How many mutants were made.
    pub mutants: usize,
    /// How many of them it reported.
    pub reported: usize,
    /// How many of these a fix that can be applied mends.
    pub fixed: usize,
    /// How many of those say the same as before, in whatever order.
    pub restored: usize,
    /// How many bring a fix that is only shown.
    pub shown: usize,
    /// Mutants that were not reported: path, line, and what was taken away; the first few.
    pub missed: Vec<(Box<str>, u32, String)>,
}

/// Of those that were missed among others, at most so many of a round are tried alone.
const MOST_ALONE: usize = 50;

/// At most so many that were missed are told.
const MOST_MISSED: usize = 5;

/// A thing that can be taken away.
struct Mutant {
    edit: Edit,
    /// The edit that has it say something else, where it is a plain value.
    changed: Option<Edit>,
    /// The block around it.
    block: Span,
    address: String,
}

/// Makes the mutants of every rule that `request` would run, and checks them.
pub fn mutate(input: Input, request: &Request) -> Result<Vec<Mutated>, RequestError> {
    let Input { mut files, mut settings, rules, today } = input;
    stand_in::leave_out(&mut files, &settings);
    let asked = Request { baseline: None, is_last: false, ..request.clone() };
    let loaded = Loaded::read(files.clone());
    // What is taken away may be all the evidence that there is of a pack.
    let on = asked.packs_on(&rules, &settings, &loaded, None)?;
    settings.packs = Some(on.into_iter().map(|pack| always(pack.name)).collect());
    let history = History { past: &Past::default, base: None, plans: None };
    let check = |files: FileSet, rules_wanted: &[String]| {
        let request = Request { rules: rules_wanted.to_vec(), ..asked.clone() };
        check_files(files.into(), &settings, &rules, today, &history, &request)
    };
    let before = check(files.clone(), &asked.rules)?;
    let ran: BTreeMap<&str, usize> =
        before.report.summary.rules.iter().map(|run| (&*run.rule, run.sites)).collect();
    let wanted: Vec<&Rule> = rules
        .rules
        .iter()
        .filter(|rule| rule.check.is_some() && ran.contains_key(&*rule.id))
        .collect();
    let repo = loaded.repo();
    let upheld = engine::upheld(&repo, &wanted, &rules.gathers);
    let mut all = Vec::with_capacity(wanted.len());
    for (rule, places) in wanted.iter().zip(upheld) {
        let mut mutated = Mutated {
            rule: Arc::clone(&rule.id),
            sites: ran.get(&*rule.id).copied().unwrap_or_default(),
            mutants: 0,
            reported: 0,
            fixed: 0,
            restored: 0,
            shown: 0,
            missed: Vec::new(),
        };
        let known = said(&before, &rule.id);
        let judged =
            |texts| check(with_texts(&files, &loaded.sources, texts), &[rule.id.to_string()]);
        for round in rounds(&repo, &places, &known) {
            mutated.mutants += round.len();
            let mut missed = mutated.round(&loaded.sources, round, &judged)?;
            // A rule may go by what most do, and then none of many mutants stands out.
            let alone: Vec<Mutant> = missed.drain(..missed.len().min(MOST_ALONE)).collect();
            for mutant in alone {
                missed.extend(mutated.round(&loaded.sources, vec![mutant], &judged)?);
            }
            mutated.miss(&loaded.sources, &missed);
        }
        all.push(mutated);
    }
    Ok(all)
}

/// The setting that has a pack on, whatever the files show.
fn always(name: Arc<str>) -> PackSetting {
    PackSetting { name, switch: Switch::Always, range: TextRange::default() }
}

/// The mutants, such that no two of one round are in one block.
fn rounds(repo: &Repo<'_>, places: &[(Span, Span)], known: &Said) -> Vec<Vec<Mutant>> {
    let mut rounds: Vec<Vec<Mutant>> = Vec::new();
    let mut per_block: BTreeMap<Span, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (place, block) in places {
        let source = &repo.sources[place.file.index()];
        // What is taken out is taken out of HCL.
        if source.format.is_hcl_in_json() {
            continue;
        }
        let Some(edit) = without(source, place.range) else { continue };
        if !seen.insert((edit.span, *block)) {
            continue;
        }
        let Some(found) = repo.block_around(source, place.range) else { continue };
        let address = found.address();
        // What is reported already hides what else may be wrong there.
        if known.contains_key(&(source.path.clone(), address.clone())) {
            continue;
        }
        let number = per_block.entry(*block).or_default();
        if *number < MOST_PER_BLOCK {
            if rounds.len() <= *number {
                rounds.push(Vec::new());
            }
            let changed = changed(source, place.range);
            rounds[*number].push(Mutant { edit, changed, block: *block, address });
        }
        *number += 1;
    }
    rounds
}

/// The edit that has the plain value at `place` say something else.
fn changed(source: &SourceFile, place: TextRange) -> Option<Edit> {
    let body = &source.hcl.as_ref()?.body;
    let text = source.slice(place);
    if let Some(quoted) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        let is_plain =
            !quoted.contains(['"', '$', '%', '\\']) && source.comments().at(place.start).is_none();
        return is_plain.then(|| write::replace(source, place, format!("\"{quoted}x\"")));
    }
    let is_value = body.surroundings(place.start).template.is_none();
    let other = match text {
        "true" => "false",
        "false" => "true",
        _ => return None,
    };
    is_value.then(|| write::replace(source, place, other))
}

/// The edit that takes away what stands at `place`: a comment, an element of a list, an attribute or an entry of an object.
fn without(source: &SourceFile, place: TextRange) -> Option<Edit> {
    if let Some(comment) = source.comments().at(place.start) {
        if comment.own_line {
            return write::item_out(source, comment.range);
        }
        let before = source.text[..comment.range.start as usize].trim_end_matches([' ', '\t']);
        let range = TextRange { start: before.len() as u32, end: comment.range.end };
        return Some(write::replace(source, range, ""));
    }
    let body = &source.hcl.as_ref()?.body;
    let list = body.surroundings(place.start).list;
    if let Some(at) = list.iter().position(|item| item.range == place) {
        let mut edits = write::element_out(source, list, at)?;
        return edits.pop().filter(|_| edits.is_empty());
    }
    in_body(source, body, place)
}

fn in_body(source: &SourceFile, body: &Body, place: TextRange) -> Option<Edit> {
    let item = body.items.iter().find(|item| item.range().contains(place))?;
    let attribute = match item {
        Item::Block(block) => return in_body(source, &block.body, place),
        Item::Attribute(attribute) => attribute,
    };
    if attribute.value.range == place {
        // A whole object or list is more than what was asked for.
        let is_one = !matches!(attribute.value.kind, ExprKind::Object(_) | ExprKind::Tuple(_));
        return write::item_out(source, attribute.range).filter(|_| is_one);
    }
    let entry = attribute.value.descendants().find_map(|expr: &Expr| match &expr.kind {
        ExprKind::Object(entries) => entries.iter().find(|entry| entry.value.range == place),
        _ => None,
    })?;
    write::entry_out(source, entry.range())
}

/// How often something is said about each block: path, address.
type Said = BTreeMap<(Box<str>, String), usize>;

fn said(outcome: &Outcome, rule: &str) -> Said {
    let mut said = BTreeMap::new();
    for found in outcome.report.diagnostics.iter().filter(|found| &*found.rule == rule) {
        let path = outcome.sources[found.span.file.index()].path.clone();
        *said.entry((path, found.address.clone().unwrap_or_default())).or_default() += 1;
    }
    said
}

impl Mutant {
    fn edit(&self, changed: bool) -> Option<&Edit> {
        if changed { self.changed.as_ref() } else { Some(&self.edit) }
    }
}

impl Mutated {
    /// Counts what is reported of `round`; what is not noticed when it is gone may be when it says something else.
    fn round(
        &mut self,
        sources: &[SourceFile],
        mut round: Vec<Mutant>,
        judged: &dyn Fn(engine::Texts) -> Result<Outcome, RequestError>,
    ) -> Result<Vec<Mutant>, RequestError> {
        for changed in [false, true] {
            let edits = round.iter().filter_map(|mutant| mutant.edit(changed));
            let texts = texts(sources, edits).unwrap_or_default();
            if !texts.is_empty() {
                round = self.count(sources, &judged(texts)?, round);
            }
        }
        Ok(round)
    }

    /// Counts those of `round` that are reported, and what fixes make of them; gives the others back.
    fn count(
        &mut self,
        sources: &[SourceFile],
        after: &Outcome,
        round: Vec<Mutant>,
    ) -> Vec<Mutant> {
        let said = said(after, &self.rule);
        let only = vec![self.rule.to_string()];
        let wish = Wish { is_unsafe: true, only, reach: Reach::File };
        let diagnostics = &after.report.diagnostics;
        let choice = choose(&after.sources, diagnostics, &wish, &Refusals::default());
        let edits = choice.taken.iter().flat_map(|candidate| &candidate.edits);
        let fixed = texts(&after.sources, edits).unwrap_or_default();
        let mut missed = Vec::new();
        for mutant in round {
            let source = &sources[mutant.block.file.index()];
            if !said.contains_key(&(source.path.clone(), mutant.address.clone())) {
                missed.push(mutant);
                continue;
            }
            self.reported += 1;
            let is_own = |it: &&Diagnostic| {
                *it.rule == *self.rule
                    && it.address.as_deref() == Some(&*mutant.address)
                    && after.sources[it.span.file.index()].path == source.path
            };
            let fix = diagnostics.iter().filter(is_own).find_map(|it| it.fix.as_ref());
            match fix.map(|fix| fix.applicability) {
                None => {}
                Some(Applicability::DisplayOnly) => self.shown += 1,
                Some(_) => {
                    self.fixed += 1;
                    let text = fixed.get(&mutant.block.file);
                    let now = text.and_then(|text| block_at(text, &mutant.address, source));
                    let was = Says::of(source.slice(mutant.block.range));
                    self.restored += usize::from(now.is_some_and(|now| now.is_as_good_as(&was)));
                }
            }
        }
        missed
    }

    fn miss(&mut self, sources: &[SourceFile], round: &[Mutant]) {
        for mutant in round.iter().take(MOST_MISSED - self.missed.len().min(MOST_MISSED)) {
            let source = &sources[mutant.block.file.index()];
            let range = mutant.edit.span.range;
            let line = source.position(range.start).line;
            self.missed.push((source.path.clone(), line, source.slice(range).trim().to_owned()));
        }
    }
}

/// What the block that is called `address` says in `text`, where the file was `source`.
fn block_at(text: &str, address: &str, source: &SourceFile) -> Option<Says> {
    let named = |document: &hcl::Document| -> Vec<TextRange> {
        let is_named = |block: &&hcl::Block| {
            let labels: Vec<&str> = block.labels.iter().map(|label| label.name.as_str()).collect();
            let name = labels.join(".");
            address == name || address == format!("{}.{name}", block.kind.name)
        };
        document.body.blocks().filter(is_named).map(|block| block.range).collect()
    };
    let found = named(&hcl::parse(text));
    let [range] = found.as_slice() else { return None };
    // Of two blocks of one name nobody knows which is which.
    (named(source.hcl.as_ref()?).len() == 1).then(|| Says::of(&text[range.indices()]))
}

/// The words of a block, in order of the alphabet: lists may be in another order, and layout says nothing.
#[derive(PartialEq, Eq)]
struct Says {
    code: Vec<String>,
    comments: Vec<String>,
}

impl Says {
    fn of(text: &str) -> Says {
        let document = hcl::parse(text);
        let mut code = String::new();
        let mut comments = Vec::new();
        let mut kept = 0;
        for comment in document.comments.all() {
            code.push_str(&text[kept..comment.range.start as usize]);
            code.push(' ');
            comments.extend(words(comment.content(text)));
            kept = comment.range.end as usize;
        }
        code.push_str(&text[kept..]);
        comments.sort_unstable();
        Says { code: words(&code), comments }
    }

    /// Whether it says all that `was` said; a comment more does no harm.
    fn is_as_good_as(&self, was: &Says) -> bool {
        let has = |word: &String| self.comments.binary_search(word).is_ok();
        self.code == was.code && was.comments.iter().all(has)
    }
}

fn words(text: &str) -> Vec<String> {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '"');
    let words = text.split(|c| !is_inside(c)).map(|word| word.trim_matches(['[', ']']).to_owned());
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}
