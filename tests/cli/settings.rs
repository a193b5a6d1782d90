//! `init`, `config show` and `doctor`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::repo::{Repo, Run, run_at};

/// A copy of the fixture repo.
fn homelab() -> Repo {
    let repo = Repo::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/homelab"), repo.path());
    repo
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy(&entry.path(), &to);
        } else if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn found(run: &Run) -> serde_json::Value {
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    value["diagnostics"].clone()
}

#[test]
fn the_settings_that_init_writes_change_nothing() {
    let repo = homelab();
    let settings = repo.path().join("tautline.hcl");
    let _ = fs::remove_file(&settings);
    let before = repo.check(&["--format", "json"]);
    let run = repo.run_in("stacks/wiki", &["init"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("wrote tautline.hcl in "), "{run:?}");
    assert!(run.stdout.contains("\nstacks: 24, `tautline stacks` lists them\n"), "{run:?}");
    assert!(run.stdout.contains(" contains `\"require-trusted-registries\"`\n"), "{run:?}");
    assert!(run.stdout.contains("\nlists:  the repo's own are read in "), "{run:?}");
    // Of the files with lists a few are named: what many rules mean comes before what one of them looks through.
    let lists = run.stdout.split("\nlists:").nth(1).unwrap().split("\n\n").next().unwrap();
    let named: Vec<&str> = lists.lines().skip(1).map(str::trim).collect();
    assert!(named.len() <= 9, "{named:?}");
    let place = |wanted: &str| named.iter().position(|it| it.ends_with(wanted));
    assert!(place("security-policies.tf").is_some(), "{named:?}");
    let after = repo.check(&["--format", "json"]);
    assert_eq!(found(&before), found(&after));
    assert_eq!(before.code, after.code);
    let text = fs::read_to_string(&settings).unwrap();
    assert!(
        text.contains("\n  ingress    = true # ") && text.contains("\n# exclude = ["),
        "{text}"
    );
    // What is only a comment can be switched on as it stands.
    let again = repo.run_in("", &["init"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("is there already, nothing was written"), "{again:?}");
    assert_eq!(fs::read_to_string(&settings).unwrap(), text);
}

#[test]
fn a_repo_that_lives_by_no_pack_is_told_how_to_try_one() {
    let try_one = "`tautline check --rule PACK` tries a pack that is off; in tautline.hcl, take the `#` away before";
    for (files, next) in [
        ([("notes.txt", "x\n")].as_slice(), "\n\nnext: `tautline check --rule PACK`"),
        (&[("main.tf", "locals {}\n")], "\n\nnext: `tautline check`; when"),
    ] {
        let run = Repo::new(files).run_in("", &["init"]);
        assert!(run.stdout.contains(try_one) && run.stdout.contains(next), "{run:?}");
    }
}

#[test]
fn the_examples_that_init_writes_can_be_read() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    assert_eq!(repo.run_in("", &["init"]).code, 0);
    let path = repo.path().join("tautline.hcl");
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(repo.check(&[]).code, 0);
    let (packs, examples) = text.split_once("\n}\n").unwrap();
    let examples: Vec<&str> = examples
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with([' ', '}']) || line.ends_with('{') || line.contains(" = "))
        .map(
            |line| {
                if ["baseline", "pack_d"].iter().any(|word| line.contains(word)) {
                    ""
                } else {
                    line
                }
            },
        )
        .collect();
    let real = examples.join("\n").replace("pack/rule", "hygiene/dead-module");
    let real = real.replace(
        "params \"pack\" {\n  name = [\"value\"]",
        "params \"storage\" {\n  threshold_max_percent = 30",
    );
    fs::write(&path, format!("{packs}\n}}\n{real}\n")).unwrap();
    let run = repo.check(&[]);
    assert_eq!(run.code, 0, "{run:?}\n{real}");
}

#[test]
fn every_setting_is_shown_with_its_origin() {
    let repo = Repo::new(&[
        ("stacks/a/main.tf", "locals {}\n"),
        (
            "tautline.hcl",
            "packs {\n  image = false\n}\nexclude = [\"vendor/**\"]\nrule \"hygiene/dead-module\" {\n  severity = \"off\"\n}\n\
             params \"storage\" {\n  threshold_max_percent = 30\n}\n\
             override {\n  paths = [\"stacks/a\"]\n  rule \"yaml/broken-yaml\" {\n    severity = \"info\"\n  }\n}\n\
             drift {\n  timeout = \"90s\"\n  skip \"b\" {\n    reason = \"r\"\n    until  = \"2999-01-01\"\n  }\n}\n",
        ),
    ]);
    let run = repo.run_in("stacks", &["config", "show"]);
    assert_eq!(run.code, 0, "{run:?}");
    let root = repo.path().canonicalize().unwrap();
    for line in [
        &*format!(
            "root = {:?}  # default: the nearest directory upwards with `tautline.hcl`",
            root.to_str().unwrap()
        ),
        "settings = \"tautline.hcl\"  # default: it is in the root",
        "baseline = \"tautline.baseline.jsonl\"  # default: there is none",
        "exclude[] = \"vendor/**\"  # tautline.hcl:4",
        "packs.image = false  # tautline.hcl:2",
        "packs.ingress = false  # default: `packs` does not name it",
        "packs.tautline = true  # default: always on",
        "params.storage.threshold_max_percent = 30  # tautline.hcl:9",
        "rule.hygiene/dead-module.severity = \"off\"  # tautline.hcl:6",
        "override[stacks/a].rule.yaml/broken-yaml.severity = \"info\"  # tautline.hcl:14",
        "drift.timeout = \"1m30s\"  # tautline.hcl:18",
        "drift.skip.b = {\"reason\":\"r\",\"until\":\"2999-01-01\"}  # tautline.hcl:19",
    ] {
        assert!(run.stdout.lines().any(|it| it == line), "`{line}` is not in {}", run.stdout);
    }
    assert!(!run.stdout.contains("params.image."), "{run:?}");
    assert!(run.stdout.trim_end().ends_with("defaults not shown: `--all`"), "{run:?}");
    let all = repo.run_in("", &["config", "show", "--all"]);
    assert!(
        all.stdout.contains(
            "\nrule.image/untrusted-registry.severity = \"error\"  # default: its entry\n"
        ),
        "{all:?}"
    );
    assert!(all.stdout.contains("  # default: rules/image/pack.hcl:"), "{all:?}");
    let json = repo.run_in("", &["config", "show", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let entry = |key: &str| {
        let mut all = value["settings"].as_array().unwrap().iter();
        all.find(|it| it["key"] == key).cloned().unwrap()
    };
    assert_eq!(
        entry("params.storage.threshold_max_percent"),
        serde_json::json!({ "key": "params.storage.threshold_max_percent", "value": 30, "source": "file", "from": "tautline.hcl:9" })
    );
    let typed = repo.run_in("", &["config", "show", "--config", "tautline.hcl"]);
    assert!(
        typed.stdout.contains("settings = \"tautline.hcl\"  # command line: --config\n"),
        "{typed:?}"
    );
}

#[test]
fn the_doctor_says_what_looks_wrong() {
    let repo =
        Repo::new(&[("README.md", "secret = \"hunter2\"\n"), ("tautline.hcl", "exlude = []\n")]);
    repo.write("tautline.baseline.jsonl", "nonsense\n");
    let run = repo.run_in("", &["doctor"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.starts_with(concat!("tautline  ", env!("CARGO_PKG_VERSION"), " (")),
        "{run:?}"
    );
    assert!(
        run.stdout.contains("(the nearest directory upwards with `tautline.hcl`)\n"),
        "{run:?}"
    );
    assert!(
        run.stdout.contains("tautline.hcl:1:1: unknown key `exlude` in tautline.hcl\n"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("hunter2"), "{run:?}");
    repo.write("tautline.hcl", "");
    let run = repo.run_in("", &["doctor"]);
    assert!(
        run.stdout.contains("the baseline: tautline.baseline.jsonl:1:1: a baseline starts with"),
        "{run:?}"
    );
    assert!(run.stdout.contains("there is no Terraform or Terragrunt file here"), "{run:?}");
    assert!(run.stdout.contains("no pack is on"), "{run:?}");
}

#[test]
fn the_doctor_sees_that_a_stack_was_renamed_and_an_override_was_not() {
    let off = "  rule \"image/floating-tag\" {\n    severity = \"off\"\n  }\n";
    let settings = format!("override {{\n  paths = [\"stacks/old/**\"]\n{off}}}\n");
    let repo = Repo::new(&[("tautline.hcl", &settings), ("stacks/new/main.tf", "locals {}\n")]);
    let said = "the `override` at tautline.hcl:3 is for paths where no file is";
    let run = repo.run_in("", &["doctor"]);
    assert!(run.stdout.contains(said), "{run:?}");
    repo.write("tautline.hcl", settings.replace("old", "new"));
    let run = repo.run_in("", &["doctor"]);
    assert!(!run.stdout.contains("override` at"), "{run:?}");
}

#[test]
fn the_doctor_names_what_exclude_leaves_out_of_nothing() {
    let settings =
        "exclude = [\n  \"vendor/\",\n  \"stacks/*/dump.json\",\n  \"stacks/old/**\",\n]\n";
    let repo = Repo::new(&[
        ("tautline.hcl", settings),
        ("vendor/a/main.tf", "locals {}\n"),
        ("stacks/new/main.tf", "locals {}\n"),
        ("stacks/new/dump.json", "{}\n"),
    ]);
    let run = repo.run_in("", &["doctor"]);
    let said =
        "`stacks/old/**` of `exclude` at tautline.hcl:4 leaves nothing out: was something moved?";
    assert!(run.stdout.contains(said), "{run:?}");
    assert_eq!(run.stdout.matches("leaves nothing out").count(), 1, "{run:?}");
}

#[test]
fn the_doctor_finds_nothing_wrong_where_nothing_is() {
    let repo = homelab();
    for arguments in [&["init", "-q"][..], &["add", "."]] {
        let done = Command::new("git").args(arguments).current_dir(repo.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }
    let run = run_at(&repo.path().join("stacks/wiki"), &["doctor"]);
    assert!(run.stdout.ends_with("\nnothing looks wrong\n"), "{run:?}");
    assert!(run.stdout.contains("no commit yet"), "{run:?}");
    assert!(run.stdout.contains("git-crypt"), "{run:?}");
}

#[test]
fn at_the_top_of_several_projects_the_settings_below_are_named() {
    let files = [
        ("infra/tautline.hcl", "packs {\n  nfs = \"always\"\n}\n"),
        ("infra/stacks/a/main.tf", "locals {\n  a = 1\n}\n"),
        ("app/main.tf", "locals {\n  a = 1\n}\n"),
    ];
    let top = Repo::new(&files).check(&[]);
    let said = "`infra/tautline.hcl` holds for what is below it: `tautline check infra`";
    assert!(top.stdout.contains(said), "{top:?}");
    assert!(!top.stderr.contains(said), "{top:?}");
    let below = Repo::new(&files).check(&["infra"]);
    assert!(!below.stderr.contains(said) && !below.stdout.contains(said), "{below:?}");
    let two = Repo::new(&[&files[..], &[("zoo/tautline.hcl", "")]].concat()).check(&[]);
    let said =
        "`infra/tautline.hcl` and 1 more hold for what is below each: `tautline check infra`";
    assert!(two.stdout.contains(said), "{two:?}");
}

#[test]
fn who_answers_for_an_exception_is_shown() {
    let settings = "drift {\n  acknowledge \"blog is small\" {\n    stack = \"blog\"\n    reason = \"until the move\"\n    \
                    until = \"2027-01-31\"\n    owner = \"platform\"\n  }\n}\n\
                    waiver \"image/floating-tag\" {\n  paths = [\"stacks/blog/**\"]\n  reason = \"until the move\"\n  \
                    until = \"2027-01-31\"\n  owner = \"media\"\n}\n";
    let repo = Repo::new(&[("tautline.hcl", settings), ("stacks/blog/main.tf", "locals {}\n")]);
    let shown = repo.run_in("", &["config", "show"]).stdout;
    for owner in ["\"owner\":\"platform\"", "\"owner\":\"media\""] {
        assert!(shown.contains(owner), "{shown}");
    }
}

#[test]
fn settings_under_a_hidden_name_are_not_read_and_it_is_said_once() {
    let notes = |run: &Run| -> Vec<String> {
        run.stderr
            .lines()
            .filter_map(|line| line.strip_prefix("note: ").map(str::to_owned))
            .collect()
    };
    let repo = Repo::new(&[
        ("stacks/a/main.tf", "locals {}\n"),
        (".tautline.hcl", "exclude = [\"stacks\"]\n"),
    ]);
    let note = "`.tautline.hcl` is not read: `mv .tautline.hcl tautline.hcl` makes it the settings";
    for run in [repo.check(&[]), repo.check_in("stacks/a", &[]), repo.check(&["stacks/a/main.tf"])]
    {
        assert_eq!((run.code, notes(&run)), (0, vec![note.to_owned()]), "{run:?}");
    }
    for quiet in [["--quiet"].as_slice(), &["--config", ".tautline.hcl"]] {
        assert!(notes(&repo.check(quiet)).is_empty());
    }
    let json = repo.check(&["--format", "json"]);
    assert!(serde_json::from_str::<serde_json::Value>(&json.stdout).is_ok(), "{json:?}");
    let doctor = repo.run_in("", &["doctor"]);
    assert!(doctor.stdout.contains("`.tautline.hcl` is not read"), "{doctor:?}");
    repo.write("tautline.hcl", "");
    let both = repo.check(&[]);
    assert_eq!(notes(&both), ["`.tautline.hcl` is not read: the settings are `tautline.hcl`"]);
    let other = Repo::new(&[
        ("stacks/a/main.tf", "locals {}\n"),
        ("stacks/a/.tautline.hcl", "exclude = []\n"),
    ]);
    assert!(notes(&other.check(&[])).is_empty());
    let within = notes(&other.check_in("stacks/a", &[]));
    assert!(within[0].starts_with("`stacks/a/.tautline.hcl` is not read"), "{within:?}");
    let json = Repo::new(&[("stacks/a/main.tf", "locals {}\n"), ("tautline.hcl.json", "{}\n")]);
    let note = "`tautline.hcl.json` is not read: write the settings as HCL, into `tautline.hcl`";
    assert_eq!(notes(&json.check(&[])), [note]);
    json.write("tautline.hcl", "");
    assert!(notes(&json.check(&[])).is_empty());
}
