//! What a statement consists of: the commands of a pipeline, and which of them the status is of.
//!
//! Invariant: where the status may be that of something else, as in `a || b`, there are no commands.

use tree_sitter::Node as Syntax;

/// The parts of a pipeline; `inner` is shown each pipeline that it consists of.
pub(super) fn pipeline_parts<'s>(
    pipeline: Syntax<'s>,
    parts: &mut Vec<Syntax<'s>>,
    inner: &mut dyn FnMut(usize),
) {
    let mut open = vec![pipeline];
    while let Some(part) = open.pop() {
        match part.kind() {
            "pipeline" => {
                inner(part.id());
                let mut cursor = part.walk();
                let children: Vec<_> = part.named_children(&mut cursor).collect();
                open.extend(children.into_iter().rev().filter(|it| it.kind() != "comment"));
            }
            "redirected_statement" => {
                // `a && b > c | d`: the parser takes all that stands before the redirection for a part.
                open.extend(part.child_by_field_name("body").map(|body| last(body, &["list"])));
            }
            _ => parts.push(part),
        }
    }
}

/// The commands of a statement that is one pipeline, or one command.
pub(super) fn parts_of(statement: Syntax<'_>) -> Vec<Syntax<'_>> {
    let statement = match statement.kind() {
        "redirected_statement" => statement.child_by_field_name("body"),
        _ => Some(statement),
    };
    let Some(statement) = statement else { return Vec::new() };
    match statement.kind() {
        "command" => vec![statement],
        "pipeline" => {
            let mut parts = Vec::new();
            pipeline_parts(statement, &mut parts, &mut |_| {});
            parts
        }
        _ => Vec::new(),
    }
}

/// The last statement in the `$(…)` that an assignment's value is.
pub(super) fn substituted(assignment: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut value = assignment.child_by_field_name("value")?;
    if value.kind() == "string" {
        let only = value.named_child(0).filter(|_| value.named_child_count() == 1)?;
        // Nothing but the quotes around it.
        if only.start_byte() != value.start_byte() + 1 || only.end_byte() + 1 != value.end_byte() {
            return None;
        }
        value = only;
    }
    (value.kind() == "command_substitution").then(|| last_of(value)).flatten()
}

pub(super) fn last_of(statements: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut cursor = statements.walk();
    statements.named_children(&mut cursor).filter(|it| it.kind() != "comment").last()
}

/// What stands last in `syntax`, in what is of these `kinds` in turn.
pub(super) fn last<'s>(mut syntax: Syntax<'s>, kinds: &[&str]) -> Syntax<'s> {
    while kinds.contains(&syntax.kind()) {
        let mut cursor = syntax.walk();
        let inner = syntax.named_children(&mut cursor).filter(|it| it.kind() != "comment").last();
        let Some(inner) = inner else { break };
        syntax = inner;
    }
    syntax
}
