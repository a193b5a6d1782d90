//! `tautline rules test`: runs the cases of pages, of all packs or of some.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::analysis::cases::{Suite, Tested};
use crate::checks;
use crate::cli::args::GroundArgs;
use crate::cli::exit::Exit;
use crate::cli::explain::{RULES_TEST, unknown_at};
use crate::cli::ground::Unloaded;
use crate::cli::terminal;
use crate::cli::trouble::Trouble;
use crate::report::{harmless, plural};
use crate::rule::{Origin, PackFile, RuleSet};

/// The file that makes a directory a pack.
const PACK: &str = "pack.hcl";

/// Tests what `targets` name; nothing for all packs of the repo around `here`.
pub(in crate::cli) fn test(targets: &[PathBuf], here: &Path) -> Result<Exit, Trouble> {
    let Unloaded { workspace, mut packs, .. } = Unloaded::of(here, &GroundArgs::default())?;
    let wanted = Wanted::read(targets, &packs.files);
    for directory in &wanted.dirs {
        packs.stand_in(directory)?;
    }
    let bases = packs.bases()?;
    let suite = Suite::load(packs.files, checks::ALL, bases)?;
    wanted.check(suite.rules(), workspace.root())?;
    let tested = suite.run(&|file| wanted.includes(file));
    if !terminal::print_or_complain(&text(&tested)) {
        return Ok(Exit::Failed);
    }
    Ok(if tested.broken.is_empty() { Exit::Clean } else { Exit::Gated })
}

/// What is to be tested.
#[derive(Default)]
struct Wanted {
    /// Directories of packs.
    dirs: Vec<PathBuf>,
    /// Rules and packs; none for all, or all in the directories.
    names: Vec<String>,
}

impl Wanted {
    /// Tells names from paths: what a rule or pack in `files` is called is a name, unless it is written like a path.
    fn read(targets: &[PathBuf], files: &[PackFile]) -> Wanted {
        let mut wanted = Wanted::default();
        for target in targets {
            let name = target.to_string_lossy();
            let is_known = files.iter().any(|file| file.is_of(&name));
            let is_path = target.is_absolute() || name.starts_with('.') || name.ends_with('/');
            if is_path || (!is_known && target.exists()) {
                wanted.add_path(target);
            } else {
                wanted.names.push(name.into_owned());
            }
        }
        wanted.dirs.sort();
        wanted.dirs.dedup();
        wanted
    }

    /// A directory of packs, a pack in one, or a file of a rule or pack.
    fn add_path(&mut self, path: &Path) {
        let (pack, rule) = match (path.parent(), path.file_stem()) {
            (Some(parent), Some(stem)) if path.is_file() => (parent, Some(stem)),
            _ => (path, None),
        };
        let (true, Some((dir, name))) = (pack.join(PACK).is_file(), place(pack)) else {
            self.dirs.push(path.to_owned());
            return;
        };
        let is_rule = |stem: &str| stem != "pack";
        self.dirs.push(dir);
        self.names.push(match rule.map(|stem| stem.to_string_lossy()) {
            Some(stem) if is_rule(&stem) => format!("{name}/{stem}"),
            _ => name,
        });
    }

    /// Whether everything that is named is there, in the repo at `root`.
    fn check(&self, rules: &RuleSet, root: &Path) -> Result<(), Trouble> {
        let is_known = |name: &&String| rules.rule(name).is_some() || rules.pack(name).is_some();
        match self.names.iter().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(unknown_at(RULES_TEST, name, rules, root)),
        }
    }

    fn includes(&self, file: &PackFile) -> bool {
        if self.names.is_empty() {
            return self.dirs.is_empty() || file.home.origin == Origin::Arguments;
        }
        self.names.iter().any(|name| file.is_of(name))
    }
}

/// The directory of packs that `pack` lies in, and what it is called there.
fn place(pack: &Path) -> Option<(PathBuf, String)> {
    let name = |path: &Path| Some(path.file_name()?.to_string_lossy().into_owned());
    if let (Some(dir), Some(name)) = (pack.parent(), name(pack)) {
        return Some((if dir.as_os_str().is_empty() { ".".into() } else { dir.to_owned() }, name));
    }
    // From within, `.` and the names of its files do not say what a pack is called.
    let whole = Path::new(".").join(pack).canonicalize().ok()?;
    let is_here = pack.as_os_str().is_empty() || pack == Path::new(".");
    Some((if is_here { "..".into() } else { pack.join("..") }, name(&whole)?))
}

fn text(tested: &Tested) -> String {
    let mut out = String::new();
    for broken in &tested.broken {
        let (path, title) = (harmless(&broken.path), harmless(&broken.title));
        let _ = writeln!(out, "{path}:{}: {title}", broken.line);
        for line in broken.differences.iter().flat_map(|difference| difference.lines()) {
            let _ = writeln!(out, "  {}", harmless(line));
        }
    }
    for id in &tested.without {
        let _ = writeln!(out, "{id} has no cases: what it judges can stand in none");
    }
    let (cases, rules) = (plural(tested.hold, "case"), plural(tested.rules, "rule"));
    let _ = writeln!(out, "{cases} of {rules} hold, {} do not", tested.broken.len());
    out
}
