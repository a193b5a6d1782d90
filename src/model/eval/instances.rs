//! How often a block with `count` or `for_each` is there, and what is bound in each of its instances.

use std::sync::Arc;

use super::collection::elements;
use super::variable::too_many_paths;
use super::{Evaluator, MAX_ALTERNATIVES, Scope, number, operators, types};
use crate::model::repo::{BlockRef, ExprRef, Instance, InstanceId, Repo};
use crate::model::value::{Data, Entry, Map, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Body, Expr};
use crate::text::Span;

/// More instances than this are not told apart.
const MAX_INSTANCES: usize = 1024;

/// How often a block is there.
pub(super) enum Repetition<'s> {
    /// Once, and it has no key.
    Once,
    /// As often as one of these says.
    Known(Vec<Keyed<'s>>),
    /// Nobody knows.
    Unknown(Reason),
}

/// The instances of a repeated block.
pub(super) struct Keyed<'s> {
    /// The key of each, and the scope inside it.
    pub(super) list: Vec<(Value, Scope<'s>)>,
    /// Why there may be more, where there may be.
    pub(super) open: Option<Reason>,
    /// Whether the keys are positions.
    pub(super) by_count: bool,
}

impl<'s> Evaluator<'_, 's> {
    /// How often the block with `body` is there in `scope`.
    pub(super) fn repetition(
        &mut self,
        scope: &Scope<'s>,
        file: &'s SourceFile,
        body: &'s Body,
    ) -> Repetition<'s> {
        let (value, by_count) = match (body.attribute("count"), body.attribute("for_each")) {
            (Some(count), _) => (self.expr(file, &count.value, scope), true),
            (None, Some(for_each)) => (self.expr(file, &for_each.value, scope), false),
            (None, None) => return Repetition::Once,
        };
        let instances = if by_count { counted } else { keyed };
        let options = value.possibilities().iter().map(|option| instances(option, scope));
        match options.collect() {
            Ok(alternatives) => Repetition::Known(alternatives),
            Err(reason) => Repetition::Unknown(reason),
        }
    }

    /// `scope` inside a block with `for_each` or `count`, in whichever of its instances.
    pub(super) fn block_scope(
        &mut self,
        scope: &Scope<'s>,
        file: &'s SourceFile,
        body: &'s Body,
    ) -> Scope<'s> {
        if let Some(count) = body.attribute("count") {
            let span = file.span(count.value.range);
            let count = self.expr(file, &count.value, scope);
            return with_index(scope, any_index(&count, span));
        }
        match body.attribute("for_each") {
            Some(for_each) => self.iterator_scope(scope, "each", file, &for_each.value),
            None => scope.clone(),
        }
    }

    /// `scope` with `name` bound to every key and value of the collection `expr`.
    pub(super) fn iterator_scope(
        &mut self,
        scope: &Scope<'s>,
        name: &str,
        file: &'s SourceFile,
        expr: &'s Expr,
    ) -> Scope<'s> {
        let collection = self.expr(file, expr, scope);
        let span = file.span(expr.range);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        let mut holes = Vec::new();
        for option in collection.possibilities() {
            // A resource repeats over sets and objects only; a dynamic block over lists too.
            let is_set = name == "each" && matches!(option.data, Data::List(_));
            let (pairs, hole) =
                elements(option).unwrap_or_else(|reason| (Vec::new(), Some(reason)));
            for (key, _, value) in pairs {
                keys.push(if is_set { value.clone() } else { key });
                values.push(value);
            }
            holes.extend(hole);
        }
        if keys.is_empty() && holes.is_empty() {
            holes.push(Reason::new("the collection is empty"));
        }
        for reason in holes {
            keys.push(Value::for_reason(reason.clone(), span));
            values.push(Value::for_reason(reason, span));
        }
        scope.with_iterator(name, Value::one_of(keys, span), Value::one_of(values, span))
    }
}

/// The instances that `count = value` makes.
fn counted<'s>(value: &Value, scope: &Scope<'s>) -> Result<Keyed<'s>, Reason> {
    let count = types::to_number(value).as_ref().and_then(number::whole);
    let Some(count) = count.filter(|count| *count <= MAX_INSTANCES) else {
        let reason = value.first_unknown();
        return Err(reason.unwrap_or_else(|| Reason::new("the `count` is no number of instances")));
    };
    let instance = |index| {
        let index = number::from_usize(index, value.span);
        (index.clone(), with_index(scope, index))
    };
    Ok(Keyed { list: (0..count).map(instance).collect(), open: None, by_count: true })
}

/// The instances that `for_each = collection` makes.
fn keyed<'s>(collection: &Value, scope: &Scope<'s>) -> Result<Keyed<'s>, Reason> {
    let (pairs, open) = elements(collection)?;
    let is_set = matches!(collection.data, Data::List(_));
    let instance = |(key, _, value): (Value, Span, Value)| {
        let key = if is_set { value.clone() } else { key };
        (key.clone(), scope.with_iterator("each", key, value))
    };
    Ok(Keyed { list: pairs.into_iter().map(instance).collect(), open, by_count: false })
}

fn may_be_left_out() -> Reason {
    Reason::new("whether `count` or `for_each` leaves it out is not known")
}

fn too_many() -> Reason {
    Reason::new("there are too many instances to tell apart")
}

fn with_index<'s>(scope: &Scope<'s>, index: Value) -> Scope<'s> {
    let span = index.span;
    scope.with(
        "count",
        Value::map(vec![Entry { key: "index".into(), key_span: span, value: index }], span),
    )
}

/// `count.index`, in whichever instance.
fn any_index(count: &Value, span: Span) -> Value {
    let options = count.possibilities().iter();
    let counts: Option<Vec<usize>> =
        options.map(|count| number::whole(&types::to_number(count)?)).collect();
    match counts.and_then(|counts| counts.into_iter().max()) {
        Some(most @ 1..=MAX_ALTERNATIVES) => {
            Value::one_of((0..most).map(|index| number::from_usize(index, span)), span)
        }
        Some(0) => Value::unknown("`count` is 0: there is no instance", span),
        _ => Value::unknown("`count.index` differs between instances", span),
    }
}

/// How a block or a call is told apart into its instances.
enum Apart<'s> {
    /// There is one, or none.
    No,
    /// There are these.
    Elements(Vec<Scope<'s>>),
    /// There may be several, and this is why they are not told apart.
    Unknown(Reason),
}

/// At most so many blocks of one `dynamic` block are told apart.
const MAX_DYNAMIC: usize = 256;

impl<'s> Repo<'s> {
    /// The scope inside a block of one instance: with `each` or `count` bound.
    pub fn block_scope(&self, block: &BlockRef<'s>, instance: InstanceId) -> Scope<'s> {
        let scope = Scope::instance(instance);
        Evaluator::new(self).block_scope(&scope, block.file, &block.block.body)
    }

    /// The scopes inside a block: one for each instance of its module, also of those that `for_each` or `count` of a call make, and
    /// in each of these one for each element of its own, so that what the elements say together is judged together.
    ///
    /// A block that is not there today (`count = 0`) has its scopes too: what it says has to be right once it is.
    /// [`Repo::live_scopes`] leaves it out.
    pub fn scopes(&self, block: &BlockRef<'s>) -> Vec<Scope<'s>> {
        self.scopes_where(block, false).collect()
    }

    /// The scopes of [`Repo::scopes`] in which the block may be there: without the instances in which its own `count` or
    /// `for_each`, or that of a module call on the way to it, certainly makes none.
    pub fn live_scopes(&self, block: &BlockRef<'s>) -> Vec<Scope<'s>> {
        self.scopes_where(block, true).collect()
    }

    /// The first of [`Repo::live_scopes`], for whoever needs no more: a module may have hundreds of instances.
    pub fn first_live_scope(&self, block: &BlockRef<'s>) -> Option<Scope<'s>> {
        self.scopes_where(block, true).next()
    }

    /// The call that makes the module instance of `scope`, and the scope inside it.
    pub fn caller(&self, scope: &Scope<'s>) -> Option<(BlockRef<'s>, Scope<'s>)> {
        let id = scope.instance_id()?;
        let (caller, call) = self.instance(id).parent?;
        let known = scope.calls().and_then(|calls| calls.of(id));
        Some((call, known.cloned().unwrap_or_else(|| self.block_scope(&call, caller))))
    }

    fn scopes_where<'a>(
        &'a self,
        block: &'a BlockRef<'s>,
        is_live: bool,
    ) -> impl Iterator<Item = Scope<'s>> + 'a {
        let instances = self.module(block.module).instances.iter();
        let outer = instances.flat_map(move |&instance| self.instance_scopes(instance, is_live));
        let scopes = outer.flat_map(move |outer| self.element_scopes(block, &outer, is_live));
        scopes.enumerate().map(|(order, scope)| scope.numbered(order))
    }

    /// The scopes of one instance: one for each element of the calls that lead to it, where they are known and not too many.
    fn instance_scopes(&self, instance: InstanceId, is_live: bool) -> Vec<Scope<'s>> {
        let Some((caller, call)) = self.instance(instance).parent else {
            return vec![Scope::instance(instance)];
        };
        let Instance { module, is_rest, .. } = self.instance(instance);
        if *is_rest {
            let reason = too_many_paths(&self.module(*module).dir);
            return vec![Scope::instance(instance).of_many(reason)];
        }
        let mut scopes = Vec::new();
        for outer in self.instance_scopes(caller, is_live) {
            let elements = self.element_scopes(&call, &outer, is_live);
            scopes.extend(elements.iter().map(|element| element.callee(instance)));
        }
        if scopes.len() > MAX_ALTERNATIVES {
            let perhaps = scopes.first().and_then(|scope| scope.which().perhaps);
            return vec![Scope::instance(instance).of_many(too_many()).perhaps(perhaps)];
        }
        scopes
    }

    /// The scopes inside the blocks that `dynamic` makes, in order, where all are known.
    pub fn scopes_of_dynamic(
        &self,
        scope: &Scope<'s>,
        file: &'s SourceFile,
        dynamic: &'s Block,
    ) -> Option<Vec<Scope<'s>>> {
        let expr = &dynamic.body.attribute("for_each")?.value;
        self.dynamic_scopes(scope, dynamic.iterator()?, ExprRef { file, expr })
    }

    /// The scopes inside `block` in the instance of its module that is seen in `outer`.
    fn element_scopes(
        &self,
        block: &BlockRef<'s>,
        outer: &Scope<'s>,
        is_live: bool,
    ) -> Vec<Scope<'s>> {
        let (file, body) = (block.file, &block.block.body);
        let repetition = Evaluator::seen_in(self, outer).repetition(outer, file, body);
        if is_live && repetition.is_never() {
            return Vec::new();
        }
        let whole = || Evaluator::seen_in(self, outer).block_scope(outer, file, body);
        let (certain, perhaps) = repetition.certain();
        let may_be = |position| perhaps.clone().filter(|_| position >= certain);
        match repetition.apart() {
            Apart::No => vec![whole().perhaps(may_be(0))],
            Apart::Elements(scopes) => {
                let scopes = scopes.into_iter().enumerate();
                scopes.map(|(position, scope)| scope.perhaps(may_be(position))).collect()
            }
            Apart::Unknown(reason) => vec![whole().of_many(reason).perhaps(may_be(0))],
        }
    }

    /// The scopes inside the blocks that a `dynamic` block over `for_each` makes, in order, where all are known.
    pub fn dynamic_scopes(
        &self,
        scope: &Scope<'s>,
        iterator: &str,
        for_each: ExprRef<'s>,
    ) -> Option<Vec<Scope<'s>>> {
        let collection = self.eval(for_each, scope);
        let (pairs, None) = elements(&collection).ok()? else { return None };
        if pairs.len() > MAX_DYNAMIC {
            return None;
        }
        let inner = pairs.into_iter().map(|(key, _, value)| {
            // A `dynamic` block numbers the elements of a list.
            scope.with_iterator(iterator, key, value)
        });
        Some(inner.collect())
    }

    /// `scope` inside a `dynamic` block that repeats over `for_each` and calls its element `iterator`.
    pub fn dynamic_scope(
        &self,
        scope: &Scope<'s>,
        iterator: &str,
        for_each: ExprRef<'s>,
    ) -> Scope<'s> {
        Evaluator::seen_in(self, scope).iterator_scope(
            scope,
            iterator,
            for_each.file,
            for_each.expr,
        )
    }
}

impl<'s> Repetition<'s> {
    /// Whether `count` says it, as far as is known.
    pub(super) fn is_by_count(&self) -> bool {
        match self {
            Self::Known(alternatives) => alternatives.iter().any(|keyed| keyed.by_count),
            Self::Once | Self::Unknown(_) => false,
        }
    }

    /// `value` in every instance.
    pub(super) fn of_each(&self, value: &Value, span: Span) -> Value {
        match self {
            Self::Once => value.clone(),
            Self::Known(alternatives) => Value::one_of(
                alternatives.iter().map(|keyed| keyed.collect(span, |_| value.clone())),
                span,
            ),
            Self::Unknown(reason) => Value::for_reason(reason.clone(), span),
        }
    }

    fn is_never(&self) -> bool {
        let Self::Known(alternatives) = self else { return false };
        alternatives.iter().all(|keyed| keyed.list.is_empty() && keyed.open.is_none())
    }

    /// How many of the instances are certainly there, the first ones, and why that is not known of those after them.
    fn certain(&self) -> (usize, Option<Reason>) {
        let alternatives = match self {
            Self::Once => return (1, None),
            Self::Unknown(reason) => return (0, Some(reason.clone())),
            Self::Known(alternatives) => alternatives,
        };
        let least = alternatives.iter().map(|keyed| keyed.list.len()).min().unwrap_or_default();
        match &alternatives[..] {
            // What is not known of the only collection is what else is in it.
            [only] => (least, only.open.clone()),
            // Of two collections, nobody knows which elements are those of the other.
            _ if !self.is_by_count() => (0, Some(may_be_left_out())),
            _ => (least, Some(may_be_left_out())),
        }
    }

    /// The scope of each instance that there may be, where there are several and not too many.
    fn apart(self) -> Apart<'s> {
        let alternatives = match self {
            Self::Once => return Apart::No,
            Self::Unknown(reason) => return Apart::Unknown(reason),
            Self::Known(alternatives) => alternatives,
        };
        if let Some(reason) = alternatives.iter().find_map(|keyed| keyed.open.as_ref()) {
            return Apart::Unknown(reason.clone());
        }
        let by_count = alternatives.iter().any(|keyed| keyed.by_count);
        let keyed: Vec<Keyed<'s>> = if by_count {
            // The instances of the largest count are those of the others too.
            alternatives.into_iter().max_by_key(|keyed| keyed.list.len()).into_iter().collect()
        } else {
            alternatives
        };
        let scopes: Vec<_> = keyed.into_iter().flat_map(|keyed| keyed.list).collect();
        match scopes.len() {
            0 | 1 => Apart::No,
            2..=MAX_ALTERNATIVES => {
                Apart::Elements(scopes.into_iter().map(|(_, scope)| scope).collect())
            }
            _ => Apart::Unknown(too_many()),
        }
    }

    /// The scopes inside the instance with the key `index`; a reason where an alternative has none of that key.
    pub(super) fn at(
        &self,
        index: &Value,
        span: Span,
    ) -> Result<Vec<Result<Scope<'s>, Reason>>, Reason> {
        let alternatives = match self {
            Self::Known(alternatives) => alternatives,
            Self::Unknown(reason) => return Err(reason.clone()),
            Self::Once => return Err(Reason::new("it is there once and has no keys")),
        };
        let mut found = Vec::new();
        for option in index.possibilities() {
            let Some(text) = option.as_str() else {
                let reason = option.first_unknown();
                return Err(reason.unwrap_or_else(|| Reason::new("the key is not known")));
            };
            found.extend(alternatives.iter().map(|keyed| keyed.at(option, &text, span)));
        }
        Ok(found)
    }
}

impl<'s> Keyed<'s> {
    /// A list for `count`, else an object by key, of what `each` says in the scope of every instance.
    pub(super) fn collect(&self, span: Span, mut each: impl FnMut(&Scope<'s>) -> Value) -> Value {
        if self.by_count {
            let items = self.list.iter().map(|(_, scope)| each(scope)).collect();
            return Value::open_list(items, self.open.clone(), span);
        }
        let mut map = Map { entries: Vec::new(), open: self.open.clone() };
        for (key, scope) in &self.list {
            match key.as_str() {
                Some(text) => {
                    let (key, key_span) = (text.into(), key.span);
                    map.entries.push(Entry { key, key_span, value: each(scope) });
                }
                None => map.open = key.first_unknown().or(map.open),
            }
        }
        Value { data: Data::Map(Arc::new(map)), span }
    }

    fn at(&self, key: &Value, text: &str, span: Span) -> Result<Scope<'s>, Reason> {
        let mut unknown = self.open.clone();
        for (known, scope) in &self.list {
            if known.as_str().is_some_and(|known| known == text) {
                return Ok(scope.clone());
            }
            if operators::equal(known, key).is_none() {
                unknown = unknown.or_else(|| known.first_unknown());
            }
        }
        let missing = || Reason::failure(format!("there is no instance `{text}`"), span);
        Err(unknown.unwrap_or_else(missing))
    }
}
