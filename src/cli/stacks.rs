//! `tautline stacks`: the stacks of the repo, or those that a change can reach.

use std::path::Path;

use serde::Serialize;

use super::args::{GroundArgs, ListFormat};
use super::comparison;
use super::ground::Ground;
use super::progress::while_doing;
use super::terminal;
use super::trouble::Trouble;
use crate::analysis::{self, StackList};
use crate::report::{AffectedEntry, harmless, json_line};
use crate::workspace::CompareError;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared_with: Option<&'a str>,
    stacks: Vec<AffectedEntry<'a>>,
    removed: &'a [String],
    /// Directories that are no stacks: other code calls them as modules.
    called: &'a [String],
}

/// The list for the repo around `here`; of what `affected_by` changes, where that is given.
pub(super) fn run(
    affected_by: Option<&str>,
    format: ListFormat,
    here: &Path,
) -> Result<String, Trouble> {
    let compare = affected_by.map(comparison::sides);
    let named = |trouble: Trouble| trouble.comparing_by("--affected-by");
    let ground =
        Ground::comparing(here, &GroundArgs::default(), compare.as_ref()).map_err(named)?;
    if let Some(bare) = ground.workspace.bare() {
        return Err(bare.into());
    }
    let files = ground.workspace.load()?;
    let base = match while_doing("comparing", || ground.workspace.base(&files)) {
        // Who names `HEAD` asks for what is not committed, and that may be nothing. Any other name may be one that CI got wrong.
        Err(CompareError::NothingNew { name }) if matches!(affected_by, Some("HEAD" | "@")) => {
            terminal::note("everything is committed, so no stack is affected");
            return Ok(match format {
                ListFormat::Text => String::new(),
                ListFormat::Json => json(&StackList::default(), Some(&name)),
            });
        }
        base => base.map_err(|error| named(error.into()))?,
    };
    let list = while_doing("comparing", || analysis::stacks(files, base.as_ref()))
        .map_err(Trouble::new)?;
    if !list.called.is_empty() {
        let names: Vec<_> = list.called.iter().map(|it| harmless(it)).collect();
        let what = "no stacks, other code here calls them as modules";
        terminal::note(&format!("{what}: {}", names.join(", ")));
    }
    if list.stacks.is_empty() && list.called.is_empty() && base.is_none() {
        terminal::note(
            "there is no stack here: neither Terragrunt's units nor Terraform files; `tautline doctor` says where the root is",
        );
    }
    Ok(match format {
        ListFormat::Text => {
            let names = list.stacks.iter().map(|it| format!("{}\n", harmless(&it.stack)));
            names.collect()
        }
        ListFormat::Json => json(&list, base.as_ref().map(|base| base.name.as_str())),
    })
}

fn json(list: &StackList, compared_with: Option<&str>) -> String {
    let stacks = list.stacks.iter().map(AffectedEntry::of).collect();
    let document = Document {
        version: 1,
        compared_with,
        stacks,
        removed: &list.removed,
        called: &list.called,
    };
    json_line(&document)
}
