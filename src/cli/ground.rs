//! Where a run takes place: the root, its settings and rules, and which part of it is asked for.

use std::path::{Path, PathBuf};

use super::args::{CheckArgs, GroundArgs};
use super::baseline::BaselineFile;
use super::environment;
use super::packs::Packs;
use super::trouble::Trouble;
use super::unit;
use crate::analysis::{self, Against, Outline};
use crate::checks;
use crate::config::{ConfigError, PackSetting, Settings};
use crate::diagnostic::PackRun;
use crate::drift::Commit;
use crate::drift::history::Moment;
use crate::rule::{self, MayAsk, Rule, RuleSet};
use crate::syntax::UNIT_FILES;
use crate::text::{dir_of, plain_dir, typed_path};
use crate::workspace::{Compare, Content, FileSet, Workspace, is_nowhere, root_and_reason};

/// A root with its settings, packs and rules.
pub(super) struct Ground {
    pub(super) workspace: Workspace,
    pub(super) settings: Settings,
    pub(super) packs: Packs,
    pub(super) rules: RuleSet,
    /// The file of the baseline.
    pub(super) baseline: BaselineFile,
}

impl Ground {
    /// The ground around `start`, with what `args` name in the place of the root's own.
    pub(super) fn of(start: &Path, args: &GroundArgs) -> Result<Ground, Trouble> {
        Ground::comparing(start, args, None)
    }

    /// The ground around `start`, as it is.
    pub(super) fn around(start: &Path) -> Result<Ground, Trouble> {
        Ground::of(start, &GroundArgs::default())
    }

    /// The ground around `start`, with the files, the settings and the packs of the newer side of a comparison.
    pub(super) fn comparing(
        start: &Path,
        args: &GroundArgs,
        compare: Option<&Compare>,
    ) -> Result<Ground, Trouble> {
        open(start, args, compare)?.load()
    }

    /// The same, with the rules that `outline` may ask, or all; and what `meanwhile` makes of the workspace while they are
    /// read from the packs.
    pub(super) fn asked<T: Send>(
        start: &Path,
        args: &GroundArgs,
        compare: Option<&Compare>,
        outline: Option<Outline<'_>>,
        meanwhile: impl FnOnce(&Workspace) -> T + Send,
    ) -> Result<(Ground, T), Trouble> {
        open(start, args, compare)?.load_asked(outline, meanwhile)
    }

    /// The packs that are on, and why. Where evidence decides, the files are read for it, as a run does.
    pub(super) fn packs_on(&self) -> Result<Vec<PackRun>, Trouble> {
        let loaded = self.workspace.load()?;
        let (on, errors) = self.packs_on_in(&loaded);
        if errors.is_empty() || loaded.is_sparse() { Ok(on) } else { Err(Trouble::Config(errors)) }
    }

    /// The packs that are on in `files`, and why; and those that should be, and show no evidence. The baseline is none.
    pub(super) fn packs_on_in(&self, files: &FileSet) -> (Vec<PackRun>, Vec<ConfigError>) {
        let baseline = self.settings.baseline_path();
        let texts: Vec<_> = files.texts().filter(|(path, _)| *path != baseline).collect();
        self.rules.packs_on(&self.settings, &texts)
    }

    /// The commit that is checked out.
    pub(super) fn head(&self) -> Option<Commit> {
        let time = self.workspace.commit_time().and_then(|seconds| u64::try_from(seconds).ok());
        let time = time.map(|seconds| Moment::from_unix_seconds(seconds).to_string());
        Some(Commit { id: self.workspace.commit()?, time })
    }

    /// What measurements of drift are held against.
    pub(super) fn against<'a>(&'a self, head: Option<&'a Commit>) -> Against<'a> {
        Against { settings: &self.settings, rules: &self.rules, head }
    }
}

/// A root with its settings and packs, before rules are read from them.
pub(super) struct Unloaded {
    pub(super) workspace: Workspace,
    settings: Settings,
    pub(super) packs: Packs,
}

impl Unloaded {
    /// What is around `start`, with what `args` name in the place of the root's own.
    pub(super) fn of(start: &Path, args: &GroundArgs) -> Result<Unloaded, Trouble> {
        open(start, args, None)
    }

    /// Reads the rules.
    pub(super) fn load(self) -> Result<Ground, Trouble> {
        Ok(self.load_asked(None, |_| ())?.0)
    }

    /// Reads the rules, only those that `outline` may ask where there is one; and what `meanwhile` makes of the workspace.
    fn load_asked<T: Send>(
        self,
        outline: Option<Outline<'_>>,
        meanwhile: impl FnOnce(&Workspace) -> T + Send,
    ) -> Result<(Ground, T), Trouble> {
        let Unloaded { mut workspace, settings, packs } = self;
        let ask = |rule: &Rule| outline.is_none_or(|it| it.may_ask(rule, &settings));
        let may_ask = outline.map(|_| &ask as MayAsk<'_>);
        let read = || {
            // What is excluded from being judged is read all the same.
            let baseline = BaselineFile::of(&workspace, &settings);
            workspace.exclude(settings.exclude.clone());
            let made = meanwhile(&workspace);
            (workspace, baseline, made)
        };
        let load = || rule::load_wanted(&packs.files, checks::ALL, &settings, may_ask);
        let (rules, (workspace, baseline, made)) = rayon::join(load, read);
        Ok((Ground { rules: rules?, workspace, settings, packs, baseline }, made))
    }
}

/// The root around `start`. The whole machine, or somebody's home, is one only where something marks it as a repo: whoever stands there
/// has not gone to a repo.
fn root_around(start: &Path, has_settings: bool) -> Result<PathBuf, Trouble> {
    let (root, by) = root_and_reason(start)?;
    if !has_settings && is_nowhere(&root, by, environment::home().as_deref()) {
        let whose = if root.parent().is_none() { "of the machine" } else { "below your home" };
        return Err(Trouble::new(format!(
            "`{}` is no repo: all files {whose} would be read",
            root.display()
        ))
        .help("go to a repo's directory, or name one: `tautline check PATH`, and `--repo DIR` for `drift`; an empty `tautline.hcl` makes this one"));
    }
    Ok(root)
}

/// The root around `start`, and its own settings.
pub(super) fn settings_around(start: &Path) -> Result<(Workspace, Settings), Trouble> {
    let workspace = Workspace::open(root_around(start, false)?)?;
    let settings = own_settings(&workspace)?;
    Ok((workspace, settings))
}

/// Whether the settings name packs that are on. Where they have no `packs` block, evidence decides.
pub(super) fn names_packs(settings: &Settings) -> bool {
    settings.packs.iter().flatten().any(PackSetting::is_on)
}

/// The root around `start`, with the settings that `args` name or else its own, and with the packs in the directories that they
/// name in the place of those of the same name; no rule is read yet.
fn open(start: &Path, args: &GroundArgs, compare: Option<&Compare>) -> Result<Unloaded, Trouble> {
    let mut workspace = Workspace::open(root_around(start, args.config.is_some())?)?;
    if let Some(compare) = compare {
        workspace.compare(compare)?;
    }
    let mut settings = match &args.config {
        Some(path) => settings_at(path)?,
        None => own_settings(&workspace)?,
    };
    let mut packs = Packs::builtin();
    packs.add_own(&workspace, &settings)?;
    for directory in &args.packs {
        packs.stand_in(directory)?;
    }
    let inside = args.packs.iter().filter_map(|directory| workspace.relative(directory));
    let inside: Vec<String> = inside.filter(|directory| !directory.is_empty()).collect();
    if !inside.is_empty() {
        settings.leave_out_packs(&inside);
    }
    Ok(Unloaded { workspace, settings, packs })
}

/// `path`, which a user gave, relative to the root.
pub(super) fn relative(workspace: &Workspace, path: &Path) -> Result<String, Trouble> {
    workspace.relative(path).ok_or_else(|| {
        let root = workspace.root().display();
        Trouble::new(format!("`{}` lies outside the root `{root}`", path.display()))
            .help("check one repo at a time")
    })
}

/// The directory of the stack that `path` (relative) lies in, by the look of the directories above it.
pub(super) fn stack_around(workspace: &Workspace, path: &str) -> Option<String> {
    let mut directory = path;
    while !directory.is_empty() {
        let parent = dir_of(directory);
        let mut units = UNIT_FILES.iter().map(|name| format!("{directory}/{name}"));
        if parent == "stacks" || units.any(|unit| workspace.read(&unit).is_some()) {
            return Some(directory.to_owned());
        }
        directory = parent;
    }
    None
}

/// The directories of the stacks named and of those that `paths` lie in, or the root where it is the one stack;
/// `None` where there is no such stack.
pub(super) fn stack_directories(
    workspace: &Workspace,
    names: &[String],
    paths: &[String],
) -> Option<Vec<String>> {
    let mut directories = Vec::with_capacity(names.len() + paths.len());
    for name in names {
        let name = plain_dir(name);
        let below_stacks = format!("stacks/{name}");
        let candidates = [below_stacks.as_str(), name];
        let found = candidates.into_iter().find(|path| workspace.is_directory(path))?;
        directories.push(found.to_owned());
    }
    for path in paths {
        // Where nothing marks the stacks, every directory with Terraform files is one.
        let own = || if workspace.is_directory(path) { path } else { dir_of(path) };
        directories.push(stack_around(workspace, path).unwrap_or_else(|| own().to_owned()));
    }
    if directories.is_empty() && !workspace.is_directory("stacks") {
        directories.push(String::new());
    }
    Some(directories)
}

/// What a check was asked to look at.
pub(super) struct Scope {
    /// Where to look for the root.
    pub(super) start: PathBuf,
    /// Absolute paths to report on.
    pub(super) paths: Vec<PathBuf>,
    /// Whether the one path is where the user stands, and was not typed.
    pub(super) is_here: bool,
}

impl Scope {
    /// What `args`, typed in the directory `here`, ask for.
    pub(super) fn of(args: &CheckArgs, here: &Path) -> Result<Scope, Trouble> {
        if let Some(buffer) = &args.stdin_filename {
            let path = here.join(buffer);
            if path.is_dir() {
                let shown = buffer.display();
                let file = typed_path(&buffer.join("main.tf"));
                return Err(Trouble::new(format!(
                    "`{shown}` is a directory, and stdin one file's text"
                ))
                .help(format!("name the file: `--stdin-filename {file}`")));
            }
            let start = existing_ancestor(&path);
            return Ok(Scope { start, paths: vec![path], is_here: false });
        }
        let mut paths = Vec::with_capacity(args.paths.len());
        for path in &args.paths {
            let absolute = here.join(path);
            if !absolute.exists() {
                return Err(absent(path, &absolute));
            }
            paths.push(written(&absolute));
        }
        let here = written(here);
        let start = paths.first().map_or_else(|| here.clone(), Clone::clone);
        let is_here = paths.is_empty() && args.stacks.is_empty();
        if is_here {
            paths.push(here);
        }
        Ok(Scope { start, paths, is_here })
    }
}

/// Where what is seen at `path` is written: what Terragrunt copies to where it runs, and what a link to a directory shows,
/// is so somewhere else.
fn written(path: &Path) -> PathBuf {
    if let Some(unit) = unit::above_cache(path) {
        return unit.to_owned();
    }
    let real = path.canonicalize().ok().filter(|real| real.is_dir());
    let real = real.unwrap_or_else(|| path.to_owned());
    unit::above_cache(&real).map_or_else(|| real.clone(), Path::to_owned)
}

/// Why there is nothing at `absolute`, which was typed as `path`.
fn absent(path: &Path, absolute: &Path) -> Trouble {
    let root = root_around(&existing_ancestor(absolute), false).ok();
    let workspace = root.and_then(|root| Workspace::open(root).ok());
    let left_out = workspace.and_then(|workspace| {
        let path = workspace.relative(absolute)?;
        workspace.leaves_out(&path).then_some(path)
    });
    let leads_to = absolute.read_link().ok();
    match (left_out, leads_to) {
        (Some(left_out), _) => {
            Trouble::new(format!("this sparse checkout leaves `{}` out", path.display()))
                .help(analysis::add_to_sparse(&left_out))
        }
        (None, Some(target)) => Trouble::new(format!(
            "`{}` is a symbolic link to `{}`, where nothing is",
            path.display(),
            target.display()
        ))
        .help("let it lead to the file that was meant, or take the link away"),
        (None, None) => {
            let help = if names_line(absolute) {
                let at = typed_path(path);
                format!(
                    "leave the line out; `tautline explain --at {at}` says what rules make of it"
                )
            } else {
                "to check a stack by its name: `--stack NAME`; by one rule or pack: `--rule NAME`"
                    .to_owned()
            };
            Trouble::new(format!("`{}` does not exist", path.display())).help(help)
        }
    }
}

/// Whether `path` is a file's and a place in it, as diagnostics show it: `main.tf:3:14`.
fn names_line(path: &Path) -> bool {
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    let mut text = path.to_string_lossy().into_owned();
    while let Some((file, number)) = text.rsplit_once(':')
        && is_number(number)
    {
        text = file.to_owned();
        if Path::new(&text).is_file() {
            return true;
        }
    }
    false
}

/// The nearest directory above a file that may not exist yet.
pub(super) fn existing_ancestor(path: &Path) -> PathBuf {
    path.ancestors().find(|path| path.is_dir()).unwrap_or(path).to_owned()
}

fn own_settings(workspace: &Workspace) -> Result<Settings, Trouble> {
    match workspace.read(Settings::FILE) {
        None => Ok(Settings::default()),
        Some(content) => parse_settings(Settings::FILE, &content),
    }
}

fn settings_at(path: &Path) -> Result<Settings, Trouble> {
    let shown = path.display().to_string();
    let absent = || {
        Trouble::new(format!("`{shown}` does not exist"))
            .help("name a file of settings; without `--config`, it is the tautline.hcl of the root")
    };
    let absolute = std::path::absolute(path).map_err(|_| absent())?;
    let (Some(directory), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(absent());
    };
    let workspace = Workspace::open(directory.to_owned())?;
    let content = workspace.read(&name.to_string_lossy()).ok_or_else(absent)?;
    parse_settings(&shown, &content)
}

fn parse_settings(path: &str, content: &Content) -> Result<Settings, Trouble> {
    match content {
        Content::Text(text) => Ok(Settings::parse(path, text)?),
        Content::Skipped(reason) => {
            let why = reason.clause();
            Err(Trouble::new(format!("`{path}` cannot be used as settings: it {why}")))
        }
    }
}
