//! What a module call gives an input passes the `validation` that the module declares for it.
//!
//! The condition is evaluated for each value that the input may have, with nothing else of the module known: what
//! depends on other variables is not judged.

use regex::Regex;

use crate::model::{BlockRef, Data, Entry, ExprRef, Map, Module, Reason, Repo, Scope, Value};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::{Attribute, BinaryOp, Block, Expr, ExprKind, UnaryOp};

use super::module_inputs::{callee, calls, inputs};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "invalid_input",
    outcomes: &[Outcome { name: "invalid", placeholders: &["input", "module", "explanation"] }],
    build: |_| Ok(Box::new(InvalidInput)),
};

struct InvalidInput;

impl Check for InvalidInput {
    fn interests(&self) -> Vec<Interest> {
        calls()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(call) = subject else { return };
        let Some(callee) = callee(context.repo, &call) else { return };
        for input in inputs(&call) {
            let Some(variable) = callee.names.variables.get(&input.key.name) else { continue };
            for validation in variable.block.body.blocks_of("validation") {
                judge_input(context.repo, &call, input, (variable, validation), out);
            }
        }
    }
}

fn judge_input<'s>(
    repo: &Repo<'s>,
    call: &BlockRef<'s>,
    input: &'s Attribute,
    (variable, validation): (&BlockRef<'s>, &'s Block),
    out: &mut Findings,
) {
    let Some(condition) = validation.body.attribute("condition") else { return };
    out.site();
    let given = ExprRef { file: call.file, expr: &input.value };
    // As the module sees it: converted to the variable's type, with the defaults of what is `null`.
    let name = input.key.name.as_str();
    let callees = repo.scopes(call).into_iter().filter_map(|scope| {
        let caller = repo.instance(scope.instance_id()?);
        caller.children.get(call.block.label(0)?).copied()
    });
    let values = callees.map(|callee| repo.variable(callee, name, given.span()));
    // Where one thing that a value may be is not known, nobody knows whether it is ever one of the others:
    // `try(each.value.type, null)`.
    let is_unclear =
        |it: &Value| it.possibilities().iter().any(|it| matches!(it.data, Data::Unknown(_)));
    let (unclear, values): (Vec<Value>, Vec<Value>) = values.partition(is_unclear);
    let judge = Judge { repo, variable, name: input.key.name.as_str() };
    let mut unknown = unclear.iter().find_map(Value::first_unknown);
    for option in values.iter().flat_map(Value::possibilities) {
        // In place of `null` such a variable takes its default.
        if matches!(option.data, Data::Null) && is_not_nullable(variable.block) {
            continue;
        }
        match judge.holds(&condition.value, option) {
            Ok(true) => {}
            Ok(false) if is_placeholder(repo, option) => {
                unknown =
                    Some(Reason::new("the default is empty: whoever plans sets the variable"));
            }
            Ok(false) => {
                let callee = &repo.module(variable.module).dir;
                let span = given.span();
                let mut finding = Finding::new("invalid", span)
                    .arg("input", input.key.name.as_str())
                    .arg("module", &**callee)
                    .arg("explanation", explanation(validation))
                    .related(variable.file.span(condition.value.range), "required here");
                if !span.contains(option.span) {
                    finding = finding.related(option.span, "the value comes from here");
                }
                return out.report(finding);
            }
            Err(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        out.unknown(given.span(), reason.to_string());
    }
}

/// Judges the conditions of one variable.
struct Judge<'j, 's> {
    repo: &'j Repo<'s>,
    variable: &'j BlockRef<'s>,
    name: &'j str,
}

impl<'s> Judge<'_, 's> {
    /// Whether `condition` holds where the variable is `value`; or why that is not known.
    fn holds(&self, condition: &'s Expr, value: &Value) -> Result<bool, Reason> {
        let condition = condition.unparenthesised();
        match &condition.kind {
            ExprKind::Unary(UnaryOp::Not, inner) => self.holds(inner, value).map(|holds| !holds),
            ExprKind::Binary(it) if it.op == BinaryOp::And => {
                match (self.holds(&it.left, value), self.holds(&it.right, value)) {
                    (Ok(false), _) | (_, Ok(false)) => Ok(false),
                    (Ok(true), right) => right,
                    (left, _) => left,
                }
            }
            ExprKind::Binary(it) if it.op == BinaryOp::Or => {
                match (self.holds(&it.left, value), self.holds(&it.right, value)) {
                    (Ok(true), _) | (_, Ok(true)) => Ok(true),
                    (Ok(false), right) => right,
                    (left, _) => left,
                }
            }
            _ => match self.matches_regex(condition, value) {
                Some(holds) => holds,
                None => self.evaluate(condition, value),
            },
        }
    }

    /// `can(regex("…", x))`, `length(regexall("…", x)) > 0`
    fn matches_regex(&self, condition: &'s Expr, value: &Value) -> Option<Result<bool, Reason>> {
        let call = match &condition.kind {
            ExprKind::Binary(it) if it.op == BinaryOp::Greater => {
                let zero = matches!(&it.right.kind, ExprKind::Number(number) if number == "0");
                argument(&it.left, "length").filter(|_| zero)
            }
            _ => argument(condition, "can"),
        }?;
        let ExprKind::Call(call) = &call.unparenthesised().kind else { return None };
        let [pattern, subject] = call.args.as_slice() else { return None };
        if !matches!(call.name.name.as_str(), "regex" | "regexall") {
            return None;
        }
        let subject = self.eval(subject, value);
        let Some(subject) = subject.as_str() else {
            return Some(Err(subject.first_unknown().unwrap_or_else(unclear)));
        };
        // What the two dialects read differently does not get as far as a literal in a module's validation.
        let pattern = Regex::new(&pattern.as_literal()?).ok()?;
        Some(Ok(pattern.is_match(&subject)))
    }

    fn evaluate(&self, condition: &'s Expr, value: &Value) -> Result<bool, Reason> {
        let result = self.eval(condition, value);
        match result.data {
            Data::Bool(holds) => Ok(holds),
            _ => Err(result.first_unknown().unwrap_or_else(unclear)),
        }
    }

    fn eval(&self, expr: &'s Expr, value: &Value) -> Value {
        let entry = Entry { key: self.name.into(), key_span: value.span, value: value.clone() };
        let open = Some(Reason::new("the condition depends on another variable"));
        let variables = Map { entries: vec![entry], open };
        let variables = Value { data: Data::Map(variables.into()), span: value.span };
        let instances = &self.repo.module(self.variable.module).instances;
        let Some(&instance) = instances.first() else {
            return Value::unknown("the module has no instance", value.span);
        };
        let scope = Scope::instance(instance).with("var", variables);
        self.repo.eval(ExprRef { file: self.variable.file, expr }, &scope)
    }
}

/// The one argument of a call of `function`.
fn argument<'e>(expr: &'e Expr, function: &str) -> Option<&'e Expr> {
    match &expr.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == function => match call.args.as_slice() {
            [only] => Some(only),
            _ => None,
        },
        _ => None,
    }
}

/// Whether `value` is the empty default of a variable that is set from outside of the repo, by the environment or on the command line.
fn is_placeholder(repo: &Repo<'_>, value: &Value) -> bool {
    let is_empty = match &value.data {
        Data::Null => true,
        Data::Text(_) => value.as_str().is_some_and(|text| text.is_empty()),
        Data::List(list) => list.items.is_empty() && list.open.is_none(),
        Data::Map(map) => map.entries.is_empty() && map.open.is_none(),
        _ => false,
    };
    let is_run = |module: &Module<'_>| {
        let mut instances = module.instances.iter().map(|id| repo.instance(*id));
        instances.any(|it| it.parent.is_none() && it.stack.is_some())
    };
    let holds = |variable: &BlockRef<'_>| {
        let default = variable.block.body.attribute("default");
        default.is_some_and(|it| variable.file.span(it.value.range).contains(value.span))
    };
    let mut run = repo.modules.iter().filter(|module| is_run(module));
    is_empty && run.any(|module| module.names.variables.values().any(holds))
}

fn unclear() -> Reason {
    Reason::new("whether the condition holds is not known")
}

fn is_not_nullable(variable: &Block) -> bool {
    let nullable = variable.body.attribute("nullable").map(|attribute| &attribute.value.kind);
    matches!(nullable, Some(ExprKind::Bool(false)))
}

/// What the module says about it, as the end of a message.
fn explanation(validation: &Block) -> String {
    let text = validation.body.attribute("error_message").and_then(|it| it.value.as_literal());
    let line = text.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
    match line.trim().trim_end_matches('.') {
        "" => String::new(),
        line => format!(": {line}"),
    }
}
