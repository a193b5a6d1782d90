//! What a module call names by its way there, or a unit of Terragrunt as its source, is a directory with Terraform files.
//!
//! A directory that is not seen need not be missing: what may be put there, or lies there unseen, is not known.

use std::iter::successors;

use rustc_hash::FxHashSet;

use crate::config::nearest;
use crate::model::{
    BlockRef, Maker, Module, Repo, StringList, UnitSource, call_target, resolved_parts, switched,
};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::hcl::{Block, Document, Expr, ExprKind};
use crate::syntax::{Format, HclUse, SourceFile};
use crate::text::{Globs, dir_of, name_of, path_in};
use crate::workspace::leave_out;

use super::module_inputs::{calls, inputs};
use super::reference::{may_generate_for, open};
use super::stack_values::maker as maker_name;
use super::unit::is_skipped;

const PLACEHOLDERS: &[&str] = &["call", "module", "nearest"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "missing_module",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "empty", placeholders: PLACEHOLDERS },
        Outcome { name: "unit", placeholders: &["module", "nearest"] },
        Outcome { name: "unit_empty", placeholders: &["module", "nearest"] },
        Outcome { name: "made", placeholders: &["maker", "module", "nearest"] },
        Outcome { name: "made_empty", placeholders: &["maker", "module", "file", "nearest"] },
    ],
    build,
};

struct MissingModule {
    /// Directories that something else puts there.
    fetched: Globs,
    /// Files that say what is fetched into the directory in which they lie, and below it.
    fetch_lists: Globs,
    /// Files of Terragrunt that say which module a unit runs.
    units: Globs,
    /// Files of Terragrunt that say of what a stack makes its units.
    stacks: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let (fetched, fetch_lists) = (options.globs("fetched")?, options.globs("fetch_lists")?);
    let (units, stacks) = (options.globs("units")?, options.globs("stacks")?);
    Ok(Box::new(MissingModule { fetched, fetch_lists, units, stacks }))
}

impl Check for MissingModule {
    fn interests(&self) -> Vec<Interest> {
        let files = [&self.units, &self.stacks].map(|globs| Interest::Files(globs.clone()));
        calls().into_iter().chain(files).collect()
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::Block(call) => self.judge_call(context.repo, &call, out),
            Subject::File(file) if file.format == Format::Hcl(HclUse::Stack) => {
                self.judge_stack(context.repo, file, out);
            }
            Subject::File(unit) => self.judge_unit(context.repo, unit, out),
            _ => {}
        }
    }
}

impl MissingModule {
    fn judge_call(&self, repo: &Repo<'_>, call: &BlockRef<'_>, out: &mut Findings) {
        let caller = repo.module(call.module);
        let Some(source) = call.block.body.attribute("source") else { return };
        let Some(dir) = call_target(&caller.dir, call.block) else { return };
        out.site();
        if has_code(repo, &dir) {
            return;
        }
        let is_there = dir.is_empty() || repo.has_files_below(&dir);
        // Terraform takes a directory without code for a module without inputs.
        if is_there && (inputs(call).next().is_none() || may_become_code(repo, &dir)) {
            return;
        }
        let span = call.file.span(source.value.range);
        let unseen =
            unrun(repo, caller).or_else(|| self.unseen(repo, (&call.file.path, "call"), &dir));
        if let Some(reason) = unseen.or_else(|| brought(repo, caller)) {
            return out.unknown(span, reason);
        }
        let written = source.value.as_literal().unwrap_or_default();
        let meant = meant(repo, &caller.dir, &dir, &written);
        let meant = meant.map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        out.report(
            Finding::new(if is_there { "empty" } else { "missing" }, span)
                .arg("call", call.block.label(0).unwrap_or_default())
                .arg("module", if dir.is_empty() { "." } else { &dir })
                .arg("nearest", meant),
        );
    }
}

impl MissingModule {
    /// What the source of the unit in `file` leads to, where the file says so itself.
    fn judge_unit(&self, repo: &Repo<'_>, file: &SourceFile, out: &mut Findings) {
        let unit = dir_of(&file.path);
        // In a file that other units include, the way is seen from each of these.
        let is_unit = repo.stack_of(&file.path).is_some_and(|it| *repo.stack(it).dir == *unit);
        let source = repo.unit_source(unit).filter(|_| is_unit);
        let source = source.filter(|it| std::ptr::eq(it.written.file, file));
        let Some(UnitSource { written, dir: Some(dir) }) = source else { return };
        out.site();
        // What lies beside a unit is copied to its module, and makes one where there is none.
        if has_code(repo, &dir) || may_become_code(repo, &dir) || dir == unit {
            return;
        }
        let is_there = dir.is_empty() || repo.has_files_below(&dir);
        let span = written.span();
        let files = repo.unit_files(unit);
        let makes = |file: &&SourceFile| {
            let body = file.hcl.as_ref().map(|document| &document.body);
            body.is_none_or(|it| {
                it.block("generate").is_some() || it.attribute("generate").is_some()
            })
        };
        let brought = || {
            let runs = |file: &&SourceFile| file.hcl.as_ref().is_some_and(runs_first);
            let makes = is_there && (has_code(repo, unit) || files.iter().any(makes));
            (makes || files.iter().any(runs)).then(|| BROUGHT.to_owned())
        };
        let unseen = self.unseen(repo, (&file.path, "unit"), &dir);
        let unseen = unseen.or_else(brought).or_else(|| elsewhere(repo, unit, &dir));
        let hidden = || {
            let is_known = repo.knows_includes(unit) && !is_skipped(file);
            (!is_known).then(|| "whether the unit is run like this is not known".to_owned())
        };
        if let Some(reason) = unseen.or_else(hidden) {
            return out.unknown(span, reason);
        }
        let text = file.slice(written.expr.range).trim_matches('"');
        let text = text.rsplit_once('}').map_or(text, |(_, tail)| tail).replace("//", "/");
        let meant = meant(repo, unit, &dir, text.trim_start_matches('/'));
        let meant = meant.map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        out.report(
            Finding::new(if is_there { "unit_empty" } else { "unit" }, span)
                .arg("module", if dir.is_empty() { "." } else { &dir })
                .arg("nearest", meant),
        );
    }

    /// Of what the stack in `file` makes its units and stacks.
    fn judge_stack(&self, repo: &Repo<'_>, file: &SourceFile, out: &mut Findings) {
        if repo.makers().is_empty() || file.hcl.as_ref().is_none_or(|it| !it.errors.is_empty()) {
            return;
        }
        let mut seen = FxHashSet::default();
        for maker in repo.makers().iter().filter(|it| it.file.id == file.id) {
            if seen.insert((maker.block.header, &maker.source)) {
                self.judge_maker(repo, maker, out);
            }
        }
    }

    fn judge_maker(&self, repo: &Repo<'_>, maker: &Maker<'_>, out: &mut Findings) {
        let Maker { file, block, source: dir, .. } = maker;
        let Some(written) = block.body.attribute("source") else { return };
        out.site();
        let is_stack = block.kind.name == "stack";
        let is_one =
            if is_stack { repo.is_explicit_stack(dir) } else { repo.unit_in(dir).is_some() };
        let is_there = dir.is_empty() || repo.has_files_below(dir);
        // Terragrunt looks for the file only where it puts the directory into one of its own.
        let is_judged = switched(block, "no_validation", false) == Some(false)
            && switched(block, "no_dot_terragrunt_stack", false) == Some(false);
        if is_one || (is_there && !is_judged) {
            return;
        }
        let own = dir_of(&file.path);
        let is_sure = |block: &Block| {
            switched(block, "enabled", true) == Some(true)
                && block.body.block("expansion").is_none()
        };
        let way = successors(maker.by.as_deref(), |made| made.by.as_deref());
        let hidden = || {
            let is_known = is_sure(block) && way.clone().all(|made| is_sure(made.block));
            (!is_known).then(|| "whether it is made is not known".to_owned())
        };
        let rendered = || {
            let is_filled_in = own.contains(['{', '}', '<', '>', '$', '%', '@']);
            is_filled_in.then(|| "the stack is a template of another program".to_owned())
        };
        let span = file.span(written.value.range);
        let unseen = self.unseen(repo, (&file.path, "stack"), dir).or_else(hidden);
        if let Some(reason) = unseen.or_else(rendered).or_else(|| elsewhere(repo, own, dir)) {
            return out.unknown(span, reason);
        }
        let names = repo.stacks.iter().map(|stack| &*stack.dir);
        let is_meant = |dir: &&str| {
            if is_stack { repo.is_explicit_stack(dir) } else { repo.unit_in(dir).is_some() }
        };
        let name = name_of(dir);
        let beside = names.filter(is_meant).filter(|it| dir_of(it) == dir_of(dir) && *it != own);
        let nearest = nearest(name, beside.filter_map(|it| it.rsplit('/').next()));
        out.report(
            Finding::new(if is_there { "made_empty" } else { "made" }, span)
                .arg("maker", maker_name(block))
                .arg("module", if dir.is_empty() { "." } else { dir })
                .arg("file", if is_stack { "terragrunt.stack.hcl" } else { "terragrunt.hcl" })
                .arg(
                    "nearest",
                    nearest.map_or_else(String::new, |it| {
                        format!("; did you mean `{}`?", path_in(dir_of(dir), it))
                    }),
                ),
        );
    }

    /// Why there may be a module in `dir` when the file at `path` is run, a call or a unit, although none is seen.
    fn unseen(&self, repo: &Repo<'_>, (path, what): (&str, &str), dir: &str) -> Option<String> {
        let is_closed = |path: &str| path.ends_with('/') && format!("{dir}/").starts_with(path);
        if repo.skipped.iter().any(|it| is_closed(&it.path)) {
            return Some("a directory on the way there cannot be listed".to_owned());
        }
        if repo.has_link_on_way(dir) {
            return Some("a symbolic link leads there, which is not followed".to_owned());
        }
        if let Some(link) = seen_from(repo, path, dir) {
            return Some(format!(
                "`{link}` leads to the {what}, and from there `{dir}` is elsewhere"
            ));
        }
        let is_fetched =
            dir.contains(['{', '}', '<', '>', '$', '%', '@']) || self.fetched.is_match(dir);
        let is_listed = |path: &str| {
            let lies = dir_of(path);
            let is_above = lies.is_empty() || format!("{dir}/").starts_with(&format!("{lies}/"));
            is_above && self.fetch_lists.is_match(path)
        };
        if is_fetched
            || self.fetched.is_match(&format!("{dir}/main.tf"))
            || repo.sources.iter().any(|file| is_listed(&file.path))
        {
            return Some("it may be put there before Terraform runs".to_owned());
        }
        let unseen = repo.list("paths that need not be seen", || Ok(unseen_lines(repo)));
        let is_ignored = || repo.ignores.is_some_and(|it| it.leave_out(dir));
        (is_left_out(&unseen, dir) || is_ignored())
            .then(|| "git or the configuration leaves it out, or it is a submodule".to_owned())
    }
}

/// Why `dir` may be another one for what lies in `own`: of a repo that lies in another one, the root is not the one that is looked at.
fn elsewhere(repo: &Repo<'_>, own: &str, dir: &str) -> Option<String> {
    let above = successors(Some(own), |at| Some(at.rsplit_once('/')?.0));
    let mut above = above.filter(|at| !at.is_empty());
    let root = above.find(|at| repo.has_files_below(&path_in(at, dir)))?;
    Some(format!("it is there if `{root}` is the root of a repo"))
}

/// Why nobody knows whether `caller` is run as it stands.
fn unrun(repo: &Repo<'_>, caller: &Module<'_>) -> Option<String> {
    if let Some(reason) = open(repo, caller) {
        return Some(reason.to_string());
    }
    (caller.in_pieces || caller.is_example())
        .then(|| "nothing here says that this directory is run as it stands".to_owned())
}

const BROUGHT: &str = "Terragrunt may put it there";

/// Why a unit of Terragrunt may bring the directory that `caller` calls.
fn brought(repo: &Repo<'_>, caller: &Module<'_>) -> Option<String> {
    let unit = |file: &&SourceFile| file.format.is_unit() && *dir_of(&file.path) == *caller.dir;
    let brings = |file: &SourceFile| {
        may_generate_for(file, caller) && file.hcl.as_ref().is_some_and(brings_files)
    };
    (repo.sources.iter().any(|it| unit(&it)) && repo.sources.iter().any(brings))
        .then(|| BROUGHT.to_owned())
}

fn has_code(repo: &Repo<'_>, dir: &str) -> bool {
    repo.module_in(dir).is_some_and(|it| !repo.module(it).files.is_empty())
}

/// Whether files in `dir` are templates of code.
fn may_become_code(repo: &Repo<'_>, dir: &str) -> bool {
    let sources = repo.sources.iter().map(|file| &*file.path);
    let mut paths = sources.chain(repo.skipped.iter().map(|file| &*file.path));
    paths.any(|path| dir_of(path) == dir && (path.contains(".tf") || path.contains(".tofu")))
}

/// A link by which the file at `path` is read from elsewhere, where the way to `dir` leads to another place.
pub(super) fn seen_from<'r>(repo: &'r Repo<'_>, path: &str, dir: &str) -> Option<&'r str> {
    let is_in = |path: &str, target: &[&str]| {
        let mut parts = path.split('/');
        target.iter().all(|name| parts.next() == Some(name))
    };
    let link = repo.links.iter().find(|link| {
        let target = resolved_parts(dir_of(&link.path), &link.target);
        target.is_some_and(|target| is_in(path, &target) && !is_in(dir, &target))
    })?;
    Some(&link.path)
}

/// Whether a file of Terragrunt takes the files of another directory, or runs something before Terraform.
fn brings_files(document: &Document) -> bool {
    let mut terraform = document.body.blocks_of("terraform");
    terraform.any(|it| it.body.attribute("source").is_some()) || runs_first(document)
}

/// Whether a file of Terragrunt runs something before Terraform.
pub(super) fn runs_first(document: &Document) -> bool {
    let mut terraform = document.body.blocks_of("terraform");
    terraform.any(|it| it.body.block("before_hook").is_some())
}

/// What ignore files, `.gitmodules` and the configuration say of paths, as lines of one ignore file at the root.
fn unseen_lines(repo: &Repo<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for file in repo.sources {
        let (dir, name) = (dir_of(&file.path), name_of(&file.path));
        match name {
            ".gitignore" => lines.extend(file.text.lines().filter_map(|line| below(dir, line))),
            ".gitmodules" if dir.is_empty() => {
                let paths = file.text.lines().filter_map(|line| line.trim().strip_prefix("path"));
                let paths = paths.filter_map(|it| it.trim_start().strip_prefix('='));
                lines.extend(paths.map(|path| format!("/{}", path.trim())));
            }
            "tautline.hcl" if dir.is_empty() => {
                let exclude = file.hcl.as_ref().and_then(|it| it.body.attribute("exclude"));
                let exclude = exclude.map(|it| &it.value.kind);
                let Some(ExprKind::Tuple(globs)) = exclude else { continue };
                let globs = globs.iter().filter_map(Expr::as_literal);
                lines.extend(globs.map(|glob| format!("/{glob}")));
            }
            _ => {}
        }
    }
    lines
}

/// A line of the ignore file in `dir` as it would be written at the root.
fn below(dir: &str, line: &str) -> Option<String> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    if dir.is_empty() {
        return Some(line.to_owned());
    }
    let (not, pattern) = line.strip_prefix('!').map_or(("", line), |rest| ("!", rest));
    // With a slash before its end it is seen from where it stands, without one it is a name at any depth.
    let is_name = !pattern.trim_end_matches('/').contains('/');
    let between = if is_name { "/**/" } else { "/" };
    Some(format!("{not}/{dir}{between}{}", pattern.trim_start_matches('/')))
}

fn is_left_out(lines: &StringList, dir: &str) -> bool {
    let Ok(lines) = lines else { return true };
    let ignores =
        |path: &str, is_directory| leave_out(lines.iter().map(String::as_str), path, is_directory);
    ignores(dir, true) || ignores(&format!("{dir}/main.tf"), false)
}

/// The way to the directory with code that was likely meant with `written`, which leads from `caller` to `dir`: the same with
/// another number of steps up, else one beside it with a name like it.
fn meant(repo: &Repo<'_>, caller: &str, dir: &str, written: &str) -> Option<String> {
    let is_other = |module: &&Module<'_>| module.has_code() && *module.dir != *caller;
    let known = || repo.modules.iter().filter(is_other).map(|module| &*module.dir);
    let down = written.trim_start_matches("./").trim_start_matches("../").trim_end_matches('/');
    let ends = |known: &&str| {
        known.strip_suffix(down).is_some_and(|it| it.is_empty() || it.ends_with('/'))
    };
    let shared = |known: &str| {
        known.split('/').zip(dir.split('/')).take_while(|(one, other)| one == other).count()
    };
    let same = known().filter(|_| !down.is_empty()).filter(ends);
    let same = same.max_by_key(|it| (shared(it), std::cmp::Reverse(it.len())));
    let beside = || {
        let name = name_of(dir);
        let names = known().filter(|it| dir_of(it) == dir_of(dir));
        let near = nearest(name, names.filter_map(|it| it.rsplit('/').next()))?;
        Some(if dir_of(dir).is_empty() {
            near.to_owned()
        } else {
            format!("{}/{near}", dir_of(dir))
        })
    };
    Some(way(caller, &same.map(str::to_owned).or_else(beside)?))
}

/// The way from the directory `from` to the directory `to`, as `source` has it.
fn way(from: &str, to: &str) -> String {
    let steps = |dir: &'_ str| -> Vec<String> {
        dir.split('/').filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let (from, to) = (steps(from), steps(to));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from.len() - shared;
    let mut parts: Vec<&str> = if up == 0 { vec!["."] } else { vec![".."; up] };
    parts.extend(to[shared..].iter().map(String::as_str));
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_up_and_down() {
        assert_eq!(way("stacks/blog", "modules/volume"), "../../modules/volume");
        assert_eq!(way("stacks/blog", "stacks/blog/app"), "./app");
        assert_eq!(way("", "modules/app"), "./modules/app");
        assert_eq!(way("a/b", "a"), "..");
    }

    #[test]
    fn lines_of_ignore_files_are_seen_from_where_they_stand() {
        assert_eq!(below("", "build/").as_deref(), Some("build/"));
        assert_eq!(below("live", "build/").as_deref(), Some("/live/**/build/"));
        assert_eq!(below("live", "!/app/build").as_deref(), Some("!/live/app/build"));
        assert_eq!(below("live", "# build"), None);
    }
}
