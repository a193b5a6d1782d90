//! Comparisons of what is of two types: Terraform converts neither side, and they are never equal.
//!
//! As `terraform console` 1.11 has it, `tolist([]) == []`, `"5" == 5` and `true == "true"` are all false.

use crate::diagnostic::{Applicability, Edit};
use crate::model::Module;
use crate::rule::write::replace;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Binary, BinaryOp, Expr, ExprKind};
use crate::text::Globs;

use super::expression_type::{Type, of};

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

impl Check for NeverEqual {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        if !file.text.contains("==") && !file.text.contains("!=") {
            return;
        }
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
