//! Terragrunt's explicit stacks: of which units in the repo a `terragrunt.stack.hcl` makes others, elsewhere.
//!
//! Invariant: what is told of a template holds wherever a unit is made of it. Where that is, and what `values` it gets, is not
//! followed.

use rustc_hash::FxHashSet;

use super::repo::{Repo, source_at};
use super::terragrunt::{unit_local, unit_path};
use crate::syntax::hcl::{Expr, ExprKind, Interpolation, Item, Template, TemplatePart};
use crate::syntax::{Format, HclUse, SourceFile, UNIT_FILES};
use crate::text::{dir_of, path_in};

/// The directory into which Terragrunt generates the units of a stack, beside its file.
const GENERATED: &str = ".terragrunt-stack";

/// In one expression, so many locals are followed at most: they may stand for one another.
pub(super) const MAX_LOCALS: usize = 64;

/// What an explicit stack is written in.
const STACK_FILE: &str = "terragrunt.stack.hcl";

/// The directories of units and stacks that are templates.
#[derive(Debug, Default)]
pub(super) struct Templates(FxHashSet<String>);

impl Templates {
    /// Those that a stack of the repo names, and units that ask for `values`: only what a stack makes is given some.
    pub(super) fn find(sources: &[SourceFile]) -> Self {
        let mut found = FxHashSet::default();
        for file in sources {
            match file.format {
                Format::Hcl(HclUse::Stack) => found.extend(made_of(sources, file)),
                format if format.is_unit() && asks_for_values(file) => {
                    found.insert(dir_of(&file.path).to_owned());
                }
                _ => {}
            }
        }
        Self(found)
    }

    /// Whether the unit or stack in `dir` is one.
    pub(super) fn has(&self, dir: &str) -> bool {
        self.0.contains(dir)
    }
}

impl Repo<'_> {
    /// Whether Terragrunt makes other units or stacks of the one in `dir`, elsewhere.
    pub fn is_template(&self, dir: &str) -> bool {
        self.templates.has(dir)
    }

    /// Whether the stack in `dir` is an explicit one: Terragrunt makes its units when it runs.
    pub fn is_explicit_stack(&self, dir: &str) -> bool {
        self.source(&path_in(dir, STACK_FILE)).is_some()
    }

    /// The directories of what the explicit stack in `dir` is made of, as far as its file says so.
    pub(super) fn templates_in(&self, dir: &str) -> Vec<String> {
        let file = self.source(&path_in(dir, STACK_FILE));
        file.map(|file| made_of(self.sources, file)).unwrap_or_default()
    }
}

/// Whether `path` leads to something that a stack makes when it runs.
pub(super) fn is_generated(path: &str) -> bool {
    path.split('/').any(|part| part == GENERATED)
}

/// Whether the path that `expr` writes means the same in whatever directory the unit lies.
pub(super) fn is_fixed(expr: &Expr) -> bool {
    let ExprKind::Template(template) = &expr.unparenthesised().kind else { return false };
    let Some(TemplatePart::Interpolation(first)) = template.parts.first() else { return false };
    matches!(&first.expr.unparenthesised().kind, ExprKind::Call(call) if call.name.name == "get_repo_root")
}

/// The directories that the `source`s of the units and stacks in `file` name.
fn made_of(sources: &[SourceFile], file: &SourceFile) -> Vec<String> {
    let dir = dir_of(&file.path);
    let blocks = file.hcl.iter().flat_map(|document| document.body.blocks());
    let blocks = blocks.filter(|block| matches!(block.kind.name.as_str(), "unit" | "stack"));
    let source = |expr: &Expr| {
        let mut left = MAX_LOCALS;
        let expr = with_locals(expr, file, &mut left);
        match looked_for(&expr) {
            Some(name) => above(dir).map(|at| path_in(at, &name)).find(|at| is_there(sources, at)),
            None => unit_path(&expr, dir),
        }
    };
    blocks.filter_map(|block| source(&block.body.attribute("source")?.value)).collect()
}

/// `expr` with what the locals of `file` stand for in their place: at most as many of them as are `left`.
pub(super) fn with_locals(expr: &Expr, file: &SourceFile, left: &mut usize) -> Expr {
    let expr = expr.unparenthesised();
    let kind = match &expr.kind {
        ExprKind::Traversal(traversal) => {
            let local = traversal.local().and_then(|name| unit_local(file, name));
            match local.filter(|_| *left > 0) {
                Some(local) => {
                    *left -= 1;
                    return with_locals(local, file, left);
                }
                None => expr.kind.clone(),
            }
        }
        ExprKind::Template(template) => {
            let parts = template.parts.iter().flat_map(|part| {
                let TemplatePart::Interpolation(hole) = part else { return vec![part.clone()] };
                match with_locals(&hole.expr, file, left) {
                    Expr { kind: ExprKind::Template(inner), .. } => inner.parts,
                    expr => {
                        vec![TemplatePart::Interpolation(Interpolation { expr, ..hole.clone() })]
                    }
                }
            });
            let parts = parts.collect();
            ExprKind::Template(Box::new(Template { parts, ..Template::clone(template) }))
        }
        _ => expr.kind.clone(),
    };
    Expr { kind, range: expr.range }
}

/// The name in `find_in_parent_folders("NAME")`, also where it stands alone in a string.
fn looked_for(expr: &Expr) -> Option<String> {
    match &expr.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == "find_in_parent_folders" => {
            call.args.first()?.as_literal().map(|name| name.to_string())
        }
        ExprKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Interpolation(only)] => looked_for(&only.expr),
            _ => None,
        },
        _ => None,
    }
}

/// The directories above `dir`, the nearest first.
pub(super) fn above(dir: &str) -> impl Iterator<Item = &str> {
    let mut at = dir;
    std::iter::from_fn(move || {
        let next = (!at.is_empty()).then(|| dir_of(at));
        at = next.unwrap_or_default();
        next
    })
}

/// Whether a unit or a stack lies in `dir`.
fn is_there(sources: &[SourceFile], dir: &str) -> bool {
    let mut names = UNIT_FILES.iter().chain([&STACK_FILE]);
    names.any(|name| source_at(sources, &path_in(dir, name)).is_some())
}

fn asks_for_values(file: &SourceFile) -> bool {
    let Some(document) = file.hcl.as_ref().filter(|_| file.text.contains("values")) else {
        return false;
    };
    let mut bodies = vec![&document.body];
    while let Some(body) = bodies.pop() {
        for item in &body.items {
            match item {
                Item::Block(block) => bodies.push(&block.body),
                Item::Attribute(attribute) => {
                    let references = attribute.value.references(&[]);
                    if references.iter().any(|it| it.root == "values") {
                        return true;
                    }
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExprRef, Scope};
    use crate::text::FileId;

    const OUT: &str = "variable \"v\" { default = \"default\" }\nlocals { out = var.v }\n";

    fn sources(files: &[(&str, &str)]) -> Vec<SourceFile> {
        let mut files = files.to_vec();
        files.sort_unstable();
        let source = |(at, (path, text)): (usize, (&str, &str))| {
            SourceFile::new(FileId(at as u32), path.into(), text.into(), Format::of(path))
        };
        files.into_iter().enumerate().map(source).collect()
    }

    /// What `local.out` is in the module in `dir`, or why it is not known.
    fn out(files: &[(&str, &str)], dir: &str) -> String {
        let sources = sources(files);
        let repo = Repo::build(&sources, &[]);
        let module = repo.module(repo.module_in(dir).unwrap());
        let local = module.names.locals["out"];
        let value = repo.eval(
            ExprRef { file: local.file, expr: local.expr },
            &Scope::instance(module.instances[0]),
        );
        match value.as_str() {
            Some(text) => text.into_owned(),
            None => format!("?{}", value.first_unknown().unwrap()),
        }
    }

    /// Why the targets of the dependencies of the unit in `dir` are not known, or which they are.
    fn targets(files: &[(&str, &str)], dir: &str) -> Vec<String> {
        let sources = sources(files);
        let repo = Repo::build(&sources, &[]);
        let unit = repo.source(&path_in(dir, "terragrunt.hcl")).unwrap();
        let told = |target: Result<String, _>| target.unwrap_or_else(|why| format!("?{why}"));
        repo.dependencies(unit).into_iter().map(|it| told(it.target)).collect()
    }

    #[test]
    fn a_stack_is_one_and_names_its_templates_in_several_ways() {
        let stack = "locals {\n  root = get_repo_root()\n  units = \"${local.root}/units\"\n  h = local.i\n  \
                     i = local.h\n  g = (find_in_parent_folders(\"units/g\"))\n}\n\
                     unit \"a\" {\n  source = \"../units/a\"\n  path = \"a\"\n}\n\
                     unit \"b\" {\n  source = \"${get_repo_root()}//units/b\"\n  path = \"b\"\n}\n\
                     unit \"c\" {\n  source = find_in_parent_folders(\"units/c\")\n  path = \"c\"\n}\n\
                     stack \"d\" {\n  source = \"${find_in_parent_folders(\"stacks/d\")}\"\n  path = \"d\"\n}\n\
                     unit \"e\" {\n  source = \"git::https://example.com/x.git//units/e\"\n  path = \"e\"\n}\n\
                     unit \"f\" {\n  source = \"${local.units}/f\"\n  path = \"f\"\n}\n\
                     unit \"g\" {\n  source = local.g\n  path = \"g\"\n}\n\
                     unit \"h\" {\n  source = local.h\n  path = \"h\"\n}\n\
                     unit \"i\" {\n  source = \"${local.none}/i\"\n  path = \"i\"\n}\n";
        let sources = sources(&[
            ("live/terragrunt.stack.hcl", stack),
            ("units/a/terragrunt.hcl", ""),
            ("units/b/terragrunt.hcl", ""),
            ("units/c/terragrunt.hcl", ""),
            ("units/e/terragrunt.hcl", "inputs = { v = values.v }\n"),
            ("units/f/terragrunt.hcl", ""),
            ("units/g/terragrunt.hcl", ""),
            ("units/h/terragrunt.hcl", ""),
            ("units/i/terragrunt.hcl", ""),
            ("stacks/d/terragrunt.stack.hcl", ""),
        ]);
        let repo = Repo::build(&sources, &[]);
        assert_eq!(
            repo.templates_in("live"),
            ["units/a", "units/b", "units/c", "stacks/d", "units/f", "units/g"]
        );
        let is_template = |dir: &str| repo.templates.has(dir);
        assert!(
            ["units/a", "units/b", "units/c", "stacks/d", "units/e"].into_iter().all(is_template)
        );
        assert!(["units/h", "units/i", "live"].into_iter().all(|dir| !is_template(dir)));
        assert!(repo.stacks.iter().any(|stack| *stack.dir == *"live"));
        assert!(repo.stacks.iter().any(|stack| *stack.name == *"d"));
    }

    #[test]
    fn what_a_template_is_given_is_not_known() {
        let stack = "unit \"a\" {\n  source = \"../units/a\"\n  path = \"a\"\n}\n";
        let files = |unit: &'static str| {
            [
                ("live/terragrunt.stack.hcl", stack),
                ("units/a/main.tf", OUT),
                ("units/a/terragrunt.hcl", unit),
                ("root.hcl", "inputs = { v = \"root\" }\n"),
                ("modules/a/main.tf", OUT),
            ]
        };
        let why = out(&files("inputs = { v = values.v }\n"), "units/a");
        assert_eq!(why, "?`values.v` is known to Terragrunt only");
        assert_eq!(out(&files("inputs = { v = \"own\" }\n"), "units/a"), "own");
        // The file is looked for from where the unit is made.
        let include = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n";
        let why = out(&files(include), "units/a");
        assert_eq!(why, "?`var.v`: the unit includes configuration that is not known");
        let from_root = "include \"root\" {\n  path = \"${get_repo_root()}/root.hcl\"\n}\n";
        assert_eq!(out(&files(from_root), "units/a"), "root");
        let elsewhere =
            "terraform {\n  source = \"../../modules/a\"\n}\ninputs = { v = \"own\" }\n";
        assert_eq!(out(&files(elsewhere), "modules/a"), "default");
        let fixed = "terraform {\n  source = \"${get_repo_root()}/modules/a\"\n}\ninputs = { v = \"own\" }\n";
        assert_eq!(out(&files(fixed), "modules/a"), "own");
    }

    #[test]
    fn a_unit_that_includes_or_passes_what_is_not_known_has_unknown_variables() {
        let files = |unit: &'static str| {
            [
                ("live/a/terragrunt.hcl", unit),
                ("live/a/main.tf", OUT),
                ("live/root.hcl", ""),
                ("live/common/a.hcl", "inputs = { v = \"common\" }\n"),
            ]
        };
        let beside = "include \"c\" {\n  path = \"${dirname(find_in_parent_folders(\"root.hcl\"))}/common/a.hcl\"\n}\n";
        assert_eq!(out(&files(beside), "live/a"), "common");
        let computed = "include \"c\" {\n  path = \"${get_env(\"COMMON\")}/a.hcl\"\n}\n";
        let why = out(&files(computed), "live/a");
        assert_eq!(why, "?`var.v`: the unit includes configuration that is not known");
        let passed = "terraform {\n  extra_arguments \"v\" {\n    commands = [\"plan\"]\n    \
                      optional_var_files = [find_in_parent_folders(\"common.tfvars\")]\n  }\n}\n";
        let why = out(&files(passed), "live/a");
        assert_eq!(why, "?`var.v`: the unit passes a variable file that is not known");
        assert_eq!(out(&files(""), "live/a"), "default");
    }

    #[test]
    fn what_depends_on_what_is_made_is_not_followed() {
        let stack = "unit \"a\" {\n  source = \"../units/a\"\n  path = \"a\"\n}\n";
        let depends = |path: &str| format!("dependency \"d\" {{\n  config_path = \"{path}\"\n}}\n");
        let (template, unit) = (depends("../dns"), depends("../live/.terragrunt-stack/a"));
        let ordinary = depends("../other");
        let files = [
            ("live/terragrunt.stack.hcl", stack),
            ("units/a/terragrunt.hcl", template.as_str()),
            ("app/terragrunt.hcl", unit.as_str()),
            ("other/terragrunt.hcl", ordinary.as_str()),
        ];
        assert_eq!(targets(&files, "units/a"), ["?it is seen from where a stack puts the unit"]);
        assert_eq!(targets(&files, "app"), ["?a stack makes that unit when it runs"]);
        assert_eq!(targets(&files, "other"), ["other"]);
    }
}
