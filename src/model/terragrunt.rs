//! What Terragrunt adds to a stack: inputs, variable files, generated files, a source elsewhere.
//!
//! Invariant: nothing is run. What a unit's files say literally is used; the rest is unknown, with the reason.

use std::sync::Arc;

use super::eval::Scope;
use super::extra::{Argument, Extra, command_line, environment};
use super::generated::{GeneratedFile, generated};
use super::made::{Made, added_inputs, adds_more};
use super::repo::{ExprRef, Module, ModuleId, SkippedFile, Stack, is_there, source_at};
use super::template::{Templates, is_fixed};
use super::unit::{Above, Seen, UnitSource, source_ends, source_of};
use super::unit_path::include_path;
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind};
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
    /// The `inputs` of the unit and of what it includes, strongest first, with the scope in which they are said.
    pub by_unit: Vec<(ExprRef<'s>, Scope<'s>)>,
    /// What a stack makes of the unit, where it is a template.
    pub made: Option<Arc<Made<'s>>>,
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
    /// Of a template, all that is known to be made of it.
    units: FxHashMap<Arc<str>, Vec<Unit<'s>>>,
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
        templates: &Templates<'s>,
        stacks: &[Stack],
    ) -> Self {
        let lookup = Lookup { sources, skipped, links, templates };
        let units = stacks.iter().map(|stack| {
            let made = templates.made(&stack.dir);
            let units = match made {
                [] => vec![lookup.unit(&stack.dir, None)],
                made => made.iter().map(|it| lookup.unit(&stack.dir, Some(it))).collect(),
            };
            (Arc::clone(&stack.dir), units)
        });
        Self { sources, units: units.collect() }
    }

    /// What is run of the stack in `dir`, each with what is passed to it: the directory that it names, or its own.
    pub(super) fn runs<'u>(
        &'u self,
        dir: &'u str,
    ) -> impl Iterator<Item = (&'u str, Arc<Inputs<'s>>)> + 'u {
        let units = self.units.get(dir).into_iter().flatten();
        units.map(move |it| (it.source_dir.as_deref().unwrap_or(dir), Arc::clone(&it.inputs)))
    }

    /// Adds what the units generate to the modules that they run.
    pub(super) fn add_generated(&self, modules: &mut [Module<'s>], stacks: &[Stack]) {
        let units = |stack: &'_ Stack| self.units.get(&stack.dir).into_iter().flatten();
        let all = stacks.iter().flat_map(|stack| units(stack).map(move |unit| (stack, unit)));
        for (stack, unit) in all {
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
    templates: &Templates<'s>,
    dir: &str,
) -> UnitFiles<'s> {
    Lookup { sources, skipped, links, templates }.files(dir, None)
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
    templates: &'t Templates<'s>,
}

impl<'s> Lookup<'s, '_> {
    fn source(&self, path: &str) -> Option<&'s SourceFile> {
        source_at(self.sources, path)
    }

    fn is_there(&self, path: &str) -> bool {
        is_there(self.sources, self.skipped, self.links, path)
    }

    /// The files of the unit in `dir`; of a template as what is `made` of it, or as all that is.
    fn files(&self, dir: &str, made: Option<&Made<'s>>) -> UnitFiles<'s> {
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
            match self.include_target(&path.value, dir, made) {
                Target::Found(file) if is_merged => files.merged.push(file),
                Target::Found(file) => files.asked.push(file),
                Target::Unknown if is_merged => files.is_all = false,
                Target::Unknown | Target::Nothing => {}
            }
            files.is_deep |= is_merged && strategy.as_deref() != Some("shallow");
        }
        files
    }

    fn unit(&self, dir: &str, made: Option<&Arc<Made<'s>>>) -> Unit<'s> {
        let UnitFiles { merged: files, is_all, is_deep, .. } =
            self.files(dir, made.map(|it| &**it));
        let mut inputs = Inputs { is_deep, made: made.cloned(), ..Inputs::default() };
        let is_template = self.templates.has(dir);
        let place = made.and_then(|made| made.dir.as_deref());
        for argument in files.iter().flat_map(|file| command_line(file, place.unwrap_or(dir))) {
            match argument {
                Argument::Variable(variable) => {
                    let variable = Extra { dir: dir.into(), ..variable };
                    inputs.passed.push(Passed::Variable(variable));
                }
                Argument::File(expr, Some(path))
                    if !is_template || place.is_some() || is_fixed(expr) =>
                {
                    let path = made.map_or_else(|| path.clone(), |made| made.home(path.clone()));
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
        if made.is_some_and(|made| adds_more(made)) {
            inputs.passed.push(Passed::Unknown(UNKNOWN_ADDITION));
        }
        self.automatic_variable_files(dir, &mut inputs);
        if let Some((made, added)) = made.and_then(|it| Some((it, added_inputs(it)?))) {
            let inputs_of = ExprRef { file: made.file, expr: &added.value };
            inputs.by_unit.push((inputs_of, made.above()));
        }
        for file in &files {
            inputs.environment.extend(environment(file, dir));
            let body = file.hcl.as_ref().map(|document| &document.body);
            if let Some(attribute) = body.and_then(|body| body.attribute("inputs")) {
                let scope = Scope::made(file, dir.into(), made.cloned());
                inputs.by_unit.push((ExprRef { file, expr: &attribute.value }, scope));
            }
        }
        let is_there = |path: &str| self.is_there(path);
        let seen = Seen { dir, is_template, made: made.map(|it| &**it) };
        let source = source_of(&files, seen, &is_there);
        // Where a stack puts the unit elsewhere than it is meant for, who knows what it runs.
        let is_right = |dir: &String| made.is_none() || self.is_there(dir);
        let (source_dir, source_ends) = match source {
            Some(UnitSource { dir: Some(source), .. }) if is_right(&source) => {
                (Some(source), Vec::new())
            }
            Some(UnitSource { written, .. }) => (None, source_ends(written.expr)),
            None => (None, Vec::new()),
        };
        Unit { files, is_all, inputs: Arc::new(inputs), source_dir, source_ends }
    }

    fn include_target(&self, path: &Expr, dir: &str, made: Option<&Made<'s>>) -> Target<'s> {
        if !self.templates.has(dir) || is_fixed(path) {
            return self.included(path, dir, &|path| path);
        }
        let of = |made: &Made<'s>| match &made.dir {
            // Where it is not in the repo, it may be above it.
            Some(place) => match self.included(path, place, &|path| made.home(path)) {
                Target::Nothing => Target::Unknown,
                target => target,
            },
            None => Target::Unknown,
        };
        if let Some(made) = made {
            return of(made);
        }
        // What is said of the template itself holds for all that is made of it.
        let mut all = self.templates.made(dir).iter().map(|made| of(made));
        let Some(Target::Found(first)) = all.next() else { return Target::Unknown };
        if all.all(|other| matches!(other, Target::Found(other) if other.id == first.id)) {
            Target::Found(first)
        } else {
            Target::Unknown
        }
    }

    /// What the `path` of an include leads to, seen from `place`; `home` says where in the repo it is what lies at a path then.
    fn included(&self, path: &Expr, place: &str, home: &dyn Fn(String) -> String) -> Target<'s> {
        if let Some(names) = looked_for(path) {
            // Where there is none, Terragrunt stops.
            let found = self.in_parent_folders(place, &names, home);
            return found.map_or(Target::Nothing, Target::Found);
        }
        let above = || Above::of(path)?.found(place, &|path| self.is_there(&home(path.to_owned())));
        let path = include_path(path, place).or_else(above).map(home);
        path.and_then(|path| self.source(&path)).map_or(Target::Unknown, Target::Found)
    }

    fn in_parent_folders(
        &self,
        dir: &str,
        names: &[SmolStr],
        home: &dyn Fn(String) -> String,
    ) -> Option<&'s SourceFile> {
        let mut at = dir;
        while !at.is_empty() {
            at = dir_of(at);
            let found = names.iter().find_map(|name| self.source(&home(path_in(at, name))));
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
const UNKNOWN_ADDITION: &str = "the stack that makes the unit adds configuration to it";
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

/// The `locals` of a unit's file.
pub(super) fn unit_local<'s>(file: &'s SourceFile, name: &str) -> Option<&'s Expr> {
    let body: &'s Body = &file.hcl.as_ref()?.body;
    let locals = body.blocks().filter(|block| block.kind.name == "locals");
    locals.filter_map(|block| block.body.attribute(name)).map(|attribute| &attribute.value).next()
}
