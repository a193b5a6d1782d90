//! What holds for every fix, whichever rule brings it: over all cases of all pages, as they are and mutated.

#![expect(clippy::disallowed_methods, reason = "the test asks terraform, where there is one")]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use tautline::analysis::cases::{Bases, Suite};
use tautline::analysis::{self, Fixed, FixedFile, History, Input, Reach, Request, Wish};
use tautline::checks;
use tautline::config::Settings;
use tautline::drift::{self, Address, join::Joiner};
use tautline::engine::{Left, fixed_text};
use tautline::model::{Repo, StackId};
use tautline::rule::cases::{CaseFile, PageCase, cases};
use tautline::rule::{self, Home, PackFile};
use tautline::syntax::hcl::parse;
use tautline::syntax::{Date, Format, SourceFile};
use tautline::text::{FileId, TextEdit};
use tautline::workspace::{Content, FileSet, LoadedFile, Past, Workspace};

mod promises;

use promises::{comments, crooked, wrongs};

fn suite() -> Suite {
    let bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
    Suite::load(PackFile::builtin(), checks::ALL, bases).unwrap()
}

/// Every case in which something is reported, with its rule.
fn bad_cases() -> Vec<(String, PageCase)> {
    let only = std::env::var_os("TAUTLINE_RULE");
    let pages = PackFile::builtin().into_iter().filter(PackFile::is_page);
    let mut all = Vec::new();
    for page in pages {
        let Some(id) = page.rule().map(str::to_owned) else { continue };
        if only.as_ref().is_some_and(|only| *only != *id) {
            continue;
        }
        let cases = cases(&page.text).unwrap();
        all.extend(cases.into_iter().filter(PageCase::is_bad).map(|case| (id.clone(), case)));
    }
    all
}

/// The same case with CRLF line ends in its files.
fn with_crlf(case: &PageCase) -> PageCase {
    let mut case = case.clone();
    for file in &mut case.files {
        file.text = file.text.replace('\n', "\r\n");
    }
    case
}

/// What a second run would do, which is nothing.
fn again(suite: &Suite, id: &str, case: &PageCase, fixed: &Fixed) -> Vec<String> {
    let mut case = case.clone();
    for file in &fixed.files {
        if let Some(known) = case.files.iter_mut().find(|it| *it.path == *file.path) {
            known.text = file.after.to_string();
        }
    }
    for link in &fixed.links {
        case.files.retain(|it| *it.path != *link.path);
        case.files.push(CaseFile {
            path: link.path.to_string(),
            link: Some(link.after.to_string()),
            text: String::new(),
            expected: Vec::new(),
        });
    }
    let more = suite.fixed(&Home::builtin(), id, &case).unwrap();
    let files = more.files.iter().map(|file| format!("changed again:\n{}", file.after));
    files.chain(more.links.iter().map(|link| format!("linked again: {}", link.path))).collect()
}

#[test]
fn fixes_of_all_pages_keep_what_they_promise() {
    let suite = suite();
    let mut table: BTreeMap<String, (usize, usize, BTreeSet<String>)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (id, case) in bad_cases() {
        let fixed = suite.fixed(&Home::builtin(), &id, &case).unwrap();
        let account = fixed.outcome.report.summary.fixes.clone().unwrap();
        let row = table.entry(id.clone()).or_default();
        row.0 += account.fixed;
        row.1 += fixed.left.len();
        row.2.extend(account.refused.iter().cloned());
        row.2.extend(fixed.done.iter().map(|done| format!("+ {}", done.title)));
        let mut found: Vec<String> = fixed.files.iter().flat_map(wrongs).collect();
        found.extend(again(&suite, &id, &case, &fixed));
        let crlf = with_crlf(&case);
        let windows = suite.fixed(&Home::builtin(), &id, &crlf).unwrap();
        found.extend(windows.files.iter().flat_map(wrongs));
        // The same is done, line by line.
        for file in &windows.files {
            let plain = fixed.files.iter().find(|it| it.path == file.path);
            if plain.is_none_or(|it| *it.after != file.after.replace("\r\n", "\n")) {
                found.push(format!("another fix with CRLF:\n{}", file.after));
            }
        }
        wrong.extend(found.into_iter().map(|it| format!("{id}: {}: {it}", case.name)));
    }
    for (id, (done, left, refused)) in &table {
        println!("{id}: {done} fixed, {left} left");
        for it in refused {
            println!("    {it}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// All fixes of a run over the files of a whole repo.
fn fixed_repo(files: Vec<LoadedFile>) -> Fixed {
    let files = FileSet { files, ..FileSet::default() };
    let settings = Settings::default();
    let rules = rule::load_files(&PackFile::builtin(), checks::ALL, &settings).unwrap();
    let today = Date::new(2026, 1, 1).unwrap();
    let input = Input { files, settings, rules, today };
    let history = History { past: &Past::default, base: None, plans: None };
    let wish = Wish { is_unsafe: true, only: Vec::new(), reach: Reach::Repo };
    analysis::fix(input, &history, &Request::default(), &wish).unwrap()
}

fn repo(name: &str) -> Vec<LoadedFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos").join(name);
    Workspace::open(root).unwrap().load().unwrap().files
}

#[test]
fn fixes_of_a_whole_repo_keep_what_they_promise() {
    let files = repo("homelab");
    let fixed = fixed_repo(files.clone());
    assert!(fixed.done.len() > 50, "{} fixes", fixed.done.len());
    let wrong: Vec<String> = fixed.files.iter().flat_map(wrongs).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let left: BTreeSet<Left> = fixed.left.iter().copied().collect();
    // One is refused, and rightly: the bounded pattern would no longer admit an image of another host.
    assert_eq!(left, BTreeSet::from([Left::NoFix, Left::DisplayOnly, Left::Refused]));
    // The same files once more: there is nothing left to do.
    let mut again = files;
    for file in &mut again {
        if let Some(now) = fixed.files.iter().find(|it| it.path == file.path) {
            file.content = Content::Text(now.after.clone());
        }
    }
    let again = fixed_repo(again);
    assert_eq!(again.files, []);
    formatted_live(&fixed.files);
}

/// `terraform fmt` would not change more lines than before, says terraform itself.
fn formatted_live(files: &[FixedFile]) {
    let Ok(directory) = tempfile::tempdir() else { return };
    let lines = |text: &str| {
        let path = directory.path().join("x.tf");
        fs::write(&path, text).unwrap();
        let mut fmt = Command::new("terraform");
        fmt.args(["fmt", "-diff", "-write=false", "x.tf"]).current_dir(directory.path());
        let run = fmt.output().ok()?;
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let is_change = |line: &&str| line.starts_with('-') && !line.starts_with("---");
        run.status.success().then(|| said.lines().filter(is_change).count())
    };
    if lines("a = 1\n").is_none() {
        skipped();
        return;
    }
    for file in files.iter().filter(|file| file.path.ends_with(".tf")) {
        let (before, after) = (lines(&file.before), lines(&file.after));
        assert!(after <= before, "{}: {before:?} {after:?}\n{}", file.path, file.after);
    }
}

#[expect(clippy::print_stdout, reason = "what is skipped must be seen")]
fn skipped() {
    println!("skipped: there is no terraform here");
}

/// A generator of numbers: the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}

/// Files that somebody has been at: white space, comments, line ends and whole lines are not what they were.
fn shaken(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match dice.below(14) {
            0 => out.push_str(&line.replace(" = ", "=")),
            1 => out.push_str(&line.replace(" = ", "   =  ")),
            2 => {
                let extra = " ".repeat(dice.below(5));
                out.extend([&*extra, line]);
            }
            3 if !line.contains(['"', '<']) => out.extend([line, " # said by somebody"]),
            4 => out.extend(["# above\n", line]),
            5 if line.trim() == "lifecycle {" => out.extend([line, " // here"]),
            6 if dice.below(6) == 0 => {}
            _ => out.push_str(line),
        }
        out.push_str(if dice.0.is_multiple_of(7) { "\r\n" } else { "\n" });
    }
    out
}

#[test]
fn whatever_a_file_looks_like_fixes_do_not_break_it() {
    let original = repo("homelab");
    let mut dice = Dice(20_261_126);
    for round in 0..2 {
        let mut files = original.clone();
        for file in files.iter_mut().filter(|file| file.path.ends_with(".tf")) {
            // Evidence must stay, or there is nothing to fix.
            if let (Content::Text(text), false) = (&file.content, file.path.contains("/kyverno/")) {
                file.content = Content::Text(shaken(text, &mut dice).into());
            }
        }
        let fixed = fixed_repo(files);
        assert!(fixed.done.len() > 10, "{} fixes", fixed.done.len());
        let mixed = |file: &&FixedFile| file.before.contains("\r\n");
        let wrong: Vec<String> =
            fixed.files.iter().filter(|it| !mixed(it)).flat_map(wrongs).collect();
        assert!(wrong.is_empty(), "round {round}: {}", wrong.join("\n"));
        for file in fixed.files.iter().filter(mixed) {
            assert!(parse(&file.before).errors.is_empty() || parse(&file.after).errors.is_empty());
            assert!(crooked(&file.path, &file.after) <= crooked(&file.path, &file.before));
        }
        assert!(!fixed.left.contains(&Left::Overlap));
    }
}

/// What settles a difference is held to the same as what settles a diagnostic.
#[test]
fn entries_that_settle_differences_are_laid_out() {
    let paths = [
        "spec[0].template[0].spec[0].dns_config[0].option[0].value",
        "metadata[0].labels[\"tier\"]",
        "spec[0].replicas",
    ]
    .map(|text| drift::Path::parse(text).unwrap());
    let wanted: Vec<_> = paths.iter().zip([Some("ONE"), None, Some("TWO")]).collect();
    for lifecycle in [
        "",
        "\n  lifecycle {}",
        "\n  lifecycle {\n    create_before_destroy = true\n  }",
        "\n  lifecycle {\n    prevent_destroy = true\n    ignore_changes  = [id] # why\n  }",
        "\n  lifecycle {\n    ignore_changes = [metadata[0].labels.tier, id]\n  }",
        "\n  lifecycle {\n    ignore_changes = [\n      id, # why\n      output\n    ]\n  }",
    ] {
        let text = format!(
            "resource \"kubernetes_deployment\" \"web\" {{\n  spec {{\n    replicas = 2\n    template {{\n      spec {{}}\n    }}\n  }}\n  \
             metadata {{\n    name = \"web\"\n  }}{lifecycle}\n}}\n"
        );
        let source =
            SourceFile::new(FileId(0), "main.tf".into(), text.into(), Format::of("main.tf"));
        let sources = [source];
        let repo = Repo::build(&sources, &[]);
        let joiner = Joiner::new(&repo);
        let address = Address::parse("kubernetes_deployment.web").unwrap();
        let found = joiner.find(StackId(0), &address).unwrap();
        for wanted in [&wanted[..1], &wanted[..]] {
            let fix = joiner.ignore(&found, wanted).unwrap();
            let edits = fix.edits.iter();
            let edits: Vec<TextEdit> = edits
                .map(|edit| TextEdit { range: edit.span.range, text: edit.text.clone() })
                .collect();
            let after = fixed_text(&sources[0], &edits).unwrap();
            let is_right =
                |text: &str| parse(text).errors.is_empty() && crooked("main.tf", text) == 0;
            assert!(is_right(&sources[0].text) && is_right(&after), "{after}");
            let kept = comments("main.tf", &sources[0].text);
            assert!(kept.iter().all(|it| comments("main.tf", &after).contains(it)), "{after}");
        }
    }
}
