//! `tautline doctor`: what tautline sees here, for a report of a bug.
//!
//! Invariant: it never fails, because it is asked when something else does; and it shows no content of a file.

use std::fmt::Write as _;
use std::path::Path;

use super::ground::Ground;
use super::trouble::Trouble;
use crate::analysis;
use crate::config::{Paths, Settings};
use crate::report::{harmless, plural};
use crate::syntax::{Date, Format};
use crate::workspace::{Content, FileSet, Skip, Workspace, root_and_reason};

/// What was found out.
#[derive(Default)]
struct Findings {
    /// Title and text, in order.
    lines: Vec<(&'static str, String)>,
    /// What looks wrong.
    wrong: Vec<String>,
}

impl Findings {
    fn say(&mut self, title: &'static str, text: impl Into<String>) {
        self.lines.push((title, text.into()));
    }

    fn wrong(&mut self, text: impl Into<String>) {
        self.wrong.push(text.into());
    }

    fn trouble(&mut self, about: &str, trouble: &Trouble) {
        for failure in trouble.failures() {
            let place = failure.subject.map_or_else(String::new, |place| format!("{place}: "));
            self.wrong(format!("{about}: {place}{}", failure.message));
        }
    }
}

/// Looks at the repo around the directory `here`.
pub(super) fn run(here: &Path) -> String {
    let mut found = Findings::default();
    found.say("tautline", format!("{} {}", env!("CARGO_PKG_VERSION"), build()));
    match root_and_reason(here) {
        Err(error) => found.wrong(error.to_string()),
        Ok((root, by)) => {
            found.say("root", format!("{} ({})", root.display(), by.words()));
            match Workspace::open(root) {
                Err(error) => found.wrong(error.to_string()),
                Ok(workspace) => {
                    git(&workspace, &mut found);
                    repo(here, &workspace, &mut found);
                }
            }
        }
    }
    print(&found)
}

/// What the binary was built for, and how.
fn build() -> String {
    let libc = if cfg!(target_env = "musl") { "-musl" } else { "" };
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (arch, os) = (std::env::consts::ARCH, std::env::consts::OS);
    format!("({arch}-{os}{libc}, {profile} build)")
}

fn git(workspace: &Workspace, found: &mut Findings) {
    match workspace.is_in_git() {
        Ok(true) => {}
        Ok(false) => {
            found.say("git", "no work tree");
            found.wrong("outside of git every file counts, ignored ones too");
            return;
        }
        // What lists the files says why.
        Err(_) => return,
    }
    let commit = match workspace.commit_time() {
        Some(time) => {
            let day = Date::from_unix_seconds(u64::try_from(time).unwrap_or_default());
            format!("the commit that is checked out was made on {day}")
        }
        None => "no commit yet".to_owned(),
    };
    let shallow = if workspace.is_shallow() { ", the clone is shallow" } else { "" };
    found.say("git", format!("{commit}{shallow}"));
    if workspace.is_shallow() {
        found.wrong("in a shallow clone rules that look back know less, and `--since` may lack its base: `git fetch --unshallow`");
    }
}

fn repo(here: &Path, workspace: &Workspace, found: &mut Findings) {
    found.say(
        "settings",
        match workspace.read(Settings::FILE) {
            None => "none: evidence decides which packs are on".to_owned(),
            Some(Content::Text(text)) => {
                format!("{}, {}", Settings::FILE, plural(text.lines().count(), "line"))
            }
            Some(Content::Skipped(why)) => format!("{} is {why}", Settings::FILE),
        },
    );
    if let Some(hidden) = analysis::hidden_settings(workspace, here) {
        found.wrong(hidden);
    }
    match Ground::around(here) {
        Err(trouble) => found.trouble("the settings or a pack cannot be used", &trouble),
        Ok(ground) => {
            files(&ground, found);
            excluded(&ground, found);
            baseline(&ground, found);
        }
    }
}

fn files(ground: &Ground, found: &mut Findings) {
    let mut loaded = match ground.workspace.load() {
        Ok(loaded) => loaded,
        Err(error) => {
            found.wrong(error.to_string());
            return;
        }
    };
    // It is no part of what is judged.
    loaded.files.retain(|file| &*file.path != ground.settings.baseline_path());
    let mut skipped = std::collections::BTreeMap::new();
    for file in &loaded.files {
        if let Content::Skipped(why) = &file.content {
            *skipped.entry(why.word()).or_insert(0usize) += 1;
        }
    }
    let reasons: Vec<String> =
        skipped.iter().map(|(why, count)| format!("{count} {why}")).collect();
    let mut line = plural(loaded.files.len(), "file");
    if !reasons.is_empty() {
        let _ = write!(line, ", not read: {}", reasons.join(", "));
    }
    found.say("files", line);
    for directory in &loaded.unreadable {
        found.wrong(format!(
            "the directory `{}` cannot be listed: {}",
            directory.path, directory.reason
        ));
    }
    if let Some(count) = skipped.get("unreadable") {
        found.wrong(format!("{} cannot be read: permissions?", plural(*count, "file")));
    }
    if let Some(count) = skipped.get(Skip::LeftOut.word()) {
        found.wrong(format!(
            "this sparse checkout leaves {} out, and what they say is unknown: `git sparse-checkout disable`",
            plural(*count, "file")
        ));
    }
    let is_code = |path: &str| Format::of(path).is_terraform_or_unit();
    if !loaded.files.iter().any(|file| is_code(&file.path)) {
        found.wrong(
            "there is no Terraform or Terragrunt file here: is this the root that was meant?",
        );
    }
    packs(ground, &loaded, found);
}

/// Which packs are on in `loaded`, and how many of their rules run.
fn packs(ground: &Ground, loaded: &FileSet, found: &mut Findings) {
    let (all_on, errors) = ground.packs_on_in(loaded);
    let on: Vec<_> = all_on
        .iter()
        .filter(|run| ground.rules.pack(&run.name).is_some_and(|it| !it.locked))
        .collect();
    let switched = ground.rules.packs.iter().filter(|pack| !pack.locked).count();
    found.say("packs", format!("{} of {switched} on", on.len()));
    for run in &on {
        found.say("", format!("{}: {}", run.name, run.evidence));
    }
    // The evidence may lie in what is left out.
    for error in errors.iter().filter(|_| !loaded.is_sparse()) {
        found.wrong(error.to_string());
    }
    for pack in ground.rules.idle(&ground.settings, &all_on) {
        found.wrong(format!("the repo's own pack `{}` is off: {}", pack.name, pack.evidence));
    }
    if on.is_empty() && errors.is_empty() {
        found.wrong("no pack is on, so nothing but syntax is judged: `packs { … }` in tautline.hcl names packs");
    }
    for it in &ground.settings.overrides {
        let is_empty = !loaded.files.iter().any(|file| it.paths.contains(&file.path));
        if let Some(first) = it.rules.first().filter(|_| is_empty) {
            let place = ground.settings.place(first.id.range);
            found.wrong(format!(
                "the `override` at {place} is for paths where no file is: was something moved?"
            ));
        }
    }
    let rules = &ground.rules.rules;
    let is_on = |pack: &str| all_on.iter().any(|run| &*run.name == pack);
    let running = rules.iter().filter(|rule| rule.enabled && is_on(&rule.pack)).count();
    found.say("rules", format!("{running} of {} run", rules.len()));
    let settings = &ground.settings;
    let (overrides, waivers) = (settings.overrides.len(), settings.waivers.len());
    found.say(
        "exceptions",
        format!("{}, {}", plural(overrides, "override"), plural(waivers, "waiver")),
    );
}

/// What `exclude` leaves out of nothing.
fn excluded(ground: &Ground, found: &mut Findings) {
    let settings = &ground.settings;
    if settings.excluded.is_empty() {
        return;
    }
    // As it is without `exclude`. Where that cannot be listed, it was said of the files.
    let whole = Workspace::open(ground.workspace.root().to_path_buf());
    let Ok(listing) = whole.and_then(|whole| whole.list()) else { return };
    let links = listing.links.iter().map(|link| &*link.path);
    let paths: Vec<&str> = listing.files.iter().map(|path| &**path).chain(links).collect();
    for glob in &settings.excluded {
        let named = Paths::of(&glob.value);
        if !paths.iter().any(|path| named.contains(path)) {
            let place = settings.place(glob.range);
            found.wrong(format!(
                "`{}` of `exclude` at {place} leaves nothing out: was something moved?",
                glob.value
            ));
        }
    }
}

fn baseline(ground: &Ground, found: &mut Findings) {
    match ground.baseline.read() {
        Ok(None) => found.say("baseline", "none"),
        Ok(Some(baseline)) => {
            let count: usize = baseline.entries.iter().map(|entry| entry.count).sum();
            let path = &ground.baseline.path;
            found.say("baseline", format!("{path}, {}", plural(count, "known finding")));
        }
        Err(trouble) => {
            found.say("baseline", format!("{} cannot be used", ground.baseline.path));
            found.trouble("the baseline", &trouble);
        }
    }
}

fn print(found: &Findings) -> String {
    let widest = found.lines.iter().map(|(title, _)| title.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (title, text) in &found.lines {
        let _ = writeln!(out, "{title:widest$}  {}", harmless(text));
    }
    if found.wrong.is_empty() {
        out.push_str("\nnothing looks wrong\n");
    } else {
        out.push_str("\nlooks wrong:\n");
        for wrong in &found.wrong {
            let _ = writeln!(out, "  {}", harmless(wrong));
        }
    }
    out
}
