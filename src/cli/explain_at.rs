//! `tautline explain --at FILE:LINE`: which rules looked at what stands there, and how they came to their answer.

use std::path::Path;
use std::sync::Arc;

use super::args::GroundArgs;
use super::explain::unknown_rule;
use super::ground::{self, Ground, existing_ancestor};
use super::trouble::Trouble;
use crate::analysis::{self, Input};
use crate::report;
use crate::syntax::Date;
use crate::workspace::Content;

/// Explains `at`, typed in the directory `here`; what the rule `about` made of it, or every rule.
pub(super) fn run(
    at: &str,
    about: Option<&str>,
    here: &Path,
    args: &GroundArgs,
    today: Date,
) -> Result<String, Trouble> {
    let wrong = || {
        Trouble::new(format!("`{at}` names no line"))
            .help("write a file and a line: `tautline explain --at stacks/dns/main.tf:12`")
    };
    let mut parts = at.rsplitn(3, ':').collect::<Vec<_>>();
    // `FILE:LINE:COLUMN`, as diagnostics show it.
    let is_number = |text: &&str| text.parse::<u32>().is_ok();
    if parts.len() == 3 && is_number(&parts[0]) && is_number(&parts[1]) {
        parts.remove(0);
    } else if parts.len() == 3 {
        parts = at.rsplitn(2, ':').collect();
    }
    let [line, path] = parts.as_slice() else { return Err(wrong()) };
    let line: u32 = line.parse().map_err(|_| wrong())?;
    let typed = here.join(path);
    if !typed.is_file() {
        return Err(Trouble::new(format!("`{path}` is no file")).help(
            "write the path as it is from here: `tautline explain --at stacks/dns/main.tf:12`",
        ));
    }
    let ground = Ground::of(&existing_ancestor(&typed), args)?;
    let relative = ground::relative(&ground.workspace, &typed)?;
    let baseline = ground.baseline.read()?.map(Arc::new);
    if let Some(id) = about.filter(|id| ground.rules.rule(id).is_none()) {
        return Err(unknown_rule(&format!("explain --at {at}"), id, &ground));
    }
    let files = ground.workspace.load()?;
    let Ground { workspace, settings, rules, .. } = ground;
    let input = Input { files, settings, rules, today };
    match (analysis::explain(input, &relative, line, about, baseline)?, workspace.read(&relative)) {
        (_, Some(Content::Skipped(why))) => {
            Err(Trouble::new(format!("nothing is read in `{relative}`: it {}", why.clause())))
        }
        (Some(found), _) => Ok(report::explained(&found, &relative, line)),
        (None, content) => {
            let lines = match content {
                Some(Content::Text(text)) => text.lines().count(),
                _ => 0,
            };
            let trouble =
                Trouble::new(format!("`{relative}` has no line {line} that tautline reads"));
            Err(if line == 0 || line as usize > lines {
                trouble.help(format!("lines count from 1, and it has {lines}"))
            } else {
                trouble.help("git, or `exclude` in tautline.hcl, leaves the file out")
            })
        }
    }
}
