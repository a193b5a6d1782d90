//! A change that takes most of a repo away was mostly not meant: it was committed from a checkout that lacked the files.

use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "removed_stacks",
    outcomes: &[Outcome { name: "removed", placeholders: &["count", "names", "left"] }],
    build,
};

/// So many of them are named.
const NAMED: usize = 3;

struct RemovedStacks {
    /// How many fewer there may be after a change.
    most: f64,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(RemovedStacks { most: options.number("most")? }))
}

impl Check for RemovedStacks {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn compares(&self) -> bool {
        true
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let Some(change) = context.change else { return };
        let repo = context.repo;
        let removed = change.removed_stacks();
        // Stacks that moved are gone from one place and new in another.
        let fewer = change.older.stacks.len().saturating_sub(repo.stacks.len());
        let Some(file) = repo.face().filter(|_| !removed.is_empty()) else { return };
        out.site();
        if u32::try_from(fewer).is_ok_and(|fewer| f64::from(fewer) <= self.most) {
            return;
        }
        let mut names: Vec<String> =
            removed.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        if removed.len() > NAMED {
            names.push("…".to_owned());
        }
        let first_line = file.lines().range_of(&file.text, 0);
        let finding = Finding::new("removed", file.span(first_line))
            .arg("count", removed.len().to_string())
            .arg("names", names.join(", "))
            .arg("left", repo.stacks.len().to_string());
        out.report(finding);
    }
}
