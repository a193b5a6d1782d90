//! What runs do when the world gets in the way: killed, stopped, out of space, or with a stack that goes away.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use super::house::{House, Run, send};

/// Eight stacks, the fifth of which takes its time.
fn eight() -> House {
    let house = House::with_stub();
    for at in 0..8 {
        house.stack(&format!("s{at}"), at == 2);
        let unit = match at {
            0 => String::new(),
            _ => format!("dependencies {{\n  paths = [\"../s{}\"]\n}}\n", at - 1),
        };
        house.write(&format!("stacks/s{at}/terragrunt.hcl"), &unit);
    }
    house.write("stacks/s4/act", "touch ../../slow; [ -e ../../hurry ] || sleep 60\n");
    house
}

#[test]
fn what_was_killed_goes_on_where_it_was() {
    let house = eight();
    let mut child = house.start(&["drift", "run", "--jobs", "2"]);
    house.wait_for("slow");
    send("KILL", child.id());
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let before = house.kept(".tautline/drift");
    let names: Vec<&str> = before.keys().map(String::as_str).collect();
    assert_eq!(names, ["s0", "s1", "s2", "s3"]);
    let report = house.run(&["drift", "report", ".tautline/drift"]);
    assert_eq!(report.code, Some(3), "{report:?}");
    assert!(report.stdout.contains("the run ended before it was planned"), "{report:?}");
    house.write("hurry", "");
    let run = house.run(&["drift", "run", "--resume"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("note: 4 stacks, "), "{run:?}");
    let after = house.kept(".tautline/drift");
    assert_eq!(after.len(), 8);
    assert!(names.iter().all(|name| after[*name] == before[*name]), "measured once more");
    let planned = house.planned();
    assert!(["s0", "s1", "s2", "s3"].iter().all(|name| planned[*name] == 1), "{planned:?}");
    // The same as if nothing had happened, but for the times.
    let whole = house.run(&["drift", "run", "--results", "whole"]);
    assert_eq!((whole.code, whole.stdout), (run.code, run.stdout));
}

#[test]
fn only_the_run_that_was_begun_goes_on() {
    let house = eight();
    house.write("hurry", "");
    let run = house.run(&["drift", "run", "--resume"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("holds no results of a run"), "{run:?}");
    house.write(".gitignore", "planned\n.terraform\nslow\n");
    house.git(&["init", "-q"]);
    house.git(&["add", "-A"]);
    house.git(&["commit", "-qm", "one"]);
    assert_eq!(house.run(&["drift", "run"]).code, Some(2));
    let run = house.run(&["drift", "run", "--resume"]);
    assert_eq!(run.code, Some(2), "there is nothing left to do: {run:?}");
    assert_eq!(house.planned().values().sum::<usize>(), 8);
    house.git(&["commit", "-q", "--allow-empty", "-m", "two"]);
    let run = house.run(&["drift", "run", "--resume"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error: the run began on "), "{run:?}");
    house.write(".tautline/drift/run.json", "{\"cut");
    let run = house.run(&["drift", "run", "--resume"]);
    assert!(run.stderr.contains("help: begin anew, without `--resume`"), "{run:?}");
}

#[test]
fn a_signal_stops_the_run_and_is_no_lock() {
    let house = eight();
    // What Terraform says where it is stopped while it waits for a lock.
    let said = "trap 'touch ../../told; echo Error acquiring the state lock >&2; echo Lock Info: >&2; exit 1' INT\n\
                touch ../../slow; sleep 60 & wait\n";
    house.write("stacks/s4/act", said);
    let child = house.start(&["drift", "run", "--jobs", "2"]);
    house.wait_for("slow");
    send("TERM", child.id());
    let run = Run::from(child.wait_with_output().unwrap());
    // What is killed says nothing any more.
    house.wait_for("told");
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.stderr.contains("s4: stopped\n"), "{run:?}");
    assert_eq!(house.statuses(".tautline/drift").len(), 4);
    assert!(run.stdout.contains("the run ended before it was planned"), "{run:?}");
    assert!(house.planned().keys().all(|name| name.as_str() < "s5"), "something was begun");
}

#[test]
fn the_second_signal_kills_what_does_not_listen() {
    let house = eight();
    // Nobody waits for it so long that it outlives this: it would be killed later by itself.
    let deaf = "trap 'touch ../../heard' INT\ntouch ../../slow\n\
                for at in 1 2 3 4 5 6 7 8 9; do sleep 1; done\ntouch ../../outlived\n\
                while :; do sleep 1; done\n";
    house.write("stacks/s4/act", deaf);
    let child = house.start(&["drift", "run"]);
    house.wait_for("slow");
    send("INT", child.id());
    house.wait_for("heard");
    send("INT", child.id());
    let run = Run::from(child.wait_with_output().unwrap());
    assert!(!house.path().join("outlived").exists(), "{run:?}");
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_eq!(house.statuses(".tautline/drift").len(), 4);
}

#[test]
fn a_stack_that_goes_away_is_not_measured() {
    let house = eight();
    house.write("hurry", "");
    house.write("stacks/s3/act", "rm -r ../s6\n");
    // Its own directory goes while it is planned.
    house.write("stacks/s5/act", "rm -r ../s5\n");
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(3), "{run:?}");
    let statuses = house.statuses(".tautline/drift");
    assert_eq!(
        (&*statuses["s5"], &*statuses["s6"], &*statuses["s7"]),
        ("not-measured", "not-measured", "clean")
    );
    assert!(run.stdout.contains("its directory is gone"), "{run:?}");
}

#[test]
fn what_could_not_be_written_is_written_at_the_end() {
    let house = House::with_stub();
    house.stack("a", false);
    house.stack("b", false);
    let at = "../../.tautline/drift";
    house.write("stacks/a/act", &format!("mv {at}/stacks {at}/away"));
    house.write("stacks/b/act", &format!("mv {at}/away {at}/stacks"));
    let run = house.run(&["drift", "run", "--jobs", "1"]);
    assert!(run.stderr.contains("error: the result of `a` is not on the disk: "), "{run:?}");
    assert_eq!(house.statuses(".tautline/drift").len(), 2, "{run:?}");
    assert!(!run.stderr.contains("and not on the disk"), "{run:?}");
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn a_run_that_goes_on_heeds_no_order_either_if_it_is_told_so() {
    let house = House::with_stub();
    house.stack("a", false);
    house.stack("b", false);
    house.write("stacks/b/terragrunt.hcl", "dependencies {\n  paths = [\"../a\"]\n}\n");
    house.write("stacks/a/act", "rm -f ../../a-is-done; sleep 1; touch ../../a-is-done");
    house.write("stacks/b/act", "if [ -e ../../a-is-done ]; then touch ../../in-order; fi");
    let in_order = |words: &[&str]| {
        let words: Vec<&str> =
            ["drift", "run", "--jobs", "2"].iter().chain(words).copied().collect();
        for name in ["in-order", "a-is-done"] {
            let _ = fs::remove_file(house.path().join(name));
        }
        let run = house.run(&words);
        assert_eq!(run.code, Some(0), "{run:?}");
        house.path().join("in-order").exists()
    };
    assert!(in_order(&[]));
    for name in ["a", "b"] {
        fs::remove_file(house.path().join(format!(".tautline/drift/stacks/{name}.json"))).unwrap();
    }
    assert!(!in_order(&["--resume", "--any-order"]));
    assert!(!in_order(&["--any-order"]));
}

#[test]
fn a_full_disk_loses_nothing_that_was_measured() {
    let house = eight();
    house.write("hurry", "");
    // What is too big for the disk: a result with many values.
    let values: Vec<String> = (0..2_000).map(|at| format!("\"key-{at}\":\"value {at}\"")).collect();
    let object =
        |extra: &str| format!("{{\"id\":\"i\",\"input\":{{{}{extra}}}}}", values.join(","));
    let element = |before: &str, after: &str| {
        format!(
            r#"{{"address":"terraform_data.a","mode":"managed","type":"terraform_data","name":"a","change":{{"actions":["update"],"before":{before},"after":{after},"after_unknown":{{}},"before_sensitive":{{}},"after_sensitive":{{}}}}}}"#
        )
    };
    let (base, live) = (object(""), object(",\"more\":\"x\""));
    let big = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{{"root_module":{{}}}},"configuration":{{"root_module":{{}}}},"resource_drift":[{}],"resource_changes":[{}],"complete":true,"errored":false}}"#,
        element(&base, &live),
        element(&live, &base)
    );
    house.write("stacks/s3/plan.json", &big);
    let script = "trap '' XFSZ; ulimit -f 12; exec \"$0\" drift run";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_tautline")]).current_dir(house.path());
    house.surround(&mut command);
    let run = Run::from(command.output().unwrap());
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error: the result of `s3` is not on the disk: "), "{run:?}");
    assert!(
        run.stderr.contains("these results are in this report and not on the disk: s3\n"),
        "{run:?}"
    );
    assert!(run.stdout.contains("8 stacks (2 drift, 6 clean)"), "{run:?}");
    let kept = house.statuses(".tautline/drift");
    assert_eq!(kept.len(), 7, "{kept:?}");
    // With room again only that one is planned.
    let again = house.run(&["drift", "run", "--resume"]);
    assert_eq!(house.statuses(".tautline/drift").len(), 8, "{again:?}");
    assert_eq!(house.planned()["s3"], 2);
    assert_eq!(house.planned()["s4"], 1);
}
