//! Functions that read the repo's files: `file`, `templatefile`, `fileexists`, `fileset`.

use std::sync::Arc;

use globset::GlobBuilder;

use super::boolean;
use crate::model::eval::collection::set_of;
use crate::model::eval::{Evaluator, Scope, decode};
use crate::model::repo::resolve_path;
use crate::model::stack::is_below;
use crate::model::value::{Data, Reason, Value};
use crate::syntax::SourceFile;
use crate::syntax::language::Language;
use crate::text::{Span, TextRange, dir_of};

impl<'s> Evaluator<'_, 's> {
    /// The path that `path` means, relative to the root of the repo.
    fn repo_path(&self, path: &Value, scope: &Scope<'s>) -> Option<String> {
        let path = path.as_str()?;
        // A relative path is relative to where Terraform runs: the directory of the root module.
        let instance = self.repo.instance(scope.instance_id()?);
        let base = &self.repo.module(self.repo.instance(instance.root).module).dir;
        resolve_path(base, &path)
    }

    fn source(&self, path: &Value, scope: &Scope<'s>, span: Span) -> Result<&'s SourceFile, Value> {
        let Some(resolved) = self.repo_path(path, scope) else {
            return Err(unknown_path(path, span));
        };
        if let Some(source) = self.repo.source(&resolved) {
            return Ok(source);
        }
        Err(match self.skipped(&resolved) {
            Some(why) => Value::unknown(format!("`{resolved}` cannot be read ({why})"), span),
            None => Value::unknown(format!("`{resolved}` is not in the repo"), span),
        })
    }

    /// Why the file at `path` was not read, if it is there.
    fn skipped(&self, path: &str) -> Option<&'static str> {
        let at = self.repo.skipped.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        Some(self.repo.skipped[at].why)
    }

    pub(in crate::model::eval) fn file(
        &self,
        path: &Value,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let read = |path: &Value| match self.source(path, scope, span) {
            Ok(source) => {
                let span = source.span(TextRange::new(0, source.text.len()));
                Value::text(Arc::clone(&source.text), span)
            }
            Err(unknown) => unknown,
        };
        Value::one_of(path.possibilities().iter().map(read), span)
    }

    /// What `text` says as YAML. A whole file is read once: a module that makes its resources of files reads the same ones in
    /// many of its expressions.
    pub(super) fn decode(&self, text: &Value, span: Span) -> Value {
        let results = text.possibilities().iter().map(|option| {
            let Some(source) = self.repo.whole_file(option) else {
                return decode::text(option, Language::Yaml, span, &self.repo.trees);
            };
            match &*self.repo.read_file(source, Language::Yaml) {
                // That it is not understood is said where it is used.
                [Value { data: Data::Unknown(reason), .. }] => {
                    Value::for_reason(reason.clone(), span)
                }
                documents => decode::as_one(documents, span),
            }
        });
        Value::one_of(results, span)
    }

    pub(super) fn file_exists(&self, path: &Value, scope: &Scope<'s>, span: Span) -> Value {
        let Some(resolved) = self.repo_path(path, scope) else { return unknown_path(path, span) };
        if self.repo.source(&resolved).is_some() || self.skipped(&resolved).is_some() {
            return boolean(true, span);
        }
        if self.knows_all_in(dir_of(&resolved), false, scope) {
            boolean(false, span)
        } else {
            Value::unknown(format!("`{resolved}` lies outside the stack"), span)
        }
    }

    pub(in crate::model::eval) fn file_set(
        &self,
        dir: &Value,
        pattern: &Value,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let Some(resolved) = self.repo_path(dir, scope) else { return unknown_path(dir, span) };
        let Some(pattern) = pattern.as_str() else {
            let reason = pattern.first_unknown();
            let reason = reason.unwrap_or_else(|| Reason::new("the pattern is not known"));
            return Value::for_reason(reason, span);
        };
        let glob = GlobBuilder::new(&pattern)
            .literal_separator(true)
            .backslash_escape(true)
            .empty_alternates(true)
            .build();
        let Some(glob) = glob.ok().filter(|_| !pattern.contains("..")) else {
            return Value::unknown(format!("`{pattern}` is no pattern of files"), span);
        };
        let matcher = glob.compile_matcher();
        if !self.knows_all_in(&resolved, is_deep(&pattern), scope) {
            return Value::unknown(format!("`{resolved}` lies outside the stack"), span);
        }
        let prefix = if resolved.is_empty() { resolved } else { format!("{resolved}/") };
        let sources = from_prefix(self.repo.sources, &prefix, |file| &file.path);
        let skipped = from_prefix(self.repo.skipped, &prefix, |file| &file.path);
        let mut open = None;
        let mut names: Vec<&str> = sources.map(|file| &file.path[prefix.len()..]).collect();
        for file in skipped {
            // What is no file may be a link to one, or to a directory of them.
            if file.why == "not-a-file" {
                open = Some(Reason::new(format!("`{}` is not followed", file.path)));
            } else {
                names.push(&file.path[prefix.len()..]);
            }
        }
        let found = names.into_iter().filter(|name| matcher.is_match(name));
        let items: Vec<Value> = found.map(|name| Value::text(name, span)).collect();
        set_of(&items, open, span)
    }

    /// Whether every file in the directory `dir` is known, and with `deep` every file below it: all of a stack is loaded
    /// with it, and of a module that it calls the directory itself.
    fn knows_all_in(&self, dir: &str, deep: bool, scope: &Scope<'s>) -> bool {
        let Some(id) = scope.instance_id() else { return false };
        let instance = self.repo.instance(id);
        let root = self.repo.module(self.repo.instance(instance.root).module);
        // Behind a link there may be anything.
        let mut above = dir;
        while !above.is_empty() {
            if self.skipped(above).is_some() {
                return false;
            }
            above = dir_of(above);
        }
        let in_stack = root.stack.is_some_and(|stack| {
            let stack = &self.repo.stack(stack).dir;
            **stack == *dir || is_below(stack, dir)
        });
        in_stack || (!deep && *self.repo.module(instance.module).dir == *dir)
    }

    pub(super) fn template_file(
        &mut self,
        path: &Value,
        variables: &Value,
        scope: &Scope<'s>,
        span: Span,
    ) -> Value {
        let source = match self.source(path, scope, span) {
            Ok(source) => source,
            Err(unknown) => return unknown,
        };
        let Some(template) = source.template() else {
            return Value::unknown(format!("`{}` is no valid template", source.path), span);
        };
        let whole = source.span(TextRange::new(0, source.text.len()));
        let mut results = Vec::new();
        for option in variables.possibilities() {
            let Data::Map(variables) = &option.data else {
                results.push(Value::unknown("the variables of a template are not known", span));
                continue;
            };
            let mut inner = scope.clone();
            for entry in &variables.entries {
                inner = inner.with(&entry.key, entry.value.clone());
            }
            results.push(self.template(source, template, &inner, whole));
        }
        Value::one_of(results, span)
    }
}

fn unknown_path(path: &Value, span: Span) -> Value {
    match path.first_unknown() {
        Some(reason) => Value::for_reason(reason, span),
        None => Value::unknown("the path of a file is not known", span),
    }
}

/// Whether a pattern of `fileset` looks into directories.
fn is_deep(pattern: &str) -> bool {
    pattern.contains('/') || pattern.contains("**")
}

/// Of `files`, which are sorted by path, those whose path begins with `prefix`.
fn from_prefix<'f, F>(
    files: &'f [F],
    prefix: &'f str,
    path: for<'a> fn(&'a F) -> &'a str,
) -> impl Iterator<Item = &'f F> {
    let from = files.partition_point(|file| path(file) < prefix);
    files[from..].iter().take_while(move |file| path(file).starts_with(prefix))
}
