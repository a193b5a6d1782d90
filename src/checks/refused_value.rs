//! What Terraform refuses for its type: in `for_each` and `count`, as a condition, beside an operator, and behind a dot.

use crate::config::nearest;
use crate::model::{BlockRef, Data, ExprRef, Module, Repo, Value, text_as_bool};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{BinaryOp, Expr, ExprKind, Traversal, UnaryOp};
use crate::text::{Globs, TextRange};

use super::certain::{certain_instances, is_never_made};
use super::element::Elements;
use super::expression_type::{Led, Type, led, of};
use super::tried::Tried;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "refused_value",
    outcomes: &[
        Outcome { name: "for_each", placeholders: &["type"] },
        Outcome { name: "count", placeholders: &["type"] },
        Outcome { name: "condition", placeholders: &["type"] },
        Outcome { name: "flag", placeholders: &["name", "type"] },
        Outcome { name: "operand", placeholders: &["type"] },
        Outcome { name: "attribute", placeholders: &["name", "type", "of", "meant"] },
        Outcome { name: "element", placeholders: &["name", "type", "of", "meant"] },
    ],
    build,
};

struct RefusedValue {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RefusedValue { files: options.globs("files")? }))
}

impl Check for RefusedValue {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let mut blocks = context.repo.blocks_in(file).peekable();
        if blocks.peek().is_some_and(|first| is_never_made(context.repo, first.module)) {
            return;
        }
        for block in blocks {
            let module = context.repo.module(block.module);
            repetition(context.repo, &block, out);
            flags(&block, module, out);
            let exprs: Vec<&Expr> = block.block.body.descendants().collect();
            let elements = Elements::of(module, block.block, &exprs);
            let mut tried = Tried::default();
            for expr in exprs {
                let may_fail = tried.may_fail(expr);
                let is_guarded =
                    matches!(expr.kind, ExprKind::Traversal(_)) && tried.may_lack(expr);
                if !may_fail && !is_guarded {
                    judge(block.file, module, (expr, &elements), out);
                }
            }
        }
    }
}

/// `for_each` takes a map or a set of texts, and `count` a whole number.
fn repetition(repo: &Repo<'_>, block: &BlockRef<'_>, out: &mut Findings) {
    let module = repo.module(block.module);
    for argument in ["for_each", "count"] {
        let Some(attribute) = block.block.body.attribute(argument) else { continue };
        let value = &attribute.value;
        let refused = of(module, value).and_then(|found| by_type(argument, value, found));
        let refused = refused.or_else(|| by_value(repo, block, argument, value));
        out.site();
        if let Some(refused) = refused {
            let finding = Finding::new(argument, block.file.span(value.range));
            out.report(finding.arg("type", refused));
        }
    }
}

/// The arguments of Terraform's own that are true or false, by the block that they stand in.
const FLAGS: [(&str, &[&str]); 3] = [
    ("variable", &["sensitive", "nullable", "ephemeral"]),
    ("output", &["sensitive", "ephemeral"]),
    ("lifecycle", &["create_before_destroy", "prevent_destroy"]),
];

/// A flag is true or false, and nothing else.
fn flags(block: &BlockRef<'_>, module: &Module<'_>, out: &mut Findings) {
    let is_resource = block.block.kind.name == "resource";
    let lifecycles = block.block.body.blocks_of("lifecycle").filter(|_| is_resource);
    for at in lifecycles.chain([block.block]) {
        let of = FLAGS.iter().find(|(kind, _)| at.kind.name == *kind);
        let names = of.map_or(&[][..], |(_, names)| names);
        for flag in names.iter().filter_map(|name| at.body.attribute(name)) {
            let refused = match &flag.value.kind {
                ExprKind::Null => Some("`null`"),
                _ => no_truth(module, &flag.value, out),
            };
            if let Some(refused) = refused {
                let finding = Finding::new("flag", block.file.span(flag.value.range));
                out.report(finding.arg("name", &*flag.key.name).arg("type", refused));
            }
        }
    }
}

/// What `value` is in words, where `argument` takes nothing of that type.
fn by_type(argument: &str, value: &Expr, found: Type) -> Option<String> {
    let is_refused = match (argument, found) {
        ("for_each", Type::Map | Type::Set | Type::Object) | ("count", Type::Number) => false,
        ("count", Type::Text) => is_text_other(value, |text| text.parse::<f64>().is_ok()),
        _ => true,
    };
    is_refused.then(|| found.noun().to_owned())
}

/// What `value` comes to in an instance of the module, in words, where `argument` takes nothing of the kind.
fn by_value<'s>(
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    argument: &str,
    value: &'s Expr,
) -> Option<String> {
    let expr = ExprRef { file: block.file, expr: value };
    let refused = |value: &Value| match argument {
        "count" => no_count(value),
        _ => no_keys(value),
    };
    let mut scopes = certain_instances(repo, block.module);
    // What the defaults say has to hold without them.
    let scope = scopes.find(|scope| refused(&repo.eval(expr, scope)).is_some())?;
    refused(&repo.eval_surely(expr, &scope))
}

fn no_count(value: &Value) -> Option<String> {
    let is_whole = |text: &str| text.parse::<u64>().is_ok();
    match &value.data {
        Data::Null => Some("`null`".into()),
        Data::Number(text) => (!is_whole(text)).then(|| format!("`{text}`")),
        Data::Text(_) => {
            let text = value.as_str()?;
            text.parse::<f64>().is_err().then(|| "a string that is no number".into())
        }
        Data::Bool(_) => Some("a bool".into()),
        _ => None,
    }
}

fn no_keys(value: &Value) -> Option<String> {
    match &value.data {
        Data::Null => Some("`null`".into()),
        Data::Text(_) => Some("a string".into()),
        Data::Number(_) => Some("a number".into()),
        Data::Bool(_) => Some("a bool".into()),
        Data::List(list) if list.is_set => {
            let is_null = |item: &Value| matches!(item.data, Data::Null);
            let is_number = |item: &Value| matches!(item.data, Data::Number(_));
            let are_numbers = !list.items.is_empty() && list.items.iter().all(is_number);
            if list.items.iter().any(is_null) {
                Some("a set with `null` in it".into())
            } else {
                (are_numbers && list.open.is_none()).then(|| "a set of numbers".into())
            }
        }
        _ => None,
    }
}

fn judge(
    file: &SourceFile,
    module: &Module<'_>,
    (expr, elements): (&Expr, &Elements<'_>),
    out: &mut Findings,
) {
    match &expr.kind {
        ExprKind::Conditional(conditional) => {
            truth(file, module, &conditional.condition, "condition", out);
        }
        ExprKind::Unary(UnaryOp::Not, inner) => truth(file, module, inner, "operand", out),
        ExprKind::Binary(binary) => {
            for side in [&binary.left, &binary.right] {
                match binary.op {
                    BinaryOp::And | BinaryOp::Or => truth(file, module, side, "operand", out),
                    BinaryOp::Equal | BinaryOp::NotEqual => {}
                    _ => amount(file, module, side, out),
                }
            }
        }
        ExprKind::Traversal(traversal) => match elements.led(traversal) {
            Some(element) => attribute(file, ("element", element), traversal, out),
            None => attribute(file, ("attribute", led(module, traversal)), traversal, out),
        },
        _ => {}
    }
}

/// `expr`, which has to be true or false.
fn truth(
    file: &SourceFile,
    module: &Module<'_>,
    expr: &Expr,
    outcome: &'static str,
    out: &mut Findings,
) {
    if let Some(refused) = no_truth(module, expr, out) {
        out.report(Finding::new(outcome, file.span(expr.range)).arg("type", refused));
    }
}

/// What `expr` is in words, where it is surely neither true nor false.
fn no_truth(module: &Module<'_>, expr: &Expr, out: &mut Findings) -> Option<&'static str> {
    let found = of(module, expr)?;
    out.site();
    let is_refused = match found {
        Type::Bool => false,
        Type::Text => is_text_other(expr, |text| text_as_bool(text).is_some()),
        _ => true,
    };
    is_refused.then(|| found.noun())
}

/// `expr`, which has to be a number.
fn amount(file: &SourceFile, module: &Module<'_>, expr: &Expr, out: &mut Findings) {
    let Some(found) = of(module, expr) else { return };
    out.site();
    let is_refused = match found {
        Type::Number => false,
        Type::Text => is_text_other(expr, |text| text.parse::<f64>().is_ok()),
        _ => true,
    };
    if is_refused {
        out.report(Finding::new("operand", file.span(expr.range)).arg("type", found.noun()));
    }
}

/// Whether `expr` is a text that is written out and not one of those that can be converted.
fn is_text_other(expr: &Expr, converts: impl Fn(&str) -> bool) -> bool {
    expr.unparenthesised().as_literal().is_some_and(|text| !converts(&text))
}

/// `var.x.name`, where the type of the variable says that there is none; or the same of an element.
fn attribute(
    file: &SourceFile,
    (outcome, led): (&'static str, Led<'_>),
    traversal: &Traversal,
    out: &mut Findings,
) {
    let (at, of, names, of_each) = match led {
        Led::Nowhere { at, of, names, of_each } => (at, of, names, of_each),
        Led::To(_) => return out.site(),
        Led::Unknown => return,
    };
    out.site();
    let Some(step) = traversal.steps.get(at) else { return };
    let written = |start, end| file.text.get(TextRange { start, end }.indices());
    let TextRange { start, end } = step.range;
    let (Some(name), Some(whole)) =
        (written(start, end), written(traversal.base.range.start, start))
    else {
        return;
    };
    let bare = name.trim_start_matches('.').trim_matches(['[', ']', '"']);
    let meant = nearest(bare, names.iter().map(String::as_str));
    let finding = Finding::new(if of_each { "element" } else { outcome }, file.span(step.range))
        .arg("name", bare)
        .arg("of", whole)
        .arg("type", of.noun())
        .arg("meant", meant.map_or_else(String::new, |it| format!("; did you mean `{it}`?")));
    out.report(finding);
}
