//! One fixed report through every format: whole-output snapshots, and the JSON Schema held to what is printed.

use std::collections::BTreeMap;
use std::sync::Arc;

use tautline::diagnostic::{
    Diagnostic, Failure, FileCounts, Label, PackRun, Report, RuleRun, Severity, Silenced,
    SilencedBy, Summary, UnknownSite,
};
use tautline::report::{self, Style, View};
use tautline::syntax::{Format, SourceFile};
use tautline::text::{FileId, Span, TextRange};

const MAIN: &str =
    "module \"ingress\" {\n\tsource = \"../ingress\"\n\tauth   = \"äpp\" # why?\n}\n";
const POLICY: &str = "allowed = [\n  \"registry.example.org/*\",\n]\ntoken = \"s3cret\"\n";

fn sources() -> Vec<SourceFile> {
    [("stacks/a/main.tf", MAIN), ("stacks/policy/main.tf", POLICY)]
        .into_iter()
        .enumerate()
        .map(|(index, (path, text))| {
            SourceFile::new(FileId(index as u32), path.into(), text.into(), Format::of(path))
        })
        .collect()
}

fn span(sources: &[SourceFile], file: usize, needle: &str) -> Span {
    let start = sources[file].text.find(needle).expect("the text has it");
    sources[file].span(TextRange::new(start, start + needle.len()))
}

fn report(sources: &[SourceFile]) -> Report {
    let first = Diagnostic {
        rule: Arc::from("ingress/missing-auth-comment"),
        outcome: "x".into(),
        convention: Some(Arc::from("A01")),
        severity: Severity::Error,
        message: "`auth = \"äpp\"` does not say what gates the app".to_owned(),
        help: Some("write `# auth = \"äpp\": <what gates the app>` above it".to_owned()),
        span: span(sources, 0, "\"äpp\""),
        related: vec![Label {
            span: span(sources, 1, "\"registry.example.org/*\""),
            message: "required here".to_owned(),
        }],
        stack: Some(Arc::from("a")),
        address: Some("module.ingress".to_owned()),
        fix: None,
    };
    let second = Diagnostic {
        rule: Arc::from("tautline/syntax-error"),
        outcome: "x".into(),
        convention: None,
        severity: Severity::Info,
        message: "the token is written here".to_owned(),
        help: None,
        span: span(sources, 1, "token"),
        related: Vec::new(),
        stack: None,
        address: None,
        fix: None,
    };
    let unknown = UnknownSite {
        span: span(sources, 0, "\"../ingress\""),
        rule: Arc::from("image/untrusted-registry"),
        reason: "`var.registry` has no default".to_owned(),
    };
    let suppressed = Silenced {
        diagnostic: Diagnostic {
            rule: Arc::from("image/untrusted-registry"),
            convention: Some(Arc::from("A06")),
            message: "`registry.example.org` is not trusted".to_owned(),
            span: span(sources, 1, "\"registry.example.org/*\""),
            ..second.clone()
        },
        by: SilencedBy::Comment(span(sources, 1, "allowed")),
        reason: Some("mirrored next week".to_owned()),
    };
    let failure = Failure {
        subject: Some("image/untrusted-registry".to_owned()),
        message: "the rule panicked: this is a defect of tautline".to_owned(),
    };
    Report {
        summary: summary(),
        failures: vec![failure],
        diagnostics: vec![first, second],
        unknown: vec![unknown],
        suppressed: vec![suppressed],
    }
}

fn summary() -> Summary {
    let run = |rule: &str, convention: Option<&str>, diagnostics, unknown| RuleRun {
        rule: Arc::from(rule),
        convention: convention.map(Arc::from),
        summary: Arc::from("what is wrong"),
        severity: Severity::Error,
        sites: diagnostics + unknown,
        diagnostics,
        unknown,
        suppressed: usize::from(rule == "image/untrusted-registry"),
        known: 0,
    };
    Summary {
        stacks: 2,
        files: FileCounts {
            seen: 7,
            parsed: 2,
            text: 2,
            skipped: BTreeMap::from([("binary", 2), ("git-crypt", 1)]),
        },
        packs: vec![PackRun {
            name: Arc::from("ingress"),
            evidence: "stacks/a/main.tf".to_owned(),
        }],
        rules: vec![
            run("image/untrusted-registry", Some("A06"), 0, 1),
            run("ingress/missing-auth-comment", Some("A01"), 1, 0),
            run("tautline/syntax-error", None, 1, 0),
        ],
        not_run: vec![Arc::from("registry/retired-residue")],
        ..Summary::default()
    }
}

fn render(change: impl FnOnce(&mut View<'_>), with: impl FnOnce(&View<'_>) -> String) -> String {
    let sources = sources();
    let report = report(&sources);
    let redacted = [span(&sources, 1, "s3cret")];
    let mut view = View::new(&report, &sources, &redacted);
    change(&mut view);
    with(&view)
}

fn everything(view: &mut View<'_>) {
    view.show_unknown = true;
    view.statistics = true;
}

#[test]
fn text() {
    insta::assert_snapshot!(render(|_| {}, |view| report::text(view, Style::default())));
}

#[test]
fn text_with_everything() {
    let style = Style { unicode: true, ..Style::default() };
    insta::assert_snapshot!(render(everything, |view| report::text(view, style)));
}

#[test]
fn text_in_colour() {
    let style = Style { colour: true, unicode: true, width: Some(60) };
    insta::assert_snapshot!(
        render(|_| {}, |view| report::text(view, style)).replace('\u{1b}', "␛")
    );
}

#[test]
fn concise() {
    insta::assert_snapshot!(render(|_| {}, report::concise));
}

#[test]
fn concise_with_everything() {
    insta::assert_snapshot!(render(everything, report::concise));
}

#[test]
fn json() {
    let text = render(|_| {}, report::json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    insta::assert_snapshot!(pretty.replace(env!("CARGO_PKG_VERSION"), "X.Y.Z"));
    assert!(text.starts_with(r#"{"version":1,"tool":"tautline "#), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn a_hidden_severity_still_counts() {
    let hide = |view: &mut View<'_>| view.severity = Severity::Error;
    let text = render(hide, |view| report::text(view, Style::default()));
    assert!(!text.contains("tautline/syntax-error"), "{text}");
    assert!(text.contains("1 error, 0 warnings, 1 info (1 not shown: `--severity`)"), "{text}");
    let json = render(hide, report::json);
    assert!(json.contains(r#""errors":1,"warnings":0,"infos":1"#), "{json}");
}

#[test]
fn the_json_is_what_the_schema_says() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../docs/report.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value: serde_json::Value = serde_json::from_str(&render(everything, report::json)).unwrap();
    let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");

    // Every field that is printed is in the schema, so that it is documented and cannot vanish unnoticed.
    undeclared(&schema, &schema, &value, "");
}

/// Fails on a key of `value` that `schema` does not name.
fn undeclared(
    root: &serde_json::Value,
    schema: &serde_json::Value,
    value: &serde_json::Value,
    at: &str,
) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).expect("a definition"),
        None => schema,
    };
    match value {
        serde_json::Value::Array(items) => {
            for item in items {
                undeclared(root, &schema["items"], item, at);
            }
        }
        serde_json::Value::Object(fields) if schema["additionalProperties"].is_null() => {
            for (key, field) in fields {
                let at = format!("{at}/{key}");
                let declared = &schema["properties"][key];
                assert!(!declared.is_null(), "{at} is not in docs/report.schema.json");
                undeclared(root, declared, field, &at);
            }
        }
        _ => {}
    }
}
