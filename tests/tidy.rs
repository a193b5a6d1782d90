//! What review would have to look out for: layers, sizes, pages, wording, generated files.

#![expect(clippy::disallowed_methods, reason = "the tests read the project's own sources")]
#![expect(clippy::unwrap_used, reason = "a source that cannot be read is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tautline::analysis::cases::{Bases, Suite};
use tautline::checks;
use tautline::config::Settings;
use tautline::diagnostic::{Applicability, Severity};
use tautline::drift::inventory;
use tautline::rule::{self, Facts, Home, PackFile, RuleSet, builtin_files, cases};

/// Lines of a source file besides its tests.
const MOST_LINES: usize = 500;

/// The layers from the bottom up. Those that are not built yet may be missing from the crate.
const LAYERS: [&str; 15] = [
    "text",
    "diagnostic",
    "syntax",
    "config",
    "workspace",
    "model",
    "rule",
    "checks",
    "drift",
    "engine",
    "analysis",
    "report",
    "runner",
    "cli",
    "lsp",
];

/// The front ends: neither is above the other.
const FRONT_ENDS: [&str; 2] = ["cli", "lsp"];

/// The one call from one front end to the other: the command that starts the server.
const START: (&str, &str) = ("cli/mod.rs", "crate::lsp::run(");

struct Source {
    /// Relative to `src/`, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// The lines before the module's tests.
    fn code(&self) -> Vec<&str> {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = lines.windows(2).position(|pair| {
            pair[0].trim() == "#[cfg(test)]" && pair[1].trim_start().starts_with("mod tests {")
        });
        lines[..tests.unwrap_or(lines.len())].to_vec()
    }

    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap();
        matches!(name, "tests.rs" | "testing.rs")
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    gather(&root().join("src"), "", &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn gather(directory: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), sources);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            sources.push(Source { path: format!("{prefix}{name}"), text });
        }
    }
}

fn builtin() -> RuleSet {
    match rule::load(builtin_files(), checks::ALL, &Settings::default()) {
        Ok(rules) => rules,
        Err(errors) => {
            let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("the packs are broken:\n{}", lines.join("\n"));
        }
    }
}

fn assert_none(wrong: &[String], what: &str) {
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
}

/// The crate's modules that a line of code names: `crate::model::Repo`, `use crate::text::{…}`.
fn named_layers(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").map(|(at, found)| {
        let rest = &line[at + found.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}

#[test]
fn modules_import_only_from_layers_above_them_in_the_list() {
    let rank = |layer: &str| LAYERS.iter().position(|known| *known == layer);
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.path.split(['/', '.']).next().unwrap();
        if matches!(layer, "lib" | "main") {
            continue;
        }
        let Some(own) = rank(layer) else {
            wrong.push(format!("src/{}: `{layer}` is no layer", source.path));
            continue;
        };
        for (number, line) in source.text.lines().enumerate() {
            let is_start = source.path == START.0 && line.contains(START.1);
            if line.trim_start().starts_with("//") || is_start {
                continue;
            }
            for named in named_layers(line) {
                let below = rank(named).is_some_and(|other| {
                    let rivals = FRONT_ENDS.contains(&layer) && FRONT_ENDS.contains(&named);
                    other == own || (other < own && !rivals)
                });
                if !below {
                    wrong.push(format!(
                        "src/{}:{}: `{layer}` names `crate::{named}`",
                        source.path,
                        number + 1
                    ));
                }
            }
        }
    }
    assert_none(&wrong, "imports against the order of the layers");
}

#[test]
fn the_crate_lists_its_layers_in_order() {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let listed: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let expected: Vec<&str> = LAYERS.into_iter().filter(|layer| listed.contains(layer)).collect();
    assert_eq!(listed, expected);
}

/// Names in its tables may be short: they are what a path ends with.
#[test]
fn the_architecture_names_files_that_there_are() {
    let sources = sources();
    let mut known: Vec<String> = Vec::new();
    for Source { path, .. } in &sources {
        known.push(format!("/src/{path}"));
        let folders = path.match_indices('/').map(|(at, _)| format!("/src/{}", &path[..=at]));
        known.extend(folders);
    }
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named = page.split('`').skip(1).step_by(2).filter(|it| {
        let is_file = Path::new(it).extension().is_some_and(|kind| kind == "rs");
        let is_plain = !it.starts_with('.') && !it.contains(['<', ' ', '\n']);
        is_plain && (is_file || it.ends_with('/'))
    });
    let is_there = |name: &str| {
        let end = format!("/{name}");
        known.iter().any(|path| path.ends_with(&end)) || root().join(name).exists()
    };
    let wrong: Vec<String> = named.filter(|it| !is_there(it)).map(str::to_owned).collect();
    assert_none(&wrong, "ARCHITECTURE.md names what there is not");
}

#[test]
fn files_are_small() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| !source.is_test() && source.code().len() > MOST_LINES)
        .map(|source| format!("src/{}: {} lines", source.path, source.code().len()))
        .collect();
    assert_none(&wrong, "files that want to be split");
}

/// The fuzzers are built by hand alone: what they are locked to is not to be found out then.
#[test]
fn the_lock_of_the_fuzzers_knows_every_dependency() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lock = fs::read_to_string(root().join("fuzz/Cargo.lock")).unwrap();
    let needed = manifest.split("\n[dependencies]\n").nth(1).unwrap();
    let needed = needed.lines().take_while(|line| !line.starts_with('['));
    let own = lock.split("\nname = \"tautline\"\n").nth(1).unwrap();
    let own = own.split("\n[[package]]").next().unwrap();
    let names = needed.filter_map(|line| Some(line.split_once(" = ")?.0));
    let wrong: Vec<String> = names
        .filter(|name| !name.starts_with('#'))
        .filter(|name| {
            ![format!("\"{name}\""), format!("\"{name} ")].iter().any(|it| own.contains(it))
        })
        .map(str::to_owned)
        .collect();
    assert_none(
        &wrong,
        "dependencies that fuzz/Cargo.lock lacks: `cargo metadata` in fuzz/ writes them",
    );
}

#[test]
fn modules_open_with_what_they_own() {
    let wrong: Vec<String> = sources()
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("src/{}", source.path))
        .collect();
    assert_none(&wrong, "modules without a header");
}

#[test]
fn every_rule_has_a_page_with_a_good_and_a_bad_case() {
    let headings = ["## What it does", "## Why", "## Exceptions", "## Fix safety", "## Cases"];
    let mut wrong = Vec::new();
    for known in &builtin().rules {
        let id = &known.id;
        let Some(page) = rule::page(id) else {
            wrong.push(format!("rules/{id}.md: missing"));
            continue;
        };
        if page.lines().next() != Some(&format!("# {id}")) {
            wrong.push(format!("rules/{id}.md:1: the title is `# {id}`"));
        }
        let found: Vec<&str> = page.lines().filter(|line| headings.contains(line)).collect();
        let optional = known.check.is_none();
        if found != headings && !(optional && found == headings[..4]) {
            wrong.push(format!("rules/{id}.md: the headings are {headings:?}"));
        }
        // A page that does not parse fails where its cases are run.
        let cases = cases::cases(page).unwrap_or_default();
        let (bad, good): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.is_bad());
        if !optional && (bad.is_empty() || good.is_empty()) {
            let (bad, good) = (bad.len(), good.len());
            wrong.push(format!(
                "rules/{id}.md: {bad} bad and {good} good cases, at least one of each"
            ));
        }
    }
    assert_none(&wrong, "pages");
}

/// With `--facts stack` nothing more is read of an entry that says so.
#[test]
fn a_rule_that_needs_the_whole_repo_says_so_in_its_head() {
    let text = |id: &str| {
        let path = format!("{id}.hcl");
        let found = builtin_files().iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| *text).unwrap_or_default()
    };
    let says_so = |id: &str| text(id).lines().any(|line| line.starts_with("facts "));
    let rules = builtin();
    let needing = rules.rules.iter().filter(|it| it.facts == Facts::Repo && it.check.is_some());
    let silent = needing.filter(|rule| !says_so(&rule.id));
    let wrong: Vec<String> =
        silent.map(|rule| format!("rules/{}.hcl: write `facts = \"repo\"`", rule.id)).collect();
    assert_none(&wrong, "rules that do not say what they need");
}

#[test]
fn no_page_is_left_without_its_rule() {
    let rules = builtin();
    let wrong: Vec<String> = builtin_files()
        .iter()
        .filter_map(|(path, _)| path.strip_suffix(".md"))
        .filter(|id| rules.rule(id).is_none())
        .map(|id| format!("rules/{id}.md"))
        .collect();
    assert_none(&wrong, "pages of no rule");
}

#[test]
fn every_param_is_used() {
    let mut wrong = Vec::new();
    for pack in &builtin().packs {
        let own = format!("{}/", pack.name);
        let is_used = |name: &str| {
            let mut entries =
                builtin_files().iter().filter(|(path, _)| path.strip_suffix(".hcl").is_some());
            entries.any(|(path, text)| {
                (path.starts_with(&own) && names(text, &format!("param.{name}")))
                    || names(text, &format!("param.{}.{name}", pack.name))
            })
        };
        // Of the pack that commands read themselves, they are named there.
        let is_read = |name: &str| {
            let mut readers = sources().into_iter().filter(|it| it.path.starts_with("drift/"));
            &*pack.name == inventory::PACK
                && readers.any(|source| source.text.contains(&format!("\"{name}\"")))
        };
        let unused = pack.params.iter().filter(|(name, _)| !is_used(name) && !is_read(name));
        wrong.extend(unused.map(|(name, _)| format!("rules/{}/pack.hcl: `{name}`", pack.name)));
    }
    assert_none(&wrong, "params that no entry uses");
}

/// Whether `text` holds `name` and the name does not go on.
fn names(text: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    text.match_indices(name).any(|(at, _)| !text[at + name.len()..].starts_with(goes_on))
}

#[test]
fn messages_are_lower_case_and_have_no_full_stop() {
    let mut wrong = Vec::new();
    let rules = builtin();
    for pack in &rules.packs {
        let mut judge = |place: &str, text: &str| {
            // A name keeps its capital: one that the pack's summary writes so too.
            let first = text.split(' ').next().unwrap();
            let capital = first.starts_with(|c: char| c.is_ascii_uppercase());
            let is_name = format!(" {} ", pack.summary).contains(&format!(" {first} "));
            if (capital && !is_name) || text.ends_with('.') || text.trim() != text {
                wrong.push(format!("{place}: {text}"));
            }
        };
        judge(&format!("rules/{}/pack.hcl", pack.name), &pack.summary);
        for known in rules.rules.iter().filter(|known| known.pack == pack.name) {
            let place = format!("rules/{}.hcl", known.id);
            judge(&place, &known.summary);
            for case in &known.cases {
                judge(&place, &case.message.render::<&str, &str>(&[]));
                if let Some(help) = &case.help {
                    judge(&place, &help.render::<&str, &str>(&[]));
                }
            }
        }
    }
    assert_none(&wrong, "wording");
}

#[test]
fn the_list_of_rules_is_up_to_date() {
    let path = root().join("docs/rules.md");
    let wanted = index(&builtin());
    if env::var_os("TAUTLINE_UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, wanted, "refresh it with TAUTLINE_UPDATE=1 cargo test --test tidy");
}

/// `tautline doctor` counts packs so too: without the one that is always on.
#[test]
fn the_readme_counts_rules_and_packs() {
    let rules = builtin();
    let switched = rules.packs.iter().filter(|pack| !pack.locked).count();
    let has_rules = |name: &str| rules.rules.iter().any(|rule| *rule.pack == *name);
    let bare = rules.packs.iter().filter(|pack| !has_rules(&pack.name)).count();
    let wanted = format!(
        "{} rules come with tautline, in {switched} packs that a repo can have on",
        rules.rules.len()
    );
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&wanted), "README.md: {wanted}");
    assert_eq!(bare, 2, "README.md says how many packs have no rules");
}

/// A fix that no case shows may be one that never comes; and a page is what people believe.
#[test]
fn what_pages_say_about_fixes_is_so() {
    let fixes = fixes();
    let mut wrong = Vec::new();
    for (path, text) in builtin_files() {
        if let Some(id) = path.strip_suffix(".md") {
            let denies = text.contains("## Fix safety\n\nThere is no fix");
            if denies == fixes.contains_key(id) {
                wrong.push(format!(
                    "{path}: `Fix safety` and the cases do not agree whether there is one"
                ));
            }
        } else if let Some(id) = path.strip_suffix(".hcl") {
            let has_fix = text.lines().any(|line| line.trim_start().starts_with("fix {"));
            if has_fix && !fixes.contains_key(id) {
                wrong.push(format!("{path}: no case on the page shows the fix"));
            }
        }
    }
    assert_none(&wrong, "fixes");
}

/// The reference is what entries are read against, so it cannot say anything else.
#[test]
fn the_reference_of_the_language_is_up_to_date() {
    const BEGIN: &str = "<!-- generated by `TAUTLINE_UPDATE=1 cargo test --test tidy` -->\n\n";
    let path = root().join("docs/rule-language.md");
    let page = fs::read_to_string(&path).unwrap();
    let (written, generated) = page.split_once(BEGIN).unwrap();
    let reference = rule::reference::markdown();
    let wanted = reference.trim_end().to_owned() + "\n";
    let words = root().join("docs/rule-language.json");
    if env::var_os("TAUTLINE_UPDATE").is_some() {
        fs::write(&path, format!("{written}{BEGIN}{wanted}")).unwrap();
        fs::write(&words, rule::reference::json()).unwrap();
        return;
    }
    let refresh = "refresh it with TAUTLINE_UPDATE=1 cargo test --test tidy";
    assert_eq!(generated, wanted, "{refresh}");
    assert_eq!(fs::read_to_string(&words).unwrap(), rule::reference::json(), "{refresh}");
}

/// `docs/rules.md`: every pack with its rules.
fn index(rules: &RuleSet) -> String {
    let mut text = String::from(
        "# Rules\n\nGenerated from the packs under `rules/` by `TAUTLINE_UPDATE=1 cargo test --test tidy`. \
         `tautline explain RULE` prints a rule's page. *Fix* is what the rule brings in the cases on its page: `safe` is applied by \
         `--fix`, `unsafe` by `--fix --unsafe-fixes`, `shown` by nobody ([fixes](fixes.md)).\n",
    );
    let fixes = fixes();
    for pack in &rules.packs {
        writeln!(text, "\n## {}\n\n{}.\n", pack.name, capitalised(&pack.summary)).unwrap();
        text.push_str("| rule | convention | severity | fix | summary |\n|---|---|---|---|---|\n");
        for known in rules.rules.iter().filter(|known| known.pack == pack.name) {
            let convention = known.convention.as_deref().unwrap_or("–");
            let off = if known.severity == Severity::Info { " (off by default)" } else { "" };
            let summary = known.summary.replace('|', "\\|");
            writeln!(
                text,
                "| [`{id}`](../rules/{id}.md) | {convention} | {severity}{off} | {fix} | {summary} |",
                id = known.id,
                fix = fixes.get(&*known.id).map_or("–", String::as_str),
                severity = known.severity,
            )
            .unwrap();
        }
    }
    text
}

/// For each rule with fixes, the words for them.
fn fixes() -> BTreeMap<String, String> {
    let bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
    let tested = Suite::load(PackFile::builtin(), checks::ALL, bases).unwrap().run(&|_| true);
    let words = |brought: BTreeSet<Applicability>| {
        let words: Vec<&str> = brought
            .into_iter()
            .map(|it| match it {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "shown",
            })
            .collect();
        words.join(", ")
    };
    let with_fixes = tested.fixes.into_iter().filter(|(_, brought)| !brought.is_empty());
    with_fixes.map(|(rule, brought)| (rule, words(brought))).collect()
}

fn capitalised(summary: &str) -> String {
    let mut characters = summary.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + characters.as_str()
    })
}
