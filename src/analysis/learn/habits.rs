//! What the blocks of one kind say, counted: what nearly all of them have in common is a habit of the repo.
//!
//! The counts here only choose what is worth a rule; what is told of a habit is what its rule says.

use std::collections::{BTreeMap, BTreeSet};

use super::place::{self, Of, Shape, Way};
use crate::model::{BlockRef, Data, Entry, ExprRef, IgnoreChanges, Map, Repo, Scope, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Body, Item};
use crate::syntax::names_a_secret;
use crate::text::TextRange;

/// What is no habit: how often a block is there, whose it is, and what the others are counted by.
const MECHANICS: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// The same of a module call.
const OF_CALLS: [&str; 3] = ["providers", "source", "version"];

/// Objects are looked into so deep: what stands deeper in a value is rarely a convention.
const DEEPEST: usize = 4;

/// Of one attribute so many values are told apart: where there are more, none is a habit.
const MOST_VALUES: usize = 40;

/// A value for people, and to be compared with: at most so long.
const LONGEST: usize = 60;

/// What most of the places of one kind seem to have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Candidate {
    /// Whose habit it is.
    pub(super) of: Of,
    /// The blocks inside that are judged one by one; empty where it is the block itself.
    pub(super) each: Way,
    /// What they have.
    pub(super) what: What,
}

/// What they have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum What {
    /// Something stands there.
    Present(Way),
    /// Where something stands there, it says this.
    Equals(Way, Said),
    /// The field is in `ignore_changes`.
    Ignored(String),
    /// Whoever ignores the field says this word behind it.
    Marked(String, String),
    /// Where something stands there, a comment beside it has this word.
    Noted(Way, String),
}

/// A plain value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Said {
    Text(String),
    Number(String),
    Bool(bool),
}

/// Which habits are worth a rule.
#[derive(Clone, Copy, Debug)]
pub struct Least {
    /// So many places must be asked.
    pub sites: usize,
    /// So large a part of them must have it, in percent.
    pub percent: usize,
}

impl Least {
    /// Whether it is a habit that `kept` of `sites` have: all of them only where nothing less is asked for.
    pub(super) fn is_met(self, kept: usize, sites: usize) -> bool {
        let is_wanted = if self.percent >= 100 { kept == sites } else { kept < sites };
        is_wanted && sites >= self.sites && kept * 100 >= sites * self.percent
    }
}

/// What may be worth a rule in `repo`, what most have first.
pub(super) fn candidates(repo: &Repo<'_>, least: Least) -> Vec<Candidate> {
    let mut counts = Counts::default();
    let all = repo.blocks().filter_map(|block| Some((Of::block(&block)?, block)));
    let subjects = of_one_module(all.collect());
    for (of, block) in &subjects {
        counts.find_repeated(of, &block.block.body, &Way::default());
    }
    for (of, block) in subjects {
        if let Some(scope) = repo.first_live_scope(&block) {
            counts.add(repo, &of, &block, &scope);
        }
    }
    counts.candidates(least)
}

/// `subjects` without the calls whose sources read alike and lead to several modules: `./factory`.
fn of_one_module(subjects: Vec<(Of, BlockRef<'_>)>) -> Vec<(Of, BlockRef<'_>)> {
    let mut led: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for (of, block) in &subjects {
        if let Of::Module(glob) = of {
            led.entry(glob.clone()).or_default().insert(place::called_from(block));
        }
    }
    let is_one = |(of, _): &(Of, BlockRef<'_>)| match of {
        Of::Module(glob) => led[glob].len() == 1,
        Of::Resource(_) | Of::Data(_) => true,
    };
    subjects.into_iter().filter(is_one).collect()
}

/// Everything that was counted.
#[derive(Default)]
struct Counts {
    /// The blocks that stand in some block more than once.
    repeated: BTreeSet<(Of, Way)>,
    groups: BTreeMap<(Of, Way), Group>,
}

/// The places of one kind.
#[derive(Default)]
struct Group {
    sites: usize,
    places: BTreeMap<Way, Place>,
    ignored: BTreeMap<String, Counted>,
}

/// What was found at one place.
#[derive(Default)]
struct Place {
    count: usize,
    /// In how many of them all that stands below is known.
    closed: usize,
    values: BTreeMap<Said, usize>,
    words: BTreeMap<String, usize>,
}

/// How often, and with which words beside it.
#[derive(Default)]
struct Counted {
    count: usize,
    words: BTreeMap<String, usize>,
}

/// The body that is looked at, and the group that it belongs to.
#[derive(Clone, Copy)]
struct At<'a, 's> {
    repo: &'a Repo<'s>,
    file: &'s SourceFile,
    scope: &'a Scope<'s>,
    of: &'a Of,
    each: &'a Way,
}

impl Counts {
    fn find_repeated(&mut self, of: &Of, body: &Body, way: &Way) {
        let mut seen = BTreeSet::new();
        for block in body.blocks().filter(|block| is_habitual(of, way, &block.kind.name)) {
            let inner = way.then(&block.kind.name, Shape::Block);
            if !seen.insert(inner.clone()) {
                self.repeated.insert((of.clone(), inner.clone()));
            }
            self.find_repeated(of, &block.body, &inner);
        }
    }

    fn add<'s>(&mut self, repo: &Repo<'s>, of: &Of, block: &BlockRef<'s>, scope: &Scope<'s>) {
        let each = Way::default();
        let at = At { repo, file: block.file, scope, of, each: &each };
        let group = self.group(at);
        group.sites += 1;
        if let Some(ignored) = IgnoreChanges::of(block.block) {
            for (path, range) in ignored.entries() {
                let field = group.ignored.entry(path.to_string()).or_default();
                field.count += 1;
                count(&mut field.words, words_beside(block.file, range));
            }
        }
        self.body(at, &block.block.body, &Way::default());
    }

    fn group(&mut self, at: At<'_, '_>) -> &mut Group {
        self.groups.entry((at.of.clone(), at.each.clone())).or_default()
    }

    /// Counts what stands in `body`, at `way` from the place that is judged.
    fn body<'s>(&mut self, at: At<'_, 's>, body: &'s Body, way: &Way) {
        let mut seen = BTreeSet::new();
        let whole = at.each.with(way);
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    if is_habitual(at.of, &whole, &attribute.key.name) {
                        self.attribute(at, attribute, way);
                    }
                }
                Item::Block(block) => {
                    let name = type_of(block);
                    if !is_habitual(at.of, &whole, name) {
                        continue;
                    }
                    let inner = way.then(name, Shape::Block);
                    if seen.insert(inner.clone()) {
                        let words = words_beside(at.file, block.range);
                        let place = self.group(at).places.entry(inner.clone()).or_default();
                        place.count += 1;
                        count(&mut place.words, words);
                    }
                    // What a `dynamic` block makes is seen with other eyes.
                    if block.kind.name != "dynamic" {
                        self.block(at, block, &inner);
                    }
                }
            }
        }
    }

    fn block<'s>(&mut self, at: At<'_, 's>, block: &'s Block, way: &Way) {
        let whole = at.each.with(way);
        if self.repeated.contains(&(at.of.clone(), whole.plain())) {
            let each = whole.every();
            let at = At { each: &each, ..at };
            self.group(at).sites += 1;
            self.body(at, &block.body, &Way::default());
        } else {
            if let Some(place) = self.group(at).places.get_mut(way) {
                place.closed += 1;
            }
            self.body(at, &block.body, way);
        }
    }

    fn attribute<'s>(&mut self, at: At<'_, 's>, attribute: &'s Attribute, way: &Way) {
        let expr = ExprRef { file: at.file, expr: &attribute.value };
        let value = at.repo.eval(expr, at.scope);
        if matches!(value.data, Data::Null) {
            return;
        }
        let way = way.then(&attribute.key.name, Shape::of(&value));
        let words = words_beside(at.file, attribute.range);
        let place = self.group(at).places.entry(way.clone()).or_default();
        count(&mut place.words, words);
        self.value(at, &value, &way, DEEPEST);
    }

    fn value(&mut self, at: At<'_, '_>, value: &Value, way: &Way, deep: usize) {
        let place = self.group(at).places.entry(way.clone()).or_default();
        place.count += 1;
        if let Some(said) = Said::of(value)
            && !is_secret(way)
            && (place.values.len() < MOST_VALUES || place.values.contains_key(&said))
        {
            *place.values.entry(said).or_default() += 1;
        }
        let Data::Map(map) = &value.data else { return };
        if is_known(map) {
            place.closed += 1;
            if deep > 0 {
                // What a path of a rule cannot say is left out.
                let is_sayable = |entry: &&Entry| !entry.key.contains(['"', '{', '}', '\\', '\n']);
                for entry in map.entries.iter().filter(is_sayable) {
                    let inner = way.then_key(&entry.key, Shape::of(&entry.value));
                    self.value(at, &entry.value, &inner, deep - 1);
                }
            }
        }
    }

    fn candidates(self, least: Least) -> Vec<Candidate> {
        let mut found: Vec<(usize, usize, Candidate)> = Vec::new();
        for ((of, each), group) in self.groups {
            let mut add = |kept: usize, sites: usize, what: What| {
                if least.is_met(kept, sites) {
                    let candidate = Candidate { of: of.clone(), each: each.clone(), what };
                    found.push((kept, sites, candidate));
                }
            };
            for (way, place) in &group.places {
                let sites = match way.parent() {
                    Some(parent) => group.places.get(&parent).map_or(0, |parent| parent.closed),
                    None => group.sites,
                };
                add(place.count, sites, What::Present(way.clone()));
                for (said, kept) in &place.values {
                    add(*kept, place.count, What::Equals(way.clone(), said.clone()));
                }
                for (word, kept) in &place.words {
                    add(*kept, place.count, What::Noted(way.clone(), word.clone()));
                }
            }
            for (field, counted) in &group.ignored {
                add(counted.count, group.sites, What::Ignored(field.clone()));
                for (word, kept) in &counted.words {
                    add(*kept, counted.count, What::Marked(field.clone(), word.clone()));
                }
            }
        }
        // The share first, then how many there are: the larger share is kept / sites, compared across.
        found.sort_by(|(a, of_a, x), (b, of_b, y)| {
            (b * of_a).cmp(&(a * of_b)).then(of_b.cmp(of_a)).then(x.cmp(y))
        });
        found.into_iter().map(|(_, _, candidate)| candidate).collect()
    }
}

impl Said {
    fn of(value: &Value) -> Option<Said> {
        match &value.data {
            Data::Bool(value) => Some(Said::Bool(*value)),
            Data::Number(digits) => Some(Said::Number(digits.to_string())),
            Data::Text(_) => {
                let text = value.as_str()?;
                let is_plain = text.len() <= LONGEST && !text.contains(['\n', '{', '}', '"', '\\']);
                (is_plain && !text.is_empty()).then(|| Said::Text(text.into_owned()))
            }
            _ => None,
        }
    }
}

/// Whether `name` in what stands at `way` may be a habit of `of`.
fn is_habitual(of: &Of, way: &Way, name: &str) -> bool {
    let is_call = matches!(of, Of::Module(_)) && OF_CALLS.contains(&name);
    !(way.is_empty() && (MECHANICS.contains(&name) || is_call))
}

/// Whether every key is known.
fn is_known(map: &Map) -> bool {
    map.open.is_none()
}

fn count(counts: &mut BTreeMap<String, usize>, words: BTreeSet<String>) {
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
}

/// The words in the comments above and behind what stands at `range` that look like markers: `NO_BACKUP`.
fn words_beside(file: &SourceFile, range: TextRange) -> BTreeSet<String> {
    let comments = file.leading(range).iter().chain(file.trailing(range));
    let texts = comments.map(|comment| comment.content(&file.text));
    texts.flat_map(markers).map(str::to_owned).collect()
}

/// The words of capital letters in `text` that are joined by `_`.
fn markers(text: &str) -> impl Iterator<Item = &str> {
    let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(move |word| {
        let is_whole =
            word.chars().all(is_letter) && word.starts_with(|c: char| c.is_ascii_uppercase());
        is_whole && word.trim_matches('_').contains('_')
    })
}

/// The type of `block`, or that of the blocks that it makes.
fn type_of(block: &Block) -> &str {
    match block.kind.name.as_str() {
        "dynamic" => block.label(0).unwrap_or("dynamic"),
        name => name,
    }
}

fn is_secret(way: &Way) -> bool {
    way.last().is_some_and(|step| names_a_secret(&step.name))
}
