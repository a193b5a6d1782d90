//! Terraform's functions, as far as conventions depend on them. A function that is not here gives an unknown that says so.
//!
//! Invariant: a result is what Terraform would compute, in the parts that are known; the rest is unknown.

mod files;
mod format;
mod lists;
mod logic;
mod networks;
mod numbers;
mod objects;
mod pattern;
mod refused;
mod sets;
mod text;

use super::scope::Names;
use super::{Evaluator, Scope};
use crate::model::value::{Data, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Call, Expr, ExprKind};
use crate::text::{Span, dir_of};

/// What gives the result of a function, where the name is one of its own and the arguments are known well enough.
type Family = fn(&str, &[Value], Span) -> Option<Value>;

const FAMILIES: [Family; 9] = [
    objects::call,
    lists::call,
    sets::call,
    logic::call,
    numbers::call,
    networks::call,
    pattern::call,
    format::call,
    text::call,
];

/// Functions that are no one family's.
const OF_FILES_AND_TEXTS: [&str; 7] =
    ["base64decode", "file", "filebase64", "fileexists", "fileset", "jsondecode", "yamldecode"];

/// Functions that nothing is computed of, and why.
const NEVER: &[(&str, &[&str])] = &[
    ("differs at every run", &["timestamp", "plantimestamp", "uuid", "bcrypt"]),
    (
        "is a digest, which is not computed",
        &[
            "base64sha256",
            "base64sha512",
            "filebase64sha256",
            "filebase64sha512",
            "filemd5",
            "filesha1",
            "filesha256",
            "filesha512",
            "md5",
            "sha1",
            "sha256",
            "sha512",
            "uuidv5",
        ],
    ),
    ("is not computed: what is hidden in it may be a secret", &["base64decode", "rsadecrypt"]),
];

impl<'s> Evaluator<'_, 's> {
    pub(super) fn call(
        &mut self,
        file: &'s SourceFile,
        call: &'s Call,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let name = call.name.name.as_str();
        let counting = match call.args.iter().position(never_fails) {
            // What stands behind it is never tried.
            Some(at) if name == "try" => &call.args[..=at],
            Some(_) if name == "can" => return boolean(true, span),
            _ => call.args.as_slice(),
        };
        let mut args: Vec<Value> = counting.iter().map(|arg| self.expr(file, arg, scope)).collect();
        if call.expand && counting.len() == call.args.len() {
            match args.pop().map(|last| last.data) {
                Some(Data::List(list)) if list.open.is_none() => {
                    args.extend(list.items.iter().cloned());
                }
                Some(
                    Data::Null | Data::Text(_) | Data::Number(_) | Data::Bool(_) | Data::Map(_),
                ) => {
                    return Value::failure(format!("`{name}` is given no list before `...`"), span);
                }
                _ => {
                    return Value::unknown(
                        format!("`{name}` is given a list that is not known"),
                        span,
                    );
                }
            }
        }
        if OF_FILES_AND_TEXTS.contains(&name)
            && let Some(refused) = refused::call(name, &args, span)
        {
            return refused;
        }
        match (name, args.as_slice()) {
            ("file", [path]) => self.file(path, scope, span),
            ("filebase64", [path]) => {
                let text = self.file(path, scope, span);
                over_alternatives(&[text], span, |args| pure("base64encode", args, span))
            }
            ("fileexists", [path]) => self.file_exists(path, scope, span),
            ("fileset", [dir, pattern]) => self.file_set(dir, pattern, scope, span),
            ("templatefile", [path, variables]) => self.template_file(path, variables, scope, span),
            ("jsondecode", [text]) if text.as_str().is_some_and(|text| is_no_json(&text)) => {
                Value::failure("`jsondecode` is given something else than JSON", span)
            }
            ("yamldecode", [text]) if text.as_str().is_some_and(|text| text.trim().is_empty()) => {
                Value::failure("`yamldecode` is given nothing", span)
            }
            ("yamldecode" | "jsondecode", [text]) if !matches!(text.data, Data::Null) => {
                self.decode(text, span)
            }
            ("provider::kubernetes::manifest_decode", [text]) => self.decode(text, span),
            ("provider::kubernetes::manifest_decode_multi", [text]) => {
                match yaml_documents(text, span) {
                    Some(documents) => {
                        let read = documents.iter().map(|document| self.decode(document, span));
                        Value::list(read.collect(), span)
                    }
                    None => Value::for_reason(
                        text.first_unknown().unwrap_or_else(|| unfollowed(name)),
                        span,
                    ),
                }
            }
            ("base64decode", [text]) if text.as_str().is_some_and(|text| is_no_base64(&text)) => {
                Value::failure("`base64decode` is given something else than Base64", span)
            }
            ("path_relative_to_include", []) => self.path_relative_to_include(scope, span),
            _ => over_alternatives(&args, span, |args| pure(name, args, span)),
        }
    }

    /// Terragrunt's own: the unit's directory as seen from the file that it includes.
    fn path_relative_to_include(&self, scope: &Scope<'_>, span: Span) -> Value {
        let unknown =
            || Value { data: Data::Unknown(unfollowed("path_relative_to_include")), span };
        let Names::Unit(file, dir, made) = &scope.names else { return unknown() };
        // What a stack makes of a template lies elsewhere.
        let dir = match made {
            Some(made) => match &made.dir {
                Some(dir) => dir,
                None => return unknown(),
            },
            None if self.repo.templates.has(dir) => return unknown(),
            None => dir,
        };
        let above = dir_of(&file.path);
        let below = if above.is_empty() {
            Some(&**dir).filter(|dir| !dir.is_empty())
        } else {
            dir.strip_prefix(above).and_then(|rest| rest.strip_prefix('/'))
        };
        below.map_or_else(unknown, |path| Value::text(path, span))
    }
}

/// Whether Terraform never refuses `arg`: a variable alone. What is wrong with what it is given is said where it is given.
fn never_fails(arg: &Expr) -> bool {
    let ExprKind::Traversal(traversal) = &arg.unparenthesised().kind else { return false };
    let is_variable = matches!(&traversal.base.kind, ExprKind::Variable(root) if root == "var");
    is_variable && traversal.steps.len() == 1
}

/// Applies `function` to every combination of what the arguments may be, where only one of them has alternatives.
fn over_alternatives(args: &[Value], span: Span, function: impl Fn(&[Value]) -> Value) -> Value {
    let several = |arg: &&Value| matches!(arg.data, Data::OneOf(_));
    if args.iter().filter(several).count() != 1 {
        return function(args);
    }
    let Some(index) = args.iter().position(|arg| matches!(arg.data, Data::OneOf(_))) else {
        return function(args);
    };
    let mut args = args.to_vec();
    let options = args[index].possibilities().to_vec();
    let results = options.into_iter().map(|option| {
        args[index] = option;
        function(&args)
    });
    Value::one_of(results, span)
}

fn pure(name: &str, args: &[Value], span: Span) -> Value {
    if let Some((why, _)) = NEVER.iter().find(|(_, names)| names.contains(&name)) {
        return Value::unknown(format!("`{name}(…)` {why}"), span);
    }
    if let Some(refused) = refused::call(name, args, span) {
        return refused;
    }
    let result = FAMILIES.iter().find_map(|family| family(name, args, span));
    result.unwrap_or_else(|| {
        let reason = args.iter().find_map(Value::first_unknown);
        Value::for_reason(reason.unwrap_or_else(|| unfollowed(name)), span)
    })
}

/// The documents of YAML in `text`, each with its place, without those that hold nothing.
pub(super) fn yaml_documents(text: &Value, span: Span) -> Option<Vec<Value>> {
    let parts = text::call("split", &[Value::text("\n---", span), text.clone()], span)?;
    let is_nothing = |line: &str| line.is_empty() || line.starts_with('#') || line == "---";
    let says = |part: &&Value| {
        part.as_str().is_some_and(|text| !text.lines().all(|line| is_nothing(line.trim())))
    };
    Some(parts.items().iter().filter(says).cloned().collect())
}

fn unfollowed(name: &str) -> Reason {
    Reason::new(format!("`{name}(…)` is not followed"))
}

/// One of the lists that are put together may be another one.
fn depends() -> Reason {
    Reason::new("one of the lists depends on a condition")
}

/// Whether nobody reads `text` as JSON. What is only nested too deeply for us is not judged.
fn is_no_json(text: &str) -> bool {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.is_err_and(|error| !error.to_string().starts_with("recursion limit"))
}

/// Whether a character of `text` is none of Base64's, or one is missing.
fn is_no_base64(text: &str) -> bool {
    let is_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let padding = text.len() - text.trim_end_matches('=').len();
    padding > 2
        || !text.len().is_multiple_of(4)
        || !text[..text.len() - padding].chars().all(is_one)
}

fn is_blank(value: &Value) -> bool {
    matches!(value.data, Data::Null) || value.as_str().is_some_and(|text| text.is_empty())
}

fn boolean(value: bool, span: Span) -> Value {
    Value { data: Data::Bool(value), span }
}
