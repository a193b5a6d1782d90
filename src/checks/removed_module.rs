//! A change does not take a module away that is still called. Where nothing is compared this cannot be told: a directory that
//! is not seen may be one that is excluded, ignored or generated.

use crate::model::{Repo, call_target};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};

use super::module_inputs::calls;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "removed_module",
    outcomes: &[Outcome { name: "removed", placeholders: &["call", "module"] }],
    build: |_| Ok(Box::new(RemovedModule)),
};

struct RemovedModule;

impl Check for RemovedModule {
    fn interests(&self) -> Vec<Interest> {
        calls()
    }

    fn compares(&self) -> bool {
        true
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let (Subject::Block(call), Some(change)) = (subject, context.change) else { return };
        let repo = context.repo;
        let Some(source) = call.block.body.attribute("source") else { return };
        let Some(dir) = call_target(&repo.module(call.module).dir, call.block) else { return };
        if change.older.module_in(&dir).is_none() {
            return;
        }
        out.site();
        if !is_there(repo, &dir) {
            out.report(
                Finding::new("removed", call.file.span(source.value.range))
                    .arg("call", call.block.label(0).unwrap_or_default())
                    .arg("module", dir),
            );
        }
    }
}

/// Whether there is anything in `dir`, be it through a symbolic link.
fn is_there(repo: &Repo<'_>, dir: &str) -> bool {
    repo.has_files_below(dir) || repo.has_link_on_way(dir)
}
