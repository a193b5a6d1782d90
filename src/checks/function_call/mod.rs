//! Calls of Terraform's functions that fail whatever happens: with too few or too many arguments, and with a text that says how
//! something is written (`"%s"`, a regex, `"YYYY-MM-DD"`) and cannot be read.
//!
//! Invariant: what is told is refused by every version of Terraform that has the function. Which functions there are, and how many
//! arguments they take, the rule says.

mod date;
mod verbs;

use rustc_hash::FxHashMap;

use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Call, Expr, ExprKind, TemplatePart};
use crate::text::{Globs, Span, refusal};

use super::tried::Tried;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "function_call",
    outcomes: &[
        Outcome { name: "count", placeholders: &["name", "wanted", "given"] },
        Outcome { name: "verb", placeholders: &["verb"] },
        Outcome { name: "few", placeholders: &["wanted", "given"] },
        Outcome { name: "many", placeholders: &["wanted", "given"] },
        Outcome { name: "regex", placeholders: &["reason"] },
        Outcome { name: "date", placeholders: &["letters"] },
    ],
    build,
};

struct FunctionCall {
    files: Globs,
    /// How many arguments each function takes: at least, and at most.
    counts: FxHashMap<String, (usize, Option<usize>)>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let files = options.globs("files")?;
    let mut counts = FxHashMap::default();
    for (wanted, names) in options.string_map("counts")? {
        // `2`, or `1+` for one and more.
        let least = wanted.trim_end_matches('+').parse().unwrap_or(0);
        let most = (!wanted.ends_with('+')).then_some(least);
        counts.extend(names.split_whitespace().map(|name| (name.to_owned(), (least, most))));
    }
    Ok(Box::new(FunctionCall { files, counts }))
}

impl Check for FunctionCall {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let Some(document) = &file.hcl else { return };
        let mut tried = Tried::default();
        for expr in document.body.descendants() {
            let may_fail = tried.may_fail(expr);
            let ExprKind::Call(call) = &expr.kind else { continue };
            out.site();
            // A regex that cannot be read is one that nobody meant, even where it is asked whether it can.
            regex(file, call, out);
            if !may_fail && !call.expand {
                self.count(file, call, out);
                format(file, call, out);
                date(file, call, out);
            }
        }
    }
}

impl FunctionCall {
    fn count(&self, file: &SourceFile, call: &Call, out: &mut Findings) {
        let Some(&(least, most)) = self.counts.get(call.name.name.as_str()) else { return };
        let given = call.args.len();
        if given >= least && most.is_none_or(|most| given <= most) {
            return;
        }
        let wanted = if most.is_some() { least.to_string() } else { format!("{least} or more") };
        let finding = Finding::new("count", file.span(call.name.range))
            .arg("name", call.name.name.as_str())
            .arg("wanted", wanted)
            .arg("given", given.to_string());
        out.report(finding);
    }
}

/// `regex("^a", …)`, `replace(…, "/a/", …)`
fn regex(file: &SourceFile, call: &Call, out: &mut Findings) {
    let (pattern, is_between) = match (call.name.name.as_str(), call.args.as_slice()) {
        ("regex" | "regexall", [pattern, _]) => (pattern, false),
        ("replace", [_, pattern, _]) => (pattern, true),
        _ => return,
    };
    let Some(written) = pattern.as_literal() else { return };
    let (text, passed) = if is_between {
        let inside = written.strip_prefix('/').and_then(|it| it.strip_suffix('/'));
        let Some(inside) = inside else { return };
        (inside, 1)
    } else {
        (&*written, 0)
    };
    let Some(refusal) = refusal(text) else { return };
    let range = refusal.range.start + passed..refusal.range.end + passed;
    let finding = Finding::new("regex", part(file, pattern, range));
    out.report(finding.arg("reason", refusal.message));
}

/// `format("%s of %s", a)`
fn format(file: &SourceFile, call: &Call, out: &mut Findings) {
    let ("format" | "formatlist", [form, given @ ..]) = (&*call.name.name, call.args.as_slice())
    else {
        return;
    };
    let Some(text) = form.as_literal() else { return };
    let asked = match verbs::read(&text) {
        Ok(asked) => asked,
        Err(range) => {
            let finding = Finding::new("verb", part(file, form, range.clone()));
            return out.report(finding.arg("verb", &text[range]));
        }
    };
    let outcome = match given.len() {
        // With a `null` in the call, Terraform does not make it.
        _ if given.iter().any(|it| matches!(it.kind, ExprKind::Null)) => return,
        given if given < asked => "few",
        given if given > asked && &*call.name.name == "format" => "many",
        _ => return,
    };
    let span = file.span(if outcome == "many" { given[asked].range } else { form.range });
    let finding = Finding::new(outcome, span)
        .arg("wanted", asked.to_string())
        .arg("given", given.len().to_string());
    out.report(finding);
}

/// `formatdate("YYYY-MM-DD", …)`
fn date(file: &SourceFile, call: &Call, out: &mut Findings) {
    let ("formatdate", [form, _]) = (&*call.name.name, call.args.as_slice()) else { return };
    let Some(text) = form.as_literal() else { return };
    if let Some(range) = date::fault(&text) {
        let finding = Finding::new("date", part(file, form, range.clone()));
        out.report(finding.arg("letters", &text[range]));
    }
}

/// The bytes `range` of the text that `literal` is; all of it, where it is written with escapes.
fn part(file: &SourceFile, literal: &Expr, range: std::ops::Range<usize>) -> Span {
    let verbatim = match &literal.kind {
        ExprKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Literal(only)] if only.value.len() == only.range.len() => {
                Some(only.range)
            }
            _ => None,
        },
        _ => None,
    };
    let whole = literal.range;
    file.span(
        verbatim
            .filter(|_| !range.is_empty())
            .map_or(whole, |it| it.slice(range.start, range.len())),
    )
}
