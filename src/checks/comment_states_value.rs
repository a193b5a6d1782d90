//! A module input that takes certain values must be explained by a comment directly above it.
//!
//! The value is evaluated in the eyes of every caller; the comment block must contain `input = "value":` and a reason.

use std::fmt::Write as _;

use crate::diagnostic::{Applicability, Fix};
use crate::model::{BlockRef, ExprRef, Repo, Value};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::Attribute;
use crate::syntax::{Comment, SourceFile};
use crate::text::{Captures, Globs, LazyRegex, Span, TextRange};

const PLACEHOLDERS: &[&str] = &["input", "value", "stated"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "comment_states_value",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "trailing", placeholders: PLACEHOLDERS },
        Outcome { name: "other_value", placeholders: PLACEHOLDERS },
        Outcome { name: "no_reason", placeholders: PLACEHOLDERS },
        Outcome { name: "elsewhere", placeholders: PLACEHOLDERS },
    ],
    build,
};

struct CommentStatesValue {
    source: Globs,
    input: String,
    values: Vec<Statement>,
    /// Words that begin a reason which is still to be written.
    unfinished: Vec<String>,
}

/// A value that needs a reason, and how a comment states it.
struct Statement {
    value: String,
    /// `input = "value":` and the reason's first word.
    reasoned: LazyRegex,
    /// `input = "value"` with nothing after it.
    bare: LazyRegex,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let source = options.globs("source")?;
    let input = options.string("input")?;
    let values = options.strings("values")?;
    let statement = |value: String| {
        let stated = format!(r#"\b{}\s*=\s*"{}""#, regex::escape(&input), regex::escape(&value));
        let reasoned = format!(r"{stated}\s*:\s*(?<word>[^\s:]+)");
        let reasoned = options.compiled(&value, &reasoned)?;
        let bare = options.compiled(&value, &stated)?;
        Ok(Statement { value, reasoned, bare })
    };
    let values = values.into_iter().map(statement).collect::<Result<_, _>>()?;
    let unfinished = options.strings("unfinished")?;
    Ok(Box::new(CommentStatesValue { source, input, values, unfinished }))
}

impl Check for CommentStatesValue {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("module")]
    }

    fn upheld(&self, context: &Context<'_>, subject: Subject<'_>) -> Vec<Span> {
        let Subject::Block(call) = subject else { return Vec::new() };
        let Some(attribute) = call.block.body.attribute(&self.input) else { return Vec::new() };
        let expr = ExprRef { file: call.file, expr: &attribute.value };
        let value = context.repo.eval_everywhere(expr, &context.repo.scopes(&call));
        let is_possible = |statement: &&Statement| {
            let mut options = value.possibilities().iter().filter_map(Value::as_str);
            options.any(|option| option == statement.value)
        };
        let says = |comment: &&Comment| {
            let text = comment.content(&call.file.text);
            let mut possible = self.values.iter().filter(is_possible);
            possible.any(|statement| statement.reasoned.is_match(text))
        };
        let above = call.file.leading(attribute.range).iter().filter(says);
        above.map(|comment| call.file.span(comment.range)).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(call) = subject else { return };
        let source =
            call.block.body.attribute("source").and_then(|source| source.value.as_literal());
        if !source.is_some_and(|source| self.source.is_match(source.as_str())) {
            return;
        }
        out.site();
        if let Some(attribute) = call.block.body.attribute(&self.input) {
            self.judge_input(context.repo, &call, attribute, out);
        }
    }
}

impl CommentStatesValue {
    fn judge_input<'s>(
        &self,
        repo: &Repo<'s>,
        call: &BlockRef<'s>,
        attribute: &'s Attribute,
        out: &mut Findings,
    ) {
        let expr = ExprRef { file: call.file, expr: &attribute.value };
        let value = repo.eval_everywhere(expr, &repo.scopes(call));
        let mut explained = true;
        for statement in &self.values {
            let certain =
                |option: &&Value| option.as_str().is_some_and(|text| text == statement.value);
            if let Some(source) = value.possibilities().iter().find(certain) {
                explained &= self.judge_statement(call, attribute, statement, source, out);
            }
        }
        if explained && let Some(reason) = value.first_unknown() {
            out.unknown(expr.span(), reason.to_string());
        }
    }

    /// Whether the comment above states the value with a reason; reports where it does not.
    fn judge_statement(
        &self,
        call: &BlockRef<'_>,
        attribute: &Attribute,
        statement: &Statement,
        source: &Value,
        out: &mut Findings,
    ) -> bool {
        let file = call.file;
        let above = text_of(file, file.leading(attribute.range));
        let mut reasons = statement.reasoned.captures_iter(&above);
        let is_finished = |reason: Captures<'_>| {
            let start = reason.name("word").map_or(above.len(), |word| word.start());
            let said = above[start..].lines().next().unwrap_or_default();
            // Of punctuation alone no reason is made.
            said.contains(char::is_alphanumeric)
                && !self.unfinished.iter().any(|unfinished| said.starts_with(unfinished.as_str()))
        };
        if reasons.any(is_finished) {
            return true;
        }
        let span = file.span(attribute.value.range);
        let (outcome, place, stated) = self.situation(call, attribute, statement, &above);
        let fix = self.comment(outcome, call, attribute, statement, place);
        let mut finding = Finding::new(outcome, span)
            .arg("input", self.input.clone())
            .arg("value", statement.value.clone())
            .arg("stated", stated)
            .address(call.address());
        if let Some(place) = place {
            finding = finding.related(place, "this comment is not where it counts");
        }
        if !span.contains(source.span) {
            finding =
                finding.related(source.span, format!("`{}` comes from here", statement.value));
        }
        finding.fix = fix;
        out.report(finding);
        false
    }

    /// The comment that should be there: what is said at `place` in its place, or one for a person to finish.
    fn comment(
        &self,
        outcome: &str,
        call: &BlockRef<'_>,
        attribute: &Attribute,
        statement: &Statement,
        place: Option<Span>,
    ) -> Option<Fix> {
        let file = call.file;
        let stated = format!("{} = \"{}\"", self.input, statement.value);
        let (applicability, title, reason, old) = match (outcome, place) {
            ("missing", _) => {
                let hole = "TODO what gates the app, or why it is public".to_owned();
                (Applicability::DisplayOnly, "write the reason above it", hole, None)
            }
            ("trailing" | "elsewhere", Some(place)) => {
                let comment = file.comments().at(file.range_of(place)?.start)?;
                // What is above the block may be about more than this.
                if outcome == "elsewhere"
                    && !statement.reasoned.is_match(comment.content(&file.text))
                {
                    return None;
                }
                let reason = self.reason(comment.content(&file.text), statement)?;
                let old = match outcome {
                    "trailing" => {
                        let end = TextRange { start: attribute.range.end, end: comment.range.end };
                        write::replace(file, end, "")
                    }
                    _ => write::item_out(file, comment.range)?,
                };
                (Applicability::Safe, "move the comment to the line above", reason, Some(old))
            }
            _ => return None,
        };
        let above = write::comment_above(file, attribute.range, &format!("{stated}: {reason}"))?;
        let edits = std::iter::once(above).chain(old).collect();
        Some(Fix::of_edits(title, applicability, edits))
    }

    /// What a comment gives as a reason, without what it repeats of the code; none where that is still to be written.
    fn reason(&self, comment: &str, statement: &Statement) -> Option<String> {
        let repeated = statement.bare.find(comment).filter(|found| found.start() == 0);
        let rest = repeated.map_or(comment, |found| &comment[found.end()..]);
        let reason = rest.trim_start_matches([' ', ':', '-', '\u{2013}', '\u{2014}']).trim();
        let is_written = reason.starts_with(char::is_alphanumeric)
            && !self.unfinished.iter().any(|word| reason.starts_with(word.as_str()))
            && !self.values.iter().any(|other| other.bare.is_match(reason));
        is_written.then(|| reason.to_owned())
    }

    /// Which case it is, the comment that was perhaps meant, and the value which that comment states.
    fn situation(
        &self,
        call: &BlockRef<'_>,
        attribute: &Attribute,
        statement: &Statement,
        above: &str,
    ) -> (&'static str, Option<Span>, String) {
        let file = call.file;
        if statement.bare.is_match(above) {
            return ("no_reason", None, statement.value.clone());
        }
        let trailing = file.trailing(attribute.range);
        if let Some(trailing) = trailing.filter(|it| !is_directive(it.content(&file.text))) {
            return ("trailing", Some(file.span(trailing.range)), String::new());
        }
        if let Some(other) = self.values.iter().find(|other| other.bare.is_match(above)) {
            return ("other_value", None, other.value.clone());
        }
        let header = file.leading(call.block.range);
        if statement.bare.is_match(&text_of(file, header)) {
            return (
                "elsewhere",
                header.first().map(|comment| file.span(comment.range)),
                String::new(),
            );
        }
        ("missing", None, String::new())
    }
}

/// Words of comments that are for a program.
const TO_PROGRAMS: [&str; 6] = ["ignore", "skip", "disable", "enable", "suppress", "nolint"];

/// Whether a comment is for a program, and counts where it stands: `tool-ignore: rule`, `tool:skip=rule`, `tool: ignore[rule]`.
fn is_directive(comment: &str) -> bool {
    let mut words = comment.split([' ', '=', '[', '(']);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_told = |word: &str| TO_PROGRAMS.contains(&word.trim_end_matches([':', ',']));
    let parts: Vec<&str> = first.split([':', '-']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [_] => first.ends_with(':') && is_told(second),
        [_, rest @ ..] => rest.iter().any(|part| is_told(part)),
        [] => false,
    }
}

/// What a block of comments says, line by line.
fn text_of(file: &SourceFile, comments: &[Comment]) -> String {
    let mut text = String::new();
    for comment in comments {
        let _ = writeln!(text, "{}", comment.content(&file.text));
    }
    text
}
