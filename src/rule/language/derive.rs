//! What can be told from an entry before it is compiled: the columns of gathers, the names of groups, the types meant.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::clause::{Clause, Clauses};
use super::select::Select;
use super::surroundings;
use crate::config::{ConfigSource, LiteralKind, literal};
use crate::rule::entry::Params;
use crate::rule::raw::RawGather;
use crate::syntax::hcl::{Block, Body};

/// The blocks that name and narrow a subject.
const CLAUSES: [&str; 5] = ["each", "let", "unknown", "unless", "where"];

/// A rule about the fields of a mutator is about the types that these fields are in.
pub(super) fn narrow(select: &mut Select, clauses: &Clauses) {
    let Select::Block(block) = select else { return };
    let fields = clauses.iter().find_map(|(_, clause)| match clause {
        Clause::Fields { fields, .. } => Some(fields),
        _ => None,
    });
    let Some(fields) = fields else { return };
    let types = fields.iter().map(|(kind, _)| kind);
    if block.labels.is_empty() && block.globs.is_none() {
        block.labels = types.cloned().collect();
    } else if let Some(globs) = block.globs.take() {
        block.labels.extend(types.filter(|kind| globs.is_match(kind.as_str())).cloned());
    }
}

/// The names of a regex's groups, without `at`, which marks what is underlined.
pub(super) fn group_names(pattern: &str) -> Vec<SmolStr> {
    let mut names = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find("(?") {
        rest = &rest[at + 2..];
        let inside = rest.strip_prefix('P').unwrap_or(rest);
        if let Some((name, _)) = inside.strip_prefix('<').and_then(|it| it.split_once('>'))
            && name != "at"
            && !name.starts_with(['=', '!'])
        {
            names.push(name.into());
        }
    }
    names
}

/// The name of a selector, before it is compiled, and where it stands.
pub(in crate::rule) struct SelectorName<'a> {
    /// `PACK.NAME`
    pub(in crate::rule) name: SmolStr,
    block: &'a Block,
}

/// The name of the selector in `block` of `pack`.
pub(in crate::rule) fn selector_name<'a>(pack: &str, block: &'a Block) -> Option<SelectorName<'a>> {
    Some(SelectorName { name: format!("{pack}.{}", block.label(0)?).into(), block })
}

/// Whether `written` in `pack` means what is called `name`, `PACK.NAME`: the own pack need not be named.
pub(super) fn means(written: &str, pack: &str, name: &str) -> bool {
    name == written
        || name.strip_prefix(pack).and_then(|rest| rest.strip_prefix('.')) == Some(written)
}

/// The name and columns of a gather, before it is compiled.
pub(in crate::rule) struct GatherName<'a> {
    /// `PACK.NAME`
    pub(in crate::rule) name: SmolStr,
    place: GatherPlace<'a>,
    given: OnceLock<Given>,
}

/// Where a gather is written, and what it may use there.
#[derive(Clone)]
pub(in crate::rule) struct GatherPlace<'a> {
    pub(in crate::rule) pack: &'a str,
    pub(in crate::rule) source: &'a ConfigSource,
    pub(in crate::rule) raw: &'a RawGather,
    pub(in crate::rule) params: Params<'a>,
    pub(in crate::rule) selectors: Arc<[SelectorName<'a>]>,
}

/// The columns that a gather gives.
#[derive(Default)]
struct Given {
    columns: Vec<SmolStr>,
    /// Those that say where the row stands, each with the one of [`PLACES`] that it says.
    placed: Vec<(SmolStr, &'static str)>,
    /// For each column, whether some rule or gather asks for it.
    asked: Vec<AtomicBool>,
}

impl<'a> GatherName<'a> {
    /// The name of the gather at `place`, of which nobody has asked anything yet.
    pub(in crate::rule) fn of(place: GatherPlace<'a>) -> Option<Self> {
        let name = format!("{}.{}", place.pack, place.raw.name.as_ref()?).into();
        Some(Self { name, place, given: OnceLock::new() })
    }

    /// The block that it is.
    pub(in crate::rule) fn block(&self) -> Option<&'a Block> {
        self.place.raw.block(self.place.source)
    }

    /// Its columns.
    pub(in crate::rule) fn columns(&self) -> &[SmolStr] {
        &self.given().columns
    }

    /// Those that say where the row stands, each with the one of [`PLACES`] that it says.
    pub(super) fn placed(&self) -> &[(SmolStr, &'static str)] {
        &self.given().placed
    }

    fn given(&self) -> &Given {
        let given = || self.block().map(|block| given(block, &self.place)).unwrap_or_default();
        self.given.get_or_init(given)
    }

    /// Notes that somebody asks for the columns that are meant.
    pub(super) fn ask(&self, is_meant: impl Fn(&str) -> bool) {
        let Given { columns, asked, .. } = self.given();
        for (column, asked) in columns.iter().zip(asked) {
            if is_meant(column) {
                asked.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The columns that have been asked for so far.
    pub(in crate::rule) fn asked(&self) -> Arc<[SmolStr]> {
        let Some(Given { columns, asked, .. }) = self.given.get() else { return Arc::default() };
        let columns = columns.iter().zip(asked);
        let asked = columns.filter(|(_, asked)| asked.load(Ordering::Relaxed));
        asked.map(|(column, _)| column.clone()).collect()
    }
}

/// The columns of the gather in `block`, which stands at `place`.
fn given(block: &Block, place: &GatherPlace<'_>) -> Given {
    let GatherPlace { pack, params, selectors, .. } = place;
    let mut columns: Vec<SmolStr> = Vec::new();
    let own = block.body.blocks_of("from").map(|from| &from.body).chain([&block.body]);
    let mut bodies: Vec<&Body> = own.collect();
    for select in own_selects(&bodies) {
        let of = select.body.attribute("of").and_then(|of| of.value.as_literal());
        let meant =
            |it: &&SelectorName<'_>| of.as_deref().is_some_and(|of| means(of, pack, &it.name));
        bodies.extend(selectors.iter().filter(meant).map(|selector| &selector.block.body));
    }
    for body in &bodies {
        for clause in body.blocks().filter(|it| CLAUSES.contains(&it.kind.name.as_str())) {
            let Some(name) = clause.label(0) else { continue };
            columns.push(name.into());
            if clause.kind.name == "each" {
                for suffix in ["index", "key", "marker", "parent", "value"] {
                    columns.push(format!("{name}_{suffix}").into());
                }
            }
        }
        for select in body.blocks_of("select") {
            match select.label(0) {
                Some("image") => columns.extend(["namespace".into(), "role".into()]),
                Some("text") => {
                    columns.extend(
                        ["key", "keys"].into_iter().chain(surroundings::NAMES).map(SmolStr::from),
                    );
                    columns.extend(groups_of(&select.body, *params));
                }
                _ => {}
            }
        }
    }
    columns.sort_unstable();
    let placed = place_columns(&bodies, &columns);
    columns.dedup();
    let asked = columns.iter().map(|_| AtomicBool::new(false)).collect();
    Given { columns, placed, asked }
}

/// The names that say where a subject stands: whoever agrees on one of them stands in the same directory.
const PLACES: [&str; 2] = ["file", "module"];

/// Whether what `select "subject"` selects stands where [`PLACES`] say: there the engine is shown it.
pub(super) fn is_in_its_place(subject: &str) -> bool {
    // An image may stand in a file that its block reads, a row is made of something else, and the others are in no file.
    !matches!(subject, "image" | "row" | "stack" | "repo")
}

/// The columns of a gather that say where its rows stand, whichever of its `bodies` they are made by, each with the one of
/// [`PLACES`] that it says. `given` has each column as often as it is given.
fn place_columns(bodies: &[&Body], given: &[SmolStr]) -> Vec<(SmolStr, &'static str)> {
    let mut selects = bodies.iter().flat_map(|body| body.blocks_of("select"));
    let is_placed = |select: &Block| select.label(0).is_some_and(is_in_its_place);
    if !selects.all(is_placed) {
        return Vec::new();
    }
    let times = |column: &str| given.iter().filter(|it| *it == column).count();
    // Where something else is called so, nobody knows what it says.
    let places = PLACES.into_iter().filter(|place| times(place) == 0);
    let columns = places.flat_map(|place| {
        let says_it = move |it: &&Block| {
            let text = it.body.attribute("text").and_then(|text| text.value.as_literal());
            let is_all = it.body.items.len() == 1;
            is_all && text.is_some_and(|text| *text == *format!("{{{place}}}"))
        };
        let lets = bodies.iter().flat_map(|body| body.blocks_of("let")).filter(says_it);
        let mut saying: Vec<&str> = lets.filter_map(|it| it.label(0)).collect();
        saying.sort_unstable();
        // What gives the column otherwise may say anything.
        let says_nothing_else = |lets: &&[&str]| lets.len() == times(lets[0]);
        let columns = saying.chunk_by(|one, other| one == other).filter(says_nothing_else);
        let always = columns.map(|lets| lets[0]);
        always.chain([place]).map(|column| (column.into(), place)).collect::<Vec<_>>()
    });
    columns.collect()
}

/// The groups of the regex that a `select "text"` looks for; what is wrong with it is said where it is compiled.
fn groups_of(select: &Body, params: Params<'_>) -> Vec<SmolStr> {
    let matches = select.attribute("matches").and_then(|it| literal(&it.value).ok());
    match matches.and_then(|it| params.fill(&it, &mut |_, _| {}).ok()).map(|it| it.kind) {
        Some(LiteralKind::String(pattern)) => group_names(&pattern),
        _ => Vec::new(),
    }
}

/// The `select "selector"` blocks in `bodies`.
fn own_selects<'a>(bodies: &[&'a Body]) -> Vec<&'a Block> {
    let selects = bodies.iter().flat_map(|body| body.blocks_of("select"));
    selects.filter(|select| select.label(0) == Some("selector")).collect()
}

/// The resource types of the `kubernetes` provider that declare objects of `kind`.
pub(super) fn types_of_kind(kind: &str) -> Vec<SmolStr> {
    let mut snake = String::new();
    for (at, letter) in kind.chars().enumerate() {
        if letter.is_ascii_uppercase() && at > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    let versions = ["", "_v1", "_v2", "_v1beta1", "_v2beta2"];
    let mut types: Vec<SmolStr> =
        versions.iter().map(|version| format!("kubernetes_{snake}{version}").into()).collect();
    // The provider's old spelling.
    if kind == "DaemonSet" {
        types.push("kubernetes_daemonset".into());
    }
    types
}
