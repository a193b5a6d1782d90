//! A key that stands twice in one object: Terraform takes the last one, and says nothing.

use rustc_hash::FxHashMap;

use crate::diagnostic::Applicability;
use crate::rule::write::entry_out;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{ExprKind, ObjectEntry};
use crate::text::{Globs, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "repeated_entry",
    outcomes: &[
        Outcome { name: "lost", placeholders: &["key"] },
        Outcome { name: "same", placeholders: &["key"] },
    ],
    build,
};

struct RepeatedEntry {
    files: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RepeatedEntry { files: options.globs("files")? }))
}

impl Check for RepeatedEntry {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.files.clone())]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let Some(document) = &file.hcl else { return };
        for expr in document.body.descendants() {
            if let ExprKind::Object(entries) = &expr.kind {
                judge(file, entries, out);
            }
        }
    }
}

fn judge(file: &SourceFile, entries: &[ObjectEntry], out: &mut Findings) {
    let mut last: FxHashMap<_, &ObjectEntry> = FxHashMap::default();
    // The one that counts comes last.
    for entry in entries.iter().rev() {
        let Some(key) = entry.literal_key() else { continue };
        out.site();
        let Some(other) = last.get(&key).copied() else {
            last.insert(key, entry);
            continue;
        };
        let written = |range: TextRange| &file.text[range.indices()];
        let is_same = written(entry.value.range) == written(other.value.range);
        let finding =
            Finding::new(if is_same { "same" } else { "lost" }, file.span(entry.key.range))
                .arg("key", key.as_str())
                .related(file.span(other.key.range), "this one counts");
        let edit = is_same.then(|| entry_out(file, entry.range())).flatten();
        out.report(finding.fix(Applicability::Safe, "delete it", edit.map(|it| vec![it])));
    }
}
