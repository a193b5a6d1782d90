//! Reads the fixes that an entry writes down.

use smol_str::SmolStr;

use super::fix::{Action, Written};
use super::operand::PathRef;
use super::path::Path;
use super::read::Compiler;
use super::test::Test;
use super::vocabulary::{Form, word};
use crate::config::{Literal, LiteralKind};
use crate::diagnostic::Applicability;
use crate::rule::Template;
use crate::syntax::hcl::{Block, Body};
use crate::text::TextRange;

/// An edit that a requirement brings.
pub(super) const FIX: Form = Form {
    block: "fix",
    means: "in a requirement: the edit that mends it, where that cannot be told from the requirement alone. All that it says \
            is done, or nothing; of several fixes, the first whose `when` holds. Texts may use the names of messages",
    attributes: &[
        word(
            "above",
            "`{ \"path\" = \"comment\" }`",
            "puts a comment above what the path leads to",
        ),
        word(
            "after",
            "`{ \"path\" = \"text\" }`",
            "puts a text right behind what the path leads to, in any other language than HCL",
        ),
        word("append", "`{ \"path\" = \"element\" }`", "adds an element to the list there, in HCL"),
        word(
            "beneath",
            "`{ \"path\" = \"line\" }`",
            "puts a line beneath what the path leads to, in any other language than HCL",
        ),
        word(
            "copy",
            "`{ \"path\" = \"other path\" }`",
            "writes there what stands at the other path of the same file, as it is written",
        ),
        word("delete", "a path", "takes what is there out, with its key and its lines"),
        word(
            "expression",
            "a text with names",
            "what is underlined, a string or a part of one, becomes this expression",
        ),
        word("ignore", "a field", "adds the field to `ignore_changes`"),
        word(
            "insert",
            "`{ \"path\" = \"lines\" }`",
            "adds lines, a block, at the end of the block there, in HCL",
        ),
        word(
            "note",
            "a text with names",
            "the comment behind the ignored field, instead of the marker",
        ),
        word(
            "replace",
            "a text with names",
            "what is underlined says this instead, with the quotes and escapes that it needs there; as it stands here for \
             `select \"text\"`",
        ),
        word(
            "safety",
            "`safe`, `unsafe` or `display`",
            "whether it may be applied unasked, only when asked for (without it), or has a hole that people must fill",
        ),
        word(
            "set",
            "`{ \"path\" = \"value\" }`",
            "writes the value there; in HCL also the blocks around it that are missing, or the maps where the path says `[\"key\"]`",
        ),
        word(
            "set_expression",
            "`{ \"path\" = \"expression\" }`",
            "the same, with an expression of HCL; in another language, what is there becomes this text",
        ),
        word("title", "a text with names", "what it does, in the imperative"),
        word(
            "unignore",
            "a field",
            "takes the entry for just this field out of `ignore_changes`, if there is one",
        ),
    ],
    blocks: &[("when", 0)],
};

/// The words for how far a fix may be trusted.
const SAFETY: [(&str, Applicability); 3] = [
    ("safe", Applicability::Safe),
    ("unsafe", Applicability::Unsafe),
    ("display", Applicability::DisplayOnly),
];

impl Compiler<'_> {
    /// The fixes in a requirement.
    pub(super) fn fixes(&mut self, requirement: &Body) -> Vec<Written> {
        requirement.blocks_of("fix").filter_map(|block| self.fix(block)).collect()
    }

    fn fix(&mut self, block: &Block) -> Option<Written> {
        let body = &block.body;
        self.check_form(body, &[&FIX]);
        let when = Test::all(self.whens(body)?);
        let mut applicability = Applicability::Unsafe;
        if let Some((word, range)) = self.string(body, "safety") {
            match SAFETY.iter().find(|(known, _)| word == *known) {
                Some((_, found)) => applicability = *found,
                None => self.offer("safety", &word, range, SAFETY.map(|(word, _)| word)),
            }
        }
        let title = self.wording(body, "title");
        let mut actions = Vec::new();
        for attribute in body.attributes() {
            let Some(literal) = self.attribute(body, &attribute.key.name) else { continue };
            self.actions(&attribute.key.name, &literal, body, &mut actions)?;
        }
        if actions.is_empty() {
            if !self.is_wrong_within(body) {
                let help =
                    "say what it writes: `set = { \"path\" = \"value\" }`, or `replace = \"…\"`";
                self.error_with_help(block.header, "the fix does nothing", help);
            }
            return None;
        }
        Some(Written { when, title, applicability, actions })
    }

    /// What the attribute `name` does, which says `literal`.
    fn actions(
        &mut self,
        name: &str,
        literal: &Literal,
        body: &Body,
        actions: &mut Vec<Action>,
    ) -> Option<()> {
        let at = literal.range;
        match name {
            "set" | "set_expression" => {
                let is_expression = name == "set_expression";
                let pairs = self.pairs(literal)?.into_iter();
                actions.extend(pairs.map(|(path, value)| Action::Set {
                    path,
                    value,
                    is_expression,
                }));
            }
            "append" => actions.extend(
                self.pairs(literal)?
                    .into_iter()
                    .map(|(path, element)| Action::Append { path, element }),
            ),
            "above" => actions.extend(
                self.pairs(literal)?
                    .into_iter()
                    .map(|(path, comment)| Action::Above { path, comment }),
            ),
            "after" => actions.extend(
                self.pairs(literal)?.into_iter().map(|(path, text)| Action::After { path, text }),
            ),
            "beneath" => actions.extend(
                self.pairs(literal)?.into_iter().map(|(path, line)| Action::Beneath { path, line }),
            ),
            "copy" => {
                for (to, range, from) in entries(self, literal)? {
                    let to = self.path_ref(to, *range)?;
                    let (text, at) = self.text("copy", from)?;
                    actions.push(Action::Copy { to, from: self.path_ref(&text, at)? });
                }
            }
            "insert" => actions.extend(
                self.pairs(literal)?
                    .into_iter()
                    .map(|(path, lines)| Action::Insert { path, lines }),
            ),
            "replace" => actions.push(Action::Replace(self.filled(literal, at)?)),
            "expression" => actions.push(Action::Expression(self.filled(literal, at)?)),
            "delete" => {
                let (text, _) = self.text(name, literal)?;
                actions.push(Action::Delete(self.path_ref(&text, at)?));
            }
            "ignore" => {
                let field = self.filled(literal, at)?;
                actions.push(Action::Ignore { field, note: self.wording(body, "note") });
            }
            "unignore" => actions.push(Action::Unignore(self.filled(literal, at)?)),
            _ => {}
        }
        Some(())
    }

    fn filled(&mut self, literal: &Literal, at: TextRange) -> Option<Template> {
        let text = self.scalar(literal)?;
        self.template(&text, at)
    }

    fn wording(&mut self, body: &Body, name: &str) -> Option<Template> {
        let (text, range) = self.string(body, name)?;
        self.template(&text, range)
    }

    /// Paths, each with a text; the empty path is the subject.
    fn pairs(&mut self, literal: &Literal) -> Option<Vec<(PathRef, Template)>> {
        let entries = entries(self, literal)?;
        let pair = |(path, range, value): &(_, TextRange, Literal)| -> Option<_> {
            let path: &SmolStr = path;
            let path = match path.as_str() {
                "" => PathRef::Fixed(Path::default()),
                path => self.path_ref(path, *range)?,
            };
            Some((path, self.filled(value, value.range)?))
        };
        entries.iter().map(pair).collect()
    }
}

/// The entries of an object: paths, each with what belongs to it.
fn entries<'l>(
    compiler: &mut Compiler<'_>,
    literal: &'l Literal,
) -> Option<&'l [(SmolStr, TextRange, Literal)]> {
    if let LiteralKind::Object(entries) = &literal.kind {
        return Some(entries);
    }
    let message = "paths are needed here, each with a text";
    compiler.error_with_help(literal.range, message, "write `{ \"path\" = \"text\" }`");
    None
}
