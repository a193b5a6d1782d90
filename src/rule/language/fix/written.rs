//! Edits that an entry writes down: `fix { … }` in a requirement.

use super::set::{Wanted, copy, set};
use super::{Told, beside, derived, ignore, marker, say, written_as};
use crate::diagnostic::{Applicability, Edit, Fix};
use crate::model::{InstanceId, Lookup, Scope, Value};
use crate::rule::Template;
use crate::rule::language::env::{Env, Filled};
use crate::rule::language::matcher::Around;
use crate::rule::language::node::Node;
use crate::rule::language::operand::PathRef;
use crate::rule::language::test::Test;
use crate::rule::write::{self, Noted};
use crate::syntax::hcl::{ExprKind, TemplateForm};
use crate::text::{Span, TextRange};

/// `fix { … }`
#[derive(Debug)]
pub(in crate::rule::language) struct Written {
    /// Only where this holds.
    pub(in crate::rule::language) when: Option<Test>,
    /// What it does; told from the first action where nothing is written.
    pub(in crate::rule::language) title: Option<Template>,
    /// Whether it may be applied unasked, or at all.
    pub(in crate::rule::language) applicability: Applicability,
    /// What it does: all of it, or nothing.
    pub(in crate::rule::language) actions: Vec<Action>,
}

/// A part of a fix.
#[derive(Debug)]
pub(in crate::rule::language) enum Action {
    /// The value at a path, or an expression.
    Set { path: PathRef, value: Template, is_expression: bool },
    /// What is underlined says something else.
    Replace(Template),
    /// What is underlined becomes an expression.
    Expression(Template),
    /// What a path leads to goes.
    Delete(PathRef),
    /// A list gets one more element.
    Append { path: PathRef, element: Template },
    /// A text behind what a path leads to.
    After { path: PathRef, text: Template },
    /// A line beneath what a path leads to.
    Beneath { path: PathRef, line: Template },
    /// What stands at one path is written at another one.
    Copy { to: PathRef, from: PathRef },
    /// A comment above what a path leads to.
    Above { path: PathRef, comment: Template },
    /// Lines at the end of the block that a path leads to.
    Insert { path: PathRef, lines: Template },
    /// A field is ignored, with a comment behind it.
    Ignore { field: Template, note: Option<Template> },
    /// A field is not ignored any more, where an entry says that it is.
    Unignore(Template),
}

/// What comes of a part.
enum Does {
    /// A value in HCL: written along with the others.
    Sets(Wanted),
    /// Edits, and what they do.
    Edits(String, Vec<Edit>),
    /// Something goes, as far as that can be trusted.
    Deletes(Fix),
}

fn fill(template: &Template, env: &Env<'_>) -> Option<String> {
    match env.fill(template) {
        Filled::Text(text) => Some(text.into_owned()),
        Filled::Absent | Filled::Unknown(_) => None,
    }
}

impl Written {
    pub(super) fn applies(&self, around: &Around<'_, '_>) -> bool {
        self.when.as_ref().is_none_or(|when| when.ask(around).yes.is_some())
    }

    /// All that it does; `keeps_value` where that must not say something else.
    pub(super) fn edits(
        &self,
        around: &Around<'_, '_>,
        told: &Told<'_>,
        keeps_value: bool,
    ) -> Option<Fix> {
        let mut edits = Vec::new();
        let mut applicability = self.applicability;
        let mut title = match &self.title {
            Some(title) => Some(fill(title, around.env)?),
            None => None,
        };
        // What several values lack in common is written once.
        let mut values = Vec::new();
        for action in &self.actions {
            let does = match self.does(action, around, told, keeps_value)? {
                Does::Sets(wanted) => {
                    let does = format!("write `{}`", wanted.text);
                    values.push(wanted);
                    does
                }
                Does::Edits(does, more) => {
                    edits.extend(more);
                    does
                }
                Does::Deletes(fix) => {
                    applicability = applicability.max(fix.applicability);
                    edits.extend(fix.edits);
                    fix.title
                }
            };
            title.get_or_insert(does);
        }
        edits.extend(set(around, &values, None)?);
        beside_what_goes(around, &mut edits);
        Some(Fix::of_edits(title?, applicability, edits))
    }
}

impl Written {
    /// What one of its actions does.
    fn does(
        &self,
        action: &Action,
        around: &Around<'_, '_>,
        told: &Told<'_>,
        keeps_value: bool,
    ) -> Option<Does> {
        match action {
            Action::Delete(path) => {
                derived::delete(path, around, self.actions.len() == 1).map(Does::Deletes)
            }
            _ => action.does(around, told, keeps_value),
        }
    }
}

/// A line that was to come beneath one that goes comes beneath the one before.
fn beside_what_goes(around: &Around<'_, '_>, edits: &mut [Edit]) {
    let gone: Vec<Span> = edits.iter().filter(|it| it.text.is_empty()).map(|it| it.span).collect();
    for edit in edits.iter_mut().filter(|it| it.span.range.is_empty() && it.text.starts_with('\n'))
    {
        let Span { file, range } = edit.span;
        let is_in = |it: &&Span| {
            it.file == file && it.range.start < range.start && range.end < it.range.end
        };
        let Some(line) = gone.iter().find(is_in) else { continue };
        let Some(file) = around.repo.sources.get(file.index()) else { continue };
        let Some(before) = file.text[..line.range.start as usize].strip_suffix('\n') else {
            continue;
        };
        let end = before.strip_suffix('\r').unwrap_or(before).len();
        edit.span.range = TextRange::empty(end);
    }
}

impl Action {
    fn does(&self, around: &Around<'_, '_>, told: &Told<'_>, keeps_value: bool) -> Option<Does> {
        if let Action::Set { path, value, is_expression } = self
            && !(*is_expression && is_foreign(around, path))
        {
            let (path, text) = (path.fixed(around.env)?, fill(value, around.env)?);
            return Some(Does::Sets(Wanted { path, text, is_raw: *is_expression }));
        }
        let (does, edits) = self.edits(around, told, keeps_value)?;
        Some(Does::Edits(does, edits))
    }

    /// What it does, and how.
    fn edits(
        &self,
        around: &Around<'_, '_>,
        told: &Told<'_>,
        keeps_value: bool,
    ) -> Option<(String, Vec<Edit>)> {
        let env = around.env;
        match self {
            Action::Set { path, value, .. } => {
                let (place, text) = (path.first(around.repo, env)?, fill(value, env)?);
                Some((format!("write `{text}`"), vec![Edit { span: place.site, text }]))
            }
            Action::Replace(text) => {
                let text = fill(text, env)?;
                Some((format!("write `{text}`"), vec![say(around, told.span, &text)?]))
            }
            Action::Expression(text) => {
                let text = fill(text, env)?;
                let edit = in_expression(around, told.span, &text, keeps_value)?;
                Some((format!("write `{text}`"), vec![edit]))
            }
            Action::Delete(_) => None,
            Action::Append { path, element } => {
                let text = write::literal(&fill(element, env)?);
                let place = path.first(around.repo, env)?;
                let (file, list) = written_as(around, &place)?;
                let noted = Noted { text: &text, note: None };
                let edits = write::element_in(file, list, place.whole.range, noted)?;
                Some((format!("add `{text}`"), edits))
            }
            Action::After { path, text } => {
                let (place, text) = (path.first(around.repo, env)?, fill(text, env)?);
                let file = around.repo.sources.get(place.site.file.index())?;
                Some((format!("add `{text}`"), vec![beside::after(file, &place, &text)?]))
            }
            Action::Beneath { path, line } => {
                let (place, line) = (path.first(around.repo, env)?, fill(line, env)?);
                let file = around.repo.sources.get(place.whole.file.index())?;
                Some((format!("add `{line}`"), vec![beside::beneath(file, &place, &line)?]))
            }
            Action::Copy { to, from } => {
                let (to, place) = (to.fixed(env)?, from.first(around.repo, env)?);
                let name =
                    around.repo.sources.get(place.expr.file.index())?.slice(place.key?.range);
                Some((format!("write the same `{name}`"), copy(around, &to, &place)?))
            }
            Action::Above { path, comment } => {
                let place = path.first_or_anchor(around.repo, env)?;
                let file = around.repo.sources.get(place.whole.file.index())?;
                let comment = fill(comment, env)?;
                let edit = write::comment_above(file, place.whole.range, &comment)?;
                Some((format!("write `# {comment}` above it"), vec![edit]))
            }
            Action::Insert { path, lines } => {
                let place = path.first(around.repo, env)?;
                let Node::Body(node) = &place.node else { return None };
                let text = fill(lines, env)?;
                let lines: Vec<String> = text.trim_end().lines().map(str::to_owned).collect();
                let edit = write::block_in(node.file, node.body, &lines)?;
                let first = lines.first().map_or("", |line| line.trim_end_matches(" {"));
                Some((format!("add `{first}`"), vec![edit]))
            }
            Action::Ignore { field, note } => {
                let field = fill(field, env)?;
                let note = match note {
                    Some(note) => Some(fill(note, env)?),
                    None => marker(env).map(str::to_owned),
                };
                ignore(&env.root.block?, &field, note.as_deref())
            }
            Action::Unignore(field) => {
                let field = fill(field, env)?;
                let entry = env.root.block.and_then(|block| write::unignore(&block, &field));
                Some(entry.unwrap_or_else(|| (format!("do not ignore `{field}`"), Vec::new())))
            }
        }
    }
}

/// Whether what `path` leads to is in a file that is no HCL.
fn is_foreign(around: &Around<'_, '_>, path: &PathRef) -> bool {
    let file = path
        .first(around.repo, around.env)
        .and_then(|place| around.repo.sources.get(place.site.file.index()));
    file.is_some_and(|file| file.hcl.is_none())
}

/// What the variable or local that `expression` is may be, in each instance of the module of the subject; none where that
/// declares no such thing, nothing where it is no variable or local.
fn named(around: &Around<'_, '_>, expression: &str, span: Span) -> Option<Vec<Value>> {
    let repo = around.repo;
    let mut words = expression.split('.');
    let (root, name) = (words.next()?, words.next()?);
    let rest: Vec<&str> = words.collect();
    if !matches!(root, "var" | "local") {
        return Some(Vec::new());
    }
    let module = repo.module(around.env.root.block?.module);
    let value = |instance: InstanceId| match root {
        "var" => repo.variable(instance, name, span),
        _ => match module.names.locals.get(name) {
            Some(local) => repo.eval(*local, &Scope::instance(instance)),
            None => Value::null(span),
        },
    };
    let is_declared = match root {
        "var" => module.names.variables.contains_key(name),
        _ => module.names.locals.contains_key(name),
    };
    if !is_declared {
        return None;
    }
    let mut values = Vec::new();
    for &instance in &module.instances {
        let mut value = value(instance);
        for key in &rest {
            let next = match value.get(key) {
                Lookup::Found(entry) => entry.value.clone(),
                // What it holds is known, and this is not in it.
                Lookup::Absent => return None,
                Lookup::Unknown(reason) => Value::unknown(reason.as_str(), span),
            };
            value = next;
        }
        values.push(value);
    }
    Some(values)
}

/// Whether one of `values` is certainly, or may be, another text than `text`.
fn differs(values: &[Value], text: &str) -> bool {
    let mut all = values.iter().flat_map(Value::possibilities);
    all.any(|value| value.as_str().is_some_and(|said| said != text))
}

/// `expression` in the place of what is underlined: of a whole string with its quotes, of a part of one in a hole. None where
/// nothing may refer to it, or where it would say something else than it does, and must not.
fn in_expression(
    around: &Around<'_, '_>,
    span: Span,
    expression: &str,
    keeps_value: bool,
) -> Option<Edit> {
    let file = around.repo.sources.get(span.file.index())?;
    let body = &file.hcl.as_ref()?.body;
    let values = named(around, expression, span)?;
    let differs = |said: &str| keeps_value && differs(&values, said);
    if !write::may_refer(body, span.range) {
        return None;
    }
    // The string itself may be underlined, or what stands between its quotes.
    let (_, expr) = super::expression(around, span)?;
    if let ExprKind::Template(template) = &expr.kind
        && template.form == TemplateForm::Quoted
        && (span.range == expr.range || span.range == template.inner)
    {
        let is_other = template.as_literal().is_some_and(|said| differs(&said));
        return (!is_other).then(|| write::replace(file, expr.range, expression));
    }
    let inner = body.surroundings(span.range.start).template?.inner;
    (inner.contains(span.range) && !differs(file.slice(span.range)))
        .then(|| write::replace(file, span.range, format!("${{{expression}}}")))
}
