//! Which fixes are applied in one go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Left, Reach, Wish};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, LinkEdit};
use crate::syntax::SourceFile;
use crate::syntax::hcl::Body;
use crate::text::{FileId, Span, TextRange, collide, dir_of};

/// A fix, and what it is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// The rule whose diagnostics it is for.
    pub rule: Arc<str>,
    /// What applying it does, in the imperative.
    pub title: String,
    /// Its label.
    pub applicability: Applicability,
    /// The edits.
    pub edits: Vec<Edit>,
    /// The links.
    pub links: Vec<LinkEdit>,
    /// The diagnostics that bring it, by position: several may bring the same.
    pub diagnostics: Vec<usize>,
}

/// What became of the diagnostics of a run.
#[derive(Debug, Default)]
pub struct Choice {
    /// The fixes to apply.
    pub taken: Vec<Candidate>,
    /// For each diagnostic, why nothing is done about it; none where a fix is taken.
    pub left: Vec<Option<Left>>,
}

/// Fixes that were tried and not taken, by what they were for: a run that looks again meets them again.
#[derive(Debug, Default)]
pub struct Refusals(BTreeSet<Spot>);

/// A diagnostic among others that say the same of the same thing: with its line, white space apart, and how many before it
/// stand on one like that.
type Spot = (Key, String, usize);

/// A diagnostic, by what does not move when lines above it do: rule, path, address and message.
pub(in crate::engine) type Key = (Arc<str>, Box<str>, Option<String>, String);

pub(super) fn key(diagnostic: &Diagnostic, sources: &[SourceFile]) -> Key {
    let path = sources.get(diagnostic.span.file.index()).map(|source| source.path.clone());
    let Diagnostic { rule, address, message, .. } = diagnostic;
    (Arc::clone(rule), path.unwrap_or_default(), address.clone(), message.clone())
}

impl Refusals {
    /// Notes that the fixes of those of `diagnostics` at `positions` are not to be tried again.
    pub fn add(&mut self, positions: &[usize], diagnostics: &[Diagnostic], sources: &[SourceFile]) {
        let spots = spots(diagnostics, sources).enumerate();
        self.0.extend(spots.filter(|(at, _)| positions.contains(at)).map(|(_, spot)| spot));
    }

    /// For each of `diagnostics`, whether its fix is one of them.
    pub fn among(&self, diagnostics: &[Diagnostic], sources: &[SourceFile]) -> Vec<bool> {
        if self.0.is_empty() {
            return vec![false; diagnostics.len()];
        }
        spots(diagnostics, sources).map(|spot| self.0.contains(&spot)).collect()
    }
}

fn spots(diagnostics: &[Diagnostic], sources: &[SourceFile]) -> impl Iterator<Item = Spot> {
    let mut counts: BTreeMap<(Key, String), usize> = BTreeMap::new();
    diagnostics.iter().map(move |diagnostic| {
        let Span { file, range } = diagnostic.span;
        let line = sources.get(file.index()).map_or("", |source| {
            let lines = source.lines();
            &source.text[lines.range_of(&source.text, lines.line_of(range.start)).indices()]
        });
        let words: Vec<&str> = line.split_whitespace().collect();
        let (key, line) = (key(diagnostic, sources), words.join(" "));
        let count = counts.entry((key.clone(), line.clone())).or_default();
        *count += 1;
        (key, line, *count - 1)
    })
}

/// The part of a file that a fix is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Stretch {
    file: FileId,
    /// From its first edit to its last.
    hull: TextRange,
    /// What stands between the braces of the innermost block around that; none outside of blocks.
    block: Option<TextRange>,
}

impl Stretch {
    fn meets(&self, other: &Stretch) -> bool {
        self.file == other.file
            && (collide(self.hull, other.hull)
                || (self.block.is_some() && self.block == other.block))
    }
}

/// Chooses from the fixes of `diagnostics`, in their order, those that `wish` allows and that can be applied together. What only
/// takes something out waits until nothing else is to be done: another fix may be about to use it.
pub fn choose(
    sources: &[SourceFile],
    diagnostics: &[Diagnostic],
    wish: &Wish,
    refused: &Refusals,
) -> Choice {
    let refused = refused.among(diagnostics, sources);
    let first = choose_from(sources, diagnostics, wish, &refused, |fix| !only_deletes(fix));
    if first.taken.is_empty() {
        return choose_from(sources, diagnostics, wish, &refused, |_| true);
    }
    first
}

fn only_deletes(fix: &Fix) -> bool {
    fix.links.is_empty() && fix.edits.iter().all(|edit| edit.text.is_empty())
}

/// The same, of those whose turn it is.
fn choose_from(
    sources: &[SourceFile],
    diagnostics: &[Diagnostic],
    wish: &Wish,
    refused: &[bool],
    has_turn: impl Fn(&Fix) -> bool,
) -> Choice {
    let mut choice = Choice::default();
    let mut touched: BTreeMap<FileId, Vec<Stretch>> = BTreeMap::new();
    for (position, diagnostic) in diagnostics.iter().enumerate() {
        let left = match allowed(sources, diagnostic, wish, refused[position]) {
            Err(left) => Some(left),
            Ok(fix) if !has_turn(fix) => Some(Left::Overlap),
            Ok(fix) if joins(&mut choice.taken, diagnostic, fix, position) => None,
            Ok(fix) => {
                let stretches = stretches(sources, &fix.edits);
                let is_free = makes_other_links(&choice.taken, fix)
                    && !stretches.iter().any(|it| meets_any(it, &touched));
                if is_free {
                    for stretch in stretches {
                        touched.entry(stretch.file).or_default().push(stretch);
                    }
                    choice.taken.push(candidate(diagnostic, fix, position));
                }
                (!is_free).then_some(Left::Overlap)
            }
        };
        choice.left.push(left);
    }
    choice
}

/// Whether the same rule has the same `fix` among those that are taken: then it is for `diagnostic` too.
fn joins(taken: &mut [Candidate], diagnostic: &Diagnostic, fix: &Fix, position: usize) -> bool {
    let does_it = |it: &&mut Candidate| it.edits == fix.edits && it.links == fix.links;
    let same = taken.iter_mut().rev().find(does_it).filter(|it| it.rule == diagnostic.rule);
    same.map(|it| it.diagnostics.push(position)).is_some()
}

/// Whether no fix that is taken makes a link that `fix` makes.
fn makes_other_links(taken: &[Candidate], fix: &Fix) -> bool {
    let mut made = taken.iter().flat_map(|other| &other.links);
    !made.any(|it| fix.links.iter().any(|link| link.path == it.path))
}

fn meets_any(stretch: &Stretch, touched: &BTreeMap<FileId, Vec<Stretch>>) -> bool {
    touched.get(&stretch.file).is_some_and(|others| others.iter().any(|it| it.meets(stretch)))
}

/// The fix of `diagnostic`, if it may be applied.
fn allowed<'d>(
    sources: &[SourceFile],
    diagnostic: &'d Diagnostic,
    wish: &Wish,
    is_refused: bool,
) -> Result<&'d Fix, Left> {
    let fix = diagnostic.fix.as_ref().filter(|fix| !fix.is_empty()).ok_or(Left::NoFix)?;
    if !wish.wants(&diagnostic.rule) {
        return Err(Left::NotAsked);
    }
    if let Some(left) = wish.forbids(fix) {
        return Err(left);
    }
    if !reaches(wish.reach, sources, diagnostic, fix) {
        return Err(Left::Elsewhere);
    }
    let is_broken = |edit: &Edit| {
        let source = sources.get(edit.span.file.index());
        source.is_none_or(|it| it.hcl.as_ref().is_some_and(|tree| !tree.errors.is_empty()))
    };
    if fix.edits.iter().any(is_broken) {
        return Err(Left::Broken);
    }
    if is_refused {
        return Err(Left::Refused);
    }
    Ok(fix)
}

/// Whether all that `fix` changes is within `reach` of `diagnostic`.
fn reaches(reach: Reach, sources: &[SourceFile], diagnostic: &Diagnostic, fix: &Fix) -> bool {
    let own = diagnostic.span.file;
    let has_own_edits = || fix.edits.iter().all(|edit| edit.span.file == own);
    let beside = sources.get(own.index()).map(|source| dir_of(&source.path));
    match reach {
        Reach::Repo => true,
        Reach::Beside => {
            let is_beside = |link: &LinkEdit| beside == Some(dir_of(&link.path));
            has_own_edits() && fix.links.iter().all(is_beside)
        }
        Reach::File => has_own_edits() && fix.links.is_empty(),
    }
}

fn candidate(diagnostic: &Diagnostic, fix: &Fix, position: usize) -> Candidate {
    Candidate {
        rule: Arc::clone(&diagnostic.rule),
        title: fix.title.clone(),
        applicability: fix.applicability,
        edits: fix.edits.clone(),
        links: fix.links.clone(),
        diagnostics: vec![position],
    }
}

fn stretches(sources: &[SourceFile], edits: &[Edit]) -> Vec<Stretch> {
    let mut hulls: BTreeMap<FileId, TextRange> = BTreeMap::new();
    for edit in edits {
        let hull = hulls.entry(edit.span.file).or_insert(edit.span.range);
        *hull = hull.cover(edit.span.range);
    }
    let stretch = |(file, hull): (FileId, TextRange)| {
        let tree = sources.get(file.index()).and_then(|source| source.hcl.as_ref());
        let block = tree.and_then(|tree| innermost(&tree.body, hull));
        Stretch { file, hull, block }
    };
    hulls.into_iter().map(stretch).collect()
}

/// What stands between the braces of the innermost block around `range`.
fn innermost(body: &Body, range: TextRange) -> Option<TextRange> {
    let block = body.blocks().find(|block| block.body.range.contains(range))?;
    Some(innermost(&block.body, range).unwrap_or(block.body.range))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::syntax::Format;

    const TEXT: &str = "a {\n  x = 1\n  y = 2\n  b {\n    z = 3\n  }\n}\nc {\n  w = 4\n}\n";

    fn sources(text: &str) -> Vec<SourceFile> {
        let path = "main.tf";
        vec![SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path))]
    }

    /// A diagnostic of `rule` on the bytes `at`, with a fix that replaces them.
    fn diagnostic(rule: &str, at: &str, applicability: Applicability) -> Diagnostic {
        let start = TEXT.find(at).unwrap();
        let span = Span { file: FileId(0), range: TextRange::new(start, start + at.len()) };
        let edits = vec![Edit { span, text: "0".to_owned() }];
        Diagnostic {
            rule: rule.into(),
            outcome: "x".into(),
            convention: None,
            severity: Severity::Error,
            message: at.to_owned(),
            help: None,
            span,
            related: Vec::new(),
            stack: None,
            address: None,
            fix: Some(Fix::of_edits("", applicability, edits)),
        }
    }

    fn wish(is_unsafe: bool, only: &[&str]) -> Wish {
        let only = only.iter().map(|&name| name.to_owned()).collect();
        Wish { is_unsafe, only, reach: Reach::Repo }
    }

    fn left(diagnostics: &[Diagnostic], wish: &Wish) -> Vec<Option<Left>> {
        choose(&sources(TEXT), diagnostics, wish, &Refusals::default()).left
    }

    #[test]
    fn labels_are_kept_to() {
        use Applicability::{DisplayOnly, Safe, Unsafe};
        let all = [
            diagnostic("p/a", "1", Safe),
            diagnostic("p/b", "3", Unsafe),
            diagnostic("q/c", "4", DisplayOnly),
        ];
        let asked = [None, Some(Left::Unsafe), Some(Left::DisplayOnly)];
        assert_eq!(left(&all, &wish(false, &[])), asked);
        assert_eq!(left(&all, &wish(true, &[])), [None, None, Some(Left::DisplayOnly)]);
        let other = Some(Left::NotAsked);
        assert_eq!(left(&all, &wish(true, &["p/b"])), [other, None, other]);
        assert_eq!(left(&all, &wish(true, &["q"])), [other, other, Some(Left::DisplayOnly)]);
    }

    #[test]
    fn one_fix_at_a_time_changes_a_block() {
        let safe = |at| diagnostic("p/a", at, Applicability::Safe);
        let all = [safe("1"), safe("2"), safe("3"), safe("4")];
        assert_eq!(left(&all, &wish(false, &[])), [None, Some(Left::Overlap), None, None]);
        // A fix that reaches over a block comes before what is inside.
        let all = [safe("1\n  y = 2\n  b {\n    z = 3"), safe("3"), safe("4")];
        assert_eq!(left(&all, &wish(false, &[])), [None, Some(Left::Overlap), None]);
    }

    #[test]
    fn what_several_diagnostics_bring_is_done_once() {
        let safe = |at| diagnostic("p/a", at, Applicability::Safe);
        let choice = choose(
            &sources(TEXT),
            &[safe("1"), safe("1")],
            &wish(false, &[]),
            &Refusals::default(),
        );
        assert_eq!(choice.left, [None, None]);
        assert_eq!(choice.taken.len(), 1);
        assert_eq!(choice.taken[0].diagnostics, [0, 1]);
    }

    #[test]
    fn what_was_refused_and_what_is_broken_is_left() {
        let one = diagnostic("p/a", "1", Applicability::Safe);
        // The same is said of another place.
        let other = Diagnostic {
            message: one.message.clone(),
            ..diagnostic("p/a", "3", Applicability::Safe)
        };
        let mut refused = Refusals::default();
        refused.add(&[0], &[one.clone(), other.clone()], &sources(TEXT));
        let left = |text: &str, all: &[Diagnostic]| {
            choose(&sources(text), all, &wish(true, &[]), &refused).left
        };
        assert_eq!(left(TEXT, &[one.clone(), other.clone()]), [Some(Left::Refused), None]);
        assert_eq!(left(TEXT, &[other, one.clone()]), [None, Some(Left::Refused)]);
        let spaced = TEXT.replace("x = 1", "x  =   1");
        assert_eq!(left(&spaced, std::slice::from_ref(&one)), [Some(Left::Refused)]);
        let broken = sources(&format!("{TEXT}d {{\n"));
        let choice = choose(&broken, &[one], &wish(true, &[]), &Refusals::default());
        assert_eq!(choice.left, [Some(Left::Broken)]);
    }
}
