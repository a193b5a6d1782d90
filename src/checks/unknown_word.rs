//! Functions and types that Terraform does not know.

use rustc_hash::FxHashSet;

use crate::config::{is_slip, nearest};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Block, Call, Expr, ExprKind, Item, parse_expression};
use crate::text::{Globs, TextRange};

use super::reference::meant;

pub(super) const FUNCTION: CheckDef = CheckDef {
    name: "unknown_function",
    outcomes: &[Outcome { name: "unknown", placeholders: &["name", "meant"] }],
    build: |options| {
        let (files, known) = (options.globs("files")?, options.strings("known")?);
        Ok(Box::new(UnknownFunction { files, known: known.into_iter().collect() }))
    },
};

pub(super) const TYPE: CheckDef = CheckDef {
    name: "unknown_type",
    outcomes: &[
        Outcome { name: "unknown", placeholders: &["name", "nearest"] },
        Outcome { name: "bare", placeholders: &["name"] },
        Outcome { name: "quoted", placeholders: &["name"] },
        Outcome { name: "parts", placeholders: &["name", "wanted"] },
        Outcome { name: "optional", placeholders: &[] },
    ],
    build: unknown_type,
};

struct UnknownFunction {
    files: Globs,
    known: FxHashSet<String>,
}

/// What is likely meant with a type of another language: `(written, meant)`.
struct UnknownType {
    foreign: Vec<(String, String)>,
}

fn unknown_type(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let foreign = options.string_map("foreign")?;
    Ok(Box::new(UnknownType { foreign }))
}

impl Check for UnknownFunction {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        for block in context.repo.blocks_in(file) {
            self.judge_block(block.file, block.block, out);
        }
    }
}

impl UnknownFunction {
    fn judge_block(&self, file: &SourceFile, block: &Block, out: &mut Findings) {
        for item in &block.body.items {
            match item {
                Item::Block(inner) => self.judge_block(file, inner, out),
                Item::Attribute(attribute) if is_type(block, &attribute.key.name) => {}
                Item::Attribute(attribute) => {
                    for expr in attribute.value.descendants() {
                        if let ExprKind::Call(call) = &expr.kind {
                            self.judge_call(file, call, out);
                        }
                    }
                }
            }
        }
    }

    /// Functions are added from release to release: only where one that is known is as good as written, it was meant.
    fn judge_call(&self, file: &SourceFile, call: &Call, out: &mut Findings) {
        let name = call.name.name.as_str();
        out.site();
        // What has a namespace is a provider's.
        if name.contains("::") || self.known.contains(name) {
            return;
        }
        let Some(meant) = nearest(name, self.known.iter().map(String::as_str)) else { return };
        if name.len() > 3 && is_slip(name, meant) {
            let finding = Finding::new("unknown", file.span(call.name.range));
            out.report(finding.arg("name", name).arg("meant", meant));
        }
    }
}

/// Whether the argument `name` of `block` is a type: that looks like a call.
fn is_type(block: &Block, name: &str) -> bool {
    name == "type" && matches!(block.kind.name.as_str(), "variable" | "output")
}

impl Check for UnknownType {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("variable")]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(kind) = block.block.body.attribute("type") else { return };
        out.site();
        let kind = kind.value.unparenthesised();
        if let ExprKind::Template(_) = kind.kind {
            return self.judge_quoted(block.file, kind, out);
        }
        // `list` and `map` alone are of anything, as they have been before types had parts.
        if !matches!(&kind.kind, ExprKind::Variable(name) if matches!(name.as_str(), "list" | "map"))
        {
            self.judge_type(block.file, kind, out);
        }
        if is_optional(kind) {
            out.report(Finding::new("optional", block.file.span(kind.range)));
        }
    }
}

fn is_optional(kind: &Expr) -> bool {
    matches!(&kind.kind, ExprKind::Call(call) if call.name.name == "optional")
}

/// What a type takes between its parentheses, where `args` are something else.
fn wanted_parts(name: &str, args: &[Expr]) -> Option<&'static str> {
    let kinds: Vec<&ExprKind> = args.iter().map(|it| &it.unparenthesised().kind).collect();
    let (is_fit, wanted) = match name {
        "object" => (matches!(kinds[..], [ExprKind::Object(_)]), "one object: `{ name = string }`"),
        "tuple" => (matches!(kinds[..], [ExprKind::Tuple(_)]), "one list: `[string, number]`"),
        "list" | "set" | "map" => (kinds.len() == 1, "one type"),
        "optional" => (matches!(kinds.len(), 1 | 2), "a type, and perhaps a default"),
        _ => (true, ""),
    };
    (!is_fit).then_some(wanted)
}

const SIMPLE: [&str; 4] = ["string", "number", "bool", "any"];
const COMPOSED: [&str; 5] = ["list", "set", "map", "object", "tuple"];

/// What Terraform 0.11 had, between quotes; later ones refuse them there, but nobody knows which one is used.
const QUOTED: [&str; 3] = ["string", "list", "map"];

impl UnknownType {
    /// A type between quotes, as in Terraform 0.11.
    fn judge_quoted(&self, file: &SourceFile, kind: &Expr, out: &mut Findings) {
        let Some(name) = kind.as_literal().filter(|name| !QUOTED.contains(&name.as_str())) else {
            return;
        };
        let word = match parse_expression(&name).map(|inner| inner.kind) {
            Ok(ExprKind::Variable(name)) => name,
            Ok(ExprKind::Call(call)) => call.name.name,
            // Whoever fills it in may know.
            _ => return,
        };
        if COMPOSED.contains(&word.as_str()) || SIMPLE.contains(&word.as_str()) {
            let finding = Finding::new("quoted", file.span(kind.range));
            return out.report(finding.arg("name", name.as_str()));
        }
        self.report_unknown(file, &word, kind.range, out);
    }

    fn judge_type(&self, file: &SourceFile, kind: &Expr, out: &mut Findings) {
        let kind = kind.unparenthesised();
        match &kind.kind {
            ExprKind::Variable(name) if COMPOSED.contains(&name.as_str()) => {
                let finding = Finding::new("bare", file.span(kind.range));
                out.report(finding.arg("name", name.as_str()));
            }
            ExprKind::Variable(name) if !SIMPLE.contains(&name.as_str()) => {
                self.report_unknown(file, name, kind.range, out);
            }
            ExprKind::Call(call) => {
                let name = call.name.name.as_str();
                let is_known = COMPOSED.contains(&name) || SIMPLE.contains(&name);
                if !is_known && name != "optional" {
                    return self.report_unknown(file, name, call.name.range, out);
                }
                if let Some(wanted) = wanted_parts(name, &call.args) {
                    let finding = Finding::new("parts", file.span(kind.range));
                    return out.report(finding.arg("name", name).arg("wanted", wanted));
                }
                match call.args.first().map(|it| &it.unparenthesised().kind) {
                    Some(ExprKind::Object(entries)) if name == "object" => {
                        for entry in entries {
                            self.judge_type(file, &entry.value, out);
                        }
                    }
                    Some(ExprKind::Tuple(kinds)) if name == "tuple" => {
                        for kind in kinds {
                            self.judge_type(file, kind, out);
                        }
                    }
                    Some(_) if matches!(name, "list" | "set" | "map" | "optional") => {
                        self.judge_type(file, &call.args[0], out);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn report_unknown(&self, file: &SourceFile, name: &str, range: TextRange, out: &mut Findings) {
        let foreign = self.foreign.iter().find(|(written, _)| written == name);
        let nearest = foreign.map_or_else(
            || meant(name, SIMPLE.into_iter().chain(COMPOSED).chain(["optional"])),
            |(_, it)| format!("; did you mean `{it}`?"),
        );
        let finding = Finding::new("unknown", file.span(range));
        out.report(finding.arg("name", name).arg("nearest", nearest));
    }
}
