//! Files that SOPS has encrypted can be decrypted by those who are listed for them, and by nobody else.

use std::collections::BTreeMap;

use regex::Regex;

use crate::model::SkippedFile;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::syntax::yaml::{self, Node};
use crate::text::{Globs, TextRange, dir_of};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "sealed_with",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["key", "count", "files"] },
        Outcome { name: "other", placeholders: &["key", "count", "files"] },
        Outcome { name: "vault", placeholders: &["key", "wanted", "path"] },
    ],
    build,
};

struct SealedWith {
    files: Globs,
    rules: String,
    /// The key in Vault for each file, where `{directory}` is that of the file.
    vault_key: String,
}

/// A creation rule: for which files, and which recipients.
struct Creation<'n> {
    pattern: Regex,
    place: TextRange,
    recipients: Vec<(&'n str, TextRange)>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(SealedWith {
        files: options.globs("files")?,
        rules: options.string("rules")?,
        vault_key: options.string("vault_key")?,
    }))
}

impl Check for SealedWith {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let Some(rules) = context.repo.source(&self.rules) else { return };
        let Ok(documents) = yaml::parse(&rules.text) else { return };
        let creations = creations(rules, &documents);
        // The first rule that matches is the one that SOPS takes.
        let mut by_rule: BTreeMap<usize, Vec<&SkippedFile>> = BTreeMap::new();
        let is_meant = |file: &&SkippedFile| file.why == "sops" && self.files.is_match(&file.path);
        for file in context.repo.skipped.iter().filter(is_meant) {
            out.site_in(context, &file.path);
            let rule = creations.iter().position(|rule| rule.pattern.is_match(&file.path));
            match rule {
                Some(rule) if !file.keys.is_empty() => by_rule.entry(rule).or_default().push(file),
                _ => {
                    let place = rules.span(TextRange::empty(0));
                    out.unknown(place, format!("nobody says for whom `{}` is", file.path));
                }
            }
        }
        for (rule, files) in by_rule {
            self.judge_rule(rules, &creations[rule], &files, out);
        }
    }
}

impl SealedWith {
    fn judge_rule(
        &self,
        rules: &SourceFile,
        rule: &Creation<'_>,
        files: &[&SkippedFile],
        out: &mut Findings,
    ) {
        let named = |outcome: &'static str, key: &str, at: TextRange, files: &[&str]| {
            Finding::new(outcome, rules.span(at))
                .arg("key", key)
                .arg("count", files.len().to_string())
                .arg("files", files.join("`, `"))
        };
        let has = |file: &SkippedFile, name: &str| {
            file.keys.iter().any(|key| key.kind == "age" && key.name == name)
        };
        for &(recipient, at) in &rule.recipients {
            let lacking = files.iter().filter(|file| !has(file, recipient));
            let lacking: Vec<&str> = lacking.map(|file| &*file.path).collect();
            if !lacking.is_empty() {
                out.report(named("missing", recipient, at, &lacking));
            }
        }
        let mut others: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for file in files {
            for key in file.keys.iter().filter(|key| key.kind == "age") {
                if !rule.recipients.iter().any(|(recipient, _)| *recipient == key.name) {
                    others.entry(&key.name).or_default().push(&file.path);
                }
            }
            let wanted = self.vault_key.replace("{directory}", directory(&file.path));
            for key in file.keys.iter().filter(|it| it.kind == "hc_vault" && it.name != wanted) {
                let finding = Finding::new("vault", rules.span(rule.place));
                let finding = finding.arg("key", &*key.name).arg("wanted", &*wanted);
                out.report(finding.arg("path", &*file.path));
            }
        }
        for (key, paths) in others {
            out.report(named("other", key, rule.place, &paths));
        }
    }
}

/// The name of the directory that the file at `path` lies in.
fn directory(path: &str) -> &str {
    let dir = dir_of(path);
    dir.rsplit_once('/').map_or(dir, |(_, name)| name)
}

fn creations<'n>(rules: &SourceFile, documents: &'n [Node]) -> Vec<Creation<'n>> {
    let all = documents.iter().filter_map(|it| it.get("creation_rules")).flat_map(Node::items);
    let creation = |node: &'n Node| {
        let path = node.get("path_regex")?;
        let pattern = Regex::new(path.as_str()?).ok()?;
        let recipients = node.get("age").map_or_else(Vec::new, |age| listed(rules, age));
        Some(Creation { pattern, place: path.range, recipients })
    };
    all.filter_map(creation).collect()
}

/// The recipients in a text with commas between them, each at its bytes.
fn listed<'n>(rules: &SourceFile, age: &'n Node) -> Vec<(&'n str, TextRange)> {
    let Some(text) = age.as_str() else { return Vec::new() };
    let mut at = 0;
    let mut found = Vec::new();
    for part in text.split(',') {
        let start = at + (part.len() - part.trim_start().len());
        at += part.len() + 1;
        let name = part.trim();
        if !name.is_empty() {
            let inner = TextRange::new(start, start + name.len());
            found.push((name, age.outer(&rules.text, inner).unwrap_or(age.range)));
        }
    }
    found
}
