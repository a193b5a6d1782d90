//! Results on the disk: `run.json` says what was to be planned, `stacks/<name>.json` how one stack stands, `plans/` holds plans
//! while they are read.
//!
//! Invariant: a file is whole or not there, whatever kills the run. What is listed in `run.json` and has no file was not
//! measured, so nothing that was wanted can get lost.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::drift::{Commit, InputKind, Measured, StackRef, Status, Unread};
use crate::workspace::replace;

/// The version of the files; fields are only ever added.
const VERSION: u32 = 1;

const MANIFEST: &str = "run.json";
const STACKS: &str = "stacks";
const PLANS: &str = "plans";
const LOCK: &str = "lock";

/// What a run was to do: `run.json`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the files.
    pub version: u32,
    /// The version of tautline.
    #[serde(default)]
    pub tautline: String,
    /// The command that planned.
    #[serde(default)]
    pub runner: String,
    /// The commit that was planned.
    pub commit: Option<Commit>,
    /// Whether files that git tracks differed from it.
    #[serde(default)]
    pub is_dirty: bool,
    /// When it began: RFC 3339.
    #[serde(default)]
    pub started: String,
    /// When it ended; none where it did not.
    pub ended: Option<String>,
    /// Which part this is, of how many; none for the whole.
    pub shard: Option<(u32, u32)>,
    /// Where it was put together from parts: which of them were there, of how many.
    #[serde(default)]
    pub merged: Option<(BTreeSet<u32>, u32)>,
    /// Whether it was about some stacks only, which were asked for.
    #[serde(default)]
    pub is_partial: bool,
    /// All stacks, those of other shards too, sorted by name.
    pub stacks: Vec<Wanted>,
    /// What is to be said about the run as a whole, one line each.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// A stack of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wanted {
    /// Which.
    pub stack: StackRef,
    /// The shard that plans it, counted from 1.
    #[serde(default)]
    pub shard: u32,
    /// Why it is not planned at all.
    pub left_out: Option<LeftOut>,
    /// Why there is no result although there should be one: what a merge found missing.
    #[serde(default)]
    pub missing: Option<String>,
}

/// Why a stack is not planned.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    /// Why: one line.
    pub reason: String,
    /// The last day on which that holds; none where there is nothing to plan.
    pub until: Option<String>,
}

/// How one stack stands: `stacks/<name>.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The version of the file.
    pub version: u32,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it was planned a second time to see whether it still differs.
    #[serde(default)]
    pub is_confirmed: bool,
    /// What was measured.
    pub measured: Measured,
}

impl Kept {
    /// A result that took `took_ms` milliseconds.
    pub fn new(measured: Measured, took_ms: u64) -> Kept {
        Kept { version: VERSION, took_ms, is_confirmed: false, measured }
    }
}

/// Why results cannot be written or read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ResultsError {
    /// The operating system refuses.
    #[error("`{path}` cannot be {verb}: {reason}")]
    Io {
        /// What was to be done.
        verb: &'static str,
        /// Which file or directory.
        path: String,
        /// Why not.
        reason: String,
    },
    /// There is something else.
    #[error("`{0}` holds something, and it is no results of a run")]
    Foreign(String),
    /// There are no results.
    #[error("`{0}` holds no results of a run")]
    None(String),
    /// Another run writes there.
    #[error("another run is at work in `{0}`")]
    Busy(String),
    /// A file is broken, or too new.
    #[error("`{path}` cannot be understood: {reason}")]
    Broken {
        /// Which.
        path: String,
        /// Why.
        reason: String,
    },
}

/// Results that are being written. The directory is ours as long as this lives.
#[derive(Debug)]
pub struct Results {
    dir: PathBuf,
    _lock: File,
}

/// Results as they were read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What was to be done.
    pub manifest: Manifest,
    /// What was measured, sorted by the name of the stack.
    pub kept: Vec<Kept>,
    /// Where it was read from.
    dir: PathBuf,
    /// Files that could not be read.
    broken: Vec<Unread>,
}

/// Whether `dir` holds the results of a run.
pub fn is_results(dir: &Path) -> bool {
    dir.join(MANIFEST).is_file()
}

impl Results {
    /// Takes the directory `dir` for a run. What results there were are gone.
    pub fn create(dir: &Path, manifest: &Manifest) -> Result<Results, ResultsError> {
        let results = Self::take(dir)?;
        for name in [STACKS, PLANS] {
            match fs::remove_dir_all(dir.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed("emptied", &dir.join(name), &error));
                }
                _ => {}
            }
        }
        results.directories()?;
        results.write_manifest(manifest)?;
        Ok(results)
    }

    /// Takes the directory `dir` to go on with what was begun there.
    pub fn resume(dir: &Path) -> Result<(Results, Loaded), ResultsError> {
        if !is_results(dir) {
            return Err(ResultsError::None(shown(dir)));
        }
        let results = Self::take(dir)?;
        // A plan that nobody will read any more is full of secrets.
        let _ = fs::remove_dir_all(dir.join(PLANS));
        results.directories()?;
        let mut loaded = load(dir)?;
        // What a merge found missing is planned now.
        loaded.manifest.merged = None;
        for wanted in &mut loaded.manifest.stacks {
            wanted.missing = None;
        }
        Ok((results, loaded))
    }

    #[expect(clippy::disallowed_methods, reason = "results are kept here")]
    fn take(dir: &Path) -> Result<Results, ResultsError> {
        fs::create_dir_all(dir).map_err(|error| failed("made", dir, &error))?;
        let entries = fs::read_dir(dir).map_err(|error| failed("read", dir, &error))?;
        let own = [MANIFEST, STACKS, PLANS, LOCK, ".gitignore"];
        let mut names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
        if !is_results(dir) && names.any(|name| own.iter().all(|own| name != **own)) {
            return Err(ResultsError::Foreign(shown(dir)));
        }
        let path = dir.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|error| failed("opened", &path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ResultsError::Busy(shown(dir))),
            Err(TryLockError::Error(error)) => return Err(failed("locked", &path, &error)),
        }
        // Results are nobody's source.
        let ignored = dir.join(".gitignore");
        if !ignored.exists() {
            replace(&ignored, b"*\n").map_err(|error| failed("written", &ignored, &error))?;
        }
        Ok(Results { dir: dir.to_owned(), _lock: lock })
    }

    fn directories(&self) -> Result<(), ResultsError> {
        for name in [STACKS, PLANS] {
            let path = self.dir.join(name);
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            if name == PLANS {
                std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            }
            builder.create(&path).map_err(|error| failed("made", &path, &error))?;
        }
        Ok(())
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes what the run is to do, or did.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), ResultsError> {
        let manifest = Manifest { version: VERSION, ..manifest.clone() };
        put(&self.dir.join(MANIFEST), &manifest)
    }

    /// Keeps what was measured of one stack, in the place of what was before.
    pub fn keep(&self, kept: &Kept) -> Result<(), ResultsError> {
        let name = file_name(&kept.measured.stack.name);
        put(&self.dir.join(STACKS).join(format!("{name}.json")), kept)
    }

    /// Where the plan of the stack `name` is written.
    pub(super) fn plan_file(&self, name: &str) -> PathBuf {
        self.dir.join(PLANS).join(format!("{}.tfplan", file_name(name)))
    }
}

fn put(path: &Path, value: &impl Serialize) -> Result<(), ResultsError> {
    let put = || -> io::Result<()> {
        let bytes = serde_json::to_vec(value)?;
        replace(path, &bytes)
    };
    put().map_err(|error| failed("written", path, &error))
}

impl Loaded {
    /// What is known of a run without a look at the disk.
    pub fn new(dir: &Path, manifest: Manifest, kept: impl IntoIterator<Item = Kept>) -> Loaded {
        let mut kept: Vec<Kept> = kept.into_iter().collect();
        kept.sort_by(|a, b| a.measured.stack.cmp(&b.measured.stack));
        Loaded { manifest, kept, dir: dir.to_owned(), broken: Vec::new() }
    }

    /// What was measured, and for each stack without a result that it was not measured and why.
    pub fn measured(&self) -> Vec<Measured> {
        let mut kept: BTreeMap<&str, &Kept> =
            self.kept.iter().map(|kept| (kept.measured.stack.name.as_str(), kept)).collect();
        let part = self.manifest.shard.map(|(part, _)| part);
        let own = self.manifest.stacks.iter().filter(|wanted| {
            part.is_none_or(|part| wanted.shard == part || wanted.left_out.is_some())
        });
        let mut all: Vec<Measured> = own
            .map(|wanted| match kept.remove(wanted.stack.name.as_str()) {
                Some(kept) => kept.measured.clone(),
                None => self.not_measured(wanted),
            })
            .collect();
        all.extend(kept.into_values().map(|kept| kept.measured.clone()));
        all.sort_by(|a, b| a.stack.cmp(&b.stack));
        all
    }

    fn not_measured(&self, wanted: &Wanted) -> Measured {
        let why = match (&wanted.left_out, &wanted.missing) {
            (Some(LeftOut { reason, until: Some(until) }), _) => {
                format!("left out until {until}: {reason}")
            }
            (Some(LeftOut { reason, until: None }), _) => reason.clone(),
            (None, Some(missing)) => missing.clone(),
            (None, None) => "the run ended before it was planned".to_owned(),
        };
        let commit = self.manifest.commit.clone();
        Measured { commit, ..empty(wanted.stack.clone(), MANIFEST, Status::NotMeasured, why) }
    }

    /// What is missing: files that could not be read, and the stacks that nobody left out and nothing is known of, by reason.
    pub fn unread(&self) -> Vec<Unread> {
        const NAMED: usize = 5;
        let is_left_out = |name: &str| {
            let mut all = self.manifest.stacks.iter();
            all.any(|wanted| wanted.stack.name == name && wanted.left_out.is_some())
        };
        let mut gaps: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for measured in self.measured() {
            if measured.status == Status::NotMeasured && !is_left_out(&measured.stack.name) {
                let why = measured.evidence.into_iter().next().unwrap_or_default();
                gaps.entry(why).or_default().push(measured.stack.name);
            }
        }
        let file = shown(&self.dir.join(MANIFEST));
        let gap = |(why, names): (String, Vec<String>)| {
            let more = names.len().saturating_sub(NAMED);
            let mut told = names.iter().take(NAMED).map(|it| format!("`{it}`")).collect::<Vec<_>>();
            if more > 0 {
                told.push(format!("{more} more"));
            }
            Unread {
                file: file.clone(),
                why: format!("not measured: {} ({why})", told.join(", ")),
                help: None,
                is_missing: true,
            }
        };
        self.broken.iter().cloned().chain(gaps.into_iter().map(gap)).collect()
    }

    /// How long each stack took, in milliseconds.
    pub fn durations(&self) -> BTreeMap<String, u64> {
        let took = |kept: &Kept| (kept.measured.stack.name.clone(), kept.took_ms);
        self.kept.iter().map(took).collect()
    }
}

/// What is known of a stack that has no plan.
pub(super) fn empty(stack: StackRef, file: &str, status: Status, why: String) -> Measured {
    Measured { stack, status, evidence: vec![why], ..Measured::new(file, InputKind::Run) }
}

/// Reads the results in `dir`.
#[expect(clippy::disallowed_methods, reason = "results are read here")]
pub fn load(dir: &Path) -> Result<Loaded, ResultsError> {
    if !is_results(dir) {
        return Err(ResultsError::None(shown(dir)));
    }
    let manifest: Manifest = parse(&dir.join(MANIFEST), |it: &Manifest| it.version)?;
    let mut loaded = Loaded { manifest, kept: Vec::new(), dir: dir.to_owned(), broken: Vec::new() };
    let stacks = dir.join(STACKS);
    let entries = match fs::read_dir(&stacks) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(loaded),
        Err(error) => return Err(failed("read", &stacks, &error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| failed("read", &stacks, &error))?.path();
        // What does not end so was being written when the run was killed.
        if path.extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        match parse(&path, |it: &Kept| it.version) {
            Ok(kept) => loaded.kept.push(kept),
            Err(error) => loaded.broken.push(Unread {
                file: shown(&path),
                why: error.to_string(),
                help: Some("`tautline drift run --resume` plans the stack again".to_owned()),
                is_missing: true,
            }),
        }
    }
    loaded.kept.sort_by(|a, b| a.measured.stack.cmp(&b.measured.stack));
    loaded.broken.sort();
    Ok(loaded)
}

#[expect(clippy::disallowed_methods, reason = "results are read here")]
fn parse<T: DeserializeOwned>(path: &Path, version: fn(&T) -> u32) -> Result<T, ResultsError> {
    let bytes = fs::read(path).map_err(|error| failed("read", path, &error))?;
    let broken = |reason: String| ResultsError::Broken { path: shown(path), reason };
    let value: T = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    match version(&value) {
        VERSION => Ok(value),
        other => {
            Err(broken(format!("it is of version {other}, and this tautline knows {VERSION}")))
        }
    }
}

/// The name of the file for the stack `name`, without a directory in it: `live/dns` is `live%2Fdns`.
fn file_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, letter) in name.chars().enumerate() {
        match letter {
            '%' => out.push_str("%25"),
            '/' => out.push_str("%2F"),
            '.' if at == 0 => out.push_str("%2E"),
            other => out.push(other),
        }
    }
    out
}

fn failed(verb: &'static str, path: &Path, error: &io::Error) -> ResultsError {
    ResultsError::Io { verb, path: shown(path), reason: error.to_string() }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn kept(name: &str, status: Status) -> Kept {
        let stack = StackRef { name: name.to_owned(), dir: Some(format!("stacks/{name}")) };
        Kept::new(empty(stack, "plan", status, "why".to_owned()), 7)
    }

    fn wanted(name: &str) -> Wanted {
        Wanted {
            stack: kept(name, Status::Clean).measured.stack,
            shard: 1,
            left_out: None,
            missing: None,
        }
    }

    fn manifest(names: &[&str]) -> Manifest {
        Manifest { stacks: names.iter().map(|name| wanted(name)).collect(), ..Manifest::default() }
    }

    #[test]
    fn what_is_kept_is_read_again_and_the_rest_is_not_measured() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("results");
        let mut manifest = manifest(&["a", "live/b", "c"]);
        manifest.stacks[2].left_out =
            Some(LeftOut { reason: "no rights".to_owned(), until: Some("2027-01-31".to_owned()) });
        let results = Results::create(&dir, &manifest).unwrap();
        results.keep(&kept("live/b", Status::Drift)).unwrap();
        let loaded = load(&dir).unwrap();
        assert_eq!(loaded.kept, [kept("live/b", Status::Drift)]);
        assert_eq!(loaded.durations()["live/b"], 7);
        let told: Vec<_> = loaded
            .measured()
            .into_iter()
            .map(|it| (it.stack.name, it.status, it.evidence.join(" ")))
            .collect();
        let expected = [
            ("a", Status::NotMeasured, "the run ended before it was planned"),
            ("c", Status::NotMeasured, "left out until 2027-01-31: no rights"),
            ("live/b", Status::Drift, "why"),
        ];
        assert_eq!(told, expected.map(|(a, b, c)| (a.to_owned(), b, c.to_owned())));
        let unread: Vec<_> = loaded.unread().into_iter().map(|it| it.why).collect();
        assert_eq!(unread, ["not measured: `a` (the run ended before it was planned)"]);
    }

    #[test]
    fn a_directory_is_taken_once_and_never_from_somebody_else() {
        let place = tempfile::tempdir().unwrap();
        let results = Results::create(place.path(), &manifest(&["a"])).unwrap();
        results.keep(&kept("a", Status::Clean)).unwrap();
        let busy = Results::resume(place.path()).unwrap_err();
        assert!(matches!(busy, ResultsError::Busy(_)), "{busy}");
        drop(results);
        let (results, loaded) = Results::resume(place.path()).unwrap();
        assert_eq!(loaded.kept.len(), 1);
        drop(results);
        let again = Results::create(place.path(), &manifest(&["a"])).unwrap();
        assert!(load(again.dir()).unwrap().kept.is_empty());
        let other = tempfile::tempdir().unwrap();
        File::create(other.path().join("main.tf")).unwrap();
        let foreign = Results::create(other.path(), &manifest(&[])).unwrap_err();
        assert!(matches!(foreign, ResultsError::Foreign(_)), "{foreign}");
        assert!(matches!(load(other.path()), Err(ResultsError::None(_))));
    }

    #[test]
    fn what_was_being_written_when_the_run_was_killed_is_not_there() {
        let place = tempfile::tempdir().unwrap();
        let results = Results::create(place.path(), &manifest(&["a", "b"])).unwrap();
        File::create(place.path().join("stacks/a.123.tmp")).unwrap();
        let mut half = File::create(place.path().join("stacks/b.json")).unwrap();
        half.write_all(b"{\"version\":1,").unwrap();
        File::create(results.plan_file("a")).unwrap();
        drop(results);
        let (results, loaded) = Results::resume(place.path()).unwrap();
        assert!(loaded.kept.is_empty());
        let unread: Vec<_> = loaded.unread().into_iter().map(|it| it.why).collect();
        assert!(unread[0].contains("cannot be understood"), "{unread:?}");
        let gap = "not measured: `a`, `b` (the run ended before it was planned)";
        assert_eq!(unread[1..], [gap], "{unread:?}");
        assert!(!results.plan_file("a").exists(), "an old plan stays");
    }

    #[test]
    fn names_are_no_paths() {
        assert_eq!(file_name("live/a%b"), "live%2Fa%25b");
        assert_eq!(file_name("."), "%2E");
        assert_eq!(file_name("..x"), "%2E.x");
    }
}
