//! What Terragrunt adds to a stack: inputs, variable files, generated files, a source elsewhere.
//!
//! Invariant: nothing is run. What a unit's files say literally is used; the rest is unknown, with the reason.

use std::sync::Arc;

use super::extra::{Argument, Extra, command_line, environment};
use super::generated::{GeneratedFile, generated};
use super::repo::{
    ExprRef, Module, ModuleId, SkippedFile, Stack, is_there, resolve_path, source_at,
};
use super::template::{Templates, is_fixed};
use super::unit::{Above, UnitSource, source_ends, source_of};
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind, TemplatePart, literal_text};
use crate::syntax::{SourceFile, UNIT_FILES};
use crate::text::{dir_of, path_in};
use crate::workspace::Link;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

/// What reaches the variables of a stack's root module from outside its code.
#[derive(Clone, Debug, Default)]
pub struct Inputs<'s> {
    /// What counts before the environment: what is passed on the command line, then the files that Terraform reads by
    /// itself; strongest first.
    pub passed: Vec<Passed<'s>>,
    /// Variable files that cannot be read, with the reason.
    pub unreadable: Vec<(Box<str>, &'static str)>,
    /// What is set in the environment, the strongest first.
    pub environment: Vec<Extra<'s>>,
    /// The `inputs` of the unit and of what it includes, strongest first, with the unit's directory.
    pub by_unit: Vec<(ExprRef<'s>, Arc<str>)>,
    /// Whether Terragrunt puts together what several of them say of one name.
    pub is_deep: bool,
}

/// One thing that is passed, and sets some variables.
#[derive(Clone, Debug)]
pub enum Passed<'s> {
    /// A variable on the command line.
    Variable(Extra<'s>),
    /// A variable file in clear.
    File(&'s SourceFile),
    /// Something that may set any, and why that is not known.
    Unknown(&'static str),
}

/// What sets one variable.
pub enum Setting<'i, 's> {
    /// The command line, or the environment.
    Variable(&'i Extra<'s>),
    /// A variable file.
    Written(&'s SourceFile, &'s Attribute),
    /// Something that may set it, and why that is not known.
    Unknown(&'static str),
}

impl<'s> Inputs<'s> {
    /// What sets the variable `name` before Terragrunt's own inputs do; nothing where nothing does.
    pub fn setting(&self, name: &str) -> Option<Setting<'_, 's>> {
        let passed = self.passed.iter().find_map(|passed| match passed {
            Passed::Variable(variable) => {
                (variable.name == name).then_some(Setting::Variable(variable))
            }
            Passed::File(file) => {
                let attribute = file.hcl.as_ref()?.body.attribute(name)?;
                Some(Setting::Written(file, attribute))
            }
            Passed::Unknown(why) => Some(Setting::Unknown(why)),
        });
        let set = || self.environment.iter().find(|variable| variable.name == name);
        passed.or_else(|| set().map(Setting::Variable))
    }

    /// Whether something in the repo sets the variable `name` for certain.
    pub fn writes(&self, name: &str) -> bool {
        let has_key = |expr: &Expr| match &expr.unparenthesised().kind {
            ExprKind::Object(entries) => {
                entries.iter().any(|entry| entry.literal_key().as_deref() == Some(name))
            }
            _ => false,
        };
        match self.setting(name) {
            Some(Setting::Written(..) | Setting::Variable(_)) => true,
            Some(Setting::Unknown(_)) => false,
            None => self.by_unit.iter().any(|(inputs, _)| has_key(inputs.expr)),
        }
    }
}

/// The Terragrunt units of a repo, by stack directory.
pub(super) struct Units<'s> {
    sources: &'s [SourceFile],
    units: FxHashMap<Arc<str>, Unit<'s>>,
}

struct Unit<'s> {
    /// The unit's own file, then what it includes.
    files: Vec<&'s SourceFile>,
    /// Whether it is known that these are all.
    is_all: bool,
    inputs: Arc<Inputs<'s>>,
    source_dir: Option<String>,
    /// How the directory that it runs may end, where that is all that is known of it.
    source_ends: Vec<String>,
}

impl<'s> Units<'s> {
    /// Reads the unit of every stack; a stack without Terragrunt has only variable files.
    pub(super) fn read(
        sources: &'s [SourceFile],
        skipped: &'s [SkippedFile],
        links: &'s [Link],
        templates: &Templates,
        stacks: &[Stack],
    ) -> Self {
        let lookup = Lookup { sources, skipped, links, templates };
        let units =
            stacks.iter().map(|stack| (Arc::clone(&stack.dir), lookup.unit(&stack.dir))).collect();
        Self { sources, units }
    }

    /// What is passed to the stack in `dir`.
    pub(super) fn inputs(&self, dir: &str) -> Option<Arc<Inputs<'s>>> {
        self.units.get(dir).map(|unit| Arc::clone(&unit.inputs))
    }

    /// The directory that the unit in `dir` runs, where it names another one in the repo.
    pub(super) fn source_dir(&self, dir: &str) -> Option<String> {
        self.units.get(dir)?.source_dir.clone()
    }

    /// Adds what the units generate to the modules that they run.
    pub(super) fn add_generated(&self, modules: &mut [Module<'s>], stacks: &[Stack]) {
        for stack in stacks {
            let Some(unit) = self.units.get(&stack.dir) else { continue };
            for end in &unit.source_ends {
                let may_be_run = |module: &&mut Module<'_>| {
                    module
                        .dir
                        .strip_suffix(end.as_str())
                        .is_some_and(|it| it.is_empty() || it.ends_with('/'))
                };
                for module in modules.iter_mut().filter(may_be_run) {
                    module.names.open.get_or_insert_with(|| UNKNOWN_SOURCE.into());
                }
            }
            let dir = unit.source_dir.as_deref().unwrap_or(&stack.dir);
            let Ok(at) = modules.binary_search_by(|module| (*module.dir).cmp(dir)) else {
                continue;
            };
            // Of two blocks of one name, the unit's own counts.
            let mut seen = FxHashSet::default();
            for file in &unit.files {
                for (block, says) in generated(self.sources, file, &stack.dir) {
                    if block.label(0).is_none_or(|label| seen.insert(label)) {
                        add_generated(says, &mut modules[at], ModuleId(at as u32));
                    }
                }
            }
            if !unit.is_all {
                modules[at].names.open.get_or_insert_with(|| UNKNOWN_INCLUDE.into());
            }
        }
    }
}

/// The file of the unit in `dir`.
pub(super) fn unit_in<'s>(sources: &'s [SourceFile], dir: &str) -> Option<&'s SourceFile> {
    UNIT_FILES.iter().find_map(|name| source_at(sources, &path_in(dir, name)))
}

/// The files of the unit in `dir`.
pub(super) fn unit_files<'s>(
    sources: &'s [SourceFile],
    skipped: &'s [SkippedFile],
    links: &'s [Link],
    templates: &Templates,
    dir: &str,
) -> UnitFiles<'s> {
    Lookup { sources, skipped, links, templates }.files(dir)
}

/// The files that make a unit.
pub(super) struct UnitFiles<'s> {
    /// Its own, then those that it includes, of which the last counts first.
    pub(super) merged: Vec<&'s SourceFile>,
    /// Those that it includes only to look something up in them.
    pub(super) asked: Vec<&'s SourceFile>,
    /// Whether it is known that these are all.
    pub(super) is_all: bool,
    /// Whether what two of them say of one name is put together.
    pub(super) is_deep: bool,
}

fn add_generated<'s>(says: GeneratedFile<'s>, module: &mut Module<'s>, id: ModuleId) {
    match says {
        Ok((file, body)) => module.names.add(file, body, id),
        Err(reason) => module.names.open = Some(reason),
    }
}

struct Lookup<'s, 't> {
    sources: &'s [SourceFile],
    skipped: &'s [SkippedFile],
    links: &'s [Link],
    templates: &'t Templates,
}

impl<'s> Lookup<'s, '_> {
    fn source(&self, path: &str) -> Option<&'s SourceFile> {
        source_at(self.sources, path)
    }

    fn is_there(&self, path: &str) -> bool {
        is_there(self.sources, self.skipped, self.links, path)
    }

    /// The files of the unit in `dir`.
    fn files(&self, dir: &str) -> UnitFiles<'s> {
        let own = unit_in(self.sources, dir);
        let mut files = UnitFiles {
            merged: own.into_iter().collect(),
            asked: Vec::new(),
            is_all: true,
            is_deep: false,
        };
        let document = own.and_then(|own| own.hcl.as_ref());
        let includes = document.into_iter().flat_map(|document| document.body.blocks_of("include"));
        let includes: Vec<&Block> = includes.collect();
        for block in includes.into_iter().rev() {
            let Some(path) = block.body.attribute("path") else { continue };
            let strategy = block.body.attribute("merge_strategy");
            let strategy = strategy.map_or(Some("shallow".into()), |it| it.value.as_literal());
            let is_merged = strategy.as_deref() != Some("no_merge");
            match self.include_target(&path.value, dir) {
                Target::Found(file) if is_merged => files.merged.push(file),
                Target::Found(file) => files.asked.push(file),
                Target::Unknown if is_merged => files.is_all = false,
                Target::Unknown | Target::Nothing => {}
            }
            files.is_deep |= is_merged && strategy.as_deref() != Some("shallow");
        }
        files
    }

    fn unit(&self, dir: &str) -> Unit<'s> {
        let UnitFiles { merged: files, is_all, is_deep, .. } = self.files(dir);
        let mut inputs = Inputs { is_deep, ..Inputs::default() };
        let is_template = self.templates.has(dir);
        for argument in files.iter().flat_map(|file| command_line(file, dir)) {
            match argument {
                Argument::Variable(variable) => inputs.passed.push(Passed::Variable(variable)),
                Argument::File(expr, Some(path)) if !is_template || is_fixed(expr) => {
                    self.add_variable_file(&path, &mut inputs);
                }
                Argument::File(..) => {
                    inputs.passed.push(Passed::Unknown(UNKNOWN_FILE));
                }
            }
        }
        if !is_all {
            inputs.passed.push(Passed::Unknown(UNKNOWN_INCLUDE));
        }
        self.automatic_variable_files(dir, &mut inputs);
        for file in &files {
            inputs.environment.extend(environment(file, dir));
            let body = file.hcl.as_ref().map(|document| &document.body);
            if let Some(attribute) = body.and_then(|body| body.attribute("inputs")) {
                inputs.by_unit.push((ExprRef { file, expr: &attribute.value }, dir.into()));
            }
        }
        let is_there = |path: &str| self.is_there(path);
        let (source_dir, source_ends) = match source_of(&files, dir, is_template, &is_there) {
            Some(UnitSource { dir: Some(source), .. }) => (Some(source), Vec::new()),
            Some(UnitSource { written, .. }) => (None, source_ends(written.expr)),
            None => (None, Vec::new()),
        };
        Unit { files, is_all, inputs: Arc::new(inputs), source_dir, source_ends }
    }

    fn include_target(&self, path: &Expr, dir: &str) -> Target<'s> {
        if self.templates.has(dir) && !is_fixed(path) {
            return Target::Unknown;
        }
        if let Some(names) = looked_for(path) {
            // Where there is none, Terragrunt stops.
            return self.in_parent_folders(dir, &names).map_or(Target::Nothing, Target::Found);
        }
        let above = || Above::of(path)?.found(dir, &|path| self.is_there(path));
        let path = include_path(path, dir).or_else(above);
        path.and_then(|path| self.source(&path)).map_or(Target::Unknown, Target::Found)
    }

    fn in_parent_folders(&self, dir: &str, names: &[SmolStr]) -> Option<&'s SourceFile> {
        let mut at = dir;
        while !at.is_empty() {
            at = dir_of(at);
            let found = names.iter().find_map(|name| self.source(&path_in(at, name)));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// What Terraform reads by itself: `*.auto.tfvars` and `*.auto.tfvars.json`, of which the last by name counts, then
    /// `terraform.tfvars.json`, then `terraform.tfvars`.
    fn automatic_variable_files(&self, dir: &str, inputs: &mut Inputs<'s>) {
        let prefix = path_in(dir, "");
        let in_dir =
            |path: &str| path.strip_prefix(prefix.as_str()).is_some_and(|rest| !rest.contains('/'));
        let is_automatic = |path: &str| {
            in_dir(path) && path.strip_suffix(".json").unwrap_or(path).ends_with(".auto.tfvars")
        };
        let from = self.sources.partition_point(|file| *file.path < *prefix);
        let nearby = self.sources[from..].iter().take_while(|file| file.path.starts_with(&prefix));
        let mut automatic: Vec<&str> =
            nearby.map(|file| &*file.path).filter(|path| is_automatic(path)).collect();
        let from = self.skipped.partition_point(|file| *file.path < *prefix);
        let nearby = self.skipped[from..].iter().take_while(|file| file.path.starts_with(&prefix));
        automatic.extend(nearby.map(|file| &*file.path).filter(|path| is_automatic(path)));
        automatic.sort_unstable_by(|a, b| b.cmp(a));
        for path in automatic {
            self.add_variable_file(path, inputs);
        }
        for name in ["terraform.tfvars.json", "terraform.tfvars"] {
            self.add_variable_file(&path_in(dir, name), inputs);
        }
    }

    fn add_variable_file(&self, path: &str, inputs: &mut Inputs<'s>) {
        if let Some(file) = self.source(path) {
            inputs.passed.push(match file.hcl {
                Some(_) => Passed::File(file),
                // Terraform goes by the end of its name; here it is something else.
                None => Passed::Unknown(UNKNOWN_FILE),
            });
        } else if let Ok(at) = self.skipped.binary_search_by(|file| (*file.path).cmp(path)) {
            let skipped = &self.skipped[at];
            inputs.unreadable.push((skipped.path.clone(), skipped.why));
        }
    }
}

const UNKNOWN_INCLUDE: &str = "the unit includes configuration that is not known";
const UNKNOWN_SOURCE: &str = "a unit may run it that adds something to it";
const UNKNOWN_FILE: &str = "the unit passes a variable file that is not known";

/// What an `include` leads to.
enum Target<'s> {
    Found(&'s SourceFile),
    /// A file that is not there.
    Nothing,
    /// Who knows which file.
    Unknown,
}

/// The names that `find_in_parent_folders(…)` looks for, where they are written out.
pub(super) fn looked_for(expr: &Expr) -> Option<Vec<SmolStr>> {
    let ExprKind::Call(call) = &expr.unparenthesised().kind else { return None };
    if call.name.name != "find_in_parent_folders" {
        return None;
    }
    match call.args.first() {
        Some(name) => Some(vec![name.as_literal()?]),
        None => Some(UNIT_FILES.map(SmolStr::new_static).to_vec()),
    }
}

/// The variable files that `file` passes for the unit in `dir`, as far as it is written which they are: strongest first.
pub(super) fn variable_files(file: &SourceFile, dir: &str) -> Vec<String> {
    let path = |argument| match argument {
        Argument::File(_, path) => path,
        Argument::Variable(_) => None,
    };
    command_line(file, dir).into_iter().filter_map(path).collect()
}

/// `include "…" { path = "…" }`, where it is a local path. What is looked for in parent folders has no path.
pub(super) fn included_path(include: &Block, dir: &str) -> Option<String> {
    include_path(&include.body.attribute("path")?.value, dir)
}

/// The same of the expression. While a unit finds out what it includes, `path_relative_to_include()` is the unit's own directory.
fn include_path(path: &Expr, dir: &str) -> Option<String> {
    unit_path(path, dir).or_else(|| {
        let ExprKind::Template(template) = &path.unparenthesised().kind else { return None };
        let [TemplatePart::Interpolation(first), rest @ ..] = template.parts.as_slice() else {
            return None;
        };
        let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
        let is_here = call.name.name == "path_relative_to_include" && call.args.is_empty();
        let tail = literal_text(rest).filter(|_| is_here)?;
        resolve_path(dir, tail.trim_start_matches('/'))
    })
}

/// A path written in a unit: a literal, or one that starts with `${get_repo_root()}` or the unit's own directory. The
/// `//` that separates a source from its subdirectory is an ordinary separator here.
pub(super) fn unit_path(expr: &Expr, dir: &str) -> Option<String> {
    written_path(expr, "", dir)
}

/// The same, of a path that stands behind `before`.
pub(super) fn written_path(expr: &Expr, before: &str, dir: &str) -> Option<String> {
    let ExprKind::Template(template) = &expr.unparenthesised().kind else { return None };
    let parts = match template.parts.as_slice() {
        [TemplatePart::Literal(first), rest @ ..] if first.value == before => rest,
        parts => parts,
    };
    match parts {
        [TemplatePart::Interpolation(first), rest @ ..] => {
            let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
            let tail = literal_text(rest)?;
            match call.name.name.as_str() {
                "get_repo_root" | "get_path_to_repo_root" => {
                    resolve_path("", tail.trim_start_matches('/'))
                }
                "get_terragrunt_dir" | "get_original_terragrunt_dir" => {
                    resolve_path(dir, tail.trim_start_matches('/'))
                }
                _ => None,
            }
        }
        _ => local_path(template.as_literal()?.strip_prefix(before)?, dir),
    }
}

fn local_path(path: &str, dir: &str) -> Option<String> {
    let remote = path.contains("://") || path.contains("::") || path.starts_with("git@");
    let local = path.starts_with('.')
        || !path.contains('/')
        || [".tfvars", ".tfvars.json", ".hcl", ".hcl.json"].iter().any(|end| path.ends_with(end));
    (local && !remote && !path.starts_with('/')).then(|| resolve_path(dir, path)).flatten()
}

/// The `locals` of a unit's file.
pub(super) fn unit_local<'s>(file: &'s SourceFile, name: &str) -> Option<&'s Expr> {
    let body: &'s Body = &file.hcl.as_ref()?.body;
    let locals = body.blocks().filter(|block| block.kind.name == "locals");
    locals.filter_map(|block| block.body.attribute(name)).map(|attribute| &attribute.value).next()
}
