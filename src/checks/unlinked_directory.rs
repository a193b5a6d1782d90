//! A module that reads files beside the stack that calls it finds them there by a symbolic link to the one place where
//! they are kept: not a copy, and not nothing.

use crate::diagnostic::LinkEdit;
use crate::model::{BlockRef, Module, Repo, resolve_path};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::{Globs, Span};

use super::module_inputs::{callee, calls};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "unlinked_directory",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["link", "target", "stack"] },
        Outcome { name: "elsewhere", placeholders: &["link", "target", "stack", "found"] },
        Outcome { name: "copied", placeholders: &["link", "target", "stack"] },
    ],
    build,
};

struct UnlinkedDirectory {
    /// The directories of the modules that read there.
    modules: Globs,
    /// The link's name, in the stack's directory.
    link: String,
    /// Where it must lead, relative to the root.
    target: String,
    /// A call that gives all of these inputs reads no file.
    inputs: Vec<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UnlinkedDirectory {
        modules: options.globs("modules")?,
        link: options.string("link")?,
        target: options.string("target")?,
        inputs: options.strings("inputs")?,
    }))
}

impl Check for UnlinkedDirectory {
    fn interests(&self) -> Vec<Interest> {
        let mut interests = calls();
        interests.push(Interest::Repo);
        interests
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        match subject {
            Subject::Block(call) => self.judge_call(context.repo, &call, out),
            Subject::Repo => self.judge_copies(context, out),
            _ => {}
        }
    }
}

impl UnlinkedDirectory {
    fn judge_call(&self, repo: &Repo<'_>, call: &BlockRef<'_>, out: &mut Findings) {
        if !self.reads_files(repo, call) {
            return;
        }
        for dir in roots(repo, call) {
            out.site();
            let path = self.link_in(&dir);
            let finding = match repo.link(&path) {
                Some(found) if resolve_path(&dir, found).as_deref() == Some(&self.target) => {
                    continue;
                }
                Some(found) => Finding::new("elsewhere", call.header()).arg("found", found),
                // Which is reported once for the stack, whether it calls or not.
                None if repo.has_files_below(&path) => continue,
                None => Finding::new("missing", call.header()),
            };
            let title = format!("link `{path}` to `{}`", self.target);
            let link = LinkEdit { target: self.target_from(&dir).into(), path: path.into() };
            let finding = self.described(finding, &dir).address(call.address());
            out.report(finding.link_fix(&title, link));
        }
    }

    /// Stacks with a directory of their own where the link should be.
    fn judge_copies(&self, context: &Context<'_>, out: &mut Findings) {
        let repo = context.repo;
        for stack in &repo.stacks {
            let path = self.link_in(&stack.dir);
            if path == self.target || !repo.has_files_below(&path) {
                continue;
            }
            let Some(span) = place(repo, &stack.dir, &path) else { continue };
            out.site_at(context, span);
            out.report(self.described(Finding::new("copied", span), &stack.dir));
        }
    }

    /// Whether `call` makes Terraform read the files.
    fn reads_files(&self, repo: &Repo<'_>, call: &BlockRef<'_>) -> bool {
        let is_given = |input: &String| call.block.body.attribute(input).is_some();
        let is_one = callee(repo, call).is_some_and(|module| self.modules.is_match(&module.dir));
        is_one && (self.inputs.is_empty() || !self.inputs.iter().all(is_given))
    }

    fn link_in(&self, dir: &str) -> String {
        if dir.is_empty() { self.link.clone() } else { format!("{dir}/{}", self.link) }
    }

    /// `finding` with what to type in the stack's directory `dir`.
    fn described(&self, finding: Finding, dir: &str) -> Finding {
        finding
            .arg("link", self.link.as_str())
            .arg("target", self.target_from(dir))
            .arg("stack", dir)
    }

    /// What a link in `dir` must say.
    fn target_from(&self, dir: &str) -> String {
        let up = dir.split('/').filter(|part| !part.is_empty()).map(|_| "../");
        up.collect::<String>() + &self.target
    }
}

/// The directories of the root modules that `call` is part of, in order: where `path.root` is. A module that nobody calls
/// is in none, nor is code of which nothing says that it is run as it stands.
fn roots(repo: &Repo<'_>, call: &BlockRef<'_>) -> Vec<String> {
    let instances = repo.module(call.module).instances.iter().map(|&id| repo.instance(id));
    let modules = instances.map(|it| repo.module(repo.instance(it.root).module));
    let is_root = |module: &&Module<'_>| module.called && !module.in_pieces;
    let mut roots: Vec<String> =
        modules.filter(is_root).map(|module| module.dir.to_string()).collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// The first line of the first file in `path`; of the stack in `dir` where none was read there.
fn place(repo: &Repo<'_>, dir: &str, path: &str) -> Option<Span> {
    let below = |dir: &str| {
        let prefix = format!("{dir}/");
        repo.sources.iter().find(|file| file.path.starts_with(&prefix))
    };
    let file = below(path).or_else(|| below(dir))?;
    Some(file.span(file.lines().range_of(&file.text, 0)))
}
