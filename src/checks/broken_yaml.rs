//! YAML files that a program reads as they are parse, and so do those that may be templates and do not look like one.

use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::yaml;
use crate::text::{Globs, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "broken_yaml",
    outcomes: &[Outcome { name: "broken", placeholders: &["problem"] }],
    build,
};

struct BrokenYaml {
    files: Globs,
    /// Files of which some are filled in before they are read.
    filled: Globs,
    /// What stands in one that is.
    marks: Vec<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(BrokenYaml {
        files: options.globs("files")?,
        filled: options.globs("filled")?,
        marks: options.strings("marks")?,
    }))
}

impl Check for BrokenYaml {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone()), Interest::Files(self.filled.clone())]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let is_marked = || self.marks.iter().any(|mark| file.text.contains(mark.as_str()));
        if !self.files.is_match(&file.path) && is_marked() {
            return;
        }
        out.site();
        if let Err(error) = yaml::parse(&file.text) {
            let line = file.lines().line_of(error.range.start);
            let whole = file.lines().range_of(&file.text, line);
            let rest = TextRange::new(error.range.start as usize, whole.end as usize);
            let range = if rest.is_empty() { whole } else { rest };
            out.report(Finding::new("broken", file.span(range)).arg("problem", error.message));
        }
    }
}
