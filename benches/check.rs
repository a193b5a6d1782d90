//! How long checking takes, against the floor of only reading and parsing the same files. `docs/benchmarks.md` has the
//! figures and what they are held against.

#![expect(clippy::disallowed_methods, reason = "benchmarks start the binary and generate a repo")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say so at once")]

mod generate;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock};

use divan::{Bencher, black_box};
use mimalloc::MiMalloc;
use rayon::prelude::*;
use tautline::analysis::{self, Input, Outcome, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::model::Repo;
use tautline::report::{self, View};
use tautline::rule::{self, RuleSet};
use tautline::syntax::{Date, Format, SourceFile};
use tautline::text::FileId;
use tautline::workspace::{Content, FileSet, LoadedFile, Workspace};

/// The one that the program has.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How many times over the repo is there.
const COPIES: [usize; 3] = [1, 4, 16];

fn main() {
    divan::main();
}

/// The generated repo, written once in each run.
fn root(copies: usize) -> PathBuf {
    static WRITTEN: OnceLock<Mutex<Vec<usize>>> = OnceLock::new();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("repo-{copies}"));
    let mut written = WRITTEN.get_or_init(Mutex::default).lock().unwrap();
    if !written.contains(&copies) {
        generate::repo(&root, copies).unwrap();
        written.push(copies);
    }
    root
}

fn load(root: &Path) -> FileSet {
    Workspace::open(root.to_owned()).unwrap().load().unwrap()
}

fn rules() -> RuleSet {
    rule::load(rule::builtin_files(), checks::ALL, &Settings::default()).unwrap()
}

/// Parses what is HCL, with all cores.
fn parse(files: FileSet) -> Vec<SourceFile> {
    let texts = files.files.into_par_iter().filter_map(|file| match file.content {
        Content::Text(text) => Some((file.path, text)),
        Content::Skipped(_) => None,
    });
    let texts: Vec<_> = texts.collect();
    let numbered = texts.into_par_iter().enumerate();
    let sources = numbered.map(|(number, (path, text))| {
        let format = Format::of(&path);
        SourceFile::new(FileId(number as u32), path, text, format)
    });
    sources.collect()
}

fn check(root: &Path) -> (Outcome, String) {
    let input = Input {
        files: load(root),
        settings: Settings::default(),
        rules: rules(),
        today: Date::parse("2026-09-01").unwrap(),
    };
    let request = Request::default();
    let outcome = analysis::check(input, &request).unwrap();
    let json = report::json(&View::new(&outcome.report, &outcome.sources, &outcome.redacted));
    (outcome, json)
}

/// A fresh process; its output is read to the end.
fn process(root: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
    command.args(["check", "--format", "json"]).args(arguments).current_dir(root);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "the run failed");
    black_box(output);
}

/// The floor: reading all files and parsing the HCL among them.
#[divan::bench(args = COPIES)]
fn floor_read_and_parse(bencher: Bencher<'_, '_>, copies: usize) {
    let root = root(copies);
    bencher.bench_local(|| parse(load(&root)));
}

/// The same with the parser that everybody knows.
#[divan::bench]
fn floor_with_hcl_edit(bencher: Bencher<'_, '_>) {
    let root = root(1);
    let parse = |file: &LoadedFile| match (&file.content, Format::of(&file.path)) {
        (Content::Text(text), Format::Hcl(_)) => hcl_edit::parser::parse_body(text).ok(),
        _ => None,
    };
    bencher.bench_local(|| load(&root).files.par_iter().map(parse).collect::<Vec<_>>());
}

#[divan::bench]
fn read_only(bencher: Bencher<'_, '_>) {
    let root = root(1);
    bencher.bench_local(|| load(&root));
}

/// Everything, from opening the root to the report's bytes.
#[divan::bench(args = COPIES)]
fn whole_repo(bencher: Bencher<'_, '_>, copies: usize) {
    let root = root(copies);
    bencher.bench_local(|| check(&root));
}

#[divan::bench]
fn whole_repo_process(bencher: Bencher<'_, '_>) {
    let root = root(1);
    bencher.bench_local(|| process(&root, &[]));
}

#[divan::bench]
fn stack_process_with_facts_of_the_stack(bencher: Bencher<'_, '_>) {
    let (root, stack) = (root(1), generate::stack_name(0, 77));
    bencher.bench_local(|| process(&root, &["--stack", &stack, "--facts", "stack"]));
}

#[divan::bench]
fn stack_process_with_all_facts(bencher: Bencher<'_, '_>) {
    let (root, stack) = (root(1), generate::stack_name(0, 77));
    bencher.bench_local(|| process(&root, &["--stack", &stack]));
}

#[divan::bench]
fn packs(bencher: Bencher<'_, '_>) {
    bencher.bench_local(rules);
}

#[divan::bench(args = COPIES)]
fn model(bencher: Bencher<'_, '_>, copies: usize) {
    let sources = parse(load(&root(copies)));
    bencher.bench_local(|| {
        black_box(Repo::build(&sources, &[]));
    });
}
