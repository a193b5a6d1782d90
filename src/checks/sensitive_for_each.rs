//! `for_each` over something sensitive, which Terraform refuses: the keys of what it makes would show it.

use std::collections::HashSet;

use crate::model::ExprRef;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::Globs;

use super::certain::is_live;
use super::secret_search::{Secret, secret_in};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "sensitive_for_each",
    outcomes: &[Outcome { name: "sensitive", placeholders: &["address", "secret"] }],
    build,
};

struct SensitiveForEach {
    /// What providers mark as sensitive: addresses with an attribute.
    attributes: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(SensitiveForEach { attributes: options.globs("attributes")? }))
}

impl Check for SensitiveForEach {
    fn interests(&self) -> Vec<Interest> {
        ["resource", "data", "module", "import"].map(Interest::blocks).to_vec()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(attribute) = block.block.body.attribute("for_each") else { return };
        out.site();
        let repo = context.repo;
        let mut instances = HashSet::new();
        // Also where it makes none today: Terraform looks at what it goes through, and not at how many there are.
        let scopes = repo.scopes(&block).into_iter().map(|scope| scope.outside());
        let once = scopes.filter(|scope| instances.insert(scope.instance_id()));
        let once = once.filter(|scope| scope.instance_id().is_none_or(|it| is_live(repo, it)));
        let expr = ExprRef { file: block.file, expr: &attribute.value };
        let found =
            once.into_iter().find_map(|scope| secret_in(repo, &self.attributes, &scope, expr));
        if let Some(Secret { name, span }) = found {
            let place = block.file.span(attribute.value.range);
            let finding = Finding::new("sensitive", place)
                .arg("address", block.address())
                .arg("secret", name);
            let is_elsewhere = span.file != place.file || !place.range.contains(span.range);
            out.report(if is_elsewhere { finding.related(span, "sensitive") } else { finding });
        }
    }
}
