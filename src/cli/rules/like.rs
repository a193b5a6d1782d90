//! `tautline rules list --for PATH`: which rules look at a file; before it is written, at the files that it will be like.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::coverage::measure;
use super::list;
use crate::analysis::{Covered, Request};
use crate::cli::args::{GroundArgs, ListFormat};
use crate::cli::ground::{self, Ground};
use crate::cli::trouble::Trouble;
use crate::diagnostic::RuleRun;
use crate::report::{harmless, json_line, plural};
use crate::rule::Rule;
use crate::syntax::Date;
use crate::text::{below, dir_of, name_of, path_in};
use crate::workspace::FileSet;

/// Fewer files of a pattern say more of themselves than of what they have in common.
const ENOUGH: usize = 3;

/// The files that are looked at to say which rules look at one.
struct Sample {
    paths: Vec<String>,
    /// What they have in common with the one, as a glob; none where it is there itself.
    pattern: Option<String>,
}

/// Lists the rules that look at `path`, typed in the directory `here`: all of them, or those that `wanted` names.
pub(in crate::cli) fn like(
    path: &Path,
    wanted: Option<&str>,
    format: ListFormat,
    here: &Path,
    args: &GroundArgs,
    today: Date,
) -> Result<String, Trouble> {
    let absolute = here.join(path);
    let ground = Ground::of(ground::existing_ancestor(&absolute).as_path(), args)?;
    list::refuse_unknown(&ground.rules, wanted)?;
    let path = ground::relative(&ground.workspace, &absolute)?;
    let files = ground.workspace.load()?;
    let Some(sample) = sample(&files, &path) else {
        return Err(Trouble::new(format!("no file here is like `{path}`"))
            .help("`tautline rules list` shows every rule"));
    };
    let is_meant = |rule: &&Rule| wanted.is_none_or(|wanted| list::is_called(rule, wanted));
    let meant = ground.rules.rules.iter().filter(is_meant);
    let meant: BTreeSet<Arc<str>> = meant.map(|rule| Arc::clone(&rule.id)).collect();
    let request = Request { paths: sample.paths.clone(), ..Request::default() };
    let coverage = measure(ground, files, None, &request, today)?;
    let looks = |it: &&Covered| it.now.sites > 0 && meant.contains(&it.run.rule);
    let mut rules: Vec<&Covered> = coverage.rules.iter().filter(looks).collect();
    rules.sort_by_key(|it| std::cmp::Reverse((it.now.broken(), it.now.sites)));
    Ok(match format {
        ListFormat::Text => text(&path, &sample, &rules),
        ListFormat::Json => document(&path, &sample, &rules),
    })
}

/// Whether the file at a path is like the one that is to be.
type IsLike<'a> = &'a dyn Fn(&str) -> bool;

/// The file or directory at `path`; where nothing is there, what has the same place and name elsewhere.
fn sample(files: &FileSet, path: &str) -> Option<Sample> {
    let all = || files.files.iter().map(|file| &*file.path);
    let is_there = |other: &str| other == path || below(other, path).is_some();
    if all().any(is_there) {
        return Some(Sample { paths: vec![path.to_owned()], pattern: None });
    }
    let (dir, name) = (dir_of(path), name_of(path));
    let above = dir_of(dir);
    let ending = name.rfind('.').map(|dot| &name[dot..]);
    let is_beside = |other: &str| !dir.is_empty() && dir_of(dir_of(other)) == above;
    let ends = |other: &str| ending.is_some_and(|ending| name_of(other).ends_with(ending));
    let ending = ending.unwrap_or_default();
    let beside = path_in(above, "*");
    let kinds: [(String, IsLike<'_>); 5] = [
        (format!("{beside}/{name}"), &|other| is_beside(other) && name_of(other) == name),
        (format!("{beside}/*{ending}"), &|other| is_beside(other) && ends(other)),
        (format!("**/{name}"), &|other| name_of(other) == name),
        (format!("**/*{ending}"), &ends),
        // A directory that is to be made.
        (path_in(dir, "**"), &|other| !dir.is_empty() && below(other, dir).is_some()),
    ];
    let samples = kinds.into_iter().map(|(pattern, is_like)| {
        let paths = all().filter(|other| is_like(other)).map(str::to_owned).collect();
        Sample { paths, pattern: Some(pattern) }
    });
    let mut samples: Vec<Sample> = samples.filter(|it| !it.paths.is_empty()).collect();
    let at = samples.iter().position(|it| it.paths.len() >= ENOUGH).unwrap_or(0);
    (!samples.is_empty()).then(|| samples.swap_remove(at))
}

fn text(path: &str, sample: &Sample, rules: &[&Covered]) -> String {
    let path = harmless(if path.is_empty() { "." } else { path });
    let at = match &sample.pattern {
        None => format!("`{path}`"),
        Some(pattern) => {
            let files = plural(sample.paths.len(), "file");
            format!("what `{path}` will be like: {files}, `{}`", harmless(pattern))
        }
    };
    if rules.is_empty() {
        return format!("no rule looks at {at}\n");
    }
    let widest = rules.iter().map(|it| it.run.rule.len()).max().unwrap_or(0);
    let mut out = format!(
        "{} at {at}; what is wrong there most often comes first\n",
        if let [_] = rules {
            "1 rule looks".to_owned()
        } else {
            format!("{} rules look", rules.len())
        }
    );
    for it in rules {
        let RuleRun { rule, severity, summary, .. } = &it.run;
        let (wrong, sites, level) = (it.now.broken(), it.now.sites, severity.word());
        let _ = writeln!(out, "  {wrong:>4} of {sites:<6} {rule:widest$}  {level:7}  {summary}");
    }
    out.push_str(
        "`tautline explain RULE` prints a rule's page, with what is right and what is wrong\n",
    );
    out
}

fn document(path: &str, sample: &Sample, rules: &[&Covered]) -> String {
    let rule = |it: &&Covered| {
        json!({
            "rule": &*it.run.rule,
            "convention": it.run.convention.as_deref(),
            "severity": it.run.severity.word(),
            "summary": &*it.run.summary,
            "sites": it.now.sites,
            "wrong": it.now.broken(),
        })
    };
    json_line(&json!({
        "version": 1,
        "path": path,
        "like": sample.pattern,
        "files": sample.paths.len(),
        "rules": rules.iter().map(rule).collect::<Vec<_>>(),
    }))
}
