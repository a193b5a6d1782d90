//! The built-in packs over a whole repo of planted violations and traps (`fixtures/repos/homelab`): what is reported is
//! what `fixtures/homelab-expected.md` lists, no more and no less, however the files came to the disk.

#![expect(clippy::disallowed_methods, reason = "the test reads its page and copies the fixture")]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

mod planted;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git2::{IndexAddOption, Repository, RepositoryInitOptions};
use planted::{Row, fixture};
use tautline::analysis::{self, Input, Outcome, Outline, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::diagnostic::Diagnostic;
use tautline::report::{self, View};
use tautline::rule::{self, Facts, PackFile, Rule, builtin_files};
use tautline::syntax::Date;
use tautline::workspace::Workspace;

/// A run without configuration, as the first one in a repo is.
fn check(root: &Path) -> Outcome {
    let settings = Settings::default();
    let rules = rule::load(builtin_files(), checks::ALL, &settings).unwrap();
    let files = Workspace::open(root.to_owned()).unwrap().load().unwrap();
    let today = Date::new(2026, 11, 21).unwrap();
    analysis::check(Input { files, settings, rules, today }, &Request::default()).unwrap()
}

fn json(outcome: &Outcome) -> String {
    report::json(&View {
        show_unknown: true,
        statistics: true,
        ..View::new(&outcome.report, &outcome.sources, &outcome.redacted)
    })
}

/// The text under `diagnostic`.
fn underlined(outcome: &Outcome, diagnostic: &Diagnostic) -> String {
    let source = &outcome.sources[diagnostic.span.file.index()];
    planted::underlined(source.slice(diagnostic.span.range))
}

/// One line for a diagnostic: everything that must not change unnoticed.
fn line(outcome: &Outcome, diagnostic: &Diagnostic) -> String {
    let source = &outcome.sources[diagnostic.span.file.index()];
    let start = source.position(diagnostic.span.range.start);
    let end = source.position(diagnostic.span.range.end);
    format!(
        "{} {}:{}:{}-{}:{} {} {} | {}",
        diagnostic.severity,
        source.path,
        start.line,
        start.column,
        end.line,
        end.column,
        diagnostic.rule,
        diagnostic.message,
        underlined(outcome, diagnostic),
    )
}

/// A diagnostic as a row of the page; a rule without a convention goes by its own name.
fn row(outcome: &Outcome, diagnostic: &Diagnostic) -> Row {
    let source = &outcome.sources[diagnostic.span.file.index()];
    let start = source.position(diagnostic.span.range.start);
    [
        diagnostic.convention.as_deref().unwrap_or(&diagnostic.rule).to_owned(),
        diagnostic.severity.to_string(),
        format!("{}:{}:{}", source.path, start.line, start.column),
        underlined(outcome, diagnostic),
    ]
}

#[test]
fn exactly_the_planted_violations_are_reported() {
    let outcome = check(&fixture("repos/homelab"));
    let rows = outcome.report.diagnostics.iter().map(|diagnostic| row(&outcome, diagnostic));
    planted::assert_planted("homelab-expected.md", rows);
    assert_eq!(outcome.report.failures, []);
}

/// One snapshot for each convention, so that a new rule leaves the others alone; rules without one are together by pack.
#[test]
fn every_convention_says_what_it_said() {
    let outcome = check(&fixture("repos/homelab"));
    let mut by_name: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for diagnostic in &outcome.report.diagnostics {
        let (pack, _) = diagnostic.rule.split_once('/').unwrap();
        let name = diagnostic.convention.as_deref().unwrap_or(pack);
        by_name.entry(name).or_default().push(line(&outcome, diagnostic));
    }
    for (name, lines) in by_name {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, lines.join("\n"));
        });
    }
}

/// A run that reads of most entries no more than their heads says what one says that reads them all.
#[test]
fn what_is_not_asked_need_not_be_read() {
    let root = fixture("repos/homelab");
    let settings = Settings::default();
    let files = PackFile::builtin();
    let is_unread = |rule: &&Rule| rule.check.is_some() && rule.cases.is_empty();
    let asked = [
        (Facts::Stack, vec!["homepage".to_owned()], Vec::new()),
        (
            Facts::Repo,
            Vec::new(),
            vec!["ingress".to_owned(), "image/untrusted-registry".to_owned()],
        ),
        (Facts::Stack, vec!["homepage".to_owned()], vec!["ingress".to_owned()]),
    ];
    for (facts, stacks, names) in asked {
        let outline = Outline { rules: &names, facts, compares: false };
        let may_ask = |rule: &Rule| outline.may_ask(rule, &settings);
        let report = |may_ask| {
            let rules = rule::load_wanted(&files, checks::ALL, &settings, may_ask).unwrap();
            let unread = rules.rules.iter().filter(is_unread).count();
            let files = Workspace::open(root.clone()).unwrap().load().unwrap();
            let today = Date::new(2026, 11, 21).unwrap();
            let input = Input { files, settings: settings.clone(), rules, today };
            let (rules, stacks) = (names.clone(), stacks.clone());
            let request = Request { stacks, rules, facts, ..Request::default() };
            (unread, json(&analysis::check(input, &request).unwrap()))
        };
        let ((none, whole), (many, part)) = (report(None), report(Some(&may_ask)));
        assert_eq!(none, 0);
        assert!(many > 100, "most rules that need the whole repo say so in their heads: {many}");
        assert_eq!(whole, part);
    }
}

/// What the settings say of a pack is held against all of it, also where a run asks none of its rules.
#[test]
fn a_wrong_param_is_told_whatever_is_asked() {
    let settings = "params \"image\" {\n  trust_policies = 5\n  exempt_files = [\"[\"]\n}\n";
    let settings = Settings::parse("tautline.hcl", settings).unwrap();
    let names = ["ingress".to_owned()];
    let outline = Outline { rules: &names, facts: Facts::Stack, compares: false };
    let may_ask = |rule: &Rule| outline.may_ask(rule, &settings);
    let files = PackFile::builtin();
    let load = |may_ask| rule::load_wanted(&files, checks::ALL, &settings, may_ask);
    let said = |loaded: Result<_, Vec<_>>| {
        let errors: Vec<String> = loaded.err().unwrap().iter().map(ToString::to_string).collect();
        errors
    };
    let told = said(load(Some(&may_ask)));
    assert_eq!(told, said(load(None)));
    assert_eq!(told.len(), 2, "{told:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(&path).unwrap(), target).unwrap();
        } else if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::write(&target, fs::read(&path).unwrap()).unwrap();
        }
    }
}

/// A clone has ignored files that are tracked all the same; an export has no git to ask.
#[test]
fn a_clone_and_an_export_give_the_same_bytes() {
    let [clone, export] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    for copied in [&clone, &export] {
        copy(&fixture("repos/homelab"), copied.path());
    }
    // Without a template there is no `info/exclude` that differs from machine to machine.
    let mut options = RepositoryInitOptions::new();
    let repo = Repository::init_opts(clone.path(), options.external_template(false)).unwrap();
    let mut index = repo.index().unwrap();
    index.add_all(["*"], IndexAddOption::FORCE, None).unwrap();
    index.write().unwrap();

    let [of_clone, of_export] = [&clone, &export].map(|copied| json(&check(copied.path())));
    assert!(of_clone.contains("A01"));
    assert_eq!(of_clone, of_export);
    assert_eq!(of_clone, json(&check(&fixture("repos/homelab"))));
}
