//! What a file with values sets is a variable of the module beside it: of anything else Terraform only says that it is ignored.

use crate::model::{Module, Repo};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::{Globs, dir_of};

use super::module_inputs::judge_names;
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
        let values = values.filter(|it| !declared_by_query(context.repo, module, &it.key.name));
        judge_names(context.repo, module, (file, values), out, |name, span| {
            Finding::new("undeclared", span).arg("name", name)
        });
    }
}

/// Whether a query beside the module (`x.tfquery.hcl`) declares the variable `name`: files with values are for both.
fn declared_by_query(repo: &Repo<'_>, module: &Module<'_>, name: &str) -> bool {
    let queries = repo
        .sources
        .iter()
        .filter(|file| file.path.ends_with(".tfquery.hcl") && dir_of(&file.path) == &*module.dir);
    let bodies = queries.filter_map(|file| Some(&file.hcl.as_ref()?.body));
    bodies.flat_map(|body| body.blocks_of("variable")).any(|it| it.label(0) == Some(name))
}
