//! Units of Terragrunt give the inputs that their modules declare: none that no module has, all that one requires.
//!
//! Terragrunt passes inputs in the environment, where Terraform looks for the variables that it knows and for nothing else.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use smol_str::SmolStr;

use crate::model::{BlockRef, Inputs, Module, Reason, Repo};
use crate::rule::{Check, CheckDef, Context, Finding, Findings, Interest, Outcome, Subject};
use crate::syntax::hcl::ObjectEntry;
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{FileId, Span, dir_of};

use super::module_inputs::required;
use super::reference::meant;
use super::unit::{declares_more, inputs_of, is_given, is_skipped, run_by, written_inputs};

pub(super) const UNKNOWN: CheckDef = CheckDef {
    name: "unknown_unit_input",
    outcomes: &[
        Outcome { name: "unknown", placeholders: &["input", "module", "nearest"] },
        Outcome { name: "shared", placeholders: &["input", "nearest"] },
    ],
    build: |_| Ok(Box::new(UnknownUnitInput)),
};

pub(super) const MISSING: CheckDef = CheckDef {
    name: "missing_unit_input",
    outcomes: &[Outcome { name: "missing", placeholders: &["input", "module", "other"] }],
    build: |_| Ok(Box::new(MissingUnitInput)),
};

struct UnknownUnitInput;
struct MissingUnitInput;

/// What a unit runs; or why that is not known.
type Run<'r, 's> = Result<Vec<&'r Module<'s>>, Reason>;

/// What the unit in `file` runs, where all that it declares is known.
fn run_of<'r, 's>(repo: &'r Repo<'s>, file: &'s SourceFile) -> Run<'r, 's> {
    let modules = run_by(repo, file)?;
    match declares_more(repo, file, &modules) {
        Some(reason) => Err(reason),
        None => Ok(modules),
    }
}

/// The units of a repo that each file is part of, by the file.
fn users<'s>(repo: &Repo<'s>) -> BTreeMap<FileId, Vec<&'s SourceFile>> {
    let mut users: BTreeMap<FileId, Vec<&SourceFile>> = BTreeMap::new();
    for unit in repo.units() {
        for file in repo.unit_files(dir_of(&unit.path)) {
            users.entry(file.id).or_default().push(unit);
        }
    }
    users
}

impl Check for UnknownUnitInput {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let files = context.wanted_files().filter(|file| is_of_terragrunt(file.format));
        let giving: Vec<_> = files.filter_map(|file| Some((file, inputs_of(file)?))).collect();
        if giving.is_empty() {
            return;
        }
        let users = users(repo);
        let mut runs: BTreeMap<FileId, Run<'_, '_>> = BTreeMap::new();
        let hidden = repo.units().find(|unit| !repo.knows_includes(dir_of(&unit.path)));
        let mut read = None;
        for (file, inputs) in giving {
            let Some(by) = users.get(&file.id) else { continue };
            let is_own = matches!(by.as_slice(), [only] if only.id == file.id);
            if is_own && is_skipped(file) {
                continue;
            }
            for unit in by {
                runs.entry(unit.id).or_insert_with(|| run_of(repo, unit));
            }
            let runs: Vec<&Run<'_, '_>> = by.iter().filter_map(|unit| runs.get(&unit.id)).collect();
            for entry in written_inputs(inputs) {
                let Some(name) = entry.literal_key() else { continue };
                out.site();
                if runs.iter().any(|run| run.as_ref().is_ok_and(|it| declares(it, &name))) {
                    continue;
                }
                let span = file.span(entry.key.range);
                let unknown = runs.iter().find_map(|run| run.as_ref().err()).map(Reason::to_string);
                let elsewhere = hidden.filter(|_| !is_own).map(|unit| {
                    let path = &unit.path;
                    format!("`{path}` includes configuration that is not known, maybe this file")
                });
                let read = read.get_or_insert_with(|| Read::of(repo));
                if let Some(reason) =
                    unknown.or(elsewhere).or_else(|| read.where_is(repo, &name, entry))
                {
                    out.unknown(span, reason);
                    continue;
                }
                out.report(finding(&runs, &name, span));
            }
        }
    }
}

fn declares(modules: &[&Module<'_>], name: &str) -> bool {
    modules.iter().any(|module| module.names.variables.contains_key(name))
}

/// That none of those who `run` something with the input `name` has such a variable.
fn finding(runs: &[&Run<'_, '_>], name: &str, span: Span) -> Finding {
    let modules = || runs.iter().filter_map(|run| run.as_ref().ok()).flatten();
    let known: BTreeSet<&str> =
        modules().flat_map(|it| it.names.variables.keys()).map(SmolStr::as_str).collect();
    let nearest = meant(name, known);
    let dirs: BTreeSet<&str> = runs
        .iter()
        .filter_map(|run| run.as_ref().ok()?.first())
        .map(|module| &*module.dir)
        .collect();
    let finding =
        |outcome| Finding::new(outcome, span).arg("input", name).arg("nearest", nearest.clone());
    match Vec::from_iter(dirs).as_slice() {
        [only] => finding("unknown").arg("module", if only.is_empty() { "." } else { *only }),
        _ => finding("shared"),
    }
}

/// What files of Terragrunt read of the inputs of others, and of their own.
struct Read {
    names: BTreeSet<String>,
    /// Whether somewhere all of them are read at once.
    all: bool,
}

impl Read {
    fn of(repo: &Repo<'_>) -> Read {
        let mut read = Read { names: BTreeSet::new(), all: false };
        for file in repo.sources.iter().filter(|file| is_of_terragrunt(file.format)) {
            let inputs = inputs_of(file).map(|it| it.expr.range);
            for (at, _) in file.text.match_indices(".inputs") {
                let rest = &file.text[at + ".inputs".len()..];
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
                if rest.as_bytes().first().is_some_and(is_part) {
                    continue;
                }
                let name = rest.strip_prefix('.').or_else(|| rest.strip_prefix("[\""));
                let name = name.unwrap_or_default();
                let end = name.bytes().position(|byte| !is_part(&byte)).unwrap_or(name.len());
                match &name[..end] {
                    // What becomes an input as a whole is held against the module there.
                    "" => read.all |= !inputs.is_some_and(|it| it.contains_offset(at as u32)),
                    name => {
                        read.names.insert(name.to_owned());
                    }
                }
            }
        }
        read
    }

    /// Why the input `name` may be of use although no module declares it.
    fn where_is(&self, repo: &Repo<'_>, name: &str, entry: &ObjectEntry) -> Option<String> {
        if self.names.contains(name) {
            return Some("another file of Terragrunt reads it".to_owned());
        }
        let in_environment = format!("TF_VAR_{name}");
        let mut files = repo.sources.iter();
        if files.any(|file| file.text.contains(&in_environment)) {
            return Some("something reads it from the environment".to_owned());
        }
        if !self.all {
            return None;
        }
        let used = Regex::new(&format!(r#"(?:\.|\[")"?{}\b"#, regex::escape(name))).ok()?;
        let mut files = repo.sources.iter().filter(|file| is_of_terragrunt(file.format));
        let own = entry.key.range;
        files
            .any(|file| used.find_iter(&file.text).any(|it| it.start() as u32 != own.start))
            .then(|| "a file of Terragrunt reads inputs, and maybe this one".to_owned())
    }
}

fn is_of_terragrunt(format: Format) -> bool {
    format.is_unit() || format.is_other_hcl() || format == Format::Hcl(HclUse::Stack)
}

impl Check for MissingUnitInput {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let all = OnceCell::new();
        let wanted = repo.units().filter(|file| (context.is_wanted)(file.id));
        for unit in wanted.filter_map(|file| Given::of(repo, file)) {
            unit.judge(repo, &all, out);
        }
    }
}

/// All units of a repo whose module is known; many repos give no reason to ask.
type All<'r, 's> = OnceCell<Vec<Given<'r, 's>>>;

/// A unit whose module is known, and what it is given.
struct Given<'r, 's> {
    file: &'s SourceFile,
    modules: Vec<&'r Module<'s>>,
    /// What each unit is given that is made of it, if it is a template.
    inputs: Vec<&'r Inputs<'s>>,
}

impl<'r, 's> Given<'r, 's> {
    fn of(repo: &'r Repo<'s>, file: &'s SourceFile) -> Option<Self> {
        let inputs: Vec<&Inputs<'s>> =
            repo.unit_inputs(dir_of(&file.path)).into_iter().map(|it| &**it).collect();
        (!inputs.is_empty()).then_some(())?;
        Some(Given { file, modules: run_by(repo, file).ok()?, inputs })
    }

    fn gives(&self, repo: &Repo<'_>, name: &str) -> Result<bool, Reason> {
        for inputs in &self.inputs {
            if !is_given(repo, inputs, name)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Judges it by what those of `all` are given that run the same module.
    fn judge(&self, repo: &'r Repo<'s>, all: &All<'r, 's>, out: &mut Findings) {
        let (Some(module), false) = (self.modules.first(), is_skipped(self.file)) else { return };
        let Some(span) = face(self.file) else { return };
        for variable in required(module) {
            let Some(name) = variable.block.label(0) else { continue };
            out.site();
            match self.lacks(repo, all, (module, name)) {
                Ok(None) => {}
                Ok(Some(other)) => out.report(missing(variable, (module, other), name, span)),
                Err(reason) => out.unknown(span, reason),
            }
        }
    }

    /// The unit among `all` that gives its `module` the variable `name`, where this one does not; or why that is not known.
    fn lacks(
        &self,
        repo: &'r Repo<'s>,
        all: &All<'r, 's>,
        (module, name): (&Module<'_>, &str),
    ) -> Result<Option<&'s SourceFile>, String> {
        if self.gives(repo, name).map_err(|reason| reason.to_string())? {
            return Ok(None);
        }
        let all =
            all.get_or_init(|| repo.units().filter_map(|file| Given::of(repo, file)).collect());
        let is_alike = |other: &&Given<'_, '_>| {
            other.modules.first().is_some_and(|it| it.dir == module.dir)
                && other.gives(repo, name) == Ok(true)
        };
        let Some(other) = all.iter().find(is_alike) else {
            return Err(format!("whoever runs the unit may give `{name}`"));
        };
        if let Some(reason) = given_otherwise(repo, module, name) {
            return Err(reason);
        }
        match declares_more(repo, self.file, &self.modules) {
            Some(reason) => Err(reason.to_string()),
            None => Ok(Some(other.file)),
        }
    }
}

fn missing(
    variable: &BlockRef<'_>,
    (module, other): (&Module<'_>, &SourceFile),
    name: &str,
    span: Span,
) -> Finding {
    Finding::new("missing", span)
        .arg("input", name)
        .arg("module", &*module.dir)
        .arg("other", dir_of(&other.path))
        .related(variable.header(), "it has no default")
}

/// Why the variable `name` of `module` may be given although no file of the unit does.
fn given_otherwise(repo: &Repo<'_>, module: &Module<'_>, name: &str) -> Option<String> {
    let is_values = |path: &str| path.ends_with(".tfvars") || path.ends_with(".tfvars.json");
    let mut paths = repo.sources.iter().map(|file| &*file.path);
    let mut skipped = repo.skipped.iter().map(|file| &*file.path);
    let is_here = |path: &str| dir_of(path) == &*module.dir && is_values(path);
    if paths.any(is_here) || skipped.any(is_here) {
        return Some("a file with values beside the module may give it".to_owned());
    }
    let in_environment = [format!("TF_VAR_{name}"), "TF_VAR_$".to_owned()];
    // Somebody types it, or writes it into a script.
    let flags = ["-var-file", "-var ", "-var=", "TF_CLI_ARGS"];
    let says = |file: &SourceFile| {
        in_environment.iter().any(|it| file.text.contains(it))
            || (file.hcl.is_none() && flags.iter().any(|it| file.text.contains(it)))
    };
    let file = repo.sources.iter().find(|file| says(file))?;
    Some(format!("`{}` may give it", file.path))
}

/// Where something is said of the unit in `file` as a whole: its inputs, or what stands first in it.
fn face(file: &SourceFile) -> Option<Span> {
    let body = &file.hcl.as_ref()?.body;
    let inputs = body.attribute("inputs").map(|it| it.key.range);
    let block = || Some(body.blocks().next()?.header);
    Some(file.span(inputs.or_else(block)?))
}
