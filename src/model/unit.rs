//! Where the module comes from that a unit of Terragrunt runs, and what it is given.
//!
//! Invariant: a way is told only where the unit's files write it out; which files those are, says [`super::terragrunt`].

use std::sync::Arc;

use smol_str::SmolStr;

use super::made::{Made, switched};
use super::repo::{ExprRef, Repo, resolve_path};
use super::stack::is_below;
use super::template::{MAX_LOCALS, above, is_fixed, is_generated, with_locals};
use super::terragrunt::{Inputs, looked_for};
use super::unit_path::unit_path;
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Expr, ExprKind, TemplatePart, literal_text};
use crate::text::dir_of;

/// `terraform { source = "…" }`, as it counts for a unit.
#[derive(Clone, Debug)]
pub struct UnitSource<'s> {
    /// Where it is written: in the unit's own file, or in one that it includes.
    pub written: ExprRef<'s>,
    /// The directory in the repo that it names; `None` where it leads elsewhere, or nobody knows where.
    pub dir: Option<String>,
}

impl<'s> Repo<'s> {
    /// The source of the unit in `dir`; `None` where it runs what lies beside it. Of a template, it is where all that is made of it
    /// leads to.
    pub fn unit_source(&self, dir: &str) -> Option<UnitSource<'s>> {
        let is_there = |path: &str| self.is_there(path);
        let (files, is_template) = (self.unit_files(dir), self.is_template(dir));
        let seen = |made| source_of(&files, Seen { dir, is_template, made }, &is_there);
        let [first, others @ ..] = self.made_of(dir) else { return seen(None) };
        let first = seen(Some(first))?;
        let is_same = |made| seen(Some(made)).is_some_and(|it| it.dir == first.dir);
        if others.iter().all(|made| is_same(&**made)) { Some(first) } else { seen(None) }
    }

    /// What reaches the variables of the unit in `dir` from outside of its module; of a template, of each that is made of it.
    pub fn unit_inputs(&self, dir: &str) -> Vec<&Arc<Inputs<'s>>> {
        let Ok(at) = self.stacks.binary_search_by(|stack| (*stack.dir).cmp(dir)) else {
            return Vec::new();
        };
        let is_run = |id: Option<super::StackId>| id.is_some_and(|id| id.0 as usize == at);
        let roots = self.instances.iter().filter(|it| it.parent.is_none() && is_run(it.stack));
        roots.filter_map(|it| it.inputs.as_ref()).collect()
    }
}

/// Whether there is a file or a directory at a path.
pub(super) type IsThere<'f> = dyn Fn(&str) -> bool + 'f;

/// As what a unit is seen.
#[derive(Clone, Copy)]
pub(super) struct Seen<'t, 's> {
    /// Its directory.
    pub(super) dir: &'t str,
    /// Whether it is a template.
    pub(super) is_template: bool,
    /// What is made of the template.
    pub(super) made: Option<&'t Made<'s>>,
}

/// The source of the unit that is `seen` and consists of `files`, of which the first one that has one counts.
pub(super) fn source_of<'s>(
    files: &[&'s SourceFile],
    seen: Seen<'_, 's>,
    is_there: &IsThere<'_>,
) -> Option<UnitSource<'s>> {
    let Seen { dir, is_template, made } = seen;
    let written = files.iter().find_map(|file| Some(ExprRef { file, expr: source_expr(file)? }))?;
    if let Some(made) = made.filter(|_| !is_fixed(written.expr))
        && let Some(place) = &made.dir
    {
        let source = if follows_original(written.file) {
            None
        } else {
            source_from(written.file, place, &|path| is_there(&made.home(path.to_owned())))
        };
        let source = source.map(|source| made.home(source));
        return Some(UnitSource { written, dir: source.filter(|source| !is_generated(source)) });
    }
    let source = source_from(written.file, dir, is_there).filter(|source| {
        // All of a template's directory is copied; a path that leads out of it leads elsewhere from there.
        !is_template || *source == *dir || is_below(dir, source) || is_fixed(written.expr)
    });
    Some(UnitSource { written, dir: source })
}

/// The directory to which the source in `file` leads for the unit in `dir`.
fn source_from(file: &SourceFile, dir: &str, is_there: &IsThere<'_>) -> Option<String> {
    match source_ways(file, dir) {
        Ways::One(source) => source,
        Ways::Above(looked) => looked.found(dir, is_there),
    }
}

/// Whether the source in `file` is seen from where the template lies, wherever a unit is made of it.
fn follows_original(file: &SourceFile) -> bool {
    let terraform = file.hcl.as_ref().and_then(|document| document.body.block("terraform"));
    terraform.is_some_and(|it| switched(it, "update_source_with_cas", false) != Some(false))
}

/// The directories to which `terraform { source = "…" }` may lead, where it is a local path: the nearest of those that are there.
pub(super) fn source_dirs(file: &SourceFile, dir: &str) -> Vec<String> {
    match source_ways(file, dir) {
        Ways::One(source) => source.into_iter().collect(),
        Ways::Above(looked) => looked.ways(dir).map(|(_, source)| source).collect(),
    }
}

enum Ways {
    /// It is written out, or not known.
    One(Option<String>),
    /// It depends on what is there.
    Above(Above),
}

fn source_ways(file: &SourceFile, dir: &str) -> Ways {
    let Some(source) = source_expr(file) else { return Ways::One(None) };
    let mut left = MAX_LOCALS;
    let source = with_locals(source, file, &mut left);
    match Above::of(&source) {
        Some(looked) => Ways::Above(looked),
        None => Ways::One(unit_path(&source, dir).or_else(|| beside_parent(&source, file, dir))),
    }
}

/// A path that begins with what Terragrunt looks for in the directories above a unit, a file or a directory:
/// `"${find_in_parent_folders("modules")}//dns"`, or beside it: `"${dirname(find_in_parent_folders("root.hcl"))}/modules/dns"`.
pub(super) struct Above {
    names: Vec<SmolStr>,
    is_beside: bool,
    tail: String,
}

impl Above {
    pub(super) fn of(path: &Expr) -> Option<Above> {
        let path = path.unparenthesised();
        let (first, tail) = match &path.kind {
            ExprKind::Template(template) => match template.parts.as_slice() {
                [TemplatePart::Interpolation(first), rest @ ..] => {
                    (first.expr.unparenthesised(), literal_text(rest)?)
                }
                _ => return None,
            },
            _ => (path, String::new()),
        };
        let ExprKind::Call(call) = &first.kind else { return None };
        let is_beside = call.name.name == "dirname";
        let names = looked_for(if is_beside { call.args.first()? } else { first })?;
        Some(Above { names, is_beside, tail })
    }

    /// For the unit in `dir`, the nearest first: what has to be there, and where the path leads then.
    fn ways(&self, dir: &str) -> impl Iterator<Item = (String, String)> {
        let names = |at| self.names.iter().filter_map(move |name| resolve_path(at, name));
        above(dir).flat_map(names).filter_map(|found| {
            let base = if self.is_beside { dir_of(&found) } else { &found };
            let leads_to = resolve_path(base, self.tail.trim_start_matches('/'))?;
            Some((found, leads_to))
        })
    }

    /// Where the path leads for the unit in `dir`; `None` where nothing in the repo is what is looked for.
    pub(super) fn found(&self, dir: &str, is_there: &IsThere<'_>) -> Option<String> {
        self.ways(dir).find(|(found, _)| is_there(found)).map(|(_, leads_to)| leads_to)
    }
}

/// `"${get_parent_terragrunt_dir()}/modules//dns"` in a file that the unit in `dir` includes.
fn beside_parent(source: &Expr, file: &SourceFile, dir: &str) -> Option<String> {
    let ExprKind::Template(template) = &source.unparenthesised().kind else { return None };
    let [TemplatePart::Interpolation(first), rest @ ..] = template.parts.as_slice() else {
        return None;
    };
    let ExprKind::Call(call) = &first.expr.unparenthesised().kind else { return None };
    let known = ["get_parent_terragrunt_dir", "path_relative_from_include"];
    let own = dir_of(&file.path);
    let is_there = known.contains(&&*call.name.name) && call.args.is_empty() && own != dir;
    let tail = literal_text(rest).filter(|_| is_there)?;
    resolve_path(own, tail.trim_start_matches('/'))
}

fn source_expr(file: &SourceFile) -> Option<&Expr> {
    let terraform = file.hcl.as_ref()?.body.block("terraform")?;
    Some(&terraform.body.attribute("source")?.value)
}

/// How the directories end that a local source may name which begins with what is not known, or is one of two:
/// `"${path_relative_from_include("root")}/../modules//dns"`.
pub(super) fn source_ends(source: &Expr) -> Vec<String> {
    let mut ends = Vec::new();
    let mut waiting = vec![source];
    while let Some(expr) = waiting.pop() {
        match &expr.unparenthesised().kind {
            ExprKind::Conditional(either) => waiting.extend([&either.yes, &either.no]),
            ExprKind::Template(template) => match template.parts.as_slice() {
                [TemplatePart::Interpolation(only)] => waiting.push(&only.expr),
                [TemplatePart::Interpolation(_), rest @ ..] => {
                    ends.extend(literal_text(rest).and_then(|tail| end_of(&tail)));
                }
                [TemplatePart::Literal(only)] if only.value.starts_with('.') => {
                    ends.extend(end_of(&only.value));
                }
                _ => {}
            },
            _ => {}
        }
    }
    ends
}

fn end_of(path: &str) -> Option<String> {
    let end = path.trim_start_matches(['/', '.']).trim_end_matches('/').replace("//", "/");
    (!end.is_empty() && !end.contains(['?', ':'])).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::Format;
    use crate::text::FileId;

    fn unit(path: &str, source: &str) -> SourceFile {
        let text =
            format!("locals {{\n  at = \"../..\"\n}}\nterraform {{\n  source = {source}\n}}\n");
        SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path))
    }

    #[test]
    fn a_source_is_followed_where_it_is_written_out() {
        let dir = |path: &str, source: &str| {
            let mut ways = source_dirs(&unit(path, source), "live/app").into_iter();
            let only = ways.next();
            assert!(ways.next().is_none());
            only
        };
        let own = |source: &str| dir("live/app/terragrunt.hcl", source);
        let is = Some("modules/dns".to_owned());
        assert_eq!(own("\"../..//modules/dns\""), is);
        assert_eq!(own("\"${local.at}/modules//dns\""), is);
        assert_eq!(own("\"${get_path_to_repo_root()}//modules/dns\""), is);
        assert_eq!(own("\"${get_parent_terragrunt_dir()}/modules/dns\""), None);
        assert_eq!(dir("root.hcl", "\"${get_parent_terragrunt_dir()}/modules/dns\""), is);
        assert_eq!(dir("a/root.hcl", "\"${path_relative_from_include()}/../modules/dns\""), is);
        assert_eq!(own("\"git::https://example.com/modules.git//dns\""), None);
        assert_eq!(own("local.round"), None);
    }

    /// A directory is found as well as a file, and the nearest one counts, also where the rest of the way is not in it.
    #[test]
    fn a_source_may_be_looked_for_in_the_directories_above() {
        let there = ["live/root.hcl", "live/modules", "modules", "modules/dns", "app"];
        let is_there = |path: &str| there.contains(&path);
        let own = |source: &str| {
            let file = unit("live/app/terragrunt.hcl", source);
            let seen = Seen { dir: "live/app", is_template: false, made: None };
            source_of(&[&file], seen, &is_there).unwrap().dir
        };
        let is = |dir: &str| Some(dir.to_owned());
        assert_eq!(own("find_in_parent_folders(\"modules/dns\")"), is("modules/dns"));
        assert_eq!(own("\"${find_in_parent_folders(\"modules/dns\")}\""), is("modules/dns"));
        assert_eq!(own("\"${find_in_parent_folders(\"modules\")}///dns\""), is("live/modules/dns"));
        let beside = "\"${dirname(find_in_parent_folders(\"root.hcl\"))}/../modules//dns\"";
        assert_eq!(own(beside), is("modules/dns"));
        // Not in the unit's own directory, and not above the repo.
        assert_eq!(own("find_in_parent_folders(\"app\")"), is("app"));
        assert_eq!(own("find_in_parent_folders(\"catalog\")"), None);
        assert_eq!(own("find_in_parent_folders(local.name)"), None);
        let file = unit("live/app/terragrunt.hcl", "find_in_parent_folders(\"modules/dns\")");
        assert_eq!(source_dirs(&file, "live/app"), ["live/modules/dns", "modules/dns"]);
        // What is copied elsewhere looks from there.
        let seen = Seen { dir: "live/app", is_template: true, made: None };
        assert_eq!(source_of(&[&file], seen, &is_there).unwrap().dir, None);
    }

    #[test]
    fn of_two_ways_and_of_half_a_way_the_end_is_known() {
        let ends = |source: &str| {
            source_ends(source_expr(&unit("live/app/terragrunt.hcl", source)).unwrap())
        };
        assert_eq!(ends("\"${dirname(local.x)}/../modules//dns\""), ["modules/dns"]);
        let either =
            "local.far ? \"git::https://example.com/m.git//dns?ref=v1\" : \"../../m//dns/\"";
        assert_eq!(ends(either), ["m/dns"]);
        assert_eq!(ends(&format!("\"${{{either}}}\"")), ["m/dns"]);
        assert!(ends("\"tfr:///example/dns/aws?version=1.0.0\"").is_empty());
    }
}
