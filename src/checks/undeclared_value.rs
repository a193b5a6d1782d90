//! What a file with values sets is a variable of the module beside it: of anything else Terraform only says that it is ignored.

use std::collections::BTreeSet;

use crate::model::{Module, Repo};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::Globs;

use super::module_inputs::judge_names;
use super::reference::{add_used, asks_about};
use super::wrong_type::values_in;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "undeclared_value",
    outcomes: &[Outcome { name: "undeclared", placeholders: &["name", "nearest"] }],
    build,
};

struct UndeclaredValue {
    /// Files with values that Terraform reads for the module beside them.
    values: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UndeclaredValue { values: options.globs("values")? }))
}

impl Check for UndeclaredValue {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Files(self.values.clone())]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { return };
        let Some((module, values)) = values_in(context.repo, file) else { return };
        if module.in_pieces || !module.has_code() {
            return;
        }
        let values = values.filter(|it| !is_of_another(context.repo, module, &it.key.name));
        judge_names(context.repo, module, (file, values), out, |name, span| {
            Finding::new("undeclared", span).arg("name", name)
        });
    }
}

/// Whether a query of the module (`x.tfquery.hcl`) declares the variable `name`, or a test of it uses it: files with values are for
/// these as well.
fn is_of_another(repo: &Repo<'_>, module: &Module<'_>, name: &str) -> bool {
    let others = repo.sources.iter().filter(|file| asks_about(&file.path, &module.dir));
    let mut bodies = others.filter_map(|file| Some(&file.hcl.as_ref()?.body));
    bodies.any(|body| {
        let mut used = BTreeSet::new();
        add_used(Some(body), &mut used);
        used.contains(&format!("var.{name}"))
            || body.blocks_of("variable").any(|it| it.label(0) == Some(name))
    })
}
