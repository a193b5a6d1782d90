//! The engine, driven through the façade with hand-made checks: what runs, what is reported, what is suppressed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use tautline::analysis::{self, Input, Outcome, Request, RequestError};
use tautline::checks;
use tautline::config::Settings;
use tautline::diagnostic::{Applicability, Diagnostic, Severity};
use tautline::engine::OWN_RULES;
use tautline::rule::{
    self, Check, CheckDef, Context, Facts, Finding, Findings, Interest, OptionError, Options,
    RuleSet, Subject,
};
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile, Past, Skip};

/// Finds each of its words, and with `whole_line` underlines the line.
struct Words {
    words: Vec<String>,
    whole_line: bool,
}

impl Check for Words {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Text(self.words.clone(), None)]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::File(file) = subject else { panic!("not a file") };
        for word in &self.words {
            for (start, _) in file.text.match_indices(word.as_str()) {
                out.site();
                let line = file.lines().line_of(start as u32);
                let range = if self.whole_line {
                    file.lines().range_of(&file.text, line)
                } else {
                    tautline::text::TextRange::new(start, start + word.len())
                };
                let finding = Finding::new("found", file.span(range)).arg("word", word);
                // Said twice on purpose: the engine says it once.
                out.report(finding.clone());
                out.report(finding);
            }
        }
    }
}

/// Reports the resources it is shown; panics on those named `boom`, does not know those named `dunno`.
struct Resources(Vec<String>);

impl Check for Resources {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Blocks { kind: "resource".into(), labels: self.0.clone() }]
    }

    fn judge(&self, _: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { panic!("not a block") };
        out.site();
        match block.block.label(1) {
            Some("boom") => panic!("no luck with {}", block.address()),
            Some("dunno") => out.unknown(block.header(), "it is computed"),
            _ => out.report(Finding::new("seen", block.header())),
        }
    }
}

fn words(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let whole_line = options.flag_or("whole_line", false)?;
    Ok(Box::new(Words { words: options.strings("words")?, whole_line }))
}

fn resources(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(Resources(options.strings("types")?)))
}

const CHECKS: &[CheckDef] = &[
    CheckDef {
        name: "words",
        outcomes: &[rule::Outcome { name: "found", placeholders: &["word"] }],
        build: words,
    },
    CheckDef {
        name: "resources",
        outcomes: &[rule::Outcome { name: "seen", placeholders: &[] }],
        build: resources,
    },
];

const PACK: &str = "summary = \"for tests\"\napplies_when {\n  file { path = \"**\" }\n}\n";

/// A rule that finds words.
fn finds(words: &str, more: &str) -> String {
    format!(
        "summary = \"a word\"\nseverity = \"error\"\n{more}\ncheck \"words\" {{ words = {words} }}\ncase \"found\" {{ message = \"`{{word}}` found\" }}\n"
    )
}

/// A rule that sees resources.
fn sees(types: &str) -> String {
    format!(
        "summary = \"a resource\"\nseverity = \"error\"\ncheck \"resources\" {{ types = {types} }}\ncase \"seen\" {{ message = \"seen\" }}\n"
    )
}

fn load(entries: &[(&str, String)], settings: &Settings) -> RuleSet {
    let mut files: Vec<(String, String)> = vec![("t/pack.hcl".to_owned(), PACK.to_owned())];
    files.extend(entries.iter().map(|(name, text)| (format!("t/{name}.hcl"), text.clone())));
    let own = rule::builtin_files().iter().filter(|(path, _)| path.starts_with("tautline/"));
    files.extend(own.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    rule::load(&files, CHECKS, settings).unwrap()
}

fn file_set(files: &[(&str, &str)]) -> FileSet {
    let mut files: Vec<LoadedFile> = files
        .iter()
        .map(|(path, text)| LoadedFile {
            path: (*path).into(),
            content: Content::Text((*text).into()),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    FileSet { files, ..FileSet::default() }
}

fn run(
    entries: &[(&str, String)],
    files: FileSet,
    request: &Request,
) -> Result<Outcome, RequestError> {
    let settings = Settings::default();
    let rules = load(entries, &settings);
    let today = Date::parse("2026-11-21").unwrap();
    analysis::check(Input { files, settings, rules, today }, request)
}

fn check(entries: &[(&str, String)], files: &[(&str, &str)]) -> Outcome {
    run(entries, file_set(files), &Request::default()).unwrap()
}

/// `path:line:column rule severity: message`, one line each.
fn told(outcome: &Outcome) -> String {
    let mut out = String::new();
    for diagnostic in &outcome.report.diagnostics {
        let source = &outcome.sources[diagnostic.span.file.index()];
        let at = source.position(diagnostic.span.range.start);
        let underlined = source.slice(diagnostic.span.range);
        let (path, rule, message) = (&source.path, &diagnostic.rule, &diagnostic.message);
        let severity = diagnostic.severity;
        writeln!(
            out,
            "{path}:{}:{} {rule} {severity} [{underlined}] {message}",
            at.line, at.column
        )
        .unwrap();
    }
    out
}

/// What is told of the HCL `text` by rules that find `bad` and `worse`.
fn told_of(text: &str) -> String {
    let entries = [("one", finds("[\"bad\"]", "")), ("two", finds("[\"worse\"]", ""))];
    told(&check(&entries, &[("a.tf", text)]))
}

#[test]
fn every_own_rule_has_an_entry_without_a_check() {
    let rules = load(&[], &Settings::default());
    let own: Vec<&str> = rules.rules.iter().map(|rule| &*rule.id).collect();
    assert_eq!(own, OWN_RULES);
    assert!(rules.rules.iter().all(|rule| rule.check.is_none() && rule.locked));
}

#[test]
fn findings_are_worded_once_and_in_order() {
    let outcome = check(
        &[("bad", finds("[\"bad\", \"ad\"]", ""))],
        &[("b.md", "bad\n"), ("a.md", "x bad\nbad\n"), ("c.md", "good\n")],
    );
    assert_eq!(
        told(&outcome),
        "a.md:1:3 t/bad error [bad] `bad` found\n\
         a.md:1:4 t/bad error [ad] `ad` found\n\
         a.md:2:1 t/bad error [bad] `bad` found\n\
         a.md:2:2 t/bad error [ad] `ad` found\n\
         b.md:1:1 t/bad error [bad] `bad` found\n\
         b.md:1:2 t/bad error [ad] `ad` found\n"
    );
    let run = &outcome.report.summary.rules[0];
    assert_eq!((run.sites, run.diagnostics), (6, 6));
}

#[test]
fn a_panic_is_a_failure_and_the_others_still_run() {
    let text = "resource \"a\" \"boom\" {}\nresource \"a\" \"dunno\" {}\nresource \"b\" \"c\" {}\n";
    let entries = [("a", sees("[\"a\"]")), ("all", sees("[]")), ("b", sees("[\"b\"]"))];
    let outcome = check(&entries, &[("stacks/web/main.tf", text)]);
    assert_eq!(
        told(&outcome),
        "stacks/web/main.tf:3:1 t/all error [resource \"b\" \"c\"] seen\n\
         stacks/web/main.tf:3:1 t/b error [resource \"b\" \"c\"] seen\n"
    );
    let failures = &outcome.report.failures;
    assert_eq!(
        failures.iter().map(|f| f.subject.as_deref().unwrap()).collect::<Vec<_>>(),
        ["t/a", "t/all"]
    );
    assert!(
        failures[0].message.starts_with(
            "the rule panicked on `a.boom` in `stacks/web/main.tf`: no luck with a.boom (tests/engine.rs:"
        ),
        "{}",
        failures[0].message
    );
    assert_eq!(outcome.report.unknown.len(), 2);
    assert_eq!(outcome.report.unknown[0].reason, "it is computed");
    let diagnostic = &outcome.report.diagnostics[0];
    assert_eq!(
        (diagnostic.stack.as_deref(), diagnostic.address.as_deref()),
        (Some("web"), Some("b.c"))
    );
}

#[test]
fn a_rule_yields_where_another_points_at_the_same_bytes() {
    let yielding = finds("[\"bad\", \"sad\"]", "yields_to = [\"t/worse\"]");
    let entries = [("bad", yielding), ("worse", finds("[\"very bad\"]", ""))];
    let outcome = check(&entries, &[("a.md", "very bad, sad, bad\n")]);
    assert_eq!(
        told(&outcome),
        "a.md:1:1 t/worse error [very bad] `very bad` found\n\
         a.md:1:11 t/bad error [sad] `sad` found\n\
         a.md:1:16 t/bad error [bad] `bad` found\n"
    );
}

#[test]
fn what_nobody_calls_is_info() {
    let files = [
        ("modules/called/main.tf", "# bad\nresource \"a\" \"bad\" {}\n"),
        ("modules/lonely/main.tf", "resource \"a\" \"bad\" {}\n"),
        ("stacks/web/main.tf", "module \"m\" {\n  source = \"../../modules/called\"\n}\n"),
    ];
    let outcome = check(&[("all", sees("[]"))], &files);
    let severities: Vec<Severity> = outcome.report.diagnostics.iter().map(|d| d.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Info]);
}

#[test]
fn broken_hcl_is_reported_and_the_rest_is_judged() {
    let text = "resource \"a\" \"x\" {\n  b = = 1\n}\nresource \"a\" \"y\" {}\n";
    let outcome = check(&[("all", sees("[]"))], &[("stacks/web/main.tf", text)]);
    let told = told(&outcome);
    assert!(told.contains(":2:7 tautline/syntax-error error"), "{told}");
    assert!(told.contains(":4:1 t/all error"), "{told}");
}

#[test]
fn every_file_is_accounted_for() {
    let skipped =
        |path: &str, skip| LoadedFile { path: path.into(), content: Content::Skipped(skip) };
    let mut files = file_set(&[("a/main.tf", "a = 1\n"), ("b.md", "text\n")]);
    files.files.push(skipped("c/binary.tf", Skip::Binary));
    files.files.push(skipped("d/locked.tf", Skip::GitCrypt));
    files.files.push(skipped("e/refused.tf", Skip::Unreadable("permission denied".to_owned())));
    files.files.push(skipped("f/picture.png", Skip::Binary));
    files.files.push(skipped("g/gone.tf", Skip::Vanished));
    let outcome = run(&[], files, &Request::default()).unwrap();
    let counts = &outcome.report.summary.files;
    assert_eq!((counts.seen, counts.parsed, counts.text), (7, 1, 1));
    let skipped: Vec<(&str, usize)> = counts.skipped.iter().map(|(why, n)| (*why, *n)).collect();
    assert_eq!(skipped, [("binary", 2), ("git-crypt", 1), ("unreadable", 1), ("vanished", 1)]);
    assert_eq!(
        told(&outcome),
        "c/binary.tf:1:1 tautline/syntax-error error [] this file is not read: binary: a NUL byte in the first 8 KiB\n"
    );
    let failures: Vec<String> = outcome.report.failures.iter().map(ToString::to_string).collect();
    assert_eq!(
        failures,
        [
            "e/refused.tf: this file has to be understood and is not read: cannot be read: permission denied",
            "g/gone.tf: this file was taken away while it was to be read: run it again",
        ]
    );
}

#[test]
fn a_suppression_silences_what_it_is_attached_to() {
    assert_eq!(told_of("# tautline: ignore[t/one] -- why\na = \"bad\"\n"), "");
    assert_eq!(
        told_of("a = \"bad\" # tautline: ignore[t/one] until=2026-11-21 owner=me -- why\n"),
        ""
    );
    assert_eq!(
        told_of("# tautline: ignore[t/one] -- why\n\na = \"bad\"\nb = \"bad worse\"\n"),
        "a.tf:4:10 t/two error [worse] `worse` found\n"
    );
    assert_eq!(
        told_of("# tautline: ignore[t/one] -- why\na {\n  x = \"bad\"\n}\ny = \"bad\"\n"),
        "a.tf:5:6 t/one error [bad] `bad` found\n"
    );
    assert_eq!(told_of("# tautline: ignore[t/two, t/one] -- why\na = \"bad worse\"\n"), "");
}

#[test]
fn suppressed_diagnostics_are_counted() {
    let text = "# tautline: ignore[t/one] -- why\na = [\"bad\", \"bad\"]\nb = \"bad\"\n";
    let outcome = check(&[("one", finds("[\"bad\"]", ""))], &[("a.tf", text)]);
    let run = &outcome.report.summary.rules[0];
    assert_eq!((run.sites, run.diagnostics, run.suppressed), (3, 1, 2));
}

#[test]
fn in_other_languages_a_suppression_covers_a_line() {
    let entries = [("one", finds("[\"bad\"]", ""))];
    let files = [
        ("a.yaml", "# tautline: ignore[t/one] -- why\na: bad\nb: bad\n"),
        ("b.md", "<!-- tautline: ignore[t/one] -- why -->\n\nbad\n\nbad\n"),
        ("c.go", "x() // bad, tautline: ignore[t/one] -- why\n"),
    ];
    assert_eq!(
        told(&check(&entries, &files)),
        "a.yaml:3:4 t/one error [bad] `bad` found\nc.go:1:8 t/one error [bad] `bad` found\n"
    );
}

#[test]
fn a_suppression_is_judged_itself() {
    assert_eq!(
        told_of("a = \"bad\" # tautline: ignore[t/one] until=2026-11-20 -- why\n"),
        "a.tf:1:6 t/one error [bad] `bad` found\n\
         a.tf:1:43 tautline/expired-suppression error [2026-11-20] this suppression ended on 2026-11-20\n"
    );
    assert_eq!(
        told_of("a = 1 # tautline: ignore[t/one, t/onne] -- why\n"),
        "a.tf:1:26 tautline/unused-suppression warning [t/one] `t/one` has nothing to report here\n\
         a.tf:1:33 tautline/unknown-rule error [t/onne] unknown rule `t/onne`\n"
    );
    assert_eq!(
        told_of("a = \"bad\" # tautline: ignore[t/one]\n"),
        "a.tf:1:6 t/one error [bad] `bad` found\n\
         a.tf:1:13 tautline/malformed-suppression error [tautline: ignore[t/one]] this suppression gives no reason\n"
    );
    assert_eq!(
        told_of("a = 1 # tautline: ignore[tautline/unused-suppression] -- why\n"),
        "a.tf:1:26 tautline/locked-rule error [tautline/unused-suppression] `tautline/unused-suppression` is locked: it cannot be suppressed\n"
    );
}

#[test]
fn of_two_suppressions_the_inner_one_is_used() {
    let text = "# tautline: ignore[t/one] -- outer\na {\n  x = \"bad\" # tautline: ignore[t/one] -- inner\n}\n";
    assert_eq!(
        told_of(text),
        "a.tf:1:20 tautline/unused-suppression warning [t/one] `t/one` has nothing to report here\n"
    );
}

#[test]
fn nothing_is_said_of_a_suppression_whose_rule_did_not_judge() {
    let text = "a = 1 # tautline: ignore[t/one] -- why\nresource \"a\" \"boom\" {\n  # tautline: ignore[t/two] -- why\n  b = 1\n}\n";
    let entries = [("one", finds("[\"bad\"]", "")), ("two", sees("[]"))];
    let request =
        Request { rules: vec!["t/two".to_owned(), "tautline".to_owned()], ..Request::default() };
    let outcome = run(&entries, file_set(&[("stacks/web/main.tf", text)]), &request).unwrap();
    assert_eq!(told(&outcome), "");
    assert_eq!(outcome.report.failures.len(), 1);
}

const STACKS: [(&str, &str); 4] = [
    ("README.md", "bad\n"),
    ("stacks/web/main.tf", "# bad\n"),
    ("stacks/web/module/main.tf", "# bad\n"),
    ("stacks/webhook/main.tf", "# bad = \n# tautline: nonsense\n"),
];

/// The paths that diagnostics point into.
fn paths(outcome: &Outcome) -> Vec<&str> {
    let spans = outcome.report.diagnostics.iter().map(|diagnostic| diagnostic.span);
    spans.map(|span| &*outcome.sources[span.file.index()].path).collect()
}

#[test]
fn the_scope_limits_what_is_reported() {
    let entries = [("one", finds("[\"bad\"]", ""))];
    let paths_of = |stacks: &[&str], wanted: &[&str]| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let request = Request { stacks: own(stacks), paths: own(wanted), ..Request::default() };
        let outcome = run(&entries, file_set(&STACKS), &request).unwrap();
        assert_eq!(outcome.report.summary.stacks, 2);
        paths(&outcome).join(" ")
    };
    assert_eq!(paths_of(&["web"], &[]), "stacks/web/main.tf stacks/web/module/main.tf");
    assert_eq!(
        paths_of(&["stacks/web/"], &["README.md"]),
        "README.md stacks/web/main.tf stacks/web/module/main.tf"
    );
    assert_eq!(paths_of(&[], &["stacks/webhook"]), "stacks/webhook/main.tf stacks/webhook/main.tf");
    assert_eq!(
        paths_of(&[], &["stacks/webhook/main.tf"]),
        "stacks/webhook/main.tf stacks/webhook/main.tf"
    );
    assert_eq!(paths_of(&[], &[""]).split(' ').count(), 5);
}

#[test]
fn an_unknown_name_gets_a_suggestion() {
    let ask = |request: &Request| {
        let entries = [("one", finds("[\"bad\"]", ""))];
        let error = run(&entries, file_set(&STACKS), request).unwrap_err();
        (error.to_string(), error.help().unwrap())
    };
    let request = Request { stacks: vec!["webb".to_owned()], ..Request::default() };
    assert_eq!(
        ask(&request),
        ("there is no stack `webb`".to_owned(), "did you mean `web`?".to_owned())
    );
    let request = Request { rules: vec!["t/onee".to_owned()], ..Request::default() };
    assert_eq!(
        ask(&request),
        ("there is no rule `t/onee`".to_owned(), "did you mean `t/one`?".to_owned())
    );
}

#[test]
fn rules_that_need_more_facts_are_listed() {
    let entries = [
        ("one", finds("[\"bad\"]", "facts = \"repo\"")),
        ("two", finds("[\"bad\"]", "facts = \"stack\"")),
    ];
    let request = Request { facts: Facts::Stack, ..Request::default() };
    let outcome = run(&entries, file_set(&[("a.md", "bad\n")]), &request).unwrap();
    assert_eq!(told(&outcome), "a.md:1:1 t/two error [bad] `bad` found\n");
    assert_eq!(
        outcome.report.summary.not_run.iter().map(|id| &**id).collect::<Vec<_>>(),
        ["t/one"]
    );
}

#[test]
fn threads_do_not_change_the_report() {
    let files: Vec<(String, String)> = (0..200)
        .map(|n| {
            let text = format!(
                "resource \"a\" \"{}\" {{\n  x = \"bad worse\" # tautline: ignore[t/one] -- why\n}}\n",
                ["r", "boom", "dunno"][n % 3]
            );
            (format!("stacks/s{n}/main.tf"), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let entries =
        [("all", sees("[]")), ("one", finds("[\"bad\"]", "")), ("two", finds("[\"worse\"]", ""))];
    let once = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        format!("{:?}", pool.install(|| check(&entries, &files)).report)
    };
    let alone = once(1);
    assert_eq!(alone, once(4));
    assert_eq!(alone, once(7));
}

#[test]
fn what_was_there_before_is_told_from_what_is_new_and_from_what_nobody_knows() {
    const PATH: &str = "stacks/blog/main.tf";
    let block = |name| format!("import {{\n  to = example_thing.{name}\n  id = \"{name}\"\n}}\n");
    let thing = |name| format!("resource \"example_thing\" \"{name}\" {{}}\n");
    let old = block("old") + &thing("old");
    let now = block("old") + &block("new") + &thing("old") + &thing("new");
    let severities = |past: &Past| {
        let settings = Settings::default();
        let rules = rule::load(rule::builtin_files(), checks::ALL, &settings).unwrap();
        let files = file_set(&[(PATH, &now)]);
        assert_eq!(analysis::wanted_past(&rules, &files)[&14], [PATH.into()]);
        let request = Request { rules: vec!["state/leftover-block".into()], ..Request::default() };
        let today = Date::parse("2026-11-21").unwrap();
        let input = Input { files, settings, rules, today };
        let outcome = analysis::check_with_past(input, || past.clone(), &request).unwrap();
        let diagnostics = outcome.report.diagnostics.into_iter();
        let fix = |it: &Diagnostic| it.fix.as_ref().map(|fix| fix.applicability).unwrap();
        diagnostics.map(|it| (it.span.range.start, it.severity, fix(&it))).collect::<Vec<_>>()
    };
    let second = block("old").len() as u32;
    let mut past = Past::default();
    // Where nobody knows how old it is, it may not have been applied yet.
    let shown = |start| (start, Severity::Info, Applicability::DisplayOnly);
    assert_eq!(severities(&past), [shown(0), shown(second)]);
    past.add(14, PATH, None);
    assert_eq!(severities(&past), []);
    past.add(14, PATH, Some(old));
    assert_eq!(severities(&past), [(0, Severity::Warning, Applicability::Unsafe)]);
}
