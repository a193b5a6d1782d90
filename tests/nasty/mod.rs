//! A report full of what could break a format.

use std::collections::BTreeMap;
use std::sync::Arc;

use tautline::diagnostic::{
    Applicability, Diagnostic, Edit, Failure, FileCounts, Fix, Label, PackRun, Report, RuleRun,
    Severity, Silenced, SilencedBy, Summary, UnknownSite,
};
use tautline::report::View;
use tautline::syntax::{Format, SourceFile};
use tautline::text::{FileId, Span, TextRange};

/// What no format may say.
pub(crate) const SECRET: &str = "hunter2-hunter2";

const MAIN: &str = "module \"ingress\" {\n\
    \tauth     = \"äpp😀\" # why?\n\
    \tpassword = \"hunter2-hunter2\"\n\
    }\n\
    module \"ingress\" {\n\
    \tauth     = \"äpp😀\" # why?\n\
    }\n";
const POLICY: &str = "allowed = [\n  \"registry.example.org/*\",\n]\n";
const COMMAND: &str = "locals {}\n";

/// Sorted, as sources are.
const PATHS: [&str; 3] = [
    "::error file=x::\u{1b}[31m\n.tf",
    "stacks/a b%0A,é/<&>\"'#?:|`main`.tf",
    "stacks/policy/main.tf",
];

pub(crate) struct Nasty {
    pub(crate) report: Report,
    sources: Vec<SourceFile>,
    redacted: Vec<Span>,
}

impl Nasty {
    pub(crate) fn new() -> Nasty {
        Nasty::of(MAIN)
    }

    /// The same with lines above it, and aligned in another way.
    pub(crate) fn moved() -> Nasty {
        Nasty::of(&format!("# one\n# two\n\n{}", MAIN.replace("auth     =", "auth =")))
    }

    /// Nothing found.
    pub(crate) fn empty() -> Nasty {
        let mut nasty = Nasty::new();
        let mut summary = nasty.report.summary;
        for run in &mut summary.rules {
            (run.diagnostics, run.suppressed) = (0, 0);
        }
        nasty.report = Report { summary, ..Report::default() };
        nasty
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::new(&self.report, &self.sources, &self.redacted)
    }

    fn of(main: &str) -> Nasty {
        let texts = [COMMAND, main, POLICY];
        let sources: Vec<SourceFile> = PATHS
            .into_iter()
            .zip(texts)
            .enumerate()
            .map(|(at, (path, text))| {
                SourceFile::new(FileId(at as u32), path.into(), text.into(), Format::of(path))
            })
            .collect();
        let report = report(&sources);
        let redacted = vec![span(&sources, 1, SECRET, 0)];
        Nasty { report, sources, redacted }
    }
}

/// The `nth` place of `needle` in a file.
fn span(sources: &[SourceFile], file: usize, needle: &str, nth: usize) -> Span {
    let (start, _) = sources[file].text.match_indices(needle).nth(nth).expect("the text has it");
    sources[file].span(TextRange::new(start, start + needle.len()))
}

fn diagnostic(rule: &str, severity: Severity, span: Span, message: &str) -> Diagnostic {
    Diagnostic {
        rule: Arc::from(rule),
        outcome: "x".into(),
        convention: None,
        severity,
        message: message.to_owned(),
        help: None,
        span,
        related: Vec::new(),
        stack: None,
        address: None,
        fix: None,
    }
}

fn fix(title: &str, applicability: Applicability, span: Span, text: &str) -> Fix {
    let edits = vec![Edit { span, text: text.to_owned() }];
    Fix::of_edits(title, applicability, edits)
}

fn report(sources: &[SourceFile]) -> Report {
    let command = diagnostic(
        "tautline/syntax-error",
        Severity::Error,
        span(sources, 0, "locals", 0),
        "\u{1b}[31mred\u{202e} ::error::x ##[error]y 100%0A",
    );
    let mut comment = diagnostic(
        "ingress/missing-auth-comment",
        Severity::Error,
        span(sources, 1, "# why?", 0),
        "`auth = \"äpp😀\"` is 100% <b>open</b> to [all](http://x) & @ops, see #12: a|b {x} *y*",
    );
    comment.convention = Some(Arc::from("A01"));
    comment.help = Some("write `# auth = \"äpp😀\": <what gates it>`\nabove it, 100%".to_owned());
    comment.stack = Some(Arc::from("a b%0A,é"));
    comment.address = Some("module.ingress[\"<&>\"]".to_owned());
    comment.related = vec![Label {
        span: span(sources, 2, "\"registry.example.org/*\"", 0),
        message: "required here, by [policy](1)".to_owned(),
    }];
    comment.fix =
        Some(fix("add `# auth`", Applicability::Unsafe, comment.span, "# auth = \"äpp😀\": x"));
    let second = Diagnostic {
        span: span(sources, 1, "# why?", 1),
        fix: Some(fix("fill it in", Applicability::DisplayOnly, comment.span, "# auth = <…>")),
        ..comment.clone()
    };
    let mut secret = diagnostic(
        "secret/in-code",
        Severity::Warning,
        span(sources, 1, "\"hunter2-hunter2\"", 0),
        "the password is written here",
    );
    secret.address = Some("module.ingress".to_owned());
    let edit = format!("var.{SECRET}");
    secret.fix = Some(fix("move it", Applicability::Safe, span(sources, 1, "why?", 1), &edit));
    let end = sources[1].span(TextRange::empty(sources[1].text.len()));
    let mut last = diagnostic("layout/end", Severity::Info, end, "nothing at the end of the file");
    last.fix = Some(fix("say that it ends", Applicability::Safe, end, "# end\n"));
    let block = diagnostic(
        "image/untrusted-registry",
        Severity::Error,
        span(sources, 2, POLICY, 0),
        "the list is open",
    );
    let silenced =
        Diagnostic { span: span(sources, 2, "\"registry.example.org/*\"", 0), ..block.clone() };
    let known = Diagnostic { span: span(sources, 2, "allowed", 0), ..block.clone() };
    Report {
        summary: summary(),
        failures: vec![
            Failure {
                subject: Some("image/untrusted-registry".to_owned()),
                message: "the rule panicked: 100% ::x\nand more".to_owned(),
            },
            Failure { subject: None, message: "a file is gone".to_owned() },
        ],
        diagnostics: vec![command, comment, secret, second, last, block],
        unknown: vec![UnknownSite {
            span: span(sources, 2, "allowed", 0),
            rule: Arc::from("image/untrusted-registry"),
            reason: "`var.<registry>` has no default".to_owned(),
        }],
        suppressed: vec![
            Silenced {
                diagnostic: known,
                by: SilencedBy::Comment(span(sources, 2, "allowed", 0)),
                reason: Some("<&> until \"then\"".to_owned()),
            },
            Silenced { diagnostic: silenced, by: SilencedBy::Baseline, reason: None },
        ],
    }
}

fn summary() -> Summary {
    let run = |rule: &str, convention: Option<&str>, diagnostics, suppressed| RuleRun {
        rule: Arc::from(rule),
        convention: convention.map(Arc::from),
        summary: Arc::from("what is <wrong> & why"),
        severity: Severity::Warning,
        sites: 3,
        diagnostics,
        unknown: 0,
        suppressed,
        known: 0,
    };
    Summary {
        stacks: 2,
        files: FileCounts { seen: 3, parsed: 3, text: 0, skipped: BTreeMap::new() },
        packs: vec![PackRun {
            name: Arc::from("ingress"),
            evidence: "stacks/a::b/##[x]".to_owned(),
        }],
        rules: vec![
            run("image/untrusted-registry", Some("A06"), 1, 2),
            run("ingress/missing-auth-comment", Some("A01"), 2, 0),
            run("layout/end", None, 1, 0),
            run("secret/in-code", None, 1, 0),
            run("storage/unbacked", None, 0, 0),
            run("tautline/syntax-error", None, 1, 0),
        ],
        not_run: vec![Arc::from("registry/retired-residue")],
        ..Summary::default()
    }
}
