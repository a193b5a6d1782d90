//! A text of several lines that is filled into a template of YAML: what comes out is YAML still.

use std::collections::BTreeSet;

use crate::model::{Data, Map, Repo, Value};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{DirectiveKind, Expr, ExprKind, Interpolation, Template, TemplatePart};
use crate::syntax::language::HOLE;
use crate::syntax::yaml;
use crate::text::Globs;

use super::bare_name_in_template::{Rendered, each_rendered};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "text_breaks_yaml",
    outcomes: &[Outcome { name: "breaks", placeholders: &["name"] }],
    build,
};

struct TextBreaksYaml {
    /// The templates that make YAML.
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(TextBreaksYaml { files: options.globs("files")? }))
}

impl Check for TextBreaksYaml {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let mut reported = BTreeSet::new();
        each_rendered(context, |it| {
            if self.files.is_match(&it.file.path) {
                judge_rendered(context.repo, it, &mut reported, out);
            }
        });
    }
}

fn judge_rendered<'s>(
    repo: &Repo<'s>,
    it: &Rendered<'_, 's>,
    reported: &mut BTreeSet<(u32, u32)>,
    out: &mut Findings,
) {
    let Some(template) = it.file.template() else { return };
    let variables = repo.eval(it.variables, it.scope);
    let Data::Map(map) = &variables.data else { return };
    let parts = parts(template, map);
    let holes = parts.iter().filter_map(|part| match part {
        Part::Hole { hole, is_certain: true } => Some(*hole),
        _ => None,
    });
    let known = holes.filter_map(|hole| {
        let name = name_of(&hole.expr)?;
        let value = value_of(map, name)?;
        let text = text_of(value).filter(|text| text.trim_end().contains('\n'))?;
        Some((hole, name, text, value))
    });
    let known: Vec<_> = known.collect();
    // Where it is no YAML without them either, it is no fault of theirs.
    if known.is_empty() || yaml::parse(&rendered(&parts, None)).is_err() {
        return;
    }
    for (hole, name, text, value) in known {
        out.site();
        if yaml::parse(&rendered(&parts, Some((hole, &text)))).is_ok() {
            continue;
        }
        let span = it.file.span(hole.range);
        if reported.insert((span.file.0, span.range.start)) {
            out.report(
                Finding::new("breaks", span)
                    .arg("name", name)
                    .related(value.span, "it has several lines"),
            );
        }
    }
}

/// What a template makes in order: texts, and holes.
enum Part<'t> {
    Text(&'t str),
    Hole {
        hole: &'t Interpolation,
        /// Whether it is there, and once.
        is_certain: bool,
    },
}

/// The parts of `template` that are there with these variables, or may be.
fn parts<'t>(template: &'t Template, variables: &Map) -> Vec<Part<'t>> {
    let mut parts = Vec::new();
    // Of each directive around, whether what stands in it is there.
    let mut around: Vec<Option<bool>> = Vec::new();
    for part in &template.parts {
        match part {
            TemplatePart::Directive(directive) => match &directive.kind {
                DirectiveKind::If(condition) => {
                    let value = name_of(condition).and_then(|name| value_of(variables, name));
                    around.push(value.and_then(|value| match value.data {
                        Data::Bool(holds) => Some(holds),
                        _ => None,
                    }));
                }
                DirectiveKind::Else => {
                    if let Some(last) = around.last_mut() {
                        *last = last.map(|is_there| !is_there);
                    }
                }
                DirectiveKind::For { .. } => around.push(None),
                DirectiveKind::EndIf | DirectiveKind::EndFor => {
                    around.pop();
                }
            },
            _ if around.contains(&Some(false)) => {}
            TemplatePart::Literal(literal) => parts.push(Part::Text(&literal.value)),
            TemplatePart::Interpolation(hole) => {
                parts.push(Part::Hole { hole, is_certain: !around.contains(&None) });
            }
        }
    }
    parts
}

/// The text of `parts`, with a word for everything but the one hole that is filled.
fn rendered(parts: &[Part<'_>], filled: Option<(&Interpolation, &str)>) -> String {
    let text = |part: &Part<'_>| match (part, filled) {
        (Part::Text(text), _) => (*text).to_owned(),
        (Part::Hole { hole, .. }, Some((it, value))) if it.range == hole.range => value.to_owned(),
        (Part::Hole { .. }, _) => HOLE.to_owned(),
    };
    parts.iter().map(text).collect()
}

/// The name that `expr` is, and nothing else.
fn name_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Variable(name) => Some(name.as_str()),
        _ => None,
    }
}

fn value_of<'m>(variables: &'m Map, name: &str) -> Option<&'m Value> {
    variables.entries.iter().find(|entry| *entry.key == *name).map(|entry| &entry.value)
}

/// The text of `value`, with a word for what is not known of it.
fn text_of(value: &Value) -> Option<String> {
    let Data::Text(text) = &value.data else { return None };
    Some(text.pieces.iter().map(|piece| piece.text.as_deref().unwrap_or(HOLE)).collect())
}
