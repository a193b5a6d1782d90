//! With a planner that plays Terraform: what runs do with what planners do, on any machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use super::house::{House, Run, git, plan};

/// The statuses of `stacks` in the results of a run, and the run.
#[track_caller]
fn expect(house: &House, dir: &str, run: &Run, statuses: &[(&str, &str)]) {
    let found: Vec<(String, String)> = house.statuses(dir).into_iter().collect();
    let expected: Vec<(String, String)> =
        statuses.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected, "{run:?}");
}

#[test]
fn the_planner_is_found_and_its_choice_is_explained() {
    let house = House::with_stub();
    house.stack("a", false);
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stderr.contains(
            "note: 1 stack, with `scripts/plan` (it starts Terragrunt or Terraform here), "
        ),
        "{run:?}"
    );
    house.program("scripts/other", "#!/bin/sh\nexec terraform \"$@\"\n");
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stderr
            .contains("several programs here start Terraform: `scripts/other`, `scripts/plan`"),
        "{run:?}"
    );
    assert!(run.stderr.contains("help: say which one plans: `--runner COMMAND`"), "{run:?}");
    house.write("tautline.hcl", "drift {\n  runner = \"scripts/plan\"\n}\n");
    let run = house.run(&["drift", "run"]);
    assert!(run.stderr.contains("with `scripts/plan` (tautline.hcl:2), "), "{run:?}");
    let run = house.run(&["drift", "run", "--runner", "scripts/nothing x"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("error: there is no program `scripts/nothing`"), "{run:?}");
}

/// What is typed as a path is seen from where it was typed, and the repo is another one.
#[test]
fn a_repo_that_is_named_is_planned_from_anywhere() {
    let (house, elsewhere) = (House::with_stub(), House::new());
    house.stack("a", true);
    let repo = house.path().to_str().unwrap();
    let run = elsewhere.run(&["drift", "run", "--repo", repo]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("stacks/a/main.tf"), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "drift")]);
    let run = elsewhere.run(&["drift", "run", "--repo", repo, "--results", "part"]);
    expect(&elsewhere, "part", &run, &[("a", "drift")]);
    let merged = elsewhere.run(&["drift", "merge", "part", "--into", "all", "--repo", repo]);
    assert_eq!((merged.code, &merged.stdout), (run.code, &run.stdout), "{merged:?}");
    let run = elsewhere.run(&["drift", "run"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.stderr.contains("name that with `--repo DIR`"), "{run:?}");
}

#[test]
fn exit_codes_are_those_of_drift() {
    let house = House::with_stub();
    house.stack("a", false);
    house.stack("b", false);
    assert_eq!(house.run(&["drift", "run"]).code, Some(0));
    house.stack("b", true);
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "clean"), ("b", "drift")]);
    let ignored = fs::read_to_string(house.path().join(".tautline/drift/.gitignore")).unwrap();
    assert_eq!(ignored, "*\n");
    house.write("stacks/a/fails", "boom\n");
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "error"), ("b", "drift")]);
    assert_eq!(house.kept(".tautline/drift")["a"]["measured"]["problems"][0]["summary"], "boom");
    // What a run has measured can be reported once more.
    let again = house.run(&["drift", "report", ".tautline/drift"]);
    assert_eq!((again.code, &again.stdout), (run.code, &run.stdout), "{again:?}");
    assert_eq!(house.run(&["drift", "run", "--stack", "nope"]).code, Some(1));
    // What ends without a word and without a plan is no riddle.
    let silent = |path: &str, text: &str| {
        house.write(path, text);
        let run = house.run(&["drift", "run"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        fs::remove_file(house.path().join(path)).unwrap();
        let problem = &house.kept(".tautline/drift")["b"]["measured"]["problems"][0];
        problem["summary"].as_str().unwrap().to_owned()
    };
    assert_eq!(silent("stacks/b/act", "exit 0\n"), "it ended well, and wrote no plan");
}

/// Terraform before 1.8 and its fork say of a part only while they plan that it is one.
#[test]
fn a_part_that_the_plan_takes_for_the_whole_is_not_measured() {
    let house = House::with_stub();
    house.stack("a", false);
    let part = r#"{"@level":"warn","type":"diagnostic","diagnostic":{"severity":"warning","summary":"Resource targeting is in effect","detail":"x"}}"#;
    house.write("stacks/a/act", &format!("echo '{part}'\n"));
    let whole = fs::read_to_string(house.path().join("stacks/a/plan.json")).unwrap();
    house.write("stacks/a/plan.json", &whole.replace(r#""complete":true,"#, ""));
    let run = house.run(&["drift", "run"]);
    expect(&house, ".tautline/drift", &run, &[("a", "not-measured")]);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.stdout.contains("it was made with targets"), "{run:?}");
}

#[test]
fn what_is_left_out_is_named_and_a_skip_ends() {
    let house = House::with_stub();
    for name in ["a", "vault", "old"] {
        house.stack(name, false);
    }
    house.write(
        "tautline.hcl",
        "drift {\n  skip \"vau*\" {\n    reason = \"no rights\"\n    until  = \"2999-01-31\"\n  }\n  \
         skip \"old\" {\n    reason = \"broken\"\n    until  = \"2026-01-31\"\n  }\n  \
         skip \"gone\" {\n    reason = \"x\"\n    until  = \"2999-01-31\"\n  }\n}\n",
    );
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "clean"), ("old", "clean")]);
    assert!(
        run.stderr.contains("`skip \"old\"` ended on 2026-01-31: 1 stack planned again"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("`skip \"gone\"` leaves nothing out: no stack is called so"),
        "{run:?}"
    );
    assert!(run.stdout.contains("left out until 2999-01-31: no rights"), "{run:?}");
    let named = house.run(&["drift", "run", "--stack", "vault"]);
    expect(&house, ".tautline/drift", &named, &[("vault", "clean")]);
}

#[test]
fn what_terragrunt_makes_units_of_is_not_planned_where_it_lies() {
    let house = House::with_stub();
    house.stack("a", false);
    house.stack("made", false);
    house.write("stacks/made/terragrunt.hcl", "inputs = { size = values.size }\n");
    house.write(
        "stacks/live/terragrunt.stack.hcl",
        "unit \"one\" {\n  source = \"../made\"\n  path   = \"one\"\n}\n",
    );
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "clean")]);
    for note in [
        "note: not planned, Terragrunt makes units of them elsewhere: made\n",
        "note: not planned, Terragrunt makes their units when it runs: live\n",
    ] {
        assert!(run.stderr.contains(note), "{run:?}");
    }
    // What has code of its own is planned, whatever else lies beside it.
    house.stack("live", false);
    let run = house.run(&["drift", "run"]);
    expect(&house, ".tautline/drift", &run, &[("a", "clean"), ("live", "clean")]);
    // Who names one wants it.
    let run = house.run(&["drift", "run", "--stack", "made"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("made", "clean")]);
}

#[test]
fn a_module_that_others_call_is_not_planned_by_itself() {
    let house = House::with_stub();
    house.write("live/one/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n");
    house.write("modules/m/main.tf", "variable \"v\" {}\n");
    for dir in ["live/one", "modules/m"] {
        house.write(&format!("{dir}/plan.json"), &plan(false));
    }
    let run = house.run(&["drift", "run"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("live/one", "clean")]);
    let note = "note: not planned, other code here calls them as modules: modules/m\n";
    assert!(run.stderr.contains(note), "{run:?}");
    // Who names one wants it.
    let run = house.run(&["drift", "run", "--stack", "modules/m"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("modules/m", "clean")]);
}

#[test]
fn only_what_passes_by_itself_is_tried_again() {
    let house = House::with_stub();
    house.stack("flaky", false);
    house.stack("wrong", false);
    house.write("stacks/flaky/first", "Error: dial tcp 10.0.0.1:5432: connection refused\n");
    house.write("stacks/wrong/first", "Error: no such argument\n");
    let run = house.run(&["drift", "run", "--retries", "1"]);
    expect(&house, ".tautline/drift", &run, &[("flaky", "clean"), ("wrong", "error")]);
    assert_eq!(house.planned()["flaky"], 2);
    assert_eq!(house.planned()["wrong"], 1);
    assert!(run.stderr.contains("flaky: once more, because: Error: dial tcp"), "{run:?}");
}

#[test]
fn what_hangs_is_stopped_and_the_rest_is_planned() {
    let house = House::with_stub();
    house.stack("a", false);
    house.stack("hangs", false);
    house.write("stacks/hangs/wait", "60");
    let began = Instant::now();
    let run = house.run(&["drift", "run", "--jobs", "1", "--timeout", "6s"]);
    assert!(began.elapsed() < Duration::from_secs(50), "{run:?}");
    assert_eq!(run.code, Some(3), "{run:?}");
    expect(&house, ".tautline/drift", &run, &[("a", "clean"), ("hangs", "timeout")]);
}

#[test]
fn two_never_initialise_beside_each_other_where_they_share_a_cache() {
    let house = House::with_stub();
    house.write("init-alone", "");
    for at in 0..6 {
        house.stack(&format!("s{at}"), false);
    }
    let words = ["drift", "run", "--jobs", "6", "--retries", "0"];
    let run = house.command(&words).env("TF_PLUGIN_CACHE_DIR", house.path().join("cache")).output();
    let run = Run::from(run.unwrap());
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn plans_do_not_stay_unless_they_are_asked_for_and_then_are_nobody_elses() {
    let house = House::with_stub();
    house.stack("a", true);
    house.run(&["drift", "run"]);
    let plans = house.path().join(".tautline/drift/plans");
    assert_eq!(plans.read_dir().unwrap().count(), 0);
    house.run(&["drift", "run", "--keep-plans"]);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(plans.join("a.tfplan")), 0o600);
    assert_eq!(mode(plans), 0o700);
}

#[test]
fn a_check_that_refuses_is_no_error_of_the_stack() {
    let house = House::with_stub();
    house.stack("ours", false);
    house.stack("theirs", false);
    house.write("stacks/ours/main.tf", "resource \"terraform_data\" \"a\" {\n");
    let tautline = env!("CARGO_BIN_EXE_tautline");
    // The repo's own check has no way out; tautline's has, and the runner uses it unless the wrapper takes it away.
    house.program(
        "scripts/tg",
        &format!(
            "#!/bin/sh\nif [ -e strict ]; then unset TAUTLINE_SKIP; fi\n\
             if [ -e unnamed ] && [ \"$1\" = plan ]; then echo 'check: stack has no owner' >&2; exit 1; fi\n\
             {tautline} hook run -- \"$@\" >&2 || exit $?\nexec ../../scripts/plan \"$@\"\n"
        ),
    );
    house.write(
        "tautline.hcl",
        "packs {\n  tautline = true\n}\ndrift {\n  runner   = \"scripts/tg\"\n  refusals = [\"has no owner\"]\n}\n",
    );
    let run = house.run(&["drift", "run"]);
    expect(&house, ".tautline/drift", &run, &[("ours", "clean"), ("theirs", "clean")]);
    house.write("stacks/ours/strict", "");
    house.write("stacks/theirs/unnamed", "");
    let run = house.run(&["drift", "run"]);
    expect(
        &house,
        ".tautline/drift",
        &run,
        &[("ours", "blocked-by-lint"), ("theirs", "blocked-by-lint")],
    );
    assert_eq!(run.code, Some(3), "{run:?}");
}

#[test]
fn only_what_still_differs_on_the_newest_commit_is_drift() {
    let house = House::with_stub();
    house.write(".gitignore", "planned\nempty.tfrc\nplan.json\n");
    for name in ["clean", "stale", "real"] {
        house.stack(name, false);
        house.write(&format!("stacks/{name}/main.tf"), "# one\n");
    }
    // The world is what the second commit says; `real` differs from both.
    let act =
        "grep -q two main.tf && cp ../../fixed.json plan.json || cp ../../old.json plan.json\n";
    house.write("stacks/stale/act", act);
    house.write("old.json", &plan(true));
    house.write("fixed.json", &plan(false));
    house.write("stacks/real/plan.json", &plan(true));
    house.git(&["init", "-q", "-b", "main"]);
    house.git(&["add", "-A"]);
    house.git(&["commit", "-qm", "one"]);
    let origin = tempfile::tempdir().unwrap();
    git(origin.path(), &["clone", "-q", "--bare", &house.path().display().to_string(), "o.git"]);
    let url = origin.path().join("o.git").display().to_string();
    house.git(&["remote", "add", "origin", &url]);
    git(origin.path(), &["clone", "-q", &url, "other"]);
    let other = origin.path().join("other");
    fs::write(other.join("stacks/stale/main.tf"), "# two\n").unwrap();
    git(&other, &["commit", "-qam", "two"]);
    git(&other, &["push", "-q", "origin", "main"]);
    let two = git(&other, &["rev-parse", "HEAD"]);
    let run = house.run(&["drift", "run", "--confirm"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    expect(
        &house,
        ".tautline/drift",
        &run,
        &[("clean", "clean"), ("real", "drift"), ("stale", "clean")],
    );
    let planned = house.planned();
    assert_eq!((planned["clean"], planned["real"], planned["stale"]), (1, 2, 2));
    assert_eq!(house.git(&["rev-parse", "HEAD"]), two);
    let kept = house.kept(".tautline/drift");
    assert_eq!(kept["real"]["measured"]["commit"]["id"], *two);
    assert_ne!(kept["clean"]["measured"]["commit"]["id"], *two);
    let why = kept["stale"]["measured"]["evidence"].as_array().unwrap().last().unwrap();
    assert!(why.as_str().unwrap().ends_with("the checkout was older than what runs"), "{why}");
    // Nothing new: what differs is planned twice on the same commit.
    let run = house.run(&["drift", "run", "--confirm=origin/main", "--stack", "real"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let nowhere = house.run(&["drift", "run", "--confirm=origin/nope"]);
    assert!(nowhere.stderr.contains("on the same commit: `git fetch"), "{nowhere:?}");
}

#[test]
fn parts_that_are_put_together_are_one_run() {
    let house = House::with_stub();
    for at in 0..9 {
        house.stack(&format!("s{at}"), at % 4 == 1);
    }
    house.write("stacks/s3/fails", "boom\n");
    let whole = house.run(&["drift", "run", "--results", "whole"]);
    let one = house.run(&["drift", "run", "--shard", "1/2", "--results", "one"]);
    house.run(&["drift", "run", "--shard", "2/2", "--results", "two"]);
    let (first, second) = (house.statuses("one"), house.statuses("two"));
    assert!(first.len() >= 4 && second.len() >= 4 && first.len() + second.len() == 9, "{one:?}");
    let merged = house.run(&["drift", "merge", "one", "two", "--into", "all"]);
    assert_eq!((merged.code, &merged.stdout), (whole.code, &whole.stdout), "{merged:?}");
    assert_eq!(house.statuses("all"), house.statuses("whole"));
    let half = house.run(&["drift", "merge", "two", "--into", "half"]);
    assert!(half.stderr.contains("of 2 shards these are missing: 1"), "{half:?}");
    assert!(half.stdout.contains("shard 1 is missing"), "{half:?}");
    assert!(matches!(half.code, Some(1 | 3)), "{half:?}");
    let shards = |args: &[&str]| {
        let run = house.run(&[args, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        report["shards"].to_string()
    };
    let is_half = r#"{"measured":[2],"missing":[1],"of":2}"#;
    assert_eq!(shards(&["drift", "merge", "two", "--into", "half"]), is_half);
    assert_eq!(shards(&["drift", "report", "half"]), is_half);
    assert_eq!(shards(&["drift", "report", "one"]), r#"{"measured":[1],"missing":[2],"of":2}"#);
    assert_eq!(shards(&["drift", "report", "all"]), r#"{"measured":[1,2],"missing":[],"of":2}"#);
    assert_eq!(shards(&["drift", "report", "whole"]), "null");
    // What came late is put to what was there.
    let late = house.run(&["drift", "merge", "half", "one", "--into", "half"]);
    assert_eq!((late.code, &late.stdout), (whole.code, &whole.stdout), "{late:?}");
    assert!(!late.stderr.contains("missing") && !late.stderr.contains("not measured"), "{late:?}");
    // What was measured tells the next night how long each takes.
    let next =
        house.run(&["drift", "run", "--shard", "1/2", "--durations", "all", "--results", "next"]);
    assert!(next.code.is_some() && house.statuses("next").len() < 9, "{next:?}");
    let none = house.run(&["drift", "merge", "stacks", "--into", "x"]);
    assert_eq!(none.code, Some(1), "{none:?}");
    assert!(none.stderr.contains("holds no results of a run"), "{none:?}");
}
