//! What a rule looks at, whatever language wrote it: a block of HCL, or any part of a value.
//!
//! Invariant: a place underlines bytes of the subject's own file wherever the subject says anything there; what a value
//! was defined by elsewhere is its origin.

use std::rc::Rc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::path::Name;
use super::walk::Places;
use crate::model::{Data, Entry, ExprRef, Reason, Repo, Scope, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind};
use crate::text::{Span, TextRange};

/// A node and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Place<'s> {
    /// What is there.
    pub(super) node: Node<'s>,
    /// What a diagnostic underlines.
    pub(super) site: Span,
    /// The expression that was written there: both arms of a conditional, where the site is one of them.
    pub(super) expr: Span,
    /// The key or name it stands under.
    pub(super) key: Option<Span>,
    /// Of an entry what its key says, and where that is written: in the subject or elsewhere.
    pub(super) entry: Option<(SmolStr, Span)>,
    /// All of it, with its key: what comments are attached to.
    pub(super) whole: Span,
    /// Where the value is defined, if that is not the site.
    pub(super) origin: Option<Span>,
    /// The subject's bytes: sites lie inside.
    pub(super) bounds: Span,
    /// Whether somebody wrote it: the default of a module's input is not written by its caller.
    pub(super) is_written: bool,
}

/// What is at a place.
#[derive(Clone, Debug)]
pub(super) enum Node<'s> {
    /// A block of HCL in the eyes of one scope. Its attributes are evaluated when they are asked for. Boxed: most places are
    /// values, and smaller.
    Body(Box<BodyNode<'s>>),
    /// A value.
    Value(Value),
}

/// A block of HCL.
#[derive(Clone, Debug)]
pub(super) struct BodyNode<'s> {
    /// The file.
    pub(super) file: &'s SourceFile,
    /// What stands between the braces.
    pub(super) body: &'s Body,
    /// In whose eyes it is evaluated; none where expressions cannot be followed.
    pub(super) scope: Scope<'s>,
    /// The module's instance in the eyes of the call, for a module call: it knows what inputs default to.
    pub(super) callee: Option<Rc<Scope<'s>>>,
    /// Whether it stands for several, nobody knows how many: what a `dynamic` block makes of an unknown collection.
    pub(super) is_repeated: bool,
}

/// Blocks of one type: mostly one.
#[derive(Debug, Default)]
pub(super) struct Blocks<'s> {
    /// Those that are known, in order.
    pub(super) all: SmallVec<[(BodyNode<'s>, &'s Block); 1]>,
    /// Why there may be others.
    pub(super) open: Option<Reason>,
}

impl<'s> Place<'s> {
    /// The subject that the top-level `block` is.
    pub(super) fn of_block(file: &'s SourceFile, block: &'s Block, scope: Scope<'s>) -> Self {
        let node = BodyNode { file, body: &block.body, scope, callee: None, is_repeated: false };
        Place::block(node, block, file.span(block.range))
    }

    /// The place of `block`, which is `node`, in what is written in the bytes `bounds`.
    fn block(node: BodyNode<'s>, block: &Block, bounds: Span) -> Self {
        let file = node.file;
        Place {
            node: Node::Body(Box::new(node)),
            site: file.span(block.header),
            expr: file.span(block.header),
            key: Some(file.span(block.kind.range)),
            entry: None,
            whole: file.span(block.range),
            origin: None,
            bounds,
            is_written: true,
        }
    }

    /// The subject that `value`, which is written in the bytes `bounds`, is.
    pub(super) fn of_value(value: Value, site: Span, bounds: Span) -> Self {
        Place {
            node: Node::Value(value),
            site,
            expr: site,
            key: None,
            entry: None,
            whole: bounds,
            origin: None,
            bounds,
            is_written: true,
        }
    }

    /// Where it is written, if it was looked up: in the row of a gather.
    pub(super) fn looked_up(&self) -> Option<Span> {
        self.origin.filter(|origin| *origin == self.expr)
    }

    /// The value, if it is one and says something.
    pub(super) fn value(&self) -> Option<&Value> {
        match &self.node {
            Node::Value(value) => Some(value),
            Node::Body(_) => None,
        }
    }

    /// Whether there is nothing: `null` is how an attribute is left out.
    pub(super) fn is_null(&self) -> bool {
        matches!(self.value(), Some(Value { data: Data::Null, .. }))
    }

    /// The place of the attribute `attribute` of a block.
    pub(super) fn attribute(
        repo: &Repo<'s>,
        node: &BodyNode<'s>,
        attribute: &'s Attribute,
    ) -> Place<'s> {
        let expr = ExprRef { file: node.file, expr: &attribute.value };
        let value = repo.eval(expr, &node.scope);
        let used_at = expr.span();
        // What a name in the expression stands for is written elsewhere, even where that is the same block.
        let (site, origin) = site_of(&value, used_at, used_at);
        Place {
            node: Node::Value(value),
            site,
            expr: used_at,
            key: Some(node.file.span(attribute.key.range)),
            entry: None,
            whole: node.file.span(attribute.range),
            origin,
            bounds: used_at,
            is_written: true,
        }
    }

    /// The place of a block inside this one.
    pub(super) fn inner(&self, node: BodyNode<'s>, block: &'s Block) -> Place<'s> {
        Place::block(node, block, self.bounds)
    }

    /// Whether it stands for several, nobody knows how many.
    pub(super) fn is_repeated(&self) -> bool {
        matches!(&self.node, Node::Body(node) if node.is_repeated)
    }

    /// The place of a part of this value: `value`, under a key at `key_span`.
    pub(super) fn part(&self, value: Value, key_span: Option<Span>) -> Place<'s> {
        let key = key_span.filter(|key| self.bounds.contains(*key));
        // What stands under a key and is defined elsewhere is underlined at its key.
        self.part_at(value, key, key.unwrap_or(self.site))
    }

    /// The place of the entry `entry` of this value.
    pub(super) fn entry(&self, entry: &Entry) -> Place<'s> {
        let part = self.part(entry.value.clone(), Some(entry.key_span));
        Place { entry: Some((entry.key.clone(), entry.key_span)), ..part }
    }

    /// The place of the element `at` of this value, of which `list` is the list that is meant.
    pub(super) fn element(&self, repo: &Repo<'s>, list: &Value, at: usize) -> Place<'s> {
        let element = &list.items()[at];
        let is_named = !self.bounds.contains(element.span);
        let named_at = is_named.then(|| self.written_elements(repo, list)).flatten();
        self.element_of(element, named_at.map(|written| written[at].range))
    }

    /// The places of all elements of this value, of which `list` is the list that is meant.
    pub(super) fn elements(&self, repo: &Repo<'s>, list: &Value) -> Places<'s> {
        let items = list.items();
        let is_named = items.iter().any(|item| !self.bounds.contains(item.span));
        let written = is_named.then(|| self.written_elements(repo, list)).flatten();
        let place = |(at, item): (usize, &Value)| {
            Rc::new(self.element_of(item, written.map(|written| written[at].range)))
        };
        items.iter().enumerate().map(place).collect()
    }

    /// What is defined elsewhere is underlined where the list names it.
    fn element_of(&self, element: &Value, named_at: Option<TextRange>) -> Place<'s> {
        let named_at = named_at.map(|range| range.in_file(self.bounds.file));
        self.part_at(element.clone(), None, named_at.unwrap_or(self.site))
    }

    /// The expressions that the elements of `list` are written as, where the subject itself writes them out.
    fn written_elements(&self, repo: &Repo<'s>, list: &Value) -> Option<&'s [Expr]> {
        if !self.bounds.contains(list.span) {
            return None;
        }
        let file = repo.sources.get(list.span.file.index())?;
        let written = expression_at(&file.hcl.as_ref()?.body, list.span.range)?;
        let ExprKind::Tuple(elements) = &written.kind else { return None };
        // A set has its elements in another order, and each once.
        let is_set = matches!(&list.data, Data::List(list) if list.is_set);
        let is_as_written =
            written.range == list.span.range && elements.len() == list.items().len();
        (is_as_written && !is_set).then_some(elements)
    }

    fn part_at(&self, value: Value, key: Option<Span>, used_at: Span) -> Place<'s> {
        let (site, origin) = site_of(&value, used_at, self.bounds);
        let whole = match key {
            Some(key) if key.file == site.file && self.bounds.contains(value.span) => {
                Span { file: key.file, range: key.range.cover(site.range) }
            }
            _ => site,
        };
        Place {
            node: Node::Value(value),
            expr: if origin.is_some() { used_at } else { site },
            site,
            key,
            entry: None,
            whole,
            origin,
            bounds: self.bounds,
            is_written: self.is_written,
        }
    }
}

/// Where a diagnostic about `value`, which is used at `used_at`, belongs; and where it is defined, if elsewhere.
fn site_of(value: &Value, used_at: Span, bounds: Span) -> (Span, Option<Span>) {
    if bounds.contains(value.span) { (value.span, None) } else { (used_at, Some(value.span)) }
}

impl<'s> BodyNode<'s> {
    /// The attribute `name`, also in the spelling of HCL: `imagePullPolicy` is `image_pull_policy`.
    pub(super) fn attribute(&self, name: &Name) -> Option<&'s Attribute> {
        self.body.attribute(&name.text).or_else(|| self.body.attribute(name.snake.as_deref()?))
    }

    /// The name of the blocks that `name` means here: `containers` are the blocks `container`.
    pub(super) fn block_name<'n>(&self, name: &'n Name) -> Option<&'n str> {
        let kinds = self.body.blocks().filter_map(|block| match block.kind.name.as_str() {
            "dynamic" => block.label(0),
            kind => Some(kind),
        });
        let spellings = name.spellings();
        // The first spelling wins, wherever it stands.
        let best = kinds.filter_map(|kind| spellings.iter().position(|it| *it == Some(kind))).min();
        spellings[best?]
    }

    /// The blocks `kind` inside, each with the node it is, those that `dynamic` makes too; and why there may be others.
    pub(super) fn blocks(&self, repo: &Repo<'s>, kind: &str) -> Blocks<'s> {
        let mut found = Blocks::default();
        for block in self.body.blocks() {
            if block.kind.name == kind {
                found.all.push((self.with(&block.body, self.scope.clone()), block));
            } else if block.kind.name == "dynamic" && block.label(0) == Some(kind) {
                self.dynamic(repo, kind, block, &mut found);
            }
        }
        found
    }

    /// The blocks that a `dynamic` block makes: one for each element where its collection is known.
    fn dynamic(&self, repo: &Repo<'s>, kind: &str, block: &'s Block, found: &mut Blocks<'s>) {
        let content = block.body.block("content");
        let (Some(content), Some(for_each)) = (content, block.body.attribute("for_each")) else {
            return;
        };
        let iterator = block.iterator().unwrap_or(kind);
        let for_each = ExprRef { file: self.file, expr: &for_each.value };
        if let Some(scopes) = repo.dynamic_scopes(&self.scope, iterator, for_each) {
            let nodes = scopes.into_iter().map(|scope| self.with(&content.body, scope));
            found.all.extend(nodes.map(|node| (node, content)));
            return;
        }
        let scope = repo.dynamic_scope(&self.scope, iterator, for_each);
        let node = BodyNode { is_repeated: true, ..self.with(&content.body, scope) };
        found.all.push((node, content));
        let reason = "a `dynamic` block makes some of them, nobody knows how many";
        found.open.get_or_insert_with(|| Reason::new(reason));
    }

    fn with(&self, body: &'s Body, scope: Scope<'s>) -> BodyNode<'s> {
        BodyNode { file: self.file, body, scope, callee: None, is_repeated: false }
    }

    /// What the module called takes where the call does not set `name`.
    pub(super) fn input_default(&self, repo: &Repo<'s>, name: &str) -> Option<Value> {
        let callee = self.callee.as_deref()?;
        let module = repo.module(repo.instance(callee.instance_id()?).module);
        let variable = module.names.variables.get(name)?;
        let default = variable.block.body.attribute("default")?;
        let expr = ExprRef { file: variable.file, expr: &default.value };
        Some(repo.eval(expr, callee))
    }

    /// A local of the module called, in the eyes of this call.
    pub(super) fn callee_local(&self, repo: &Repo<'s>, name: &str) -> Option<Value> {
        let callee = self.callee.as_deref()?;
        let module = repo.module(repo.instance(callee.instance_id()?).module);
        Some(repo.eval(*module.names.locals.get(name)?, callee))
    }
}

/// The value of the entry whose key stands at `key`, in an object inside `body`.
pub(super) fn entry_value_at(body: &Body, key: TextRange) -> Option<&Expr> {
    let mut expr = expression_at(body, key)?;
    // The key itself is an expression: its object is the one around it.
    if let Some(block) = body.blocks().find(|block| block.range.contains(key)) {
        return entry_value_at(&block.body, key);
    }
    if expr.range == key {
        expr = &body.attributes().find(|it| it.value.range.contains(key))?.value;
    }
    expr.descendants().find_map(|part| match &part.kind {
        ExprKind::Object(entries) => {
            entries.iter().find(|entry| entry.key.range == key).map(|entry| &entry.value)
        }
        _ => None,
    })
}

/// The innermost expression inside `body` that holds the bytes `range`.
pub(super) fn expression_at(body: &Body, range: TextRange) -> Option<&Expr> {
    let attribute = body.attributes().find(|it| it.value.range.contains(range));
    let Some(attribute) = attribute else {
        let block = body.blocks().find(|block| block.range.contains(range))?;
        return expression_at(&block.body, range);
    };
    let mut expr = &attribute.value;
    while expr.range != range {
        match expr.children().into_iter().find(|child| child.range.contains(range)) {
            Some(child) => expr = child,
            None => break,
        }
    }
    Some(expr)
}

/// Why a block cannot be judged as a value.
pub(super) fn is_block() -> Reason {
    Reason::new("a block stands where a value is expected")
}
