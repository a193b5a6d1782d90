//! What a file with values sets is a variable of the module beside it: of anything else Terraform only says that it is ignored.

use smol_str::SmolStr;

use crate::config::nearest;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::Globs;

use super::reference::open;
use super::wrong_type::values_in;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "undeclared_value",
    summary: "a file with values sets no variable that the module beside it does not declare",
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
        let variables = &module.names.variables;
        for value in values {
            out.site();
            if variables.contains_key(&value.key.name) {
                continue;
            }
            let span = file.span(value.key.range);
            if let Some(reason) = open(context.repo, module) {
                out.unknown(span, reason.to_string());
                continue;
            }
            let mut known: Vec<&str> = variables.keys().map(SmolStr::as_str).collect();
            known.sort_unstable();
            let nearest =
                nearest(&value.key.name, known).map(|it| format!("; did you mean `{it}`?"));
            out.report(
                Finding::new("undeclared", span)
                    .arg("name", value.key.name.as_str())
                    .arg("nearest", nearest.unwrap_or_default()),
            );
        }
    }
}
