//! A report of a night on which everything happened, and the code that it is about.

use std::sync::Arc;

use serde_json::json;
use tautline::diagnostic::{Applicability, Edit, Fix, Label};
use tautline::drift::{
    Acknowledged, Action, Address, Cause, Class, Commit, Confidence, Counts, Danger, DriftReport,
    FailedCheck, Finding, Group, InputKind, OutputChange, Path, Place, Problem, Risk, RunNote,
    RunNoteKind, Seen, Shown, StackRef, StackReport, Status, Step, TrendPoint, Unread,
};
use tautline::report::Code;
use tautline::syntax::{Format, SourceFile, secret_ranges};
use tautline::text::{FileId, Span, TextRange};

/// Stands in the code as a secret, and as what a plan hides; no format may print it.
pub(crate) const CANARY: &str = "canary-5f2e81c7";

const DNS: &str = "\
resource \"kubernetes_deployment\" \"dns\" {
  metadata {
    name = \"dns\"
  }
  spec {
    replicas = 2
    template {
      spec {
        container {
          image    = \"example.org/dns:1.2.0\"
          password = \"canary-5f2e81c7\"
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [
      metadata[0].annotations[\"example.org/seen\"],
    ]
  }
}
";

const POLICY: &str = "rule = \"ndots\"\napi_token = \"canary-5f2e81c7\"\nsets = \"dnsConfig\"\n";

/// A report and its code.
pub(crate) struct Sample {
    pub(crate) report: DriftReport,
    sources: Vec<SourceFile>,
    redacted: Vec<Span>,
}

impl Sample {
    pub(crate) fn code(&self) -> Code<'_> {
        Code { sources: &self.sources, redacted: &self.redacted, prefix: "" }
    }
}

/// The night on which everything happened.
pub(crate) fn sample() -> Sample {
    let sources: Vec<SourceFile> = [("stacks/dns/main.tf", DNS), ("stacks/policy/main.tf", POLICY)]
        .into_iter()
        .zip(0..)
        .map(|((path, text), at)| {
            SourceFile::new(FileId(at), path.into(), text.into(), Format::of(path))
        })
        .collect();
    let secrets = sources.iter().flat_map(|file| {
        secret_ranges(file).into_iter().map(|range| file.span(range)).collect::<Vec<_>>()
    });
    let redacted = secrets.collect();
    let report = report(&sources);
    Sample { report, sources, redacted }
}

/// A night on which nothing happened.
pub(crate) fn quiet() -> DriftReport {
    let mut report = DriftReport::default();
    for number in 0..155 {
        report.stacks.push(stack(&format!("stack-{number:03}"), Status::Clean));
    }
    count(&mut report);
    report
}

/// As many stacks, causes and differences as make every limit matter.
pub(crate) fn crowd(stacks: usize, causes: usize) -> DriftReport {
    let mut report = DriftReport::default();
    for number in 0..stacks {
        report.stacks.push(stack(&format!("stack-{number:03}"), Status::Drift));
        let mut broken = stack(&format!("stack-{number:03}-broken"), Status::Error);
        broken.problems.push(problem(&"the state cannot be read ".repeat(40)));
        report.stacks.push(broken);
        report.unread.push(unread(&format!("plans/{number:03}.json"), true));
    }
    for cause in 0..causes {
        let numbers: Vec<usize> = (0..stacks).map(|at| report.findings.len() + at).collect();
        for at in 0..stacks {
            let mut finding = finding(2 * at, "kubernetes_deployment.a", Class::OutOfBand);
            finding.path = Some(path(&["spec", "[0]", "replicas"]));
            finding.live = Shown::Value(json!("<&>".repeat(200)));
            finding.want = Shown::Value(json!(1));
            finding.fingerprint = format!("{cause}-{at}");
            report.findings.push(finding);
        }
        report.groups.push(Group {
            title: format!("<!channel> cause {cause} & {}", "so on ".repeat(200)),
            cause: Cause::unknown(),
            class: Class::OutOfBand,
            findings: numbers,
            stacks: (0..stacks).map(|at| 2 * at).collect(),
        });
    }
    for (at, finding) in report.findings.iter().enumerate() {
        report.stacks[finding.stack].findings.push(at);
    }
    count(&mut report);
    report
}

fn report(sources: &[SourceFile]) -> DriftReport {
    let mut dns = stack("dns", Status::Drift);
    dns.seen = Some(seen(3));
    let mut mail = stack("mail", Status::Pending);
    mail.checks.push(FailedCheck {
        address: "check.health".to_owned(),
        messages: vec!["the mail server does not answer".to_owned()],
    });
    mail.checks.push(FailedCheck { address: "check.mute".to_owned(), messages: Vec::new() });
    let mut upstream = stack("upstream", Status::Pending);
    upstream.outputs.push(OutputChange {
        name: "endpoint".to_owned(),
        before: Shown::Value(json!("a.example.org")),
        after: Shown::Hidden,
    });
    let mut wiki = stack("wiki", Status::Error);
    wiki.evidence.push("the plan says that it failed".to_owned());
    wiki.problems.push(problem("Error acquiring the state lock"));
    wiki.seen = Some(Seen { acknowledged: None, ..seen(18) });
    let mut report = DriftReport {
        stacks: vec![stack("blog", Status::Clean), dns, mail, upstream, wiki],
        ..DriftReport::default()
    };
    push_findings(&mut report, sources);
    for (at, finding) in report.findings.iter().enumerate() {
        report.stacks[finding.stack].findings.push(at);
    }
    report.notes.push(RunNote {
        kind: RunNoteKind::StaleCheckout,
        message: "the plans were made from an older commit than what was applied".to_owned(),
        evidence: vec!["`mail` runs what `1a2b3c4` says".to_owned()],
        help: Some("plan again at the head of the main branch".to_owned()),
        stacks: vec![2],
    });
    report.unread = vec![
        unread("plans/old.json", true),
        Unread { is_missing: false, ..unread("plans/x.enc", false) },
    ];
    report.trend = vec![
        TrendPoint {
            at: "2026-11-24T00:01:00Z".to_owned(),
            stacks: vec![(Status::Clean, 4), (Status::Drift, 1)],
            findings: 1,
        },
        TrendPoint {
            at: "2026-11-25T00:01:00Z".to_owned(),
            stacks: vec![(Status::Clean, 2), (Status::Drift, 2), (Status::Error, 1)],
            findings: 4,
        },
    ];
    count(&mut report);
    report
}

fn push_findings(report: &mut DriftReport, sources: &[SourceFile]) {
    let replicas = Finding {
        path: Some(path(&["spec", "[0]", "replicas"])),
        base: Shown::Value(json!("2")),
        live: Shown::Value(json!("0")),
        want: Shown::Value(json!("2")),
        dangers: vec![Danger {
            risk: Risk::RevertsLive,
            message: "an apply would scale `dns` from 0 to 2, which somebody set outside"
                .to_owned(),
        }],
        place: Some(place(sources, 0, "replicas")),
        seen: Some(seen(3)),
        fingerprint: "dns: replicas".to_owned(),
        ..finding(1, "kubernetes_deployment.dns", Class::OutOfBand)
    };
    let ndots = Finding {
        path: Some(path(&["spec", "[0]", "template", "[0]", "spec", "[0]", "dns_config"])),
        live: Shown::Value(json!([{ "option": [{ "name": "ndots", "value": "2" }] }])),
        want: Shown::Absent,
        cause: ndots(sources),
        place: Some(Place {
            is_shared: true,
            stacks: 4,
            source: Some(Label {
                span: span(sources, 1, "sets"),
                message: "the value is written here".to_owned(),
            }),
            ..place(sources, 0, "resource \"kubernetes_deployment\" \"dns\"")
        }),
        fix: Some(ignore_fix(sources)),
        fingerprint: "dns: ndots".to_owned(),
        ..finding(1, "kubernetes_deployment.dns", Class::OutOfBand)
    };
    let secret = Finding {
        path: Some(path(&["data"])),
        base: Shown::Hidden,
        live: Shown::Hidden,
        want: Shown::Value(json!({ "user": "mail", "password": Shown::MASK })),
        place: Some(place(sources, 0, "password = \"canary-5f2e81c7\"")),
        fingerprint: "mail: data".to_owned(),
        ..finding(2, r#"module.tls["a b"].kubernetes_secret.tls"#, Class::Unapplied)
    };
    let gone = Finding {
        action: Action::Create,
        fingerprint: "mail: queue".to_owned(),
        reason: Some("delete_because_no_resource_config".into()),
        ..finding(2, "kubernetes_config_map.queue", Class::DeletedOutside)
    };
    let masked = Finding {
        path: Some(path(&["metadata", "[0]", "annotations", "example.org/seen"])),
        base: Shown::Value(json!("one\ntwo\n")),
        live: Shown::Value(json!("one\nthree\n")),
        fingerprint: "mail: seen".to_owned(),
        ..finding(2, "kubernetes_config_map.mail", Class::Masked)
    };
    let noise = Finding {
        path: Some(path(&["metadata", "[0]", "resource_version"])),
        fingerprint: "mail: version".to_owned(),
        ..finding(2, "kubernetes_config_map.mail", Class::Noise)
    };
    for (title, finding) in [
        ("a live change that an apply would undo", replicas),
        ("deleted outside of Terraform", gone),
        ("`ndots` sets `dns_config`", ndots),
        ("configuration that was not applied", secret),
        ("changed behind `ignore_changes`", masked),
        ("of no consequence", noise),
    ] {
        let at = report.findings.len();
        report.groups.push(Group {
            title: format!("{title} (1 difference in 1 stack)"),
            cause: finding.cause.clone(),
            class: finding.class,
            findings: vec![at],
            stacks: vec![finding.stack],
        });
        report.findings.push(finding);
    }
}

fn ndots(sources: &[SourceFile]) -> Cause {
    Cause {
        actor: Some(Arc::from("ndots")),
        summary: "an admission policy adds `dns_config` to every pod".to_owned(),
        confidence: Confidence::Certain,
        evidence: vec!["the live value is one option `ndots=2`".to_owned()],
        related: vec![Label {
            span: span(sources, 1, "\"dnsConfig\""),
            message: "the policy says so here".to_owned(),
        }],
        advice: Some("ignore `dns_config` with the marker of the policy".to_owned()),
    }
}

fn ignore_fix(sources: &[SourceFile]) -> Fix {
    let anchor = span(sources, 0, "    ]\n  }\n");
    let at = Span { range: TextRange::empty(anchor.range.start as usize), ..anchor };
    let text = "      spec[0].template[0].spec[0].dns_config, # NDOTS_V1\n";
    let edits = vec![Edit { span: at, text: text.to_owned() }];
    Fix::of_edits("ignore what the policy sets", Applicability::Safe, edits)
}

fn stack(name: &str, status: Status) -> StackReport {
    StackReport {
        stack: StackRef { name: name.to_owned(), dir: Some(format!("stacks/{name}")) },
        file: format!("plans/{name}.json"),
        kind: InputKind::Plan,
        status,
        evidence: Vec::new(),
        terraform: Some("1.11.4".to_owned()),
        commit: Some(Commit { id: "1a2b3c4d5e6f".to_owned(), time: None }),
        planned_at: Some("2026-11-26T00:01:00Z".to_owned()),
        instances: 12,
        outputs: Vec::new(),
        checks: Vec::new(),
        problems: Vec::new(),
        findings: Vec::new(),
        seen: None,
    }
}

fn finding(stack: usize, address: &str, class: Class) -> Finding {
    Finding {
        stack,
        address: Address::parse(address).unwrap(),
        deposed: None,
        action: Action::Update,
        reason: None,
        class,
        path: None,
        base: Shown::Absent,
        live: Shown::Absent,
        want: Shown::Absent,
        forces_replacement: false,
        dangers: Vec::new(),
        cause: Cause::unknown(),
        place: None,
        fix: None,
        advice: "bring the code to the truth, or apply".to_owned(),
        fingerprint: String::new(),
        seen: None,
    }
}

fn path(steps: &[&str]) -> Path {
    let step = |text: &&str| match text.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(index) => Step::Index(index.parse().unwrap()),
        None if text.contains('/') => Step::Key((*text).into()),
        None => Step::Name((*text).into()),
    };
    Path(steps.iter().map(step).collect())
}

fn place(sources: &[SourceFile], file: usize, needle: &str) -> Place {
    let span = span(sources, file, needle);
    Place { span, block: span, is_shared: false, stacks: 1, source: None, caveat: None }
}

fn span(sources: &[SourceFile], file: usize, needle: &str) -> Span {
    let start = sources[file].text.find(needle).unwrap();
    sources[file].span(TextRange::new(start, start + needle.len()))
}

fn problem(summary: &str) -> Problem {
    Problem {
        is_error: true,
        summary: summary.to_owned(),
        detail: "ID: 1\nWho: ci@runner".to_owned(),
        address: None,
        place: Some(("main.tf".to_owned(), 3)),
        kind: tautline::drift::ProblemKind::default(),
    }
}

fn unread(file: &str, is_missing: bool) -> Unread {
    Unread {
        file: file.to_owned(),
        why: "the JSON ends in the middle".to_owned(),
        help: Some("write it again: `terraform show -json PLAN`".to_owned()),
        is_missing,
    }
}

fn seen(days: u32) -> Seen {
    Seen {
        first: "2026-11-23T00:01:00Z".to_owned(),
        days,
        times: days + 1,
        acknowledged: (days == 99)
            .then(|| Acknowledged { reason: "known".to_owned(), until: "2027-01-31".to_owned() }),
    }
}

fn count(report: &mut DriftReport) {
    let mut counts = Counts::default();
    for stack in &report.stacks {
        match counts.stacks.iter_mut().find(|(status, _)| *status == stack.status) {
            Some((_, count)) => *count += 1,
            None => counts.stacks.push((stack.status, 1)),
        }
    }
    for finding in &report.findings {
        match counts.classes.iter_mut().find(|(class, _)| *class == finding.class) {
            Some((_, count)) => *count += 1,
            None => counts.classes.push((finding.class, 1)),
        }
    }
    counts.stacks.sort_unstable();
    counts.classes.sort_unstable_by(|a, b| b.cmp(a));
    report.counts = counts;
}
