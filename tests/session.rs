//! A repo that is edited: what a session says is what a fresh check says, after any edits, and a look at one file says
//! what the check will say about it.

#![expect(clippy::disallowed_methods, reason = "the tests copy fixtures and edit them on the disk")]
#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tautline::analysis::session::Session;
use tautline::diagnostic::Diagnostic;
use tautline::report::{self, View};
use tautline::rule::Facts;
use tautline::syntax::{Date, Format, HclUse};
use tempfile::TempDir;

fn today() -> Date {
    Date::parse("2026-11-21").unwrap()
}

/// A copy of a fixture that may be edited.
fn copy(name: &str) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let repos = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos");
    copy_into(&repos.join(name), copy.path());
    copy
}

fn copy_into(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A session that has seen everything.
fn session(root: &Path) -> Session {
    let mut session = Session::new(root.to_owned());
    catch_up(&mut session);
    session
}

fn catch_up(session: &mut Session) {
    let done = session.job(today()).run().unwrap().unwrap();
    assert_eq!(done.wrong, []);
    session.adopt(done);
}

fn is_terraform(path: &str) -> bool {
    Format::of(path) == Format::Hcl(HclUse::Terraform)
}

/// What is said about each file.
type Said = BTreeMap<String, Vec<String>>;

/// One line for a diagnostic, whatever the files are numbered.
fn line(diagnostic: &Diagnostic, path: &dyn Fn(&Diagnostic) -> String) -> String {
    let range = diagnostic.span.range;
    let related: Vec<String> = diagnostic
        .related
        .iter()
        .map(|label| format!("{:?} {}", label.span.range, label.message))
        .collect();
    format!(
        "{} {range:?} {} {} {} {:?} {related:?}",
        path(diagnostic),
        diagnostic.severity,
        diagnostic.rule,
        diagnostic.message,
        diagnostic.help
    )
}

fn said(session: &Session, root: &Path) -> Said {
    let mut all = Said::new();
    for path in files(root) {
        let found = session.diagnostics(&path);
        let lines: Vec<String> =
            found.iter().map(|it| line(it, &|it| session.path(it.span.file).to_owned())).collect();
        if !lines.is_empty() {
            all.insert(path, lines);
        }
    }
    all
}

/// What a session says that has just begun.
fn fresh(root: &Path) -> Said {
    said(&session(root), root)
}

/// The paths of the files below `root`.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                directories.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The same bytes as the binary's, which is a process of its own.
#[test]
fn a_job_says_what_a_check_says() {
    for name in ["homelab", "labctl"] {
        let root = copy(name);
        let run = Command::new(env!("CARGO_BIN_EXE_tautline"))
            .args(["check", "--format", "json", "--show-unknown", "--statistics"])
            .current_dir(root.path())
            .output()
            .unwrap();
        let checked = String::from_utf8(run.stdout).unwrap();
        let mut session = Session::new(root.path().to_owned());
        // The second time most is known from the first.
        for _ in 0..2 {
            let now = Command::new("date").args(["-u", "+%F"]).output().unwrap();
            let now = Date::parse(String::from_utf8(now.stdout).unwrap().trim()).unwrap();
            let done = session.job(now).run().unwrap().unwrap();
            let outcome = done.outcome.as_ref().unwrap();
            let view = View {
                show_unknown: true,
                statistics: true,
                ..View::new(&outcome.report, &outcome.sources, &outcome.redacted)
            };
            assert!(outcome.report.diagnostics.len() > 5, "{name} is full of violations");
            assert_eq!(report::json(&view), checked, "{name}");
            session.adopt(done);
        }
    }
}

/// Nothing is edited, so a look has nothing to add and nothing to take away.
#[test]
fn a_look_at_any_file_changes_nothing() {
    for name in ["homelab", "labctl"] {
        let root = copy(name);
        let mut session = session(root.path());
        let mut looked = 0;
        for path in files(root.path()) {
            let Ok(text) = fs::read_to_string(root.path().join(&path)) else { continue };
            let before = session.diagnostics(&path);
            session.open(&path, &text);
            looked += usize::from(session.look(&path, today()));
            assert_eq!(session.diagnostics(&path), before, "{name}: {path}");
            session.close(&path);
        }
        assert!(looked > 20, "{name}: only {looked} files could be looked at");
    }
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// `text` with one thing changed, as somebody might who does not know what he does.
fn edited(text: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let at = numbers.below(lines.len());
    let other = lines[numbers.below(lines.len())];
    let mut half = lines[at].len() / 2;
    while !lines[at].is_char_boundary(half) {
        half -= 1;
    }
    match numbers.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, other),
        2 => lines.insert(at, "# é tautline: ignore[image/frozen-registry] -- for now"),
        3 => lines[at] = other,
        4 => lines[at] = &lines[at][..half],
        _ => lines.insert(at, ""),
    }
    lines.join("\n")
}

#[test]
fn after_any_edits_a_session_says_what_a_fresh_one_says() {
    let root = copy("homelab");
    let mut session = session(root.path());
    let mut numbers = Numbers(0x7a75_746c_696e_6531);
    let all = files(root.path());
    for round in 0..12 {
        for _ in 0..4 {
            let path = &all[numbers.below(all.len())];
            let on_disk = root.path().join(path);
            let Ok(text) = fs::read_to_string(&on_disk) else { continue };
            session.open(path, &text);
            let text = edited(&edited(&text, &mut numbers), &mut numbers);
            session.edit(path, &text);
            session.look(path, today());
            let looked = session.diagnostics(path);
            fs::write(&on_disk, &text).unwrap();
            session.save(path);
            // What a look finds is found again by a run over everything: in the same place, with the same words.
            catch_up(&mut session);
            let found = session.diagnostics(path);
            let by_stack = |it: &Diagnostic| {
                let rules = &session.setup().unwrap().rules;
                rules.rule(&it.rule).is_some_and(|rule| {
                    // What is found about a block elsewhere, in a file that it reads, only a job finds.
                    let is_own = it.address.is_none() || is_terraform(path);
                    rule.check.is_some() && is_own && rule.facts == Facts::Stack
                })
            };
            let of_stack = |all: Vec<Diagnostic>| {
                let all = all.into_iter().filter(|it| by_stack(it));
                all.map(|it| (it.span, it.rule, it.message)).collect::<Vec<_>>()
            };
            assert_eq!(of_stack(looked), of_stack(found), "round {round}: {path}");
            if numbers.below(2) == 0 {
                session.close(path);
            }
        }
        assert_eq!(said(&session, root.path()), fresh(root.path()), "round {round}");
    }
}

#[test]
fn files_come_and_go() {
    let root = copy("homelab");
    let mut session = session(root.path());
    let stack = root.path().join("stacks/homepage");
    let moved = root.path().join("stacks/moved");
    assert!(!session.diagnostics("stacks/homepage/main.tf").is_empty());
    fs::rename(&stack, &moved).unwrap();
    catch_up(&mut session);
    assert_eq!(session.diagnostics("stacks/homepage/main.tf"), []);
    assert!(!session.diagnostics("stacks/moved/main.tf").is_empty());
    fs::remove_dir_all(&moved).unwrap();
    catch_up(&mut session);
    assert_eq!(said(&session, root.path()), fresh(root.path()));
}

/// A module whose variable decides what its caller says.
fn two_files() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let call = "module \"web\" {\n  source = \"../../modules/web\"\n  title  = \"x\"\n}\n";
    let module = "variable \"title\" {\n  type = string\n}\n";
    for (path, text) in [
        ("tautline.hcl", "packs {\n  hygiene = true\n}\n"),
        ("scripts/tg", "TIER0_STACKS=\"\"\n"),
        ("stacks/a/main.tf", call),
        ("modules/web/main.tf", module),
    ] {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn a_half_written_file_keeps_its_last_good_facts_for_the_others() {
    let root = two_files();
    let mut session = session(root.path());
    let before = said(&session, root.path());
    let path = "modules/web/main.tf";
    let text = fs::read_to_string(root.path().join(path)).unwrap();
    session.open(path, &text);
    let broken = format!("locals {{\n{}", text.replace("type = string", "type = "));
    session.edit(path, &broken);
    assert!(session.look(path, today()));
    let rules = |session: &Session| {
        session.diagnostics(path).iter().map(|it| it.rule.to_string()).collect::<Vec<_>>()
    };
    assert!(
        rules(&session).iter().any(|it| it == "tautline/syntax-error"),
        "{:?}",
        rules(&session)
    );
    let errors = |session: &Session| {
        let found = session.diagnostics(path).into_iter();
        let errors = found.filter(|it| &*it.rule == "tautline/syntax-error");
        errors.map(|it| (it.span, it.message)).collect::<Vec<_>>()
    };
    let typed = errors(&session);
    catch_up(&mut session);
    // The job has seen the last text that could be understood: what the look says is of the newest.
    assert_eq!(errors(&session), typed, "as it is typed, and where");
    let others = |said: Said| said.into_iter().filter(|(it, _)| it != path).collect::<Said>();
    assert_eq!(others(said(&session, root.path())), others(before), "others are judged as before");
    // Once it is saved so, that is what the repo says.
    fs::write(root.path().join(path), &broken).unwrap();
    session.save(path);
    catch_up(&mut session);
    assert_eq!(said(&session, root.path()), fresh(root.path()));
}

#[test]
fn what_only_the_whole_repo_tells_moves_along_with_the_text() {
    let root = copy("homelab");
    let mut session = session(root.path());
    for path in files(root.path()) {
        let before = session.diagnostics(&path);
        if before.is_empty() || !is_terraform(&path) {
            continue;
        }
        let text = session.text(&path).unwrap().to_owned();
        session.open(&path, &text);
        session.edit(&path, &format!("# é\n\n{text}"));
        assert!(session.look(&path, today()));
        let shift = "# é\n\n".len() as u32;
        let moved: Vec<_> = before
            .iter()
            .map(|it| (it.span.range.start + shift, it.rule.clone(), it.message.clone()))
            .collect();
        let now: Vec<_> = session
            .diagnostics(&path)
            .iter()
            .map(|it| (it.span.range.start, it.rule.clone(), it.message.clone()))
            .collect();
        assert_eq!(now, moved, "{path}");
        session.close(&path);
    }
}

#[test]
fn a_value_is_told_with_its_place_and_a_secret_is_not() {
    let root = tempfile::tempdir().unwrap();
    let text = "locals {\n  host = \"web.example\"\n  url = \"https://${local.host}/\"\n  \
                db_password = \"hunter2!x\"\n  dsn = \"pg://u:${local.db_password}@db\"\n  \
                token = local.host\n}\n";
    fs::create_dir_all(root.path().join("stacks/a")).unwrap();
    fs::write(root.path().join("stacks/a/main.tf"), text).unwrap();
    let session = session(root.path());
    let told = |word: &str| {
        let offset = text.find(word).unwrap() as u32;
        session.evaluated("stacks/a/main.tf", offset).map(|it| it.options[0].clone())
    };
    let host = told("local.host}").unwrap();
    assert_eq!(host.value.as_deref(), Ok("\"web.example\""));
    assert_eq!(&text[host.origin.unwrap().1.indices()], "\"web.example\"");
    assert_eq!(told("https").unwrap().value.as_deref(), Ok("\"https://web.example/\""));
    assert_eq!(told("web.example"), None, "a literal says itself what it is");
    for place in ["local.db_password", "pg://", "local.host\n}"] {
        let value = told(place).unwrap().value.unwrap();
        assert!(value.contains("(redacted)") && !value.contains("hunter2"), "{place}: {value}");
    }
}

#[test]
fn nothing_comes_of_a_job_that_is_stopped() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("main.tf"), "resource \"null_resource\" \"a\" {}\n").unwrap();
    let mut session = session(root.path());
    session.edit("main.tf", "resource \"null_resource\" \"b\" {\n}\n");
    let job = session.job(today());
    job.stop().stop();
    assert!(job.run().unwrap().is_none());
    // The edit is not taken for seen.
    assert!(session.is_stale("main.tf"));
    catch_up(&mut session);
    assert!(!session.is_stale("main.tf"));
}

/// As long as it is saved, evidence holds: half a line more, or an undo, would bring it back.
/// The job was begun before the file was opened, so it says nothing of whose it is.
#[test]
fn what_is_left_out_stays_so_when_an_older_job_ends() {
    let root = two_files();
    fs::create_dir(root.path().join("made")).unwrap();
    fs::write(root.path().join("made/main.tf"), "locals {\n").unwrap();
    fs::write(root.path().join("tautline.hcl"), "exclude = [\"made/**\"]\n").unwrap();
    let mut session = session(root.path());
    let job = session.job(today());
    assert!(!session.knows("made/main.tf"));
    session.leave_out("made/main.tf");
    session.open("made/main.tf", "locals {\n");
    session.adopt(job.run().unwrap().unwrap());
    assert!(!session.is_stale("made/main.tf") && !session.look("made/main.tf", today()));
    // The next one knows it.
    fs::write(root.path().join("tautline.hcl"), "").unwrap();
    catch_up(&mut session);
    assert_ne!(session.diagnostics("made/main.tf"), []);
}

#[test]
fn a_pack_stays_on_while_a_buffer_lacks_its_evidence() {
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let evidence =
        "applies_when {\n  file {\n    path     = \"**/*.tf\"\n    contains = \"bucket\"\n  }\n}\n";
    write(
        "tautline.hcl",
        "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\nexclude = [\"old/**\"]\n",
    );
    write("rules/own/pack.hcl", &format!("summary = \"buckets\"\n{evidence}"));
    let (path, bin) = ("stacks/a/main.tf", "resource \"bin\" \"b\" {}\n");
    for path in [path, "old/main.tf"] {
        write(path, "resource \"bucket\" \"b\" {}\n");
    }
    let mut session = session(root.path());
    session.open("old/main.tf", "resource \"bucket\" \"b\" {}\n");
    session.open(path, "resource \"bucket\" \"b\" {}\n");
    session.edit(path, bin);
    catch_up(&mut session);
    // Saved so, it is gone; what is excluded is none, though it be open.
    write(path, bin);
    session.save(path);
    let done = session.job(today()).run().unwrap().unwrap();
    let wrong: Vec<_> = done.wrong.iter().map(|it| (&*it.path, it.message.as_str())).collect();
    assert_eq!(wrong, [("tautline.hcl", "pack `own` is on, but what it looks for is not there")]);
}
