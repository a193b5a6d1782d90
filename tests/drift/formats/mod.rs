//! One report through every format of `drift`: whole-output snapshots, schemas, limits, and that no format says a secret.

mod command;
mod sample;
mod schemas;

use std::collections::BTreeSet;

use sample::{CANARY, crowd, quiet, sample};
use serde_json::Value;
use tautline::drift::{Class, DriftReport, Verdict};
use tautline::report::drift::{self, DriftView};
use tautline::report::{Code, Style};

type Render = fn(&DriftView<'_>) -> String;

const FORMATS: [(&str, Render); 7] = [
    ("text", |view| drift::text(view, Style::default())),
    ("json", drift::json),
    ("markdown", drift::markdown),
    ("slack", drift::slack),
    ("sarif", drift::sarif),
    ("openmetrics", drift::openmetrics),
    ("html", drift::html),
];

fn view(report: &DriftReport) -> DriftView<'_> {
    DriftView::new(report, Code::default())
}

#[test]
fn no_format_says_a_secret() {
    let sample = sample();
    for (name, render) in FORMATS {
        let text = render(&DriftView::new(&sample.report, sample.code()));
        assert!(!text.contains(CANARY), "{name}: {text}");
    }
    // The formats that show code show that something is not shown.
    for (name, render) in [FORMATS[0], FORMATS[4], FORMATS[6]] {
        let text = render(&DriftView::new(&sample.report, sample.code()));
        assert!(text.contains("(redacted)"), "{name}: {text}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for (name, render) in FORMATS {
        let (one, other) = (sample(), sample());
        let one = render(&DriftView::new(&one.report, one.code()));
        assert_eq!(one, render(&DriftView::new(&other.report, other.code())), "{name}");
    }
}

#[test]
fn text_is_for_people() {
    let sample = sample();
    let text = drift::text(&DriftView::new(&sample.report, sample.code()), Style::default());
    insta::assert_snapshot!(text);
}

#[test]
fn a_quiet_night_fits_a_line() {
    let report = quiet();
    assert_eq!(report.verdict(), Verdict::Clean);
    let text = drift::text(&view(&report), Style::default());
    assert_eq!(text, "clean: 155 stacks (155 clean)\n");
}

#[test]
fn colours_are_for_terminals_only() {
    let sample = sample();
    let view = DriftView::new(&sample.report, sample.code());
    assert!(!drift::text(&view, Style::default()).contains('\u{1b}'));
    let colour = Style { colour: true, unicode: true, width: Some(100) };
    assert!(drift::text(&view, colour).contains('\u{1b}'));
}

#[test]
fn markdown_is_for_comments() {
    let sample = sample();
    insta::assert_snapshot!(drift::markdown(&DriftView::new(&sample.report, sample.code())));
    let crowd = crowd(20, 60);
    let text = drift::markdown(&view(&crowd));
    assert!(text.chars().count() < 65_536, "{}", text.len());
    assert!(text.contains("more: `tautline drift report --format html`"));
}

#[test]
fn slack_is_a_message_within_the_limits() {
    let sample = sample();
    let text = drift::slack(&DriftView::new(&sample.report, sample.code()));
    let value: Value = serde_json::from_str(&text).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
    within_limits(&text);
    for causes in [1, 12, 13, 80] {
        within_limits(&drift::slack(&view(&crowd(12, causes))));
    }
}

/// The limits of Slack's API: blocks of a message, characters of each kind of text.
fn within_limits(message: &str) {
    let message: Value = serde_json::from_str(message).unwrap();
    let blocks = message["blocks"].as_array().unwrap();
    assert!(blocks.len() <= 50, "{} blocks", blocks.len());
    for block in blocks {
        let (text, most) = match block["type"].as_str().unwrap() {
            "header" => (&block["text"]["text"], 150),
            "section" => (&block["text"]["text"], 3000),
            "context" => (&block["elements"][0]["text"], 3000),
            "divider" => continue,
            other => panic!("{other}"),
        };
        let length = text.as_str().unwrap().chars().count();
        assert!((1..=most).contains(&length), "{length} characters: {block}");
        assert!(!text.as_str().unwrap().contains("<!"), "{block}");
    }
}

#[test]
fn openmetrics_is_what_the_format_says() {
    let sample = sample();
    let text = drift::openmetrics(&DriftView::new(&sample.report, sample.code()));
    well_formed_metrics(&text);
    insta::assert_snapshot!(text);
    // What alerts look at is there on a quiet night too.
    let quiet = drift::openmetrics(&view(&quiet()));
    well_formed_metrics(&quiet);
    for series in
        ["drift_stack_count 0\n", "drift_error_count 0\n", "drift_stacks{status=\"drift\"} 0\n"]
    {
        assert!(quiet.contains(series), "{series}");
    }
}

/// Every family says what it is before its series, each once; names, labels and values are as the format has them.
fn well_formed_metrics(text: &str) {
    let body = text.strip_suffix("# EOF\n").unwrap();
    let mut families = BTreeSet::new();
    let mut series = BTreeSet::new();
    let mut current = String::new();
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(kind, "gauge");
            assert!(families.insert(name.to_owned()), "{name} comes twice");
            name.clone_into(&mut current);
        } else if let Some(rest) = line.strip_prefix("# UNIT ") {
            assert_eq!(rest, format!("{current} seconds"));
            assert!(current.ends_with("_seconds"));
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(rest.starts_with(&format!("{current} ")), "{line}");
        } else {
            let (key, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let rest = key.strip_prefix(&current).unwrap();
            assert!(rest.is_empty() || (rest.starts_with('{') && rest.ends_with("\"}")), "{line}");
            assert!(series.insert(key.to_owned()), "{key} comes twice");
        }
    }
}

#[test]
fn the_json_is_what_the_schema_says() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../docs/drift.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let sample = sample();
    for (report, code) in [
        (&sample.report, sample.code()),
        (&crowd(3, 2), Code::default()),
        (&quiet(), Code::default()),
    ] {
        let value: Value =
            serde_json::from_str(&drift::json(&DriftView::new(report, code))).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    let mut sample = sample();
    let long = "12345678901234567890123.10";
    sample.report.findings[0].want =
        tautline::drift::Shown::Value(serde_json::from_str(long).unwrap());
    let view = DriftView::new(&sample.report, sample.code());
    for (name, render) in [FORMATS[0], FORMATS[1], FORMATS[6]] {
        assert!(render(&view).contains(long), "{name}");
    }
}

#[test]
fn sarif_is_what_the_standard_says() {
    let sample = sample();
    let view = DriftView::new(&sample.report, sample.code());
    let value: Value = serde_json::from_str(&drift::sarif(&view)).unwrap();
    let schema: Value =
        serde_json::from_str(include_str!("../../schemas/sarif-2.1.0.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &value["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3);
    let ndots = results.iter().find(|it| it["fixes"].is_array()).unwrap();
    assert_eq!(ndots["ruleId"], "drift/out-of-band");
    let place = &ndots["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "stacks/dns/main.tf");
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 1);
    assert_eq!(ndots["relatedLocations"].as_array().unwrap().len(), 2);
    // What has no line is told all the same.
    let told = run["invocations"][0]["toolExecutionNotifications"].to_string();
    for what in ["wiki: error", "kubernetes_config_map.queue", "plans/old.json"] {
        assert!(told.contains(what), "{told}");
    }
}

#[test]
fn classes_filter_what_is_shown_and_not_what_is_counted() {
    let sample = sample();
    let classes = [Class::Masked];
    let view = DriftView { classes: &classes, ..DriftView::new(&sample.report, sample.code()) };
    let text = drift::text(&view, Style::default());
    assert!(text.contains("masked") && !text.contains("ndots"), "{text}");
    assert!(text.contains("5 differences not shown"), "{text}");
    let value: Value = serde_json::from_str(&drift::json(&view)).unwrap();
    assert_eq!(value["findings"].as_array().unwrap().len(), 1);
    assert_eq!(value["summary"]["findings"], 6);
    assert_eq!(value["verdict"], "error");
}

#[test]
fn noise_is_shown_where_it_is_asked_for() {
    let sample = sample();
    let view = DriftView::new(&sample.report, sample.code());
    for (name, render) in FORMATS {
        if name != "openmetrics" {
            assert!(!render(&view).contains("resource_version"), "{name}");
        }
    }
    let all = DriftView { show_noise: true, ..view };
    assert!(drift::html(&all).contains("resource_version"));
}

#[test]
fn a_page_loads_nothing_and_text_of_the_repo_is_text() {
    let mut sample = sample();
    let page = drift::html(&DriftView::new(&sample.report, sample.code()));
    for reference in [" src=", "url(", "@import", "<link", "<iframe", "http://", "https://"] {
        assert!(!page.contains(reference), "{reference}");
    }
    assert!(page.contains("default-src 'none'"));
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
    sample.report.groups[0].title = hostile.to_owned();
    sample.report.stacks[1].stack.name = hostile.to_owned();
    sample.report.findings[0].advice = hostile.to_owned();
    sample.report.unread[0].why = hostile.to_owned();
    let page = drift::html(&DriftView::new(&sample.report, sample.code()));
    assert_eq!(page.matches("<script").count(), 1, "ours alone");
    assert!(!page.contains("<img"));
}

/// A browser runs the script of the page, which it does only if the page's policy has its hash; and filters with it.
#[test]
fn a_browser_shows_and_filters_the_page() {
    let sample = sample();
    let page = drift::html(&DriftView::new(&sample.report, sample.code()));
    let Some(dom) = in_browser(&page) else {
        eprintln!("skipped: there is no chromium, so no browser shows the page");
        return;
    };
    assert!(dom.contains("<html lang=\"en\" class=\"js\">"), "the script did not run: {dom}");
    assert!(dom.contains("5 differences</span>"), "the filters do not count: {dom}");
    // Somebody types. The policy would not let that script in.
    let policy = page.split_once("<meta http-equiv").unwrap().1.split_once('>').unwrap().0;
    let typing = "<script>const form = document.getElementById('filters');\
                  form.elements.text.value = 'NDOTS dns_config';\
                  form.dispatchEvent(new Event('input'));</script></body>";
    let typed = page.replace(&format!("<meta http-equiv{policy}>"), "").replace("</body>", typing);
    let dom = in_browser(&typed).unwrap();
    assert!(dom.contains("1 of 5 shown"), "{dom}");
    assert_eq!(dom.matches("class=\"finding\"").count(), 5);
    let hidden =
        dom.lines().filter(|it| it.contains("class=\"finding\"") && it.contains("hidden=\"\""));
    assert_eq!(hidden.count(), 4, "{dom}");
}

/// What a browser makes of `page`; `None` where there is none.
fn in_browser(page: &str) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("drift.html");
    std::fs::write(&path, page).unwrap();
    let profile = format!("--user-data-dir={}", directory.path().join("profile").display());
    let url = format!("file://{}", path.display());
    let arguments = ["--headless", "--no-sandbox", "--disable-gpu", &profile, "--dump-dom", &url];
    let shown = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(|browser| std::process::Command::new(browser).args(arguments).output().ok())?;
    Some(String::from_utf8_lossy(&shown.stdout).into_owned())
}
