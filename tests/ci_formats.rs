//! The formats that other programs read, and all others too, on one report full of what could break them: names with
//! spaces, quotes, percent signs, line breaks and commands in them; several severities, fixes, silenced diagnostics.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests start `xmllint`, and show the formats what it says"
)]
#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]

mod nasty;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use nasty::{Nasty, SECRET};
use serde_json::Value;
use tautline::diagnostic::{Report, Severity};
use tautline::report::{self, Style, View};

type Format = (&'static str, fn(&View<'_>) -> String);

const FORMATS: [Format; 13] = [
    ("text", |view| report::text(view, Style::default())),
    ("concise", report::concise),
    ("json", report::json),
    ("jsonl", report::jsonl),
    ("sarif", report::sarif),
    ("github", report::github),
    ("step-summary", report::step_summary),
    ("gitlab", report::gitlab),
    ("junit", report::junit),
    ("checkstyle", report::checkstyle),
    ("rdjson", report::rdjson),
    ("markdown", report::markdown),
    ("agent", report::agent),
];

fn pretty(json: &str) -> String {
    let value: Value = serde_json::from_str(json).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

#[test]
fn every_format() {
    let nasty = Nasty::new();
    let view = nasty.view();
    for (name, render) in FORMATS {
        if name == "step-summary" {
            continue;
        }
        let text = render(&view);
        let text = if matches!(name, "json" | "rdjson") { pretty(&text) } else { text };
        insta::assert_snapshot!(name, text.replace(env!("CARGO_PKG_VERSION"), "X.Y.Z"));
    }
}

#[test]
fn nothing_to_report() {
    let nasty = Nasty::empty();
    let view = nasty.view();
    for (name, render) in FORMATS {
        if matches!(name, "step-summary" | "json" | "text" | "concise") {
            continue;
        }
        let text = render(&view).replace(env!("CARGO_PKG_VERSION"), "X.Y.Z");
        insta::assert_snapshot!(format!("{name}_of_nothing"), text);
    }
}

#[test]
fn no_format_says_a_secret() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    view.show_unknown = true;
    for (name, render) in FORMATS {
        let text = render(&view);
        assert!(!text.contains(SECRET), "{name}: {text}");
    }
    let shown = report::sarif(&view);
    assert!(shown.contains(r#""text": "\"(redacted)\"""#), "{shown}");
}

#[test]
fn no_format_passes_control_characters_on() {
    let nasty = Nasty::new();
    let view = nasty.view();
    for (name, render) in FORMATS {
        // JSON writes them as escapes, and hands the text on as it is.
        let text = render(&view);
        let raw = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(raw, None, "{name}: {text}");
    }
}

#[test]
fn hidden_severities_are_in_no_format() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    view.severity = Severity::Error;
    for (name, render) in FORMATS {
        let text = render(&view);
        assert!(!text.contains("at the end of the file"), "{name}: {text}");
    }
}

#[track_caller]
fn valid(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn sarif(view: &View<'_>) -> Value {
    let value: Value = serde_json::from_str(&report::sarif(view)).unwrap();
    valid(include_str!("schemas/sarif-2.1.0.json"), &value);
    value
}

#[test]
fn sarif_is_what_the_standard_says() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    view.show_unknown = true;
    let log = sarif(&view);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for found in run["results"].as_array().unwrap() {
        let index = found["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], found["ruleId"]);
        let place = &found["locations"][0]["physicalLocation"]["artifactLocation"];
        let artifact = &run["artifacts"][place["index"].as_u64().unwrap() as usize];
        assert_eq!(artifact["location"]["uri"], place["uri"]);
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let empty = Nasty::empty();
    assert_eq!(sarif(&empty.view())["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

/// The columns are what `columnKind` says, and lines, columns and bytes name the same text.
#[test]
fn sarif_points_where_it_says() {
    let nasty = Nasty::new();
    let view = nasty.view();
    let log = sarif(&view);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let mut checked = 0;
    for (at, found) in run["results"].as_array().unwrap().iter().enumerate() {
        let region = &found["locations"][0]["physicalLocation"]["region"];
        let number = |key: &str| region[key].as_u64().unwrap() as usize;
        let silenced = view.report.suppressed.iter().map(|silenced| &silenced.diagnostic);
        let diagnostic = view.report.diagnostics.iter().chain(silenced).nth(at).unwrap();
        let text = &view.code.source(diagnostic.span).text;
        let bytes = number("byteOffset")..number("byteOffset") + number("byteLength");
        assert_eq!(diagnostic.span.range.indices(), bytes);
        let lines: Vec<&str> = text.split('\n').collect();
        if number("startLine") == number("endLine") {
            let line: Vec<char> = lines[number("startLine") - 1].chars().collect();
            let by_column: String =
                line[number("startColumn") - 1..number("endColumn") - 1].iter().collect();
            assert_eq!(by_column, text[bytes]);
            checked += 1;
        }
    }
    assert!(checked >= 5, "{checked}");
}

/// Fixes that a person must finish, and those that would say a secret, are left out; the others can be applied.
#[test]
fn sarif_fixes_can_be_applied() {
    let nasty = Nasty::new();
    let view = nasty.view();
    let log = sarif(&view);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let mut kinds = Vec::new();
    for (found, diagnostic) in results.iter().zip(&view.report.diagnostics) {
        for fix in found["fixes"].as_array().into_iter().flatten() {
            kinds.push(fix["properties"]["applicability"].as_str().unwrap());
            let change = &fix["artifactChanges"][0]["replacements"][0];
            let region = &change["deletedRegion"];
            let start = region["byteOffset"].as_u64().unwrap() as usize;
            let end = start + region["byteLength"].as_u64().unwrap() as usize;
            let mut text = view.code.source(diagnostic.span).text.to_string();
            text.replace_range(start..end, change["insertedContent"]["text"].as_str().unwrap());
            assert!(
                text.contains("# auth = \"äpp😀\": x\n") || text.ends_with("}\n# end\n"),
                "{text}"
            );
        }
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["safe", "unsafe"]);
}

#[test]
fn sarif_tells_what_is_silenced() {
    let nasty = Nasty::new();
    let log = sarif(&nasty.view());
    let results = log["runs"][0]["results"].as_array().unwrap();
    let silenced: Vec<&Value> =
        results.iter().filter_map(|found| found.get("suppressions")).collect();
    assert_eq!(silenced.len(), 2);
    assert_eq!(silenced[0][0]["kind"], "inSource");
    assert_eq!(silenced[0][0]["justification"], "<&> until \"then\"");
    assert!(silenced[0][0]["location"]["physicalLocation"].is_object());
    assert_eq!(silenced[1], &serde_json::json!([{ "kind": "external" }]));
}

#[test]
fn rules_are_described_by_their_pages() {
    let nasty = Nasty::new();
    let packs = tautline::rule::PackFile::builtin();
    let mut view = nasty.view();
    view.packs = &packs;
    let log = sarif(&view);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "ingress/missing-auth-comment").unwrap();
    let page = rule["help"]["markdown"].as_str().unwrap();
    assert!(page.starts_with("# ingress/missing-auth-comment\n"), "{page}");
    assert!(page.contains("## Why") && !page.contains("## Cases"), "{page}");
    let what = rule["fullDescription"]["text"].as_str().unwrap();
    assert!(what.starts_with("Looks at every call of the ingress factory"), "{what}");
}

/// What is named stays the same when lines move, and differs between any two things.
#[test]
fn names_outlive_moved_lines() {
    let names = |nasty: &Nasty| {
        let log = sarif(&nasty.view());
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let name = |found: &Value| found["partialFingerprints"]["tautline/v1"].to_string();
        results.iter().map(name).collect::<Vec<_>>()
    };
    let before = names(&Nasty::new());
    assert_eq!(before, names(&Nasty::moved()));
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    let nasty = Nasty::new();
    let gitlab: Value = serde_json::from_str(&report::gitlab(&nasty.view())).unwrap();
    let gitlab = gitlab.as_array().unwrap().iter().map(|entry| entry["fingerprint"].to_string());
    assert_eq!(gitlab.collect::<Vec<_>>(), before[..nasty.report.diagnostics.len()]);
    // A severity that is not shown takes no name with it.
    let mut view = nasty.view();
    view.severity = Severity::Error;
    let log = sarif(&view);
    for found in log["runs"][0]["results"].as_array().unwrap() {
        let name = found["partialFingerprints"]["tautline/v1"].to_string();
        assert!(before.contains(&name), "{found}");
    }
}

#[test]
fn gitlab_is_what_gitlab_accepts() {
    let nasty = Nasty::new();
    let value: Value = serde_json::from_str(&report::gitlab(&nasty.view())).unwrap();
    for entry in value.as_array().unwrap() {
        valid(include_str!("schemas/gitlab-code-quality.json"), entry);
        let severity = entry["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{entry}");
        assert!(entry["location"]["lines"]["begin"].as_u64() >= Some(1), "{entry}");
        assert!(entry["location"]["path"].is_string(), "{entry}");
    }
}

#[test]
fn rdjson_is_what_reviewdog_accepts() {
    let nasty = Nasty::new();
    let view = nasty.view();
    let value: Value = serde_json::from_str(&report::rdjson(&view)).unwrap();
    valid(include_str!("schemas/rdjson.json"), &value);
    for (entry, diagnostic) in
        value["diagnostics"].as_array().unwrap().iter().zip(&view.report.diagnostics)
    {
        let start = &entry["location"]["range"]["start"];
        let text = &view.code.source(diagnostic.span).text;
        let line = start["line"].as_u64().unwrap() as usize - 1;
        let before: usize = text.split('\n').take(line).map(|line| line.len() + 1).sum();
        let column = start["column"].as_u64().unwrap() as usize - 1;
        assert_eq!(before + column, diagnostic.span.range.start as usize);
    }
}

/// Each line is a part of the JSON report, and is held to its schema.
#[test]
fn jsonl_is_the_json_report_in_lines() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    view.show_unknown = true;
    let schema: Value = serde_json::from_str(include_str!("../docs/report.schema.json")).unwrap();
    let whole: Value = serde_json::from_str(&report::json(&view)).unwrap();
    valid(include_str!("../docs/report.schema.json"), &whole);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let text = report::jsonl(&view);
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let kind = value["type"].as_str().unwrap();
        let list =
            format!("{kind}s").replace("unknowns", "unknown").replace("ppresseds", "ppressed");
        let mut part = match kind {
            "summary" => schema["properties"]["summary"].clone(),
            _ => schema["properties"][&list]["items"].clone(),
        };
        assert!(part.is_object(), "{kind}");
        part["$defs"] = schema["$defs"].clone();
        valid(&part.to_string(), &value);
        *counts.entry(list).or_default() += 1;
    }
    assert_eq!(counts.remove("summarys"), Some(1));
    assert!(text.lines().last().unwrap().starts_with(r#"{"type":"summary","version":1,"#));
    for (list, count) in counts {
        assert_eq!(whole[&list].as_array().unwrap().len(), count, "{list}");
    }
}

/// Validates `xml` against a schema; says so where there is no validator.
#[track_caller]
fn valid_xml(schema: &str, xml: &str) {
    let path = format!("{}/tests/schemas/{schema}", env!("CARGO_MANIFEST_DIR"));
    let child = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", &path, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        // Past the test's own output, which nobody sees when it passes.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: `xmllint` is not installed, {schema} is not used"
        );
        return;
    };
    child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn xml_is_what_the_schemas_say() {
    for nasty in [Nasty::new(), Nasty::empty()] {
        valid_xml("junit-10.xsd", &report::junit(&nasty.view()));
        valid_xml("checkstyle.xsd", &report::checkstyle(&nasty.view()));
    }
}

#[test]
fn junit_fails_what_gates() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    let failures = |view: &View<'_>| report::junit(view).matches("<failure").count();
    let of = |severity| nasty.report.count(severity);
    assert_eq!(failures(&view), of(Severity::Error));
    view.fail_on = Severity::Warning;
    assert_eq!(failures(&view), of(Severity::Error) + of(Severity::Warning));
    let cases = report::junit(&view);
    assert!(
        cases.contains(r#"<skipped message="suppressed: &lt;&amp;&gt; until &quot;then&quot;">"#)
    );
}

/// What GitHub's runner does with a line: the properties and the message, unescaped.
fn command(line: &str) -> Option<(String, BTreeMap<String, String>, String)> {
    let unescaped = |text: &str| {
        ["%3A", "%2C", "%0A", "%0D", "%25"]
            .iter()
            .zip([":", ",", "\n", "\r", "%"])
            .fold(text.to_owned(), |text, (code, character)| text.replace(code, character))
    };
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), unescaped(value)))
        .collect();
    Some((name.to_owned(), properties, unescaped(message)))
}

#[test]
fn annotations_come_back_as_they_were_meant() {
    let nasty = Nasty::new();
    let view = nasty.view();
    let text = report::github(&view);
    let commands: Vec<_> = text.lines().filter_map(command).collect();
    assert_eq!(commands.len(), view.report.diagnostics.len() + view.report.failures.len());
    let clean = |text: &str| report::harmless(text).into_owned();
    for ((name, properties, message), diagnostic) in
        commands[view.report.failures.len()..].iter().zip(&view.report.diagnostics)
    {
        let file = view.code.source(diagnostic.span);
        assert_eq!(properties["file"], clean(&file.path));
        assert_eq!(properties["line"], file.position(diagnostic.span.range.start).line.to_string());
        assert!(properties["title"].starts_with(&*diagnostic.rule));
        assert_eq!(message.lines().next().unwrap(), clean(&diagnostic.message));
        let expected = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        assert_eq!(name, expected);
    }
}

/// A step has ten annotations of a kind: the rest is printed, and counted.
#[test]
fn what_github_would_drop_is_printed() {
    let mut nasty = Nasty::new();
    let errors: Vec<_> = nasty
        .report
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    nasty.report.diagnostics = errors.iter().cycle().take(30).cloned().collect();
    nasty.report.failures.clear();
    let text = report::github(&nasty.view());
    assert_eq!(text.lines().filter(|line| command(line).is_some()).count(), 10);
    assert!(text.contains("and 20 more errors, without annotations"), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("error ")).count(), 20);
    assert!(!text.lines().skip(10).any(|line| line.contains("##[")), "{text}");
    let summary = report::step_summary(&nasty.view());
    assert_eq!(summary.lines().filter(|line| line.starts_with("| error")).count(), 30);
}

#[test]
fn a_comment_is_cut_off_where_it_would_be_refused() {
    let mut nasty = Nasty::new();
    let some = nasty.report.diagnostics.clone();
    nasty.report.diagnostics = some.iter().cycle().take(5000).cloned().collect();
    let comment = report::markdown(&nasty.view());
    assert!(comment.len() < 65536, "{}", comment.len());
    let shown = comment.lines().filter(|line| line.starts_with("| ") && line.contains("<code>"));
    let more = format!("… and {} more", 5000 - shown.count());
    assert!(comment.contains(&more), "{}", &comment[comment.len() - 400..]);
    let summary = report::step_summary(&nasty.view());
    assert!(summary.len() > comment.len() && summary.len() < 1 << 20, "{}", summary.len());
}

/// Same words, many places: one line.
#[test]
fn agents_are_told_once() {
    let mut nasty = Nasty::new();
    let first = nasty.report.diagnostics[1].clone();
    nasty.report = Report { diagnostics: vec![first; 40], ..Report::default() };
    let text = report::agent(&nasty.view());
    assert_eq!(text.lines().filter(|line| line.contains(" error ")).count(), 1, "{text}");
    assert!(text.contains(" and 29 more: --rule ingress/missing-auth-comment"), "{text}");
    assert_eq!(text.matches("; do: ").count(), 1, "{text}");
}

#[test]
fn paths_start_at_the_top_of_the_work_tree_where_ci_reads_them() {
    let nasty = Nasty::new();
    let mut view = nasty.view();
    view.code.prefix = "infra/live";
    for (name, render) in FORMATS {
        let has_prefix = render(&view).contains("infra/live/stacks/policy/main.tf");
        let is_for_ci =
            matches!(name, "sarif" | "github" | "gitlab" | "junit" | "checkstyle" | "rdjson");
        assert_eq!(has_prefix, is_for_ci, "{name}");
    }
}
