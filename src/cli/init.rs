//! `tautline init`: settings to start from, which change nothing about the next run.
//!
//! Invariant: nothing that is there is overwritten, and what is written names no file and no word of the repo: rules read
//! the settings too, and a mention is a mention.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use globset::Glob;

use super::ground::Ground;
use super::trouble::Trouble;
use crate::analysis;
use crate::config::Settings;
use crate::diagnostic::PackRun;
use crate::report::plural;
use crate::rule::RuleSet;
use crate::workspace::{FileSet, Listing, find_root};

pub(super) const HELP: &str = "\
The file goes into the root of the repo and is never overwritten. It names the packs that the repo
shows evidence of, so that a convention is not lost silently when a file is moved; everything else
in it is a comment. The next run reports what a run without it does.

What to type next:
  tautline check
  tautline baseline create                 when there is more to mend than fits into today";

/// What follows the packs: every other key, as an example.
const EXAMPLES: &str = r#"
# Lists and names that packs bring along, replaced by this repo's own: `tautline config show --all`
# shows every param and its value.
#
# params "pack" {
#   name = ["value"]
# }

# How bad what a rule finds is: error, warning, info or off.
#
# rule "pack/rule" {
#   severity = "warning"
# }

# The same for a part of the repo. Of several that hold, the last one decides.
#
# override {
#   paths = ["stacks/lab/**"]
#   rule "pack/rule" {
#     severity = "off"
#   }
# }

# An exception for files that no comment can stand in, for a time and with a reason. Anywhere else write
# a comment: `ignore[pack/rule] until=2030-01-31 -- reason`, after `tautline:`.
#
# waiver "pack/rule" {
#   paths  = ["dashboards/**/*.json"]
#   reason = "written by another program"
#   until  = "2030-01-31"
#   owner  = "platform"
# }

# How `tautline drift run` plans the stacks, and which it leaves out.
#
# drift {
#   runner  = "scripts/tg"
#   jobs    = 4
#   timeout = "10m"
#   skip "legacy" {
#     reason = "the job may not read it"
#     until  = "2030-01-31"
#   }
# }

# Paths that are not looked at, as if they were not there.
#
# exclude = ["vendor/**"]

# Directories with packs of this repo's own: `tautline rules new PACK/NAME`.
#
# pack_dirs = ["tautline/rules"]

# Documents in which rules stand beside the prose that explains them, in fences: hcl rule=PACK/NAME.
#
# pack_documents = ["AGENTS.md"]

# Where the findings are kept that are known: `tautline baseline create`.
#
# baseline = "tautline.baseline.jsonl"
"#;

/// Writes settings into the root around the directory `here`; says what was found and written.
pub(super) fn run(here: &Path) -> Result<String, Trouble> {
    let path = find_root(here)?.join(Settings::FILE);
    if path.symlink_metadata().is_ok() {
        return Err(Trouble::new(format!(
            "`{}` is there already, nothing was written",
            path.display()
        ))
        .help("`tautline config show` shows what it says, and what it leaves at the defaults"));
    }
    let ground = Ground::around(here)?;
    let files = ground.workspace.load()?;
    let (on, _) = ground.packs_on_in(&files);
    let text = settings(&ground.rules, &on);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| {
            Trouble::new(format!("`{}` cannot be written: {error}", path.display()))
                .help("run this in a checkout that can be written to")
        })?;
    Ok(said(&ground, files, &on))
}

/// The text of the settings: the packs that are on, and examples.
fn settings(rules: &RuleSet, on: &[PackRun]) -> String {
    let mut out = String::from(
        "# Settings of tautline for this repo. Every key is optional; what is misspelt is an error.\n\
         # `tautline config show` says where each value comes from.\n\n\
         # The packs that are on. Without this block, evidence in the repo decides; with it, evidence that\n\
         # is gone is an error, unless a pack is `\"always\"` on. `tautline check --rule PACK` tries one.\npacks {\n",
    );
    let packs: Vec<_> = rules.packs.iter().filter(|pack| !pack.locked).collect();
    let is_on = |name: &str| on.iter().any(|run| &*run.name == name);
    let widest = packs.iter().map(|pack| pack.name.len()).max().unwrap_or(0);
    for pack in packs.iter().filter(|pack| is_on(&pack.name)) {
        let _ = writeln!(out, "  {:widest$} = true # {}", pack.name, pack.summary);
    }
    for pack in packs.iter().filter(|pack| !is_on(&pack.name)) {
        let _ = writeln!(out, "  # {:widest$} = \"always\" # {}", pack.name, pack.summary);
    }
    out.push_str("}\n");
    out.push_str(EXAMPLES);
    out
}

/// What was found and written, and what to do next.
fn said(ground: &Ground, files: FileSet, on: &[PackRun]) -> String {
    let root = ground.workspace.root().display();
    let mut out = format!("wrote {} in {root}\n\n", Settings::FILE);
    let listing = Listing {
        files: files.files.iter().map(|file| file.path.clone()).collect(),
        ..Listing::default()
    };
    // What is wrong with a file is for the check to say.
    match analysis::stacks(files, None).map_or(0, |list| list.stacks.len()) {
        0 => out.push_str("stacks: none\n"),
        count => {
            let _ = writeln!(out, "stacks: {count}, `tautline stacks` lists them");
        }
    }
    let on: Vec<&PackRun> = on
        .iter()
        .filter(|run| ground.rules.pack(&run.name).is_some_and(|pack| !pack.locked))
        .collect();
    let _ = writeln!(out, "packs:  {} on", on.len());
    let widest = on.iter().map(|run| run.name.len()).max().unwrap_or(0);
    for run in &on {
        let _ = writeln!(out, "        {:widest$}  {}", run.name, run.evidence);
    }
    let lists = lists(&ground.rules, &on, &listing);
    if !lists.is_empty() {
        let _ = writeln!(out, "lists:  the repo's own are read in {}", plural(lists.len(), "file"));
        for path in lists.iter().take(FEW) {
            let _ = writeln!(out, "        {path}");
        }
        if lists.len() > FEW {
            let _ = writeln!(out, "        and {} more", lists.len() - FEW);
        }
    }
    let off = ground.rules.packs.iter().filter(|pack| !pack.locked).count() - on.len();
    if on.is_empty() {
        out.push_str("\nnext: ");
    } else {
        out.push_str("\nnext: `tautline check`; when there is more to mend than fits into today, `tautline baseline create`\n");
    }
    if off > on.len() {
        let _ = writeln!(
            out,
            "`tautline check --rule PACK` tries a pack that is off; in {}, take the `#` away before those that you want",
            Settings::FILE
        );
    }
    out
}

/// So many files with lists are named; the others are counted.
const FEW: usize = 8;
/// What one rule weighs: a file gets all of it, or its share with the others that the rule reads.
const READER: usize = 1_000_000;

/// The files that rules of the packs in `on` read lists from: first those that many rules mean, and mean alone; last those
/// that a rule only looks through with many others.
fn lists<'l>(rules: &RuleSet, on: &[&PackRun], listing: &'l Listing) -> Vec<&'l str> {
    let of_packs = rules.rules.iter().filter(|rule| on.iter().any(|run| run.name == rule.pack));
    let mut readers: BTreeMap<&str, (&Glob, usize)> = BTreeMap::new();
    for glob in of_packs.flat_map(|rule| &rule.reads) {
        readers.entry(glob.glob()).or_insert((glob, 0)).1 += 1;
    }
    let mut weights: BTreeMap<&str, usize> = BTreeMap::new();
    for (glob, readers) in readers.into_values() {
        let matcher = glob.compile_matcher();
        let paths = listing.files.iter().map(|path| &**path);
        let read: Vec<&str> = paths.filter(|path| matcher.is_match(path)).collect();
        for path in &read {
            *weights.entry(*path).or_default() += READER * readers / read.len();
        }
    }
    let mut lists: Vec<(Reverse<usize>, &str)> =
        weights.into_iter().map(|(path, weight)| (Reverse(weight), path)).collect();
    lists.sort_unstable();
    lists.into_iter().map(|(_, path)| path).collect()
}
