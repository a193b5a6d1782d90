//! Arguments of Terraform's own stand where readers look for them: what says how many there are comes first, and what says how
//! the block is treated comes last.
//!
//! Invariant: what is moved takes its comments with it, and nothing else changes.

use crate::diagnostic::{Applicability, Edit};
use crate::model::BlockRef;
use crate::rule::write::{construct_out, insert, item_out};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Body, Item};
use crate::text::TextRange;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "argument_order",
    outcomes: &[
        Outcome { name: "late", placeholders: &["name", "before"] },
        Outcome { name: "early", placeholders: &["name", "behind"] },
    ],
    build,
};

struct ArgumentOrder {
    /// Types of blocks.
    blocks: Vec<String>,
    /// What comes first, in this order, and what comes last.
    first: Vec<String>,
    last: Vec<String>,
}

/// Where something belongs in its block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    First(usize),
    Any,
    Last(usize),
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(ArgumentOrder {
        blocks: options.strings("blocks")?,
        first: options.strings("first")?,
        last: options.strings("last")?,
    }))
}

impl Check for ArgumentOrder {
    fn interests(&self) -> Vec<Interest> {
        self.blocks.iter().map(|kind| Interest::blocks(kind)).collect()
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(BlockRef { file, block, .. }) = subject else { return };
        out.site();
        let items = &block.body.items;
        let place = |item: &Item| self.place(name(item));
        for (at, item) in items.iter().enumerate() {
            let own = place(item);
            let found = match own {
                Place::First(_) => {
                    let next = items[..at].iter().find(|it| place(it) > own);
                    next.map(|next| ("late", "before", next))
                }
                Place::Last(_) => {
                    let last = items[at + 1..].iter().rfind(|it| place(it) < own);
                    last.map(|last| ("early", "behind", last))
                }
                Place::Any => None,
            };
            let Some((outcome, placeholder, other)) = found else { continue };
            let edits = moved(file, &block.body, item, (outcome == "late").then_some(other), other);
            let finding = Finding::new(outcome, file.span(key(item)))
                .arg("name", name(item))
                .arg(placeholder, name(other));
            out.report(finding.fix(Applicability::Safe, "move it", edits));
        }
    }
}

impl ArgumentOrder {
    fn place(&self, name: &str) -> Place {
        let among = |names: &[String]| names.iter().position(|it| it == name);
        let first = among(&self.first).map(Place::First);
        first.or_else(|| among(&self.last).map(Place::Last)).unwrap_or(Place::Any)
    }
}

fn name(item: &Item) -> &str {
    match item {
        Item::Attribute(attribute) => &attribute.key.name,
        Item::Block(block) => &block.kind.name,
    }
}

fn key(item: &Item) -> TextRange {
    match item {
        Item::Attribute(attribute) => attribute.key.range,
        Item::Block(block) => block.kind.range,
    }
}

/// It with what is said above it.
fn with_comments(file: &SourceFile, item: &Item) -> TextRange {
    let comments = file.leading(item.range());
    comments.iter().fold(item.range(), |range, it| range.cover(it.range))
}

/// The edits that move `item` in front of `next`, or else behind `last`. None where either shares its lines with something else.
fn moved(
    file: &SourceFile,
    body: &Body,
    item: &Item,
    next: Option<&Item>,
    last: &Item,
) -> Option<Vec<Edit>> {
    let range = with_comments(file, item);
    let own = item_out(file, range)?.span.range;
    let taken = construct_out(file, range)?;
    let lines = file.text.get(own.indices())?;
    let lines = if lines.ends_with('\n') { lines.to_owned() } else { format!("{lines}\n") };
    let edit = if let Some(next) = next {
        let start = item_out(file, with_comments(file, next))?.span.range.start;
        // It stands apart from what follows.
        insert(file, start, format!("{lines}\n"))
    } else {
        let end = item_out(file, last.range())?.span.range.end;
        insert(file, end, format!("\n{lines}"))
    };
    let is_inside = body.range.contains(edit.span.range);
    (is_inside && !taken.span.range.contains(edit.span.range)).then(|| vec![taken, edit])
}
