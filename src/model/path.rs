//! Attribute paths as Terraform writes them, and what `ignore_changes` names.

use std::fmt;

use smol_str::SmolStr;

use super::Scope;
use super::repo::{BlockRef, ExprRef, Repo};
use super::value::Value;
use crate::syntax::hcl::{
    Attribute, Block, Body, Expr, ExprKind, Step, StepKind, Traversal, escaped,
};
use crate::text::TextRange;

/// A path such as `spec[0].template[0].metadata[0].annotations["a/b"]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributePath {
    pub(super) segments: Vec<Segment>,
}

/// One segment of a path. A key in brackets and a name after a dot are different things: Terraform ignores the second
/// form inside a map, without a word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Segment {
    /// `name`
    Name(SmolStr),
    /// `[0]`
    Index(SmolStr),
    /// `["key"]`
    Key(SmolStr),
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.segments.iter().enumerate() {
            match segment {
                Segment::Name(name) if at == 0 => f.write_str(name)?,
                Segment::Name(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => write!(f, "[\"{}\"]", escaped(key))?,
            }
        }
        Ok(())
    }
}

impl AttributePath {
    /// The path of the block that the field stands in: without its last name and what follows it.
    #[must_use]
    pub fn parent(&self) -> AttributePath {
        let last = self.segments.iter().rposition(|it| matches!(it, Segment::Name(_)));
        AttributePath { segments: self.segments[..last.unwrap_or(0)].to_vec() }
    }

    /// Reads the text form, with `[0]` or the legacy `.0` for indices and `["key"]` for keys.
    pub fn parse(text: &str) -> Option<Self> {
        let expr = crate::syntax::hcl::parse_expression(text).ok()?;
        Self::of_expr(&expr)
    }

    /// The path that an element of `ignore_changes` names: a reference, or the legacy quoted form.
    fn of_expr(expr: &Expr) -> Option<Self> {
        match &expr.kind {
            ExprKind::Variable(name) => Some(Self { segments: vec![Segment::Name(name.clone())] }),
            ExprKind::Traversal(traversal) => Self::of_traversal(traversal),
            ExprKind::Template(template) => {
                let text = template.as_literal()?;
                let inner = crate::syntax::hcl::parse_expression(&text).ok()?;
                // A quoted quotation is no path, and must not recurse.
                if matches!(inner.kind, ExprKind::Template(_)) {
                    None
                } else {
                    Self::of_expr(&inner)
                }
            }
            _ => None,
        }
    }

    fn of_traversal(traversal: &Traversal) -> Option<Self> {
        let ExprKind::Variable(root) = &traversal.base.kind else { return None };
        let mut segments = vec![Segment::Name(root.clone())];
        for step in &traversal.steps {
            segments.push(match &step.kind {
                StepKind::Attribute(name) => Segment::Name(name.clone()),
                StepKind::LegacyIndex(index) => Segment::Index(index.clone()),
                StepKind::Index(index) => match &index.kind {
                    ExprKind::Number(number) => Segment::Index(number.clone()),
                    ExprKind::Template(template) => Segment::Key(template.as_literal()?),
                    _ => return None,
                },
                StepKind::AttributeSplat | StepKind::FullSplat => return None,
            });
        }
        Some(Self { segments })
    }

    /// Whether ignoring this path ignores `target` too: it is the same path or leads to it.
    fn covers(&self, target: &AttributePath) -> bool {
        target.segments.starts_with(&self.segments)
    }

    /// Whether this path was surely meant to ignore `target` and does not: it goes further into it, or writes a map's
    /// key as an attribute.
    fn nearly_covers(&self, target: &AttributePath) -> bool {
        let text = |segment: &Segment| match segment {
            Segment::Name(text) | Segment::Index(text) | Segment::Key(text) => text.clone(),
        };
        let common = self.segments.iter().zip(&target.segments).all(|(a, b)| text(a) == text(b));
        common && !self.covers(target) && self.segments.len() >= target.segments.len()
    }

    fn steps(&self) -> impl Iterator<Item = (&SmolStr, usize)> {
        self.segments.iter().enumerate().filter_map(|(at, segment)| {
            let Segment::Name(name) = segment else { return None };
            let index = match self.segments.get(at + 1) {
                Some(Segment::Index(index)) => index.parse().unwrap_or(0),
                _ => 0,
            };
            Some((name, index))
        })
    }
}

/// The `ignore_changes` of a block.
#[derive(Debug)]
pub struct IgnoreChanges<'s> {
    /// The attribute.
    pub attribute: &'s Attribute,
    /// The `lifecycle` block around it.
    pub lifecycle: &'s Block,
    /// Whether it is `all`.
    pub all: bool,
    entries: &'s [Expr],
}

impl<'s> IgnoreChanges<'s> {
    /// The `ignore_changes` of `block`, if it has one.
    pub fn of(block: &'s Block) -> Option<Self> {
        let (lifecycle, attribute) =
            block.body.blocks().filter(|inner| inner.kind.name == "lifecycle").find_map(
                |lifecycle| Some((lifecycle, lifecycle.body.attribute("ignore_changes")?)),
            )?;
        let value = attribute.value.unparenthesised();
        let all = matches!(&value.kind, ExprKind::Variable(name) if name == "all");
        let entries = match &value.kind {
            ExprKind::Tuple(items) => items.as_slice(),
            _ => &[],
        };
        Some(Self { attribute, lifecycle, all, entries })
    }

    /// The entry that effectively ignores `target`; for `all`, the word itself. A longer path into something that the
    /// configuration does not declare is accepted by Terraform and does nothing, so it does not count.
    pub fn covering(&self, target: &AttributePath) -> Option<TextRange> {
        if self.all {
            return Some(self.attribute.value.range);
        }
        self.entries.iter().find(|item| covers(item, target)).map(|item| item.range)
    }

    /// The entries that name a path, with their places.
    pub fn entries(&self) -> impl Iterator<Item = (AttributePath, TextRange)> + use<'s> {
        self.entries.iter().filter_map(|item| Some((AttributePath::of_expr(item)?, item.range)))
    }

    /// The entry for exactly `target`.
    pub fn exactly(&self, target: &AttributePath) -> Option<TextRange> {
        self.entries().find(|(path, _)| path == target).map(|(_, range)| range)
    }

    /// An entry that was meant to ignore `target` and has no effect.
    pub fn ineffective(&self, target: &AttributePath) -> Option<TextRange> {
        self.entries().find(|(path, _)| path.nearly_covers(target)).map(|(_, range)| range)
    }
}

/// Whether the entry `item` ignores `target`: its first names tell most that do not, without copying them.
fn covers(item: &Expr, target: &AttributePath) -> bool {
    let is_other = match &item.kind {
        ExprKind::Traversal(traversal) => {
            let mut steps = traversal.steps.iter().zip(target.segments.iter().skip(1));
            let starts_otherwise = matches!(
                (&traversal.base.kind, target.segments.first()),
                (ExprKind::Variable(root), Some(Segment::Name(name))) if root != name
            );
            starts_otherwise
                || traversal.steps.len() >= target.segments.len()
                || steps.any(|step| {
                    matches!(step, (Step { kind: StepKind::Attribute(name), .. }, Segment::Name(other)) if name != other)
                })
        }
        _ => false,
    };
    !is_other && AttributePath::of_expr(item).is_some_and(|path| path.covers(target))
}

/// What a block says at a path.
#[derive(Clone, Debug)]
pub enum Declared<'s> {
    /// An attribute.
    Attribute(&'s Attribute),
    /// A block.
    Block(&'s Block),
    /// Nothing; the innermost block on the way that is there.
    Absent(&'s Body),
}

/// What `body` says at `path`. `dynamic` blocks are not looked into.
pub fn declared<'s>(body: &'s Body, path: &AttributePath) -> Declared<'s> {
    let mut body = body;
    let mut found = Declared::Absent(body);
    for (name, index) in path.steps() {
        if let Some(attribute) = body.attribute(name) {
            return Declared::Attribute(attribute);
        }
        match body.blocks().filter(|block| block.kind.name == *name).nth(index) {
            Some(block) => {
                found = Declared::Block(block);
                body = &block.body;
            }
            None => return Declared::Absent(body),
        }
    }
    found
}

impl<'s> Repo<'s> {
    /// The value that `block` gives the attribute at `path`, in one scope; `None` where it says nothing.
    pub fn value_at(
        &self,
        block: &BlockRef<'s>,
        path: &AttributePath,
        scope: &Scope<'s>,
    ) -> Option<Value> {
        match declared(&block.block.body, path) {
            Declared::Attribute(attribute) => {
                Some(self.eval(ExprRef { file: block.file, expr: &attribute.value }, scope))
            }
            Declared::Block(_) | Declared::Absent(_) => None,
        }
    }
}
