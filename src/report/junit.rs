//! The XML of `JUnit`, for the tests tab of CI systems: a suite for each rule, in it a case for each diagnostic, or one that
//! passed where the rule found nothing.
//!
//! A diagnostic that gates is a failure; one that does not, or is silenced, is skipped, with the reason. The name of a
//! case has no line in it, so that CI systems know it again in the next run.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::xml::Xml;
use super::{View, harmless, harmless_lines, one_line};
use crate::diagnostic::{Diagnostic, RuleRun, Silenced, SilencedBy};

/// What the cases of one rule are made of.
#[derive(Default)]
struct Suite<'a> {
    found: Vec<&'a Diagnostic>,
    silenced: Vec<&'a Silenced>,
}

impl Suite<'_> {
    fn cases(&self) -> usize {
        (self.found.len() + self.silenced.len()).max(1)
    }

    fn failures(&self, view: &View<'_>) -> usize {
        self.found.iter().filter(|found| found.severity >= view.fail_on).count()
    }

    fn skipped(&self, view: &View<'_>) -> usize {
        self.found.len() + self.silenced.len() - self.failures(view)
    }
}

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let suites = suites(view);
    let report = view.report;
    let broken = report.failures.len();
    let cases: usize = suites.iter().map(|(_, suite)| suite.cases()).sum();
    let failures: usize = suites.iter().map(|(_, suite)| suite.failures(view)).sum();
    let mut xml = Xml::new();
    xml.start(
        "testsuites",
        &[
            ("name", env!("CARGO_PKG_NAME").into()),
            ("tests", number(cases + broken)),
            ("failures", number(failures)),
            ("errors", number(broken)),
        ],
    );
    if broken > 0 {
        let counts = [broken, 0, broken, 0];
        xml.start("testsuite", &suite_attributes(env!("CARGO_PKG_NAME"), counts));
        for (at, failure) in report.failures.iter().enumerate() {
            let name = format!("failure {}", at + 1);
            xml.start(
                "testcase",
                &[("name", name.into()), ("classname", env!("CARGO_PKG_NAME").into())],
            );
            xml.text(
                "error",
                &[("message", one_line(&failure.to_string()).into())],
                &harmless_lines(&failure.to_string()),
            );
            xml.end();
        }
        xml.end();
    }
    for (run, suite) in &suites {
        let counts = [suite.cases(), suite.failures(view), 0, suite.skipped(view)];
        xml.start("testsuite", &suite_attributes(&run.rule, counts));
        write_cases(&mut xml, view, run, suite);
        xml.end();
    }
    xml.finish()
}

/// The rules that looked at something, with what they found.
fn suites<'a>(view: &View<'a>) -> Vec<(&'a RuleRun, Suite<'a>)> {
    let mut by_rule: BTreeMap<&str, Suite<'a>> = BTreeMap::new();
    for diagnostic in view.diagnostics() {
        by_rule.entry(&diagnostic.rule).or_default().found.push(diagnostic);
    }
    for silenced in view.silenced() {
        by_rule.entry(&silenced.diagnostic.rule).or_default().silenced.push(silenced);
    }
    let runs = view.report.summary.rules.iter();
    runs.filter_map(|run| match by_rule.remove(&*run.rule) {
        Some(suite) => Some((run, suite)),
        // What it found is not shown: that is no reason to say that it passed.
        None if run.diagnostics > 0 || run.suppressed > 0 || run.sites == 0 => None,
        None => Some((run, Suite::default())),
    })
    .collect()
}

/// `counts` are the cases, those that failed, that are broken and that were skipped.
fn suite_attributes(name: &str, counts: [usize; 4]) -> Vec<(&'static str, Cow<'_, str>)> {
    let [tests, failures, errors, skipped] = counts.map(number);
    vec![
        ("name", name.into()),
        ("tests", tests),
        ("failures", failures),
        ("errors", errors),
        ("skipped", skipped),
    ]
}

fn write_cases(xml: &mut Xml, view: &View<'_>, run: &RuleRun, suite: &Suite<'_>) {
    let class = Cow::Borrowed(&*run.rule);
    if suite.found.is_empty() && suite.silenced.is_empty() {
        xml.empty("testcase", &[("name", "nothing found".into()), ("classname", class)]);
        return;
    }
    let mut names = CaseNames::default();
    for diagnostic in &suite.found {
        let name = names.next(view, diagnostic);
        xml.start("testcase", &[("name", name.into()), ("classname", class.clone())]);
        let message = one_line(&diagnostic.message);
        if diagnostic.severity >= view.fail_on {
            let kind = diagnostic.severity.word().into();
            let attributes = [("message", message.into()), ("type", kind)];
            xml.text("failure", &attributes, &details(view, diagnostic));
        } else {
            let message = format!("{}: {message}", diagnostic.severity);
            xml.text("skipped", &[("message", message.into())], &details(view, diagnostic));
        }
        xml.end();
    }
    for silenced in &suite.silenced {
        let name = names.next(view, &silenced.diagnostic);
        xml.start("testcase", &[("name", name.into()), ("classname", class.clone())]);
        let by = match silenced.by {
            SilencedBy::Comment(_) | SilencedBy::Waiver => "suppressed",
            SilencedBy::Baseline => "in the baseline",
        };
        let message = match &silenced.reason {
            Some(reason) => format!("{by}: {}", one_line(reason)),
            None => by.to_owned(),
        };
        let details = details(view, &silenced.diagnostic);
        xml.text("skipped", &[("message", message.into())], &details);
        xml.end();
    }
}

/// Gives each case of a suite a name of its own.
#[derive(Default)]
struct CaseNames(HashMap<String, usize>);

impl CaseNames {
    fn next(&mut self, view: &View<'_>, diagnostic: &Diagnostic) -> String {
        let path = view.code.path_from_top(diagnostic.span);
        let path = harmless(&path);
        let name = match &diagnostic.address {
            Some(address) => format!("{path} {}", harmless(address)),
            None => path.into_owned(),
        };
        let count = self.0.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 { format!("{name} ({count})") } else { name }
    }
}

/// What a person reads: the place, what is wrong, what to type, what explains it.
fn details(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let place = |span| {
        let (start, _) = view.code.positions(span);
        let path = view.code.path_from_top(span);
        format!("{}:{}:{}", harmless(&path), start.line, start.column)
    };
    let mut lines = vec![format!("{}: {}", place(diagnostic.span), one_line(&diagnostic.message))];
    if let Some(help) = &diagnostic.help {
        lines.push(format!("help: {}", harmless_lines(help)));
    }
    for label in &diagnostic.related {
        lines.push(format!("{}: {}", place(label.span), one_line(&label.message)));
    }
    lines.join("\n")
}

fn number(count: usize) -> Cow<'static, str> {
    count.to_string().into()
}
