//! `check --fix` and what goes with it: what is written, what is not, and what is said about it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::repo::Repo;
use crate::since::git;

const SETTINGS: &str = "packs {\n  ingress = true\n  kyverno = true\n}\n";

/// What the packs look for.
const FACTORY: &str = "\
# KYVERNO_LIFECYCLE_V1
variable \"name\" {}

variable \"auth\" {
  default = \"required\"
  validation {
    condition     = contains([\"required\", \"app\", \"public\", \"none\"], var.auth)
    error_message = \"no such tier\"
  }
}
";

const CALL: &str = "\
module \"ingress\" {
  source = \"../../modules/kubernetes/ingress_factory\"
  name   = \"blog\"
  auth   = \"none\" # a public blog
}
";

const WORKLOAD: &str = "\
resource \"kubernetes_deployment\" \"blog\" {
  metadata {
    name = \"blog\"
  }
  spec {
    replicas = 1
  }
}
";

fn repo(main: &str) -> Repo {
    Repo::new(&[
        ("tautline.hcl", SETTINGS),
        ("modules/kubernetes/ingress_factory/main.tf", FACTORY),
        ("stacks/blog/main.tf", main),
    ])
}

fn main_tf(repo: &Repo) -> String {
    fs::read_to_string(repo.path().join("stacks/blog/main.tf")).unwrap()
}

#[test]
fn a_pack_that_a_fix_gives_evidence_for_has_its_fixes_too() {
    let pack = |evidence: &str| {
        format!(
            "summary = \"p\"\napplies_when {{\n  file {{\n    path     = \"stacks/**/*.tf\"\n    \
             contains = \"{evidence}\"\n  }}\n}}\n"
        )
    };
    let rule = |path: &str, value: &str| {
        format!(
            "summary  = \"x\"\nseverity = \"error\"\nselect \"resource\" {{ types = [\"thing\"] }}\n\
             require \"it\" {{\n  path   = \"{path}\"\n  equals = \"{value}\"\n  fix {{ set = {{ \"{path}\" = \"{value}\" }} }}\n}}\n\
             case \"it\" {{ message = \"wrong\" }}\n"
        )
    };
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\n"),
        ("rules/first/pack.hcl", &pack("resource")),
        ("rules/first/a.hcl", &rule("a", "MARKED")),
        ("rules/second/pack.hcl", &pack("MARKED")),
        ("rules/second/b.hcl", &rule("b", "two")),
        ("stacks/blog/main.tf", "resource \"thing\" \"t\" {\n  a = \"no\"\n  b = \"no\"\n}\n"),
    ]);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("2 fixed in 1 file"), "{run:?}");
    let fixed = "resource \"thing\" \"t\" {\n  a = \"MARKED\"\n  b = \"two\"\n}\n";
    assert_eq!(main_tf(&repo), fixed);
    let again = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(main_tf(&repo), fixed, "{again:?}");
}

#[test]
fn safe_fixes_are_written_and_the_rest_is_told() {
    let repo = repo(&format!("{CALL}\n{WORKLOAD}"));
    let before = repo.check(&[]);
    let offer = "1 can be fixed with `--fix`, 1 more with `--unsafe-fixes`\n";
    assert!(before.stdout.contains(offer), "{before:?}");
    let run = repo.check(&["--fix"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("\n1 fixed in 1 file, 1 left: 1 unsafe\n"), "{run:?}");
    let fixed = CALL.replace(
        "  auth   = \"none\" # a public blog\n",
        "  # auth = \"none\": a public blog\n  auth = \"none\"\n",
    );
    assert_eq!(main_tf(&repo), format!("{fixed}\n{WORKLOAD}"));
    let all = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert!(all.stdout.contains("\n1 fixed in 1 file\n"), "{all:?}");
    let text = main_tf(&repo);
    assert!(text.ends_with(
        "  lifecycle {\n    ignore_changes = [spec[0].template[0].spec[0].dns_config] # KYVERNO_LIFECYCLE_V1\n  }\n}\n"
    ) || text.contains("ignore_changes = [spec[0].template] # KYVERNO_LIFECYCLE_V1"), "{text}");
    let again = repo.check(&["--fix", "--unsafe-fixes"]);
    assert!(again.stdout.contains("\n0 fixed\n"), "{again:?}");
    assert_eq!(main_tf(&repo), text);
}

#[test]
fn a_diff_changes_nothing_and_git_applies_it() {
    let repo = repo(&format!("{CALL}\n{WORKLOAD}"));
    let run = repo.check(&["--diff", "--unsafe-fixes"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("diff --git a/stacks/blog/main.tf b/stacks/blog/main.tf\n"));
    assert!(run.stderr.starts_with("2 would be fixed in 1 file\n"), "{run:?}");
    assert_eq!(main_tf(&repo), format!("{CALL}\n{WORKLOAD}"));
    repo.write("fixes.patch", &run.stdout);
    let applied = Command::new("git")
        .args(["apply", "fixes.patch"])
        .current_dir(repo.path())
        .status()
        .unwrap();
    assert!(applied.success());
    let clean = repo.check(&["--diff", "--unsafe-fixes"]);
    assert_eq!((clean.code, clean.stdout.as_str()), (0, ""), "{clean:?}");
}

/// A stack that calls a module which reads certificates beside it.
fn unlinked() -> Repo {
    let module = "variable \"tls_crt\" {\n  default = \"\"\n}\n";
    Repo::new(&[
        ("tautline.hcl", "packs {\n  secrets = \"always\"\n}\n"),
        ("secrets/fullchain.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("modules/setup_tls_secret/main.tf", module),
        (
            "stacks/blog/main.tf",
            "module \"tls\" {\n  source = \"../../modules/setup_tls_secret\"\n}\n",
        ),
    ])
}

const LINKS: [&str; 2] = ["--fix-only", "secrets/unlinked-certificates"];

fn link(repo: &Repo) -> Option<String> {
    let link = fs::read_link(repo.path().join("stacks/blog/secrets")).ok()?;
    Some(link.to_str().unwrap().to_owned())
}

#[test]
fn a_link_that_is_missing_is_made_and_one_to_elsewhere_is_turned() {
    for older in [None, Some("../nowhere")] {
        let repo = unlinked();
        if let Some(older) = older {
            symlink(older, repo.path().join("stacks/blog/secrets")).unwrap();
        }
        let safe = repo.check(&["--fix", LINKS[0], LINKS[1]]);
        assert_eq!(link(&repo).as_deref(), older, "{safe:?}");
        let diff = repo.check(&["--diff", "--unsafe-fixes", LINKS[0], LINKS[1]]);
        assert_eq!((diff.code, link(&repo).as_deref()), (1, older), "{diff:?}");
        let run = repo.check(&["--stack", "blog", "--fix", "--unsafe-fixes", LINKS[0], LINKS[1]]);
        assert!(run.stdout.contains("1 fixed in 1 file"), "{run:?}");
        assert!(!run.stdout.contains("unlinked-certificates"), "{run:?}");
        assert_eq!(link(&repo).as_deref(), Some("../../secrets"));
        let entries = fs::read_dir(repo.path().join("stacks/blog")).unwrap().count();
        assert_eq!(entries, 2, "something was left behind");
        // What `--diff` shows does the same.
        let other = unlinked();
        if let Some(older) = older {
            symlink(older, other.path().join("stacks/blog/secrets")).unwrap();
        }
        other.write("fixes.patch", &diff.stdout);
        let mut git = Command::new("git");
        let applied = git.args(["apply", "fixes.patch"]).current_dir(other.path()).status();
        assert!(applied.unwrap().success(), "{}", diff.stdout);
        assert_eq!(link(&other).as_deref(), Some("../../secrets"));
    }
}

#[test]
fn no_link_is_made_for_a_buffer_or_over_what_is_there() {
    let repo = unlinked();
    let arguments =
        ["--fix", "--unsafe-fixes", "--stdin-filename", "stacks/blog/main.tf", "--format", "json"];
    let text = main_tf(&repo);
    let run = repo.check_stdin(&arguments, text.as_bytes());
    assert_eq!((run.code, link(&repo)), (1, None), "{run:?}");
    // An empty directory is nothing that a listing shows.
    fs::create_dir(repo.path().join("stacks/blog/secrets")).unwrap();
    let run = repo.check(&["--fix", "--unsafe-fixes", LINKS[0], LINKS[1]]);
    assert_eq!(run.code, 2, "{run:?}");
    let told = "stacks/blog/secrets: not fixed: something else is there";
    assert!(run.stderr.contains(told), "{run:?}");
    assert!(run.stdout.contains("0 fixed, "), "{run:?}");
    let diff = repo.check(&["--diff", "--unsafe-fixes", LINKS[0], LINKS[1]]);
    assert_eq!((diff.code, diff.stdout.as_str()), (0, ""), "{diff:?}");
    let told = "stacks/blog/secrets is not in the patch: something else is there";
    assert!(diff.stderr.contains(told), "{diff:?}");
    assert!(diff.stderr.contains("1 in files that could not be written"), "{diff:?}");
}

#[test]
fn only_the_rules_asked_for_are_fixed() {
    let repo = repo(&format!("{CALL}\n{WORKLOAD}"));
    let run = repo.check(&["--fix", "--unsafe-fixes", "--fix-only", "kyverno"]);
    assert!(run.stdout.contains("\n1 fixed in 1 file, 1 left: 1 of other rules\n"), "{run:?}");
    assert!(main_tf(&repo).starts_with(CALL));
    let wrong = repo.check(&["--fix", "--fix-only", "kyvrno"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("did you mean `kyverno`?"), "{wrong:?}");
    for words in [["--unsafe-fixes", "--quiet"], ["--fix-only", "kyverno"]] {
        let run = repo.check(&words);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(&format!("`--fix {}` applies them", words[0])), "{run:?}");
    }
}

#[test]
fn what_is_silenced_is_left_alone() {
    let text = CALL.replace(
        "module \"ingress\"",
        "# tautline: ignore[ingress/missing-auth-comment] -- it is being rewritten\nmodule \"ingress\"",
    );
    let repo = repo(&text);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(main_tf(&repo), text);
}

#[test]
fn mode_and_line_ends_stay() {
    let repo = repo(&CALL.replace('\n', "\r\n"));
    let path = repo.path().join("stacks/blog/main.tf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).unwrap();
    let run = repo.check(&["--fix"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o750);
    let text = main_tf(&repo);
    assert!(text.contains("  # auth = \"none\": a public blog\r\n  auth = \"none\"\r\n}\r\n"));
    assert!(!text.replace("\r\n", "").contains('\n'));
    let names = fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(names, 1, "something was left behind");
}

#[test]
fn a_file_that_must_not_be_written_to_is_not() {
    let repo = repo(CALL);
    let path = repo.path().join("stacks/blog/main.tf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let run = repo.check(&["--fix"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("stacks/blog/main.tf: not fixed: it is read-only"), "{run:?}");
    assert!(run.stdout.contains("\n0 fixed, 1 left: 1 in files that could not be written\n"));
    assert_eq!(main_tf(&repo), CALL);
    // What is reported is what is on the disk.
    let found = |text: &str| text.lines().any(|line| line.starts_with("1 error,"));
    assert!(found(&run.stdout) && run.stdout.contains("stacks/blog/main.tf:"), "{run:?}");
    assert!(found(&repo.check(&[]).stdout));
}

#[test]
fn a_buffer_comes_back_fixed() {
    let repo = repo("locals {}\n");
    let arguments = ["--fix", "--stdin-filename", "stacks/blog/main.tf"];
    let run = repo.check_stdin(&arguments, format!("{CALL}\n{WORKLOAD}").as_bytes());
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("  # auth = \"none\": a public blog\n  auth = \"none\"\n"));
    assert!(run.stdout.ends_with(WORKLOAD), "{run:?}");
    assert!(run.stderr.starts_with("stacks/blog/main.tf:8:1: error kyverno/"), "{run:?}");
    assert_eq!(main_tf(&repo), "locals {}\n");
    let no_text = repo.check_stdin(&arguments, b"\xff\xfe bad");
    assert_eq!((no_text.code, &*no_text.stdout), (2, "\u{fffd}\u{fffd} bad"), "{no_text:?}");
    let untouched = repo.check_stdin(&arguments, b"locals {\n  a = \n}\n");
    assert_eq!(untouched.stdout, "locals {\n  a = \n}\n", "{untouched:?}");
    let binary = repo.check_stdin(&arguments, b"locals {}\n\0");
    assert_eq!((binary.code, &*binary.stdout), (1, "locals {}\n\0"), "{binary:?}");
    // An editor puts what is printed in the place of the buffer, whatever the exit code.
    let sealed = "a: ENC[AES256_GCM,data:x]\nsops:\n  mac: y\n  version: 3.9.0\n";
    repo.write("tautline.hcl", "exclude = [\"out/**\"]\n");
    for path in ["secrets.yaml", "out/main.tf"] {
        let run = repo.check_stdin(&["--fix", "--stdin-filename", path], sealed.as_bytes());
        assert_eq!((run.code, &*run.stdout), (2, sealed), "{path}: {run:?}");
    }
}

#[test]
fn a_patch_has_no_format() {
    let repo = repo(&format!("{CALL}\n{WORKLOAD}"));
    let run = repo.check(&["--diff", "--format", "sarif"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`--diff` prints a patch, and no report"), "{run:?}");
    let run = repo.check(&["--diff", "--format", "text", "--output-file", "json=report.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("diff --git a/"), "{run:?}");
    assert!(repo.path().join("report.json").is_file());
}

#[test]
fn a_diff_shows_no_secret() {
    let secret = "locals {\n  db_password = \"correct-horse\"\n}\n";
    let repo = repo(&format!("{CALL}{secret}"));
    let run = repo.check(&["--diff"]);
    assert!(!run.stdout.contains("correct-horse"), "{run:?}");
    assert!(!run.stdout.is_empty(), "{run:?}");
    assert!(run.stdout.lines().all(|line| line.starts_with("# ")), "{run:?}");
    assert!(
        run.stderr.contains("the patch only shows what changes in stacks/blog/main.tf"),
        "{run:?}"
    );
    repo.check(&["--fix"]);
    assert!(main_tf(&repo).ends_with(secret));
}

/// The lines that `stream` gives, as they come.
fn lines_of(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    lines
}

/// A `check --watch` that is running.
struct Watch {
    child: Child,
    // Each by itself: which of the two is read first is chance.
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Watch {
    fn of(repo: &Repo, args: &[&str]) -> Watch {
        let mut command = repo.command("", &["check", "--watch", "--format", "concise"]);
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stdout = lines_of(child.stdout.take().unwrap());
        let stderr = lines_of(child.stderr.take().unwrap());
        let watch = Watch { child, stdout, stderr };
        watch.rests();
        watch
    }

    fn rests(&self) {
        await_line(&self.stderr, "waiting for a change");
    }

    /// Waits for the finding, and for the end of the check that found it.
    fn finds(&self, wanted: &str) {
        await_line(&self.stdout, wanted);
        self.rests();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn await_line(lines: &Receiver<String>, wanted: &str) {
    while !lines.recv_timeout(Duration::from_secs(30)).expect(wanted).contains(wanted) {}
}

#[test]
fn a_change_makes_a_watched_repo_be_checked_again() {
    let repo = repo("locals {}\n");
    let watch = Watch::of(&repo, &[]);
    // What git would not list does not count, and a directory that is new does.
    repo.write(".terraform/x.tf", "locals {");
    repo.write("stacks/wiki/main.tf", CALL);
    watch.finds("stacks/wiki/main.tf:4:12: error ingress/missing-auth-comment");
    fs::remove_file(repo.path().join("stacks/wiki/main.tf")).unwrap();
    repo.write("stacks/blog/main.tf", CALL);
    watch.finds("stacks/blog/main.tf:4:12: error ingress/missing-auth-comment");
}

#[test]
fn a_watch_sees_a_file_come_back_that_was_the_only_one_of_its_directory() {
    let repo = repo("locals {}\n");
    let watch = Watch::of(&repo, &[]);
    fs::remove_file(repo.path().join("stacks/blog/main.tf")).unwrap();
    watch.rests();
    repo.write("stacks/blog/main.tf", CALL);
    watch.finds("stacks/blog/main.tf:4:12: error ingress/missing-auth-comment");
}

/// How often the threads of a process have gone to sleep, and so how often they woke up.
#[cfg(target_os = "linux")]
fn sleeps(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).unwrap();
    let of_thread = |status: String| {
        let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        count.unwrap().trim().parse::<u64>().unwrap()
    };
    let statuses = threads.map(|it| fs::read_to_string(it.unwrap().path().join("status")).unwrap());
    statuses.map(of_thread).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn where_nothing_changes_nothing_is_done() {
    let repo = repo("locals {}\n");
    let watch = Watch::of(&repo, &[]);
    // Whoever reads a file changes nothing. One look at the repo follows upon what was written before.
    fs::read(repo.path().join("stacks/blog/main.tf")).unwrap();
    let mut before = sleeps(watch.child.id());
    for _ in 0..60 {
        thread::sleep(Duration::from_millis(500));
        if before == std::mem::replace(&mut before, sleeps(watch.child.id())) {
            break;
        }
    }
    thread::sleep(Duration::from_secs(2));
    let since = sleeps(watch.child.id()) - before;
    assert!(since <= 5, "woke up {since} times");
}

#[test]
fn a_watch_sees_what_comes_in_roundabout_ways() {
    let repo = repo("locals {}\n");
    let elsewhere = tempfile::tempdir().unwrap();
    let settings = elsewhere.path().join("tautline.hcl");
    let config = ["--config", settings.to_str().unwrap()];
    let at = |path: &str| repo.path().join(path);
    let on = "packs {\n  ingress = true\n}\n";
    fs::write(&settings, on).unwrap();
    let watch = Watch::of(&repo, &config);
    // Directories that were empty at first, one of them hidden.
    for directory in ["stacks/wiki/deep", ".ci"] {
        fs::create_dir_all(at(directory)).unwrap();
        thread::sleep(Duration::from_millis(300));
        repo.write(&format!("{directory}/main.tf"), "locals {\n");
        watch.finds(&format!("{directory}/main.tf:1:1: error tautline/syntax-error"));
        fs::remove_dir_all(at(directory)).unwrap();
        watch.rests();
    }
    // A directory in the place of another, and then a file in it.
    repo.write("new/main.tf", "locals {}\n# the same\n");
    watch.rests();
    fs::rename(at("stacks/blog"), elsewhere.path().join("blog")).unwrap();
    fs::rename(at("new"), at("stacks/blog")).unwrap();
    watch.rests();
    repo.write("stacks/blog/main.tf", CALL);
    watch.finds("stacks/blog/main.tf:4:12: error ingress/missing-auth-comment");
    // A link to nothing.
    symlink("nothing.tf", at("stacks/blog/link.tf")).unwrap();
    watch.finds("stacks/blog/link.tf:1:1: error tautline/");
    // Settings that lie elsewhere.
    fs::write(&settings, on.replace("ingress", "ingres")).unwrap();
    await_line(&watch.stderr, "unknown pack `ingres`");
}

#[test]
fn a_watch_sees_that_something_else_is_compared() {
    let repo = repo("locals {}\n");
    let git = |arguments: &[&str]| git(repo.path(), arguments);
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "begin"]);
    git(&["branch", "trunk/next"]);
    repo.write("stacks/blog/main.tf", CALL);
    let finding = "stacks/blog/main.tf:4:12: error ingress/missing-auth-comment";
    let watch = Watch::of(&repo, &["--since", "trunk/next"]);
    await_line(&watch.stdout, finding);
    // A commit, after which the other branch still lacks the change; no file is touched.
    git(&["commit", "--quiet", "--all", "--message", "change"]);
    watch.finds(finding);
    // The other branch comes to have it, as after a fetch, and is then set back.
    git(&["branch", "--force", "trunk/next", "HEAD"]);
    watch.rests();
    git(&["branch", "--force", "trunk/next", "HEAD~"]);
    watch.finds(finding);
}

#[test]
fn a_watch_waits_for_packs_that_are_gone() {
    let repo = repo("locals {}\n");
    let elsewhere = tempfile::tempdir().unwrap();
    let (packs, aside) = (elsewhere.path().join("more/packs"), elsewhere.path().join("aside"));
    fs::create_dir_all(packs.join("own")).unwrap();
    fs::write(packs.join("own/pack.hcl"), "summary = \"own\"\n").unwrap();
    let watch = Watch::of(&repo, &["--packs", packs.to_str().unwrap()]);
    fs::rename(&packs, &aside).unwrap();
    await_line(&watch.stderr, "more/packs");
    watch.rests();
    // Gone is also what it lay in, and comes with it.
    fs::remove_dir(packs.parent().unwrap()).unwrap();
    fs::create_dir(packs.parent().unwrap()).unwrap();
    fs::rename(&aside, &packs).unwrap();
    watch.rests();
    repo.write("stacks/blog/main.tf", CALL);
    watch.finds("stacks/blog/main.tf:4:12: error ingress/missing-auth-comment");
}

#[test]
fn a_watch_that_nobody_reads_ends() {
    let repo = repo("locals {}\n");
    let mut command = repo.command("", &["check", "--watch", "--format", "concise"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stderr = lines_of(child.stderr.take().unwrap());
    await_line(&stderr, "waiting for a change");
    drop(child.stdout.take());
    repo.write("stacks/blog/main.tf", CALL);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

/// Fixes what a rule finds at a warm bucket that forbids warm ones as `warm`, and cold ones as `cold`: what is told, and what is
/// left of the bucket.
fn fix_warm(warm: &str, cold: &str) -> (String, String) {
    let outcomes = std::collections::BTreeSet::from([warm, cold]);
    let cases =
        outcomes.iter().map(|it| format!("case \"{it}\" {{ message = \"`{{value}}`\" }}\n"));
    let entry = format!(
        "\
summary  = \"bucket is of the wrong kind\"
severity = \"error\"
select \"resource\" {{ types = [\"bucket\"] }}
forbid \"{warm}\" {{
  path   = \"kind\"
  equals = \"warm\"
  fix {{ replace = \"cold\" }}
}}
forbid \"{cold}\" {{
  path   = \"kind\"
  equals = \"cold\"
  fix {{ replace = \"warm\" }}
}}
{}",
        cases.collect::<String>()
    );
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"buckets\"\n"),
        ("rules/own/kind.hcl", &entry),
        ("stacks/blog/main.tf", "resource \"bucket\" \"logs\" {\n  kind = \"warm\"\n}\n"),
    ]);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 1, "{run:?}");
    (format!("{}{}", run.stdout, run.stderr), main_tf(&repo))
}

#[test]
fn two_fixes_that_undo_each_other_come_to_an_end() {
    let (told, left) = fix_warm("wrong", "wrong");
    assert!(told.contains("1 fixed in 1 file, 1 left: 1 refused\n"), "{told}");
    let refused = "own/kind: write `warm` (stacks/blog/main.tf): another fix would undo it";
    assert!(told.contains(refused), "{told}");
    assert!(left.contains("kind = \"cold\""), "{left}");
}

#[test]
fn a_fix_that_trades_one_finding_for_another_of_its_rule_is_refused() {
    let (told, left) = fix_warm("dear", "slow");
    assert!(told.contains("0 fixed, 1 left: 1 refused\n"), "{told}");
    let refused = "own/kind: write `cold` (stacks/blog/main.tf): `own/kind` would be broken in";
    assert!(told.contains(refused), "{told}");
    assert!(left.contains("kind = \"warm\""), "{left}");
}

/// A rule that forbids one kind of bucket, and writes another.
fn kind_rule(kind: &str, instead: &str) -> String {
    format!(
        "summary  = \"bucket is {kind}\"\nseverity = \"error\"\nselect \"resource\" {{ types = [\"bucket\"] }}\n\
         forbid \"it\" {{\n  path   = \"kind\"\n  equals = \"{kind}\"\n  fix {{ replace = \"{instead}\" }}\n}}\n\
         case \"it\" {{ message = \"{kind}\" }}\n"
    )
}

#[test]
fn what_one_rule_mends_and_another_takes_back_is_not_counted() {
    let bucket = |(kind, name): (&str, &str)| {
        format!("resource \"bucket\" \"{name}\" {{\n  kind = \"{kind}\"\n}}\n")
    };
    let buckets = [("warm", "a"), ("cold", "b"), ("cold", "c"), ("warm", "d")];
    let main = buckets.map(bucket).concat();
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"buckets\"\n"),
        ("rules/own/warm.hcl", &kind_rule("warm", "cold")),
        ("rules/own/cold.hcl", &kind_rule("cold", "warm")),
        ("stacks/blog/main.tf", &main),
    ]);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    let changed =
        main_tf(&repo).lines().zip(main.lines()).filter(|(now, before)| now != before).count();
    let told = format!("{}{}", run.stdout, run.stderr);
    assert!(told.contains(&format!("{changed} fixed in 1 file, 4 left: 4 refused\n")), "{run:?}");
}

/// One file with many fixes of which one is bad, beside another such file: neither is searched for in the other's.
#[test]
fn bad_fixes_are_found_among_many_of_their_files() {
    // A cold bucket without a door must not be there; all the others may turn cold.
    let door = "summary  = \"bucket is shut\"\nseverity = \"error\"\nselect \"resource\" { types = [\"bucket\"] }\n\
                require \"it\" {\n  when {\n    path   = \"kind\"\n    equals = \"cold\"\n  }\n  derive = false\n  \
                path = \"door\"\n}\ncase \"it\" { message = \"shut\" }\n";
    let main = |bad: usize| -> String {
        let bucket = |at: usize| {
            let door = if at == bad { "" } else { "  door = 1\n" };
            format!("resource \"bucket\" \"b{at}\" {{\n  kind = \"warm\"\n{door}}}\n")
        };
        (0..9).map(bucket).collect()
    };
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"buckets\"\n"),
        ("rules/own/warm.hcl", &kind_rule("warm", "cold")),
        ("rules/own/door.hcl", door),
        ("stacks/blog/main.tf", &main(3)),
        ("stacks/mail/main.tf", &main(7)),
    ]);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    let told = format!("{}{}", run.stdout, run.stderr);
    assert!(told.contains("16 fixed in 2 files, 2 left: 2 refused\n"), "{run:?}");
    assert_eq!(told.matches("`own/door` would be broken in stacks/").count(), 2, "{run:?}");
    assert_eq!(main_tf(&repo).matches("warm").count(), 1);
    assert!(main_tf(&repo).contains("\"b3\" {\n  kind = \"warm\"\n}"), "{}", main_tf(&repo));
}

#[test]
fn fixes_that_break_something_are_left_out_and_the_others_are_made() {
    let entry = |path: &str, test: &str| {
        format!(
            "summary  = \"bucket is wrong\"\nseverity = \"error\"\nselect \"resource\" {{ types = [\"bucket\"] }}\n{test} \"it\" {{\n  \
             path = \"{path}\"\n}}\ncase \"it\" {{ message = \"`{path}`\" }}\n"
        )
    };
    let kind = "forbid \"it\" {\n  path   = \"kind\"\n  equals = \"warm\"\n  fix { replace = \"cold\" }\n}\n";
    let kind = format!(
        "summary  = \"bucket is warm\"\nseverity = \"error\"\nselect \"resource\" {{ types = [\"bucket\"] }}\n{kind}case \"it\" {{ message = \"warm\" }}\n"
    );
    // A cold bucket must have a door.
    let door = entry("door", "require").replace(
        "  path = ",
        "  when {\n    path   = \"kind\"\n    equals = \"cold\"\n  }\n  derive = false\n  path = ",
    );
    let mut files = vec![
        (
            "tautline.hcl".to_owned(),
            "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n".to_owned(),
        ),
        ("rules/own/pack.hcl".to_owned(), "summary = \"buckets\"\n".to_owned()),
        ("rules/own/kind.hcl".to_owned(), kind),
        ("rules/own/door.hcl".to_owned(), door),
    ];
    for at in 0..9 {
        let door = if at % 3 == 0 { "  door = 1\n" } else { "" };
        let text = format!("resource \"bucket\" \"b\" {{\n  kind = \"warm\"\n{door}}}\n");
        files.push((format!("stacks/s{at}/main.tf"), text));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let repo = Repo::new(&files);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    let told = format!("{}{}", run.stdout, run.stderr);
    assert!(told.contains("3 fixed in 3 files, 6 left: 6 refused\n"), "{run:?}");
    assert_eq!(told.matches("`own/door` would be broken in stacks/s").count(), 6, "{run:?}");
    let again = repo.check(&["--fix", "--unsafe-fixes"]);
    assert!(format!("{}{}", again.stdout, again.stderr).contains("0 fixed, 6 left"), "{again:?}");
}

#[test]
fn what_several_values_lack_in_common_is_written_once() {
    let entry = "\
summary  = \"bucket without a keeper\"
severity = \"error\"
select \"resource\" { types = [\"bucket\"] }
require \"keeper\" {
  path    = \"access.keeper.name\"
  present = true
  fix {
    set = {
      \"access.keeper.name\"     = \"ops\"
      \"access.keeper.days\"     = 30
      \"access.labels[\\\"a/b\\\"]\" = \"yes\"
      \"kind\"                   = \"cold\"
    }
    set_expression = { \"access.owner\" = \"local.owner\" }
  }
}
case \"keeper\" { message = \"nobody keeps it\" }
";
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"buckets\"\n"),
        ("rules/own/keeper.hcl", entry),
        ("stacks/blog/main.tf", "resource \"bucket\" \"logs\" {\n  kind = \"warm\"\n}\n"),
    ]);
    let run = repo.check(&["--fix", "--unsafe-fixes"]);
    assert_eq!(run.code, 0, "{run:?}");
    let wanted = "\
resource \"bucket\" \"logs\" {
  kind = \"cold\"
  access {
    keeper {
      name = \"ops\"
      days = 30
    }
    labels = {
      \"a/b\" = \"yes\"
    }
    owner = local.owner
  }
}
";
    assert_eq!(main_tf(&repo), wanted);
}
