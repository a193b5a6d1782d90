//! The file of the history, while others write it, the disk is full, and its writer is killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tautline::drift::history::{Moment, StackHistory};
use tautline::runner::history;

const BINARY: &str = env!("CARGO_BIN_EXE_tautline");

/// A dump in which each of `stacks` differs since the same moment.
fn dump(place: &Path, name: &str, stacks: &[String]) -> PathBuf {
    let line = |it: &String| format!("drift_stack_first_seen{{stack=\"{it}\"}} 1730332800\n");
    let lines: Vec<String> = stacks.iter().map(line).collect();
    let path = place.join(name);
    fs::write(&path, lines.concat()).unwrap();
    path
}

fn now() -> Moment {
    tautline::runner::this_moment()
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}-{number}")).collect()
}

fn import(dump: &Path, history: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["drift", "history", "import", "--pushgateway"]).arg(dump);
    command.arg("--history").arg(history);
    command
}

fn tautline(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

fn stacks(history: &Path) -> Vec<String> {
    history::read(history).unwrap().history.stacks.into_keys().collect()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_directory_is_refused_before_anything_is_planned() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().to_str().unwrap();
    let run = tautline(&["drift", "run", "--repo", history, "--history", history]);
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    assert!(told(&run).contains("it is a directory"), "{run:?}");
    assert!(told(&run).contains("drift.history"), "{run:?}");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let mut all = Vec::new();
    let mut writers = Vec::new();
    for writer in 0..8 {
        let own = names(&format!("w{writer}"), 20);
        let dump = dump(place.path(), &format!("{writer}.txt"), &own);
        writers.push(import(&dump, &history).stdout(Stdio::null()).spawn().unwrap());
        all.extend(own);
    }
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    all.sort();
    assert_eq!(stacks(&history), all);
    let decoded = history::read(&history).unwrap();
    assert_eq!((decoded.records, decoded.torn, decoded.damaged), (8, 0, Vec::new()));
}

/// The limit of the shell on the size of files is a full disk to one who ignores its signal, and a kill in the middle of a
/// write to one who does not.
#[test]
fn a_full_disk_and_a_kill_in_the_middle_of_a_write_lose_nothing() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let small = dump(place.path(), "small.txt", &names("small", 3));
    let large = dump(place.path(), "large.txt", &names("large", 400));
    assert!(import(&small, &history).output().unwrap().status.success());
    let before = fs::read(&history).unwrap();
    for (trap, code) in [("trap '' XFSZ; ", Some(1)), ("", None)] {
        // `exec`, so that a signal is the end of what is waited for.
        let line = format!("{trap}ulimit -f 8; exec \"$0\" \"$@\"");
        let mut limited = Command::new("bash");
        limited.arg("-c").arg(line).arg(BINARY).args([
            "drift",
            "history",
            "import",
            "--pushgateway",
        ]);
        let output = limited.arg(&large).arg("--history").arg(&history).output().unwrap();
        assert_eq!(output.status.code(), code, "{}", told(&output));
        if code.is_some() {
            let told = told(&output);
            assert!(told.contains("cannot be written: File too large"), "{told}");
            assert_eq!(fs::read(&history).unwrap(), before);
        }
        // Whatever is left behind, what was there is read, and the next one goes on.
        assert_eq!(stacks(&history), names("small", 3));
    }
    let left = history::read(&history).unwrap().torn;
    assert!(left > 0, "the killed writer left nothing");
    let shown = tautline(&["drift", "history", "show", "--history", history.to_str().unwrap()]);
    assert!(told(&shown).contains("torn"), "{}", told(&shown));
    assert!(import(&large, &history).output().unwrap().status.success());
    assert_eq!(stacks(&history).len(), 403);
    assert_eq!(history::read(&history).unwrap().torn, 0);
}

/// Writing anew needs room for a second file; without it, the first stays.
#[test]
fn a_disk_that_is_full_while_the_file_is_written_anew_leaves_the_old_one() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let large = dump(place.path(), "large.txt", &names("large", 400));
    assert!(import(&large, &history).output().unwrap().status.success());
    let before = fs::read(&history).unwrap();
    for (trap, code) in [("trap '' XFSZ; ", Some(1)), ("", None)] {
        let line = format!("{trap}ulimit -f 8; exec \"$0\" \"$@\"");
        let mut limited = Command::new("bash");
        limited.arg("-c").arg(line).arg(BINARY).args(["drift", "history", "prune", "--history"]);
        let output = limited.arg(&history).output().unwrap();
        assert_eq!(output.status.code(), code, "{}", told(&output));
        assert_eq!(fs::read(&history).unwrap(), before);
    }
    let pruned = tautline(&[
        "drift",
        "history",
        "prune",
        "--stack",
        "large-1*",
        "--history",
        history.to_str().unwrap(),
    ]);
    assert!(pruned.status.success(), "{}", told(&pruned));
    assert_eq!(stacks(&history).len(), 400 - 111);
}

#[test]
fn what_is_dated_later_than_now_is_left_out_and_told() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let dump = dump(place.path(), "dump.txt", &["dns".to_owned()]);
    let late = "drift_stack_first_seen{stack=\"blog\"} 253402300799\n";
    fs::write(&dump, fs::read_to_string(&dump).unwrap() + late).unwrap();
    let output = import(&dump, &history).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "since when 1 stack differs is taken in\n\
         left out `blog`: it says since 9999-12-31T23:59:59Z, which is still to come\n"
    );
    assert_eq!(stacks(&history), ["dns"]);
}

/// A writer may be killed at any byte. `log.rs` shows that for the bytes, this for the file.
#[test]
fn a_record_that_is_cut_off_anywhere_is_left_out_and_written_over() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let first = dump(place.path(), "first.txt", &names("first", 1));
    let second = dump(place.path(), "second.txt", &names("second", 1));
    assert!(import(&first, &history).output().unwrap().status.success());
    let whole = fs::read(&history).unwrap().len();
    assert!(import(&second, &history).output().unwrap().status.success());
    let bytes = fs::read(&history).unwrap();
    let imported =
        tautline::drift::history::pushgateway(&fs::read_to_string(&second).unwrap(), now())
            .unwrap();
    for length in whole..bytes.len() {
        fs::write(&history, &bytes[..length]).unwrap();
        assert_eq!(stacks(&history), ["first-0"], "{length} bytes");
        let after = history::import(&history, &imported).unwrap();
        assert_eq!(after.torn, length - whole);
        assert_eq!(fs::read(&history).unwrap(), bytes, "{length} bytes");
    }
}

#[test]
fn a_file_that_has_grown_is_written_anew_and_says_the_same() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let stacks_of = |writer: u32| names(&format!("writer-{writer}"), 2500);
    let mut most = 0;
    for writer in 0..16 {
        let text = dump(place.path(), "dump.txt", &stacks_of(writer % 2));
        let text = fs::read_to_string(text).unwrap();
        let imported = tautline::drift::history::pushgateway(&text, now()).unwrap();
        history::import(&history, &imported).unwrap();
        most = most.max(fs::metadata(&history).unwrap().len());
    }
    let decoded = history::read(&history).unwrap();
    assert!(decoded.known > 0, "it was never written anew: {most} bytes");
    assert!(decoded.records < 16 && most < 3 << 20, "{} records, {most} bytes", decoded.records);
    let mut all = [stacks_of(0), stacks_of(1)].concat();
    all.sort();
    assert_eq!(stacks(&history), all);
    let mut names: Vec<_> =
        fs::read_dir(place.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["drift.history", "drift.history.lock", "dump.txt"]);
}

#[test]
fn files_that_cannot_be_used_are_refused_with_what_to_type() {
    let place = tempfile::tempdir().unwrap();
    let small = dump(place.path(), "small.txt", &names("small", 1));
    let newer = place.path().join("newer");
    fs::write(&newer, "{\"tautline_drift_history\":7}\n{}\n").unwrap();
    let foreign = place.path().join("foreign");
    fs::write(&foreign, "SQLite format 3\0").unwrap();
    let nowhere = place.path().join("no/such/file");
    for (path, words, help) in [
        (&newer, "a newer tautline wrote it (format 7; this one reads 1)", "update tautline"),
        (&foreign, "it is no history of drift", "--history FILE"),
        (&nowhere, "cannot be", "mkdir -p"),
    ] {
        let before = fs::read(path).ok();
        let output = import(&small, path).output().unwrap();
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(words) && told.contains(help), "{told}");
        assert_eq!(fs::read(path).ok(), before);
    }
    let output = import(&place.path().join("no.txt"), &newer).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_is_known_can_be_shown_and_put_right() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("drift.history");
    let history = path.to_str().unwrap();
    let stacks_with_error = [names("blog", 2), vec!["dns".to_owned()]].concat();
    let dump = dump(place.path(), "dump.txt", &stacks_with_error);
    assert!(import(&dump, &path).output().unwrap().status.success());
    let shown = tautline(&["drift", "history", "show", "--stack", "dns", "--history", history]);
    let text = String::from_utf8(shown.stdout).unwrap();
    assert!(text.starts_with("dns: drift since 2024-10-31 (0 days, 1 time)\n"), "{text}");
    let shown = tautline(&["drift", "history", "show", "--format", "json", "--history", history]);
    let json: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(json["stacks"]["blog-0"]["standing"]["status"], "drift");
    let unknown = tautline(&["drift", "history", "show", "--stack", "no", "--history", history]);
    assert_eq!(unknown.status.code(), Some(1));
    // A repo that has only one of them.
    fs::create_dir_all(place.path().join("repo/stacks/dns")).unwrap();
    fs::write(place.path().join("repo/stacks/dns/main.tf"), "locals {}\n").unwrap();
    let pruned = Command::new(BINARY)
        .args([
            "drift",
            "history",
            "prune",
            "--gone",
            "--later-than",
            "2024-10-01",
            "--history",
            history,
        ])
        .current_dir(place.path().join("repo"))
        .output()
        .unwrap();
    assert!(pruned.status.success(), "{}", told(&pruned));
    let decoded = history::read(&path).unwrap();
    let (name, dns): (&String, &StackHistory) = decoded.history.stacks.iter().next().unwrap();
    assert_eq!((decoded.history.stacks.len(), name.as_str()), (1, "dns"));
    assert_eq!(dns.standing.unwrap().spell.first, Moment::parse("2024-10-01").unwrap());
    assert_eq!(decoded.records, 1);
}

#[test]
fn stacks_that_no_run_was_about_for_long_are_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let history = place.path().join("drift.history");
    let dump = dump(place.path(), "dump.txt", &["dns".to_owned()]);
    let late = "drift_stack_first_seen{stack=\"blog\"} 1731024000\n";
    fs::write(&dump, fs::read_to_string(&dump).unwrap() + late).unwrap();
    assert!(import(&dump, &history).output().unwrap().status.success());
    // The later is eight days younger, and the last run there is.
    for (unseen, left) in [("9d", &["blog", "dns"][..]), ("7d", &["blog"])] {
        let file = history.to_str().unwrap();
        let pruned =
            tautline(&["drift", "history", "prune", "--unseen", unseen, "--history", file]);
        assert!(pruned.status.success(), "{}", told(&pruned));
        assert_eq!(stacks(&history), left, "{unseen}");
    }
    let file = history.to_str().unwrap();
    let pruned = tautline(&["drift", "history", "prune", "--stack", "blgo", "--history", file]);
    assert!(pruned.status.success(), "{}", told(&pruned));
    let said = String::from_utf8(pruned.stderr).unwrap();
    assert_eq!(said, "note: the history knows no stack `blgo`\n");
    assert_eq!(stacks(&history), ["blog"]);
}
