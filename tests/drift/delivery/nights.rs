//! Whole nights: parts that were measured become a report, a history, metrics and a message, while something fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tautline::drift::read::{Input, read};
use tautline::drift::{Commit, Measured, StackRef, Status};
use tautline::runner::{Kept, Manifest, Results, Wanted, history, load};

use super::server::{Answer, FINE, Server};

const BINARY: &str = env!("CARGO_BIN_EXE_tautline");

/// What a real provider and Terraform said when a value was changed outside.
const DRIFT: &str = include_str!("../../../fixtures/drift/golden/truth/out-of-band.json");

const CLEAN: &str = include_str!("../../../fixtures/drift/golden/exits/clean.json");

/// A repo, and where its nights are kept.
struct House {
    place: tempfile::TempDir,
}

impl House {
    fn new(settings: &str) -> House {
        let place = tempfile::tempdir().unwrap();
        for stack in ["blog", "dns"] {
            let dir = place.path().join("repo/stacks").join(stack);
            fs::create_dir_all(&dir).unwrap();
            fs::write(dir.join("main.tf"), "locals {}\n").unwrap();
        }
        fs::write(place.path().join("repo/tautline.hcl"), settings).unwrap();
        House { place }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Results in which `blog` stands so on a day of November, and `dns` is clean.
    fn results(&self, day: u32, blog: Status) -> PathBuf {
        let dir = self.path(&format!("part-{day}"));
        let stacks = [("blog", blog), ("dns", Status::Clean)].map(|(name, status)| {
            let text = if status == Status::Drift { DRIFT } else { CLEAN };
            let Input::Measured(measured) = read(name, text.as_bytes()) else { panic!("no plan") };
            let dir = Some(format!("stacks/{name}"));
            let stack = StackRef { name: name.to_owned(), dir };
            let planned_at = Some(format!("2026-11-{day:02}T04:00:00Z"));
            let id = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00".to_owned();
            let commit = Some(Commit { id, time: Some("2026-10-31T00:00:00Z".to_owned()) });
            let status = if text == DRIFT { measured.status } else { status };
            Measured { stack, status, planned_at, commit, ..*measured }
        });
        let wanted = |measured: &Measured| Wanted {
            stack: measured.stack.clone(),
            shard: 1,
            left_out: None,
            missing: None,
        };
        let manifest = Manifest {
            stacks: stacks.iter().map(wanted).collect(),
            ended: Some(format!("2026-11-{day:02}T04:10:00Z")),
            ..Manifest::default()
        };
        let results = Results::create(&dir, &manifest).unwrap();
        for measured in stacks {
            results.keep(&Kept::new(measured, 7)).unwrap();
        }
        dir
    }

    /// What a night with these results ends in.
    fn night(&self, day: u32, blog: Status, options: &[&str]) -> Output {
        let part = self.results(day, blog);
        let into = self.path(&format!("into-{day}"));
        Command::new(BINARY)
            .args(["drift", "merge"])
            .arg(part)
            .arg("--into")
            .arg(into)
            .arg("--history")
            .arg(self.path("drift.history"))
            .args(options)
            .env("WEBHOOK", "nothing")
            .current_dir(self.path("repo"))
            .output()
            .unwrap()
    }

    /// How each stack is kept in the results of a day.
    fn kept(&self, day: u32) -> BTreeMap<String, Status> {
        let loaded = load(&self.path(&format!("into-{day}"))).unwrap();
        let all = loaded.measured().into_iter();
        all.map(|measured| (measured.stack.name, measured.status)).collect()
    }

    fn history(&self) -> tautline::drift::history::History {
        history::read(&self.path("drift.history")).unwrap().history
    }

    fn webhook(&self, server: &str) -> String {
        let path = self.path("webhook");
        fs::write(&path, format!("{server}/services/c4n4ry\n")).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A report in JSON; its first stack is `blog`.
fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn metrics_are_pushed_every_night_and_messages_only_with_news() {
    let house = House::new("");
    let pushgateway = Server::start(&[FINE]);
    let slack = Server::start(&[FINE]);
    let webhook = house.webhook(&slack.address);
    let options = ["--pushgateway", &pushgateway.address, "--slack-file", &webhook];
    let nights = [
        (1, Status::Clean, 0, 0),
        (2, Status::Drift, 2, 1),
        (3, Status::Drift, 2, 1),
        (4, Status::Error, 1, 2),
        (5, Status::Error, 1, 2),
        (6, Status::Drift, 2, 3),
        (7, Status::Clean, 0, 4),
        (8, Status::Clean, 0, 4),
    ];
    for (day, status, code, messages) in nights {
        let output = house.night(day, status, &options);
        assert_eq!(
            output.status.code(),
            Some(code),
            "day {day}: {}{}",
            out(&output),
            told(&output)
        );
        assert_eq!(slack.asked().len(), messages, "day {day}");
        assert_eq!(pushgateway.asked().len() as u32, day);
    }
    let last = pushgateway.asked().pop().unwrap();
    assert_eq!(last.what, "PUT /metrics/job/drift");
    assert!(last.body.contains("drift_stack_state{stack=\"blog\"} 0"), "{}", last.body);
    // Age counts from the first night, through the nights on which nobody could tell.
    let sixth = &pushgateway.asked()[5].body;
    let first = "drift_stack_first_seen_timestamp_seconds{stack=\"blog\"} 1793592000";
    assert!(sixth.contains(first), "{sixth}");
    assert!(slack.asked().iter().all(|asked| asked.what == "POST /services/c4n4ry"));
}

#[test]
fn deliveries_that_fail_cost_an_exit_code_and_nothing_else() {
    let house = House::new("");
    let pushgateway = Server::start(&[Answer::Status(400, "", "no room")]);
    let slack = Server::start(&[Answer::Status(404, "", "no_service for {path}")]);
    let webhook = house.webhook(&slack.address);
    let options = [
        "--pushgateway",
        &pushgateway.address,
        "--slack-file",
        &webhook,
        "--output-file",
        "html=/dev/full",
        "--output-file",
        "markdown=report.md",
    ];
    let output = house.night(2, Status::Drift, &options);
    let (out, told) = (out(&output), told(&output));
    assert_eq!(output.status.code(), Some(1), "{told}");
    for words in ["it answers 400: no room", "it answers 404: no_service", "/dev/full"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert!(!told.contains("c4n4ry") && !out.contains("c4n4ry"));
    // The drift is told, kept, and remembered.
    assert!(out.contains("1 drift"), "{out}");
    assert_eq!(house.kept(2)["blog"], Status::Drift);
    assert_eq!(house.history().stacks["blog"].latest, Some(Status::Drift));
    assert!(fs::read_to_string(house.path("repo/report.md")).unwrap().contains("drift"));
    // The next night, everything arrives.
    let output = house.night(3, Status::Drift, &["--pushgateway", &Server::start(&[FINE]).address]);
    assert_eq!(output.status.code(), Some(2), "{}", self::told(&output));
}

#[test]
fn metrics_are_pushed_to_the_group_that_is_named() {
    let pushgateway = Server::start(&[FINE]);
    let group = ["--push-job", "iac", "--push-instance", "lab"];
    let options = [&["--pushgateway", &*pushgateway.address], &group[..]].concat();
    let output = House::new("").night(1, Status::Clean, &options);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(pushgateway.asked()[0].what, "PUT /metrics/job/iac/instance/lab");
}

#[test]
fn what_cannot_be_used_is_told_before_anything_is_done() {
    let house = House::new("");
    for (options, words) in [
        (["--pushgateway", "pushgateway:9091"], "it is no URL"),
        (["--slack-env", "WEBHOOK"], "the variable `WEBHOOK` is no webhook"),
        (["--slack-env", "NO_SUCH_VARIABLE"], "`NO_SUCH_VARIABLE` is not set"),
        (["--slack-file", "no-such-file"], "`no-such-file` cannot be read"),
    ] {
        let output = house.night(2, Status::Drift, &options);
        let told = told(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(told.contains(words), "{told}");
        assert!(!house.path("into-2").exists() && !house.path("drift.history").exists());
    }
}

#[test]
fn a_history_that_cannot_be_used_costs_the_ages_only() {
    let house = House::new("");
    fs::write(house.path("drift.history"), "{\"tautline_drift_history\":7}\n").unwrap();
    let output = house.night(2, Status::Drift, &[]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("a newer tautline wrote it") && told.contains("update tautline"),
        "{told}"
    );
    assert!(out(&output).contains("1 drift"), "{}", out(&output));
    assert_eq!(house.kept(2)["blog"], Status::Drift);
    let left = fs::read_to_string(house.path("drift.history")).unwrap();
    assert_eq!(left, "{\"tautline_drift_history\":7}\n");
}

#[test]
fn a_clock_that_jumps_is_told_and_makes_nothing_younger_or_older() {
    let house = House::new("");
    let json_to = |day: u32| format!("json={}", house.path(&format!("{day}.json")).display());
    let run = |day, status| house.night(day, status, &["--output-file", &json_to(day)]);
    run(20, Status::Drift);
    let output = run(3, Status::Drift);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(out(&output).contains("the clock went back"), "{}", out(&output));
    let back = json(&house.path("3.json"));
    let seen = &back["stacks"][0]["seen"];
    assert_eq!((seen["days"].as_u64(), seen["times"].as_u64()), (Some(0), Some(2)), "{back}");
    // A night later the clock is right again.
    let output = run(22, Status::Drift);
    assert!(!out(&output).contains("the clock went back"));
    let right = json(&house.path("22.json"));
    let seen = &right["stacks"][0]["seen"];
    assert_eq!((seen["days"].as_u64(), seen["times"].as_u64()), (Some(2), Some(3)), "{right}");
}

#[test]
fn the_same_results_reported_again_change_nothing() {
    let house = House::new("");
    house.night(2, Status::Drift, &[]);
    let before = house.history();
    let again = house.night(2, Status::Drift, &[]);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(house.history(), before);
}

#[test]
fn what_is_acknowledged_calls_for_nobody_until_its_day() {
    let settings = "drift {\n  acknowledge \"trial\" {\n    stack  = \"blog\"\n    reason = \"until the move\"\n    \
                    until  = \"2026-11-03\"\n  }\n}\n";
    let house = House::new(settings);
    let slack = Server::start(&[FINE]);
    let webhook = house.webhook(&slack.address);
    let options = ["--slack-file", webhook.as_str(), "--notify-on", "any"];
    let third = house.night(3, Status::Drift, &options);
    assert_eq!(third.status.code(), Some(0), "{}", out(&third));
    assert!(out(&third).contains("acknowledged until 2026-11-03"), "{}", out(&third));
    let fourth = house.night(4, Status::Drift, &options);
    assert_eq!(fourth.status.code(), Some(2));
    assert!(out(&fourth).contains("`trial` was over on 2026-11-03"), "{}", out(&fourth));
    // That an apply would undo it was no reason not to know of it.
    assert!(out(&fourth).contains("danger[reverts-live]"), "{}", out(&fourth));
}
