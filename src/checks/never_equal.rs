//! Comparisons of what is of two types: Terraform converts neither side, and they are never equal.
//!
//! Invariant: a side has a type only where Terraform gives it that one whatever the values are. As `terraform console` 1.11 has it:
//! `tolist([]) == []`, `"5" == 5` and `true == "true"` are all false.

use crate::diagnostic::{Applicability, Edit};
use crate::model::Module;
use crate::rule::write::replace;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{
    Binary, BinaryOp, Expr, ExprKind, StepKind, TemplatePart, Traversal, UnaryOp,
};
use crate::text::Globs;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "never_equal",
    outcomes: &[Outcome { name: "never", placeholders: &["one", "other", "result"] }],
    build,
};

struct NeverEqual {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(NeverEqual { files: options.globs("files")? }))
}

/// What Terraform tells apart when it compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Type {
    Text,
    Number,
    Bool,
    List,
    Set,
    Map,
    Tuple,
    Object,
}

impl Type {
    fn noun(self) -> &'static str {
        match self {
            Type::Text => "a string",
            Type::Number => "a number",
            Type::Bool => "a bool",
            Type::List => "a list",
            Type::Set => "a set",
            Type::Map => "a map",
            Type::Tuple => "a tuple (`[…]`)",
            Type::Object => "an object (`{…}`)",
        }
    }
}

impl Check for NeverEqual {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        for block in context.repo.blocks_in(file) {
            let module = context.repo.module(block.module);
            for expr in block.block.body.descendants() {
                if let ExprKind::Binary(binary) = &expr.kind {
                    judge(block.file, module, (expr, binary), out);
                }
            }
        }
    }
}

fn judge(
    file: &SourceFile,
    module: &Module<'_>,
    (expr, binary): (&Expr, &Binary),
    out: &mut Findings,
) {
    let result = match binary.op {
        BinaryOp::Equal => "false",
        BinaryOp::NotEqual => "true",
        _ => return,
    };
    let sides = [&binary.left, &binary.right];
    let [Some(one), Some(other)] = sides.map(|side| of(module, side)) else { return };
    out.site();
    if one == other {
        return;
    }
    let finding = Finding::new("never", file.span(expr.range))
        .arg("one", one.noun())
        .arg("other", other.noun())
        .arg("result", result);
    let fix = mended(file, (expr, binary), [one, other]);
    out.report(finding.fix(
        Applicability::Unsafe,
        "compare what is of one type",
        fix.map(|it| vec![it]),
    ));
}

/// The type that `expr` surely has.
fn of(module: &Module<'_>, expr: &Expr) -> Option<Type> {
    Some(match &expr.unparenthesised().kind {
        ExprKind::Bool(_) | ExprKind::Unary(UnaryOp::Not, _) => Type::Bool,
        ExprKind::Number(_) | ExprKind::Unary(UnaryOp::Negate, _) => Type::Number,
        // One that is nothing but `${…}` is what stands in it.
        ExprKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Interpolation(only)] => return of(module, &only.expr),
            _ => Type::Text,
        },
        ExprKind::Tuple(_) => Type::Tuple,
        ExprKind::Object(_) => Type::Object,
        ExprKind::For(each) if each.key.is_none() => Type::Tuple,
        ExprKind::For(_) => Type::Object,
        ExprKind::Binary(binary) => match binary.op {
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo => Type::Number,
            _ => Type::Bool,
        },
        ExprKind::Call(call) => returned(&call.name.name)?,
        ExprKind::Traversal(traversal) => return declared(module, traversal),
        _ => return None,
    })
}

/// What a function gives, whatever it is given.
fn returned(function: &str) -> Option<Type> {
    Some(match function {
        "tolist" | "split" | "compact" | "sort" | "distinct" | "regexall" => Type::List,
        "toset" | "setunion" | "setintersection" | "setsubtract" | "fileset" => Type::Set,
        "tomap" => Type::Map,
        "tostring" | "format" | "join" | "lower" | "upper" | "trimspace" | "replace" | "file"
        | "substr" | "jsonencode" | "yamlencode" | "basename" | "dirname" => Type::Text,
        "tonumber" | "length" | "parseint" => Type::Number,
        "tobool" | "can" | "contains" | "startswith" | "endswith" | "strcontains" | "alltrue"
        | "anytrue" | "fileexists" => Type::Bool,
        _ => return None,
    })
}

/// The type that a variable declares for what `traversal` leads to in it.
fn declared(module: &Module<'_>, traversal: &Traversal) -> Option<Type> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let (first, steps) = traversal.steps.split_first()?;
    let StepKind::Attribute(name) = &first.kind else { return None };
    if root != "var" {
        return None;
    }
    let mut kind = &module.names.variables.get(name)?.block.body.attribute("type")?.value;
    for step in steps {
        let ExprKind::Call(call) = &without_optional(kind).kind else { return None };
        let of = call.args.first()?;
        kind = match (call.name.name.as_str(), &step.kind) {
            ("object", StepKind::Attribute(key)) => attribute_of(of, key)?,
            ("object", StepKind::Index(index)) => attribute_of(of, &index.as_literal()?)?,
            ("map", StepKind::Attribute(_) | StepKind::Index(_)) => of,
            ("list", StepKind::LegacyIndex(_) | StepKind::Index(_)) => of,
            _ => return None,
        };
    }
    match &without_optional(kind).kind {
        ExprKind::Variable(name) => named(name),
        // As Terraform 0.11 had it.
        ExprKind::Template(template) => named(&template.as_literal()?),
        ExprKind::Call(call) => Some(match call.name.name.as_str() {
            "list" => Type::List,
            "set" => Type::Set,
            "map" => Type::Map,
            "object" => Type::Object,
            "tuple" => Type::Tuple,
            _ => return None,
        }),
        _ => None,
    }
}

fn named(kind: &str) -> Option<Type> {
    Some(match kind {
        "string" => Type::Text,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "list" => Type::List,
        "set" => Type::Set,
        "map" => Type::Map,
        _ => return None,
    })
}

/// The type in `optional(TYPE, DEFAULT)`.
fn without_optional(kind: &Expr) -> &Expr {
    match &kind.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == "optional" => {
            call.args.first().map_or(kind, Expr::unparenthesised)
        }
        _ => kind.unparenthesised(),
    }
}

fn attribute_of<'e>(object: &'e Expr, key: &str) -> Option<&'e Expr> {
    let ExprKind::Object(entries) = &object.unparenthesised().kind else { return None };
    let entry = entries.iter().find(|it| it.literal_key().is_some_and(|it| it == key))?;
    Some(&entry.value)
}

/// The edit that makes one side of what the other one is.
fn mended(file: &SourceFile, (expr, binary): (&Expr, &Binary), types: [Type; 2]) -> Option<Edit> {
    let sides = [(&binary.left, types[1], &binary.right), (&binary.right, types[0], &binary.left)];
    sides.into_iter().find_map(|(side, wanted, other)| {
        let written = &file.text[side.range.indices()];
        let edit = |text: String| Some(replace(file, side.range, text));
        let inside = || written.get(1..written.len() - 1).unwrap_or_default();
        match (&side.unparenthesised().kind, wanted) {
            (ExprKind::Tuple(items), Type::List | Type::Set) if items.is_empty() => {
                Some(replace(file, expr.range, emptiness(file, other, binary.op)))
            }
            (ExprKind::Object(entries), Type::Map) if entries.is_empty() => {
                Some(replace(file, expr.range, emptiness(file, other, binary.op)))
            }
            (ExprKind::Tuple(_), Type::List) => edit(format!("tolist({written})")),
            (ExprKind::Tuple(_), Type::Set) => edit(format!("toset({written})")),
            (ExprKind::Object(_), Type::Map) => edit(format!("tomap({written})")),
            (ExprKind::Template(template), Type::Bool)
                if matches!(template.as_literal().as_deref(), Some("true" | "false")) =>
            {
                edit(inside().to_owned())
            }
            (ExprKind::Template(template), Type::Number)
                if template.as_literal().is_some_and(|it| is_number(&it)) =>
            {
                edit(inside().to_owned())
            }
            (ExprKind::Bool(_) | ExprKind::Number(_), Type::Text) => edit(format!("\"{written}\"")),
            _ => None,
        }
    })
}

fn emptiness(file: &SourceFile, of: &Expr, op: BinaryOp) -> String {
    let sign = if op == BinaryOp::Equal { "==" } else { ">" };
    format!("length({}) {sign} 0", &file.text[of.unparenthesised().range.indices()])
}

/// Whether `text` is a number as HCL writes one.
fn is_number(text: &str) -> bool {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && (text == "0" || !text.starts_with('0'))
}
