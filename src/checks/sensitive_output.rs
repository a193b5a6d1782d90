//! Outputs of root modules that show something sensitive without saying so, which Terraform refuses.

use crate::diagnostic::Applicability;
use crate::model::{BlockRef, ExprRef, Repo, Scope};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::Globs;

use super::certain::is_surely_root;
use super::secret_search::{Secret, secret_in};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "sensitive_output",
    outcomes: &[Outcome { name: "sensitive", placeholders: &["name", "secret"] }],
    build,
};

struct SensitiveOutput {
    /// What providers mark as sensitive: addresses with an attribute.
    attributes: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(SensitiveOutput { attributes: options.globs("attributes")? }))
}

impl Check for SensitiveOutput {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("output")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let body = &block.block.body;
        let Some(value) = body.attribute("value") else { return };
        let repo = context.repo;
        let Some(scope) = root_scope(repo, &block) else { return };
        out.site();
        // Whatever is said there, it was thought of.
        if body.attribute("sensitive").or_else(|| body.attribute("ephemeral")).is_some() {
            return;
        }
        let expr = ExprRef { file: block.file, expr: &value.value };
        let Some(Secret { name, span }) = secret_in(repo, &self.attributes, &scope, expr) else {
            return;
        };
        let place = expr.span();
        let finding = Finding::new("sensitive", place)
            .arg("name", block.block.label(0).unwrap_or_default())
            .arg("secret", name);
        let is_elsewhere = span.file != place.file || !place.range.contains(span.range);
        let finding = if is_elsewhere { finding.related(span, "sensitive") } else { finding };
        let edit = write::attribute_in(block.file, body, &["sensitive = true".to_owned()]);
        let edits = edit.map(|edit| vec![edit]);
        out.report(finding.fix(Applicability::Safe, "write `sensitive = true`", edits));
    }
}

/// The scope of the only instance of the module of `block`, where that is certainly a root module: it says where its state is
/// kept, or Terragrunt runs it.
fn root_scope<'s>(repo: &Repo<'s>, block: &BlockRef<'s>) -> Option<Scope<'s>> {
    let module = repo.module(block.module);
    let [instance] = *module.instances else { return None };
    let is_root = is_surely_root(repo, module) && repo.instance(instance).parent.is_none();
    is_root.then(|| Scope::instance(instance))
}
