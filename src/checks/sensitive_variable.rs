//! Variables whose name says that they hold a secret are declared sensitive, so that plans do not print them.

use crate::diagnostic::Applicability;
use crate::model::{BlockRef, Repo};
use crate::rule::write;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::ExprKind;
use crate::text::LazyRegex;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "sensitive_variable",
    outcomes: &[Outcome { name: "missing", placeholders: &["name"] }],
    build,
};

struct SensitiveVariable {
    /// Names of secrets.
    names: LazyRegex,
    /// Names that look like those, and are a secret's own name, path or length.
    except: Option<LazyRegex>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let names = options.regex("names")?;
    let except = options.optional_string("except")?;
    let except = except.map(|pattern| options.compiled("except", &pattern));
    Ok(Box::new(SensitiveVariable { names, except: except.transpose()? }))
}

impl Check for SensitiveVariable {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::blocks("variable")]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(name) = block.block.label(0) else { return };
        let is_excepted = self.except.as_ref().is_some_and(|except| except.is_match(name));
        let body = &block.block.body;
        let kind = body.attribute("type").map(|kind| block.file.slice(kind.value.range));
        // Also as in Terraform 0.11.
        let kind = kind.map(|kind| kind.trim_matches('"'));
        if !self.names.is_match(name) || is_excepted || matches!(kind, Some("bool" | "number")) {
            return;
        }
        out.site();
        let sensitive = body.attribute("sensitive").or_else(|| body.attribute("ephemeral"));
        let declared = sensitive.is_some_and(|it| !matches!(it.value.kind, ExprKind::Bool(false)));
        if !declared {
            let edit = match body.attribute("sensitive") {
                Some(it) => Some(write::replace(block.file, it.value.range, "true")),
                None => write::attribute_in(block.file, body, &["sensitive = true".to_owned()]),
            };
            let finding = Finding::new("missing", block.header()).arg("name", name);
            let edits = edit.map(|edit| vec![edit]);
            let applicability = if may_be_shown(context.repo, &block) {
                Applicability::DisplayOnly
            } else {
                Applicability::Unsafe
            };
            out.report(finding.fix(applicability, "write `sensitive = true`", edits));
        }
    }
}

/// Whether a root module that `block` is in, or that calls the module of it, has an output that is not said to be sensitive:
/// Terraform refuses one that shows a sensitive value, by whatever way it got there.
fn may_be_shown(repo: &Repo<'_>, block: &BlockRef<'_>) -> bool {
    repo.module(block.module).instances.iter().any(|&instance| {
        let mut instance = repo.instance(instance);
        while let Some((caller, _)) = instance.parent {
            instance = repo.instance(caller);
        }
        let mut outputs = repo.module(instance.module).names.outputs.values();
        outputs.any(|output| {
            let sensitive = output.block.body.attribute("sensitive");
            !sensitive.is_some_and(|it| matches!(it.value.kind, ExprKind::Bool(true)))
        })
    })
}
