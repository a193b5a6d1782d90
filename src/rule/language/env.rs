//! A subject and the names that a rule has given to things about it.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use smol_str::{SmolStr, format_smolstr};

use super::node::{Node, Place};
use super::path::{Path, PathId};
use super::walk::{Found, Kept, go_on, walk};
use crate::model::{
    AttributePath, BlockRef, Data, IgnoreChanges, Reason, Repo, Scope, Value, Which,
};
use crate::rule::Template;
use crate::text::TextRange;

/// The names that every subject has.
pub(super) const IMPLICIT: &[&str] =
    &["address", "file", "kind", "live", "module", "name", "stack"];

/// The values of [`IMPLICIT`].
pub(super) type Implicit = [SmolStr; 7];

/// The names that only wording may use: what the evidence of a finding says; the last only where it can say that.
pub(super) const EVIDENCE: [&str; 2] = ["value", "near"];

/// What a rule looks at, with everything that has a name. Cheap to copy: what comes of one subject shares all it can.
#[derive(Clone, Debug)]
pub(super) struct Env<'s> {
    /// What it is about.
    pub(super) root: Rc<Root<'s>>,
    /// Why it is not known whether the subject belongs here at all.
    pub(super) doubt: Option<Reason>,
    /// What `each` has named last.
    element: Option<Rc<Place<'s>>>,
    /// What `let` and `each` have named.
    names: Option<Rc<Names<'s>>>,
}

/// A subject, as all rules that look at it see it.
#[derive(Debug)]
pub(super) struct Root<'s> {
    /// The subject.
    pub(super) subject: Rc<Place<'s>>,
    /// The top-level block that the subject is or stands in.
    pub(super) block: Option<BlockRef<'s>>,
    /// The values of [`IMPLICIT`], in its order; empty where the subject has none.
    pub(super) implicit: Arc<Implicit>,
    /// Whether the subject is a row, whose columns are names too.
    pub(super) is_row: bool,
    /// Which instance of its code it is.
    pub(super) which: Which,
    /// What paths from the subject lead to, as far as somebody has asked.
    walked: RefCell<FxHashMap<PathId, Kept<'s>>>,
    /// The entries of the block's `ignore_changes`, each with the path above it.
    ignored: OnceCell<Vec<(Rc<Place<'s>>, SmolStr)>>,
}

/// Some names, and those given before them.
#[derive(Debug)]
struct Names<'s> {
    /// At least one, the last at the end; never more than there is room for.
    given: SmallVec<[(SmolStr, Bound<'s>); NAMES_AT_ONCE]>,
    before: Option<Rc<Names<'s>>>,
}

/// So many names are kept together, where nobody shares only some of them.
const NAMES_AT_ONCE: usize = 2;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Bound<'s> {
    /// A place.
    Place(Rc<Place<'s>>),
    /// A text that is no place: a key, a position, a path from a table.
    Text(SmolStr),
    /// Nothing is there.
    Absent,
    /// It is not known.
    Unknown(Reason),
}

/// A template with its holes filled.
pub(super) enum Filled<'t> {
    /// All are known.
    Text(Cow<'t, str>),
    /// Something that is named is not there.
    Absent,
    /// Something is not known.
    Unknown(Reason),
}

impl<'s> Root<'s> {
    /// A subject; a row says so itself.
    pub(super) fn new(
        subject: Place<'s>,
        block: Option<BlockRef<'s>>,
        implicit: Arc<Implicit>,
    ) -> Self {
        let (walked, ignored) = (RefCell::default(), OnceCell::new());
        let which = match &subject.node {
            Node::Body(node) => node.scope.which(),
            Node::Value(_) => Which::default(),
        };
        Self { subject: Rc::new(subject), block, implicit, is_row: false, which, walked, ignored }
    }

    /// The same, which is that instance of its code.
    #[must_use]
    pub(super) fn of_instance(self, which: &Which) -> Self {
        Self { which: which.clone(), ..self }
    }

    /// The entries of the block's `ignore_changes`, each with the path above it.
    pub(super) fn ignored(&self) -> &[(Rc<Place<'s>>, SmolStr)] {
        self.ignored.get_or_init(|| {
            let Some(block) = self.block else { return Vec::new() };
            let Some(ignored) = IgnoreChanges::of(block.block) else { return Vec::new() };
            let entry = |(path, range): (AttributePath, TextRange)| {
                let site = block.file.span(range);
                let value = Value::text(format_smolstr!("{path}"), site);
                let parent = format_smolstr!("{}", path.written_parent(block.block));
                (Rc::new(Place::of_value(value, site, site)), parent)
            };
            ignored.entries().map(entry).collect()
        })
    }

    /// What `path` leads to from the subject. Many rules take the same path, or the same way to another one.
    pub(super) fn walk(&self, repo: &Repo<'s>, path: &Path) -> Found<'s> {
        let mut way: Option<(usize, Found<'s>)> = None;
        let known = self.walked.borrow();
        let mut left = path.pauses.len();
        while left > 0 {
            let (steps, id) = path.pauses[left - 1];
            if let Some(kept) = known.get(&id) {
                way = Some((steps, kept.found()));
                break;
            }
            left -= 1;
        }
        drop(known);
        for &(steps, id) in &path.pauses[left..] {
            let kept = Kept::of(match &way {
                None => walk(repo, &self.subject, &path.steps[..steps]),
                Some((from, worlds)) => go_on(repo, worlds, &path.steps[*from..steps]),
            });
            way = Some((steps, kept.found()));
            self.walked.borrow_mut().insert(id, kept);
        }
        match way {
            Some((_, found)) => found,
            None => Found::Own(walk(repo, &self.subject, &[])),
        }
    }
}

impl<'s> Env<'s> {
    pub(super) fn new(subject: Place<'s>, block: Option<BlockRef<'s>>, implicit: Implicit) -> Self {
        Self::shared(subject, block, Arc::new(implicit))
    }

    /// The same as [`Env::new`], with names that other environments have too.
    pub(super) fn shared(
        subject: Place<'s>,
        block: Option<BlockRef<'s>>,
        implicit: Arc<Implicit>,
    ) -> Self {
        Self::of(Root::new(subject, block, implicit))
    }

    /// Nothing but the subject.
    pub(super) fn of(root: Root<'s>) -> Self {
        Self { root: Rc::new(root), doubt: None, element: None, names: None }
    }

    /// The same with `name` given to `bound`.
    #[must_use]
    pub(super) fn with(mut self, name: &SmolStr, bound: Bound<'s>) -> Self {
        let given = (name.clone(), bound);
        match self.names.as_mut().and_then(Rc::get_mut) {
            Some(names) if names.given.len() < NAMES_AT_ONCE => names.given.push(given),
            _ => {
                let before = self.names.take();
                self.names = Some(Rc::new(Names { given: smallvec![given], before }));
            }
        }
        self
    }

    /// The same with `name` given to `place`, which is judged on its own from here on.
    #[must_use]
    pub(super) fn with_element(self, name: &SmolStr, place: Rc<Place<'s>>) -> Self {
        let mut env = self.with(name, Bound::Place(Rc::clone(&place)));
        env.element = Some(place);
        env
    }

    /// What was named `name` last.
    pub(super) fn bound(&self, name: &str) -> Option<&Bound<'s>> {
        self.names().find(|(known, _)| *known == name).map(|(_, bound)| bound)
    }

    /// The scopes that the subject is judged in: the one whose eyes it is seen with, where that is known.
    pub(super) fn scopes(&self, repo: &Repo<'s>) -> Vec<Scope<'s>> {
        if let Node::Body(node) = &self.root.subject.node
            && node.scope.instance_id().is_some()
        {
            return vec![node.scope.clone()];
        }
        self.root.block.map(|block| repo.scopes(&block)).unwrap_or_default()
    }

    /// Whether the code is part of a stack, or of a module that one calls.
    pub(super) fn is_live(&self) -> bool {
        self.implicit("live").is_none_or(|it| it == "true")
    }

    /// What the subject has under one of the names that every subject has, whatever else is called so.
    pub(super) fn implicit(&self, wanted: &str) -> Option<&SmolStr> {
        let mut all = IMPLICIT.iter().zip(self.root.implicit.iter());
        all.find_map(|(name, it)| (*name == wanted).then_some(it))
    }

    /// The innermost thing that `each` has named, or else the subject: what a site is.
    pub(super) fn innermost(&self) -> &Rc<Place<'s>> {
        self.element.as_ref().unwrap_or(&self.root.subject)
    }

    /// The text of the name `name`.
    pub(super) fn text(&self, name: &str) -> Filled<'_> {
        if let Some(bound) = self.bound(name) {
            return match bound {
                Bound::Text(text) => Filled::Text(Cow::Borrowed(text)),
                Bound::Absent => Filled::Absent,
                Bound::Unknown(reason) => Filled::Unknown(reason.clone()),
                Bound::Place(place) => match place.value() {
                    Some(value) => text_of(value),
                    None => Filled::Unknown(super::node::is_block()),
                },
            };
        }
        if self.root.is_row
            && let Some(column) = self.root.subject.value().and_then(|row| row.at(&[name]))
        {
            return text_of(column);
        }
        match IMPLICIT.iter().position(|known| *known == name) {
            Some(at) => Filled::Text(Cow::Borrowed(&self.root.implicit[at])),
            None => Filled::Absent,
        }
    }

    /// `template` with the texts of its names.
    pub(super) fn fill<'t>(&'t self, template: &'t Template) -> Filled<'t> {
        if let Some(plain) = template.as_plain() {
            return Filled::Text(Cow::Borrowed(plain));
        }
        if let Some(name) = template.as_hole() {
            return self.text(name);
        }
        let mut args: SmallVec<[(&str, Cow<'_, str>); 4]> = SmallVec::new();
        for name in template.holes() {
            match self.text(name) {
                Filled::Text(text) => args.push((name, text)),
                Filled::Absent => return Filled::Absent,
                Filled::Unknown(reason) => return Filled::Unknown(reason),
            }
        }
        Filled::Text(Cow::Owned(template.render(&args)))
    }

    /// What has a name, the last first.
    pub(super) fn names(&self) -> impl Iterator<Item = (&SmolStr, &Bound<'s>)> {
        std::iter::successors(self.names.as_deref(), |names| names.before.as_deref())
            .flat_map(|names| names.given.iter().rev())
            .map(|(name, bound)| (name, bound))
    }

    /// What is known of the text of the name `name`, with `…` for the rest.
    fn known_part(&self, name: &str) -> Option<String> {
        match self.bound(name)? {
            Bound::Place(place) => super::truth::shown(place.value()?),
            _ => None,
        }
    }

    /// Every name with its text, for wording. What is not known is shown as `…`.
    pub(super) fn args(&self) -> Vec<(SmolStr, String)> {
        let shown = |name: &str| match self.text(name) {
            Filled::Text(text) => text.into_owned(),
            Filled::Absent => String::new(),
            Filled::Unknown(_) => self.known_part(name).unwrap_or_else(|| "…".to_owned()),
        };
        let own = self.names().map(|(name, _)| (name.clone(), shown(name)));
        let columns = match self.root.subject.value().map(|row| &row.data) {
            Some(Data::Map(row)) if self.root.is_row => row.entries.as_slice(),
            _ => &[],
        };
        let own = own.chain(columns.iter().map(|entry| (entry.key.clone(), shown(&entry.key))));
        let implicit = IMPLICIT.iter().map(|name| (SmolStr::new_static(name), shown(name)));
        own.chain(implicit).collect()
    }
}

/// The text of a value, as it stands in a template.
pub(super) fn text_of(value: &Value) -> Filled<'_> {
    if let Some(text) = value.as_str() {
        return Filled::Text(text);
    }
    match (&value.data, value.first_unknown()) {
        (_, Some(reason)) => Filled::Unknown(reason),
        (Data::Null, None) => Filled::Absent,
        (Data::List(list), None) => {
            let items: Vec<String> =
                list.items.iter().filter_map(|item| item.as_str().map(Cow::into_owned)).collect();
            Filled::Text(Cow::Owned(items.join(", ")))
        }
        _ => Filled::Unknown(Reason::new("it is no single value")),
    }
}
