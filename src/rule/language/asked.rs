//! Which words have a meaning for which subject: what nothing in it could ever answer is a mistake, and no question.
//!
//! Invariant: what is wrong here is wrong for every repo.

use smol_str::SmolStr;

use super::operand::PathRef;
use super::path::{Path, Step};
use super::read::Compiler;
use crate::config::{Literal, LiteralKind, literal};
use crate::syntax::Format;
use crate::syntax::hcl::Body;
use crate::text::TextRange;

/// What a question is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    /// The word in `select "…"`.
    pub(super) subject: &'static str,
    /// Whether it may stand in a file of HCL.
    may_be_hcl: bool,
    /// Whether it stands in a file of JSON.
    pub(super) is_json: bool,
    /// Whether the same is asked of other subjects too, which may have other names.
    is_one_of_several: bool,
}

impl Asked {
    /// What `select "subject"` with `body` selects.
    pub(super) fn of(subject: &'static str, body: &Body) -> Asked {
        let files = matches!(subject, "file" | "text").then(|| body.attribute("files")).flatten();
        let files = files.and_then(|it| literal(&it.value).ok());
        let globs = files.as_ref().map(|literal| match &literal.kind {
            LiteralKind::List(globs) => globs.as_slice(),
            _ => std::slice::from_ref(literal),
        });
        // Of a param it is not known here what it says.
        let all_are = |is_meant: fn(Format) -> bool| {
            let is_one = |glob: &Literal| match &glob.kind {
                LiteralKind::String(glob) => is_meant(Format::of(glob)),
                _ => false,
            };
            globs.is_some_and(|globs| globs.iter().all(is_one))
        };
        let may_be_hcl = !all_are(|it| !matches!(it, Format::Hcl(_) | Format::Plain));
        let is_json = all_are(|it| it == Format::Json);
        Asked { subject, may_be_hcl, is_json, is_one_of_several: false }
    }

    /// The same, where others are asked too.
    pub(super) fn among_others(self) -> Asked {
        Asked { is_one_of_several: true, ..self }
    }

    /// What a path can only begin with: of what has nothing below it but its columns or groups.
    fn only_begins_with(self) -> Option<&'static str> {
        match self.subject {
            _ if self.is_one_of_several => None,
            "row" => Some("column"),
            "text" => Some("group"),
            _ => None,
        }
    }

    /// Why `word` asks nothing of it; none where it may.
    fn has_no(self, word: &str) -> Option<&'static str> {
        let is_in_no_block = matches!(self.subject, "file" | "repo" | "stack");
        match word {
            "ignore" | "ignored" | "marker" if is_in_no_block || !self.may_be_hcl => {
                Some("only a resource has `ignore_changes`")
            }
            "comment" if self.subject == "repo" => Some("comments stand in files"),
            "calls" | "literal" | "refers_to" if is_in_no_block || !self.may_be_hcl => {
                Some("only what stands in a block of Terraform has expressions")
            }
            "written" if !matches!(self.subject, "module" | "row") => {
                Some("only the call of a module leaves something to a default")
            }
            "copy" | "insert" if !self.may_be_hcl => Some("it is done in HCL alone"),
            "append" | "copy" | "insert" | "set" | "set_expression"
                if matches!(self.subject, "change" | "repo" | "stack" | "text") =>
            {
                Some("nothing is written below it")
            }
            _ => None,
        }
    }
}

/// The blocks of Terraform that have no label.
const UNLABELLED: [&str; 5] = ["import", "locals", "moved", "removed", "terraform"];

impl Compiler<'_> {
    /// Whether a block of type `kind` can have the `labels` that `select "block"` with `body` asks for.
    pub(super) fn may_have_labels(&mut self, kind: &str, body: &Body) {
        if let (true, Some(labels)) = (UNLABELLED.contains(&kind), body.attribute("labels")) {
            let message = format!("this can never match: a `{kind}` block has no label");
            self.error_with_help(labels.key.range, message, "leave `labels` out");
        }
    }

    /// What `path`, written at `range`, leads to. One of a row or a text that begins with none of its names leads nowhere;
    /// the group `at` of a text is the subject itself.
    pub(super) fn fixed_path(&mut self, path: Path, range: TextRange) -> PathRef {
        if let Some(Step::Name(first)) = path.steps.first()
            && let Some(noun) = self.asked.and_then(Asked::only_begins_with)
            && !self.names.contains(&first.text)
        {
            if noun == "group" && first.text == "at" {
                return PathRef::Fixed(path.behind_first());
            }
            let names = self.names.clone();
            self.offer(noun, &first.text, range, names.iter().map(SmolStr::as_str));
        }
        PathRef::Fixed(path)
    }

    /// Whether `word` can be said of the subject; an error at `range` where it cannot.
    pub(super) fn fits(&mut self, word: &str, range: TextRange) {
        let Some((asked, why)) = self.asked.and_then(|asked| Some((asked, asked.has_no(word)?)))
        else {
            return;
        };
        let message = format!("`{word}` says nothing about `select \"{}\"`: {why}", asked.subject);
        self.error_with_help(range, message, "select what has it, or leave it out");
    }

    /// Whether each `fix` in `requirement` can do what it says to the subject.
    pub(super) fn fixes_fit(&mut self, requirement: &Body) {
        for fix in requirement.blocks_of("fix") {
            for attribute in fix.body.attributes() {
                self.fits(&attribute.key.name, attribute.key.range);
            }
            if let (Some(note), None) = (fix.body.attribute("note"), fix.body.attribute("ignore")) {
                let message = "`note` is the comment behind an ignored field";
                self.error_with_help(note.key.range, message, "add `ignore = \"…\"`");
            }
        }
    }
}
