//! Files have the layout that `terraform fmt` gives them.

use crate::diagnostic::{Applicability, Edit, Fix};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::{SourceFile, hcl};
use crate::text::{Globs, TextRange, typed};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "unformatted",
    outcomes: &[Outcome { name: "unformatted", placeholders: &["path", "lines", "program"] }],
    build,
};

struct Unformatted {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(Unformatted { files: options.globs("files")? }))
}

impl Check for Unformatted {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    /// One finding for a file: alignment ties lines together, and nobody formats half of one.
    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        // Where a file is broken its tokens are not known, and terraform does not touch it either.
        // Nor does it lay JSON out.
        let is_laid_out =
            |document: &&hcl::Document| document.errors.is_empty() && file.format.is_native_hcl();
        let Some(document) = file.hcl.as_ref().filter(is_laid_out) else { return };
        out.site();
        let layout = hcl::layout(&file.text, document);
        let Some((first, _)) = layout.edits.first() else { return };
        let mut lines: Vec<usize> =
            layout.edits.iter().map(|(range, _)| file.lines().line_of(range.start)).collect();
        lines.dedup();
        let lines = match lines.len() {
            1 => "this line".to_owned(),
            count => format!("{count} lines, of which this is the first"),
        };
        let mut finding = Finding::new("unformatted", file.span(underlined(file, *first)))
            .arg("path", typed(&file.path))
            .arg("lines", lines)
            .arg("program", program(&file.path));
        finding.fix = Some(fix(file, layout));
        out.report(finding);
    }
}

/// What formats the file: `terraform` refuses those of the other one.
fn program(path: &str) -> &'static str {
    match path.rsplit_once('.') {
        Some((_, "tofu")) => "tofu",
        Some((stem, "hcl")) if stem.ends_with(".tofutest") => "tofu",
        _ => "terraform",
    }
}

/// What is written on the line of `edit`; all of it where that is white space.
fn underlined(file: &SourceFile, edit: TextRange) -> TextRange {
    let line = file.lines().range_of(&file.text, file.lines().line_of(edit.start));
    let text = file.slice(line);
    let written = text.trim();
    if written.is_empty() {
        return line;
    }
    line.slice(text.len() - text.trim_start().len(), written.len())
}

fn fix(file: &SourceFile, layout: hcl::Layout) -> Fix {
    let edit = |(range, text)| Edit { span: file.span(range), text };
    // `"${value}"` is a string, and `value` need not be one.
    let applicability = if layout.rewrites { Applicability::Unsafe } else { Applicability::Safe };
    let edits = layout.edits.into_iter().map(edit).collect();
    Fix::of_edits("give the file the canonical layout", applicability, edits)
}
