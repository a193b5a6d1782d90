//! Rows gathered from the whole repo before any rule runs: what one subject says, so that others can be held against it.
//!
//! Invariant: a gather reads the model and the gathers before it alone, so its rows are computed once for all rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use smol_str::SmolStr;

use super::breadth::{Look, with_needs};
use super::clause::{Clauses, Doubtful, expand, forget_unasked};
use super::env::{Bound, Env, Filled};
use super::matcher::Around;
use super::node::{Node, Place};
use super::rows::{Kept, Row, Rows, Said};
use super::select::Select;
use super::selector::Start;
use super::shown::Shown;
use super::surroundings::Surroundings;
use super::truth::{Evidence, Ground, Truth};
use crate::model::{Data, Map, Reason, Repo, Value};
use crate::rule::{Interest, Job, Stop, Viewing, guarded, jobs};
use crate::text::Span;

/// A gather of a pack, compiled.
#[derive(Debug)]
pub struct Gather {
    /// `PACK.NAME`
    pub name: SmolStr,
    /// What a row's place is, for labels: `the claim stands here`.
    pub(super) label: String,
    /// Whether there must be rows: with none, what is asked of them is not known.
    pub(super) is_expected: bool,
    /// Where rows come from.
    pub(super) origins: Vec<RowOrigin>,
    /// The names of the columns.
    pub(super) columns: Arc<[SmolStr]>,
    /// Those that some rule or gather asks for.
    pub(super) asked: Arc<[SmolStr]>,
    /// The positions and keys that it asks for itself.
    pub(super) asks: Vec<SmolStr>,
    /// The gathers it needs, by number.
    pub(super) needs: Vec<usize>,
    /// How many gathers must be there before: one more than the highest of those it needs.
    pub(super) level: usize,
}

/// One of the places where a gather's rows come from.
#[derive(Debug)]
pub(super) struct RowOrigin {
    pub(super) start: Start,
    pub(super) clauses: Clauses,
    /// What these ask about.
    pub(super) looks: Vec<Look>,
}

/// Which columns rows have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Columns {
    /// Those that some rule or gather asks for.
    Asked,
    /// All.
    All,
}

/// Where some of a gather's rows come from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'g> {
    gather: usize,
    origin: &'g RowOrigin,
}

/// Rows found on the way.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    /// Why there are more, where there are.
    open: Option<Reason>,
    /// Those of modules that nobody calls.
    uncalled: Vec<Row>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.uncalled.is_empty() && self.open.is_none()
    }
}

/// What one source made of one subject, where it made something of it, or how it panicked.
struct Built {
    source: usize,
    found: Result<Found, String>,
}

/// The rows of every gather that the rules of a run need.
#[derive(Debug, Default)]
pub struct Gathered {
    tables: Vec<Rows>,
    /// For each gather that was needed, its number and how long it took.
    pub spent: Vec<(usize, Duration)>,
    /// For each panic, the gather and what it said.
    pub failures: Vec<(usize, String)>,
}

impl Gathered {
    /// Where the rows of `needed` (by number), and of what they need, come from.
    pub fn sources<'g>(gathers: &'g [Gather], needed: &BTreeSet<usize>) -> Vec<Source<'g>> {
        let wanted = with_needs(gathers, needed.iter().copied());
        let sources = wanted.into_iter().flat_map(|gather| {
            gathers[gather].origins.iter().map(move |origin| Source { gather, origin })
        });
        sources.collect()
    }

    /// Those of `sources` from which the rows of `gathers` come: whether each is one.
    pub fn feeding(sources: &[Source<'_>], gathers: &BTreeSet<usize>) -> Vec<bool> {
        sources.iter().map(|source| gathers.contains(&source.gather)).collect()
    }

    /// The gathers, by number, that may have a row among what `viewings` show to `sources`: a row lies in the file of the
    /// subject that it is made of, and one that is made of another row in the file of that one.
    pub fn holding<'a>(
        repo: &'a Repo<'a>,
        gathers: &[Gather],
        sources: &[Source<'_>],
        viewings: &[Viewing<'a>],
    ) -> BTreeSet<usize> {
        let nothing = Gathered::default();
        let has_row = |shown: &Shown<'a>, source: usize| {
            let origin = sources[source].origin;
            let rows = || rows(repo, &nothing, shown, (origin, &[])).rows;
            origin.start.rows_of().is_none()
                && (!origin.looks.is_empty() || guarded(rows).map_or(true, |rows| !rows.is_empty()))
        };
        let holding = viewings.par_iter().with_max_len(1).flat_map_iter(|viewing| {
            let shown = Shown::new(viewing.subject);
            let having = viewing.viewers.iter().filter(|&&source| has_row(&shown, source));
            having.map(|&source| sources[source].gather).collect::<Vec<_>>()
        });
        let mut holding: BTreeSet<usize> = holding.collect();
        // What is gathered from rows comes at a higher level than they.
        let rows_of = |source: &Source<'_>| Some((source.origin.start.rows_of()?, source.gather));
        let mut from_rows: Vec<(usize, usize)> = sources.iter().filter_map(rows_of).collect();
        from_rows.sort_by_key(|(_, gather)| gathers[*gather].level);
        for (of, gather) in from_rows {
            if holding.contains(&of) {
                holding.insert(gather);
            }
        }
        holding
    }

    /// Gathers what `needed` and what they need say about `repo`: `viewings` show the subjects to `sources`, by position.
    /// Where one panics, nobody knows which rows there are; and nobody wants to where it was told to `stop`.
    pub fn build<'a>(
        repo: &'a Repo<'a>,
        gathers: &[Gather],
        sources: &[Source<'_>],
        viewings: &[Viewing<'a>],
        (needed, kept): (&BTreeSet<usize>, Columns),
        stop: &Stop,
    ) -> Self {
        let mut gathered = Gathered::default();
        gathered.tables.resize_with(gathers.len(), Rows::default);
        let wanted = with_needs(gathers, needed.iter().copied());
        let levels: BTreeSet<usize> = wanted.iter().map(|&gather| gathers[gather].level).collect();
        let spent: Vec<AtomicU64> = sources.iter().map(|_| AtomicU64::default()).collect();
        for level in levels {
            let is_now = |source: &Source<'_>| {
                gathers[source.gather].level == level && wanted.contains(&source.gather)
            };
            let build = |shown: &Shown<'a>, source: usize| {
                let started = Instant::now();
                let Source { gather, origin } = sources[source];
                let columns = gathers[gather].kept(kept);
                let found = guarded(|| rows(repo, &gathered, shown, (origin, columns)));
                let elapsed = started.elapsed().as_nanos() as u64;
                spent[source].fetch_add(elapsed, Ordering::Relaxed);
                let is_nothing = found.as_ref().is_ok_and(Found::is_empty);
                (!is_nothing).then_some(Built { source, found })
            };
            let searches = |source: usize| sources[source].origin.start.searches();
            let jobs = jobs(viewings, |source| is_now(&sources[source]), searches);
            let built: Vec<Vec<Built>> = jobs
                .into_par_iter()
                // Large files stand together: none is to wait behind another one while a thread is idle.
                .with_max_len(1)
                .filter(|_| !stop.is_stopped())
                .map(|job| match job {
                    Job::Subject(subject, asked) => {
                        let shown = Shown::new(subject);
                        asked.into_iter().filter_map(|source| build(&shown, source)).collect()
                    }
                    Job::Search(source, viewings) => {
                        let viewings = viewings.into_iter().filter(|_| !stop.is_stopped());
                        let built = viewings
                            .filter_map(|it| build(&Shown::new(it.subject), source))
                            .collect();
                        sources[source].origin.start.rest();
                        built
                    }
                })
                .collect();
            let mut by_source: BTreeMap<usize, Found> = BTreeMap::new();
            for Built { source, found } in built.into_iter().flatten() {
                let mut found = found.unwrap_or_else(|panic| {
                    gathered.failures.push((sources[source].gather, panic));
                    let open = Some(Reason::new("the rows could not all be gathered"));
                    Found { open, ..Found::default() }
                });
                let all = by_source.entry(source).or_default();
                all.rows.append(&mut found.rows);
                all.open = all.open.take().or(found.open);
                all.uncalled.append(&mut found.uncalled);
            }
            for &number in wanted.iter().filter(|&&gather| gathers[gather].level == level) {
                let gather = &gathers[number];
                let (label, columns) = (gather.label.clone(), Arc::clone(gather.kept(kept)));
                gathered.tables[number] = Rows::new(label, gather.is_expected, columns);
            }
            for (source, mut found) in by_source {
                let table = &mut gathered.tables[sources[source].gather];
                table.all.reserve_exact(found.rows.len());
                table.all.append(&mut found.rows);
                table.uncalled.append(&mut found.uncalled);
                table.open = table.open.take().or(found.open);
            }
        }
        let mut by_gather: BTreeMap<usize, Duration> = BTreeMap::new();
        for (source, nanos) in sources.iter().zip(spent) {
            let spent = Duration::from_nanos(nanos.into_inner());
            *by_gather.entry(source.gather).or_default() += spent;
        }
        by_gather.retain(|_, spent| !spent.is_zero());
        gathered.spent = by_gather.into_iter().collect();
        gathered
    }

    pub(super) fn rows(&self, gather: usize) -> &Rows {
        &self.tables[gather]
    }

    pub(super) fn label(&self, gather: usize) -> &str {
        &self.tables[gather].label
    }

    /// Whether `text` is in `column`. Of a list that was not found nothing is known.
    pub(super) fn contains(
        &self,
        (gather, column): (usize, &str),
        text: &str,
        env: &Env<'_>,
        ground: Ground,
    ) -> Truth {
        let table = &self.tables[gather];
        let beside: Vec<&Row> = table.beside(env).collect();
        if table.all.is_empty() && beside.is_empty() {
            return Truth::unknown(table.why_empty());
        }
        let (index, slot) = (table.column(column), table.slot(column));
        let elsewhere = index.by_text.get(text).into_iter().flatten().map(|&at| table.row(at));
        let says_it = |row: &&Row| matches!(row.said(slot), Said::Text(said) if said == text);
        let found: Vec<&Row> = elsewhere.chain(beside.iter().copied().filter(says_it)).collect();
        let certain = found.iter().find(|row| row.doubt.is_none());
        if let Some(first) = certain.or(found.first()).copied() {
            if let Some(reason) = &first.doubt {
                return Truth::unknown(reason.clone());
            }
            let told = |it: &mut Evidence| it.related.push((first.site, table.label.clone()));
            return Truth::yes(ground.with(told));
        }
        let mut doubtful = index.unknown.iter().map(|&at| table.row(at)).chain(beside);
        if let Some(reason) = doubtful.find_map(|row| match row.said(slot) {
            Said::Unknown(reason) => Some(reason.clone()),
            _ => None,
        }) {
            return Truth::unknown(reason);
        }
        if let Some(reason) = &table.open {
            return Truth::unknown(reason.clone());
        }
        let told = |it: &mut Evidence| {
            let mut known: Vec<&str> = index.by_text.keys().map(SmolStr::as_str).collect();
            known.sort_unstable();
            it.near = crate::config::nearest(text, known).map(str::to_owned);
            let list = table.all.first();
            it.related
                .extend(list.map(|row| (row.site, format!("required here: {}", table.label))));
        };
        Truth::no(ground.with(told))
    }
}

impl Gather {
    /// The gather `name`, of which nothing is read but the name: for one that nobody needs.
    pub(in crate::rule) fn unread(name: SmolStr) -> Self {
        Gather {
            name,
            label: String::new(),
            is_expected: false,
            origins: Vec::new(),
            columns: Arc::default(),
            asked: Arc::default(),
            asks: Vec::new(),
            needs: Vec::new(),
            level: 0,
        }
    }

    /// The columns that its rows have where so many are `kept`.
    fn kept(&self, kept: Columns) -> &Arc<[SmolStr]> {
        match kept {
            Columns::Asked => &self.asked,
            Columns::All => &self.columns,
        }
    }

    /// The gathers that it needs, by number.
    pub(in crate::rule) fn needs(&self) -> &[usize] {
        &self.needs
    }

    /// Tells it which of its columns somebody asks for.
    pub(in crate::rule) fn expect(&mut self, asked: Arc<[SmolStr]>) {
        let is_asked = |name: &str| asked.iter().chain(&self.asks).any(|column| column == name);
        for RowOrigin { start, clauses, .. } in &mut self.origins {
            forget_unasked(clauses, is_asked);
            if let Start::Own(Select::Text(text)) = start {
                text.surroundings = text.surroundings.and(Surroundings::asked(is_asked));
            }
        }
        self.asked = asked;
    }
}

/// Gives each of `gathers` its level. The first one that needs itself, through others or not, is the error.
pub(in crate::rule) fn order(gathers: &mut [Gather]) -> Result<(), usize> {
    for _ in 0..=gathers.len() {
        let levels: Vec<usize> = gathers.iter().map(|gather| gather.level).collect();
        let mut changed = None;
        for (number, gather) in gathers.iter_mut().enumerate() {
            let level = gather.needs.iter().map(|&need| levels[need] + 1).max().unwrap_or(0);
            if level != gather.level {
                gather.level = level;
                changed = Some(number);
            }
        }
        if changed.is_none() {
            return Ok(());
        }
    }
    // Without a circle, no level is higher than there are gathers.
    let highest = gathers.iter().enumerate().max_by_key(|(_, gather)| gather.level);
    Err(highest.map_or(0, |(number, _)| number))
}

impl Source<'_> {
    /// What it has to be shown.
    pub fn interests(&self) -> Vec<Interest> {
        self.origin.start.interests()
    }
}

impl RowOrigin {
    /// The gathers that it needs, by number.
    pub(super) fn needs(&self) -> impl Iterator<Item = usize> {
        let looks = self.looks.iter().map(|look| look.gather);
        self.start.rows_of().into_iter().chain(looks)
    }
}

/// The rows that one source makes of one subject.
fn rows<'a>(
    repo: &Repo<'a>,
    gathered: &Gathered,
    shown: &Shown<'a>,
    (origin, columns): (&RowOrigin, &[SmolStr]),
) -> Found {
    let RowOrigin { start, clauses, .. } = origin;
    let mut found = Found::default();
    let started = start.envs(repo, gathered, shown, Doubtful::Kept);
    found.open = started.unknown.first().map(|(_, reason)| reason.clone());
    for env in &*started.envs {
        let (envs, cut) = expand(repo, gathered, clauses, env.clone(), Doubtful::Kept);
        // What nobody calls is nowhere, but for what stands beside it.
        let is_live = env.is_live();
        let cut = cut.into_iter().next().filter(|_| is_live);
        found.open = found.open.or_else(|| cut.map(|(_, reason)| reason));
        for env in envs {
            let site = env.innermost().site;
            debug_assert!(
                start.rows_of().is_some() || shown.subject.lies_in(site.file),
                "a row lies in the file of the subject that it is made of"
            );
            let around = Around { repo, gathered, env: &env, is_told: false };
            let cells = columns.iter().map(|name| cell(&around, name)).collect();
            let (doubt, implicit) = (env.doubt.clone(), Arc::clone(&env.root.implicit));
            let row = Row { site, which: env.root.which.clone(), doubt, cells, implicit };
            if is_live { &mut found.rows } else { &mut found.uncalled }.push(row);
        }
    }
    found
}

/// What the subject says in the column `name`; none where no name of that kind was given.
fn cell(around: &Around<'_, '_>, name: &str) -> Option<Kept> {
    let env = around.env;
    let Some(bound) = env.bound(name) else {
        // Of a row that is gathered again, the columns are names.
        return match env.text(name) {
            Filled::Text(text) => {
                Some(Kept::Known(Value::text(text.into_owned(), env.root.subject.site)))
            }
            Filled::Absent => None,
            Filled::Unknown(reason) => Some(Kept::Unknown(reason)),
        };
    };
    Some(match bound {
        Bound::Text(text) => Kept::Text(text.clone()),
        Bound::Absent => Kept::Absent,
        Bound::Unknown(reason) => Kept::Unknown(reason.clone()),
        Bound::Place(place) => match &place.node {
            Node::Body(_) => Kept::Known(Value { data: block_of_a_row(), span: place.site }),
            Node::Value(value) => match &value.data {
                Data::Unknown(reason) => Kept::Unknown(reason.clone()),
                Data::Text(text) => match text.hole() {
                    Some(reason) => Kept::Unknown(reason),
                    None => Kept::Known(Value { data: value.data.clone(), span: written(place) }),
                },
                _ => Kept::Known(Value { data: value.data.clone(), span: written(place) }),
            },
        },
    })
}

/// A block in a row: it is there, and what stands in it is not known.
fn block_of_a_row() -> Data {
    static UNKNOWN: LazyLock<Arc<Map>> = LazyLock::new(|| {
        let why = Reason::new("a row keeps nothing of what stands in a block: ask in the gather");
        Arc::new(Map { entries: Vec::new(), open: Some(why) })
    });
    Data::Map(Arc::clone(&UNKNOWN))
}

/// Where the rules that ask for a cell are to look: at the place itself, or at the row that it was looked up in.
fn written(place: &Place<'_>) -> Span {
    place.looked_up().unwrap_or(place.site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Subject;
    use crate::rule::language::select::Select;
    use crate::rule::language::selector::Start;

    #[test]
    fn one_that_panics_takes_no_other_with_it_and_its_rows_are_not_known() {
        let gather = |name: &str, origins| Gather { origins, ..Gather::unread(name.into()) };
        // There is no such gather: a pack that says so does not load.
        let start = Start::Own(Select::Row { gather: 7 });
        let broken = vec![RowOrigin { start, clauses: Vec::new(), looks: Vec::new() }];
        let gathers = [gather("t.broken", broken), gather("t.empty", Vec::new())];
        let needed = BTreeSet::from([0, 1]);
        let sources = Gathered::sources(&gathers, &needed);
        let viewings = [Viewing { subject: Subject::Repo, viewers: [0].into() }];
        let repo = Repo::build(&[], &[]);
        let gathered = Gathered::build(
            &repo,
            &gathers,
            &sources,
            &viewings,
            (&needed, Columns::Asked),
            &Stop::default(),
        );
        assert_eq!(gathered.failures.iter().map(|it| it.0).collect::<Vec<_>>(), [0]);
        assert!(gathered.rows(0).open.is_some());
        assert!(gathered.rows(1).open.is_none());
    }
}
