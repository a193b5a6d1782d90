//! How the names are written that somebody chose in Terraform: of blocks and of locals.

use crate::model::BlockRef;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::Ident;
use crate::text::LazyRegex;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "name_form",
    outcomes: &[Outcome { name: "other", placeholders: &["name", "kind"] }],
    build,
};

/// Blocks with a name, which is their last label.
const BLOCKS: [&str; 8] =
    ["check", "data", "ephemeral", "locals", "module", "output", "resource", "variable"];

struct NameForm {
    form: LazyRegex,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(NameForm { form: options.regex("form")? }))
}

impl Check for NameForm {
    fn interests(&self) -> Vec<Interest> {
        BLOCKS.map(Interest::blocks).to_vec()
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let kind = block.block.kind.name.as_str();
        if kind == "locals" {
            block.block.body.attributes().for_each(|it| self.name(&block, "local", &it.key, out));
        } else if let Some(name) = block.block.labels.last() {
            self.name(&block, kind, name, out);
        }
    }
}

impl NameForm {
    fn name(&self, block: &BlockRef<'_>, kind: &str, name: &Ident, out: &mut Findings) {
        out.site();
        if !self.form.is_match(&name.name) {
            let finding = Finding::new("other", block.file.span(name.range));
            out.report(finding.arg("name", &*name.name).arg("kind", kind));
        }
    }
}
