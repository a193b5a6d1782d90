//! The file of the history on the disk.
//!
//! Invariant: whoever reads the file finds every record whose writer was told that it is written. Writers take turns
//! through a lock on a file beside it; a record is appended with one write and synced, and a file that is written anew is
//! put in the place of the old one whole.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::drift::history::{
    Decoded, History, Imported, LogError, Record, Run, decode, encode, header,
};
use crate::drift::{DriftReport, RunNote, RunNoteKind, history};
use crate::report::plural;
use crate::text::{typed, typed_path};
use crate::workspace;

/// How long is waited for somebody else who writes: appending takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long between two looks whether the lock is free.
const PAUSE: Duration = Duration::from_millis(20);

/// How many bytes of records may follow what was known when the file was written anew, before it is again: some hundred
/// nights of a repo of 150 stacks. Where what is known is more than that, as many bytes as it is.
const MOST: usize = 1 << 20;

/// How many stacks a note names.
const NAMED: usize = 5;

/// Why the history cannot be read or written.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HistoryError {
    /// The operating system refuses.
    #[error("the history `{path}` cannot be {verb}: {reason}")]
    Io {
        /// What was to be done.
        verb: &'static str,
        /// The file.
        path: String,
        /// Why not.
        reason: String,
        /// Whether there is no such directory.
        is_nowhere: bool,
    },
    /// What is in it is not understood.
    #[error("the history `{path}` is not used: {error}")]
    Log {
        /// The file.
        path: String,
        /// Why not.
        error: LogError,
    },
    /// Somebody else has held the lock for as long as anybody waits.
    #[error("the history `{path}` is being written by another tautline, and has been for {} s", PATIENCE.as_secs())]
    Busy {
        /// The file.
        path: String,
    },
}

impl HistoryError {
    /// What to type.
    pub fn help(&self) -> Option<String> {
        match self {
            HistoryError::Io { path, is_nowhere: true, .. } => {
                let parent = Path::new(path).parent()?;
                Some(format!("make its directory first: `mkdir -p {}`", typed_path(parent)))
            }
            HistoryError::Io { .. } => None,
            HistoryError::Log { error: LogError::Foreign, .. } => {
                Some("name another file: `--history FILE`; a new one is made".to_owned())
            }
            HistoryError::Log { path, .. } => Some(format!(
                "update tautline, or begin anew and keep the old one: `mv {} {}`",
                typed(path),
                typed(&format!("{path}.newer"))
            )),
            HistoryError::Busy { path } => {
                Some(format!("see who holds it: `fuser {}`", typed(&lock_of(path))))
            }
        }
    }

    fn io(verb: &'static str, path: &Path, error: &io::Error) -> HistoryError {
        HistoryError::Io {
            verb,
            path: path.display().to_string(),
            reason: error.to_string(),
            is_nowhere: error.kind() == io::ErrorKind::NotFound,
        }
    }
}

/// Reads the history at `path`; a file that is not there is an empty one.
pub fn read(path: &Path) -> Result<Decoded, HistoryError> {
    // Where there is no lock, or it cannot be opened, there is no writer to wait for.
    let lock = File::open(lock_of(&target(path).display().to_string())).ok();
    if let Some(lock) = &lock {
        wait(path, || lock.try_lock_shared())?;
    }
    understand(path, &bytes(path)?)
}

/// Appends what a run saw, and says what is known then.
pub fn record(path: &Path, run: &Run) -> Result<Decoded, HistoryError> {
    append(path, &Record::Run(run.clone()))
}

/// Appends what another program said, and says what is known then.
pub fn import(path: &Path, imported: &Imported) -> Result<Decoded, HistoryError> {
    append(path, &Record::Imported(imported.since.clone()))
}

/// Lets `change` have a hand in what is known, and writes the file anew; says what was there before.
pub fn rewrite<T>(
    path: &Path,
    change: impl FnOnce(&mut History) -> T,
) -> Result<(Decoded, T), HistoryError> {
    let _lock = lock(path)?;
    let decoded = understand(path, &bytes(path)?)?;
    let mut known = decoded.history.clone();
    let result = change(&mut known);
    replace(path, &known)?;
    Ok((decoded, result))
}

fn append(path: &Path, record: &Record) -> Result<Decoded, HistoryError> {
    let failed = |error: &io::Error| HistoryError::io("written", path, error);
    let _lock = lock(path)?;
    let mut bytes = bytes(path)?;
    let before = understand(path, &bytes)?;
    let mut text = if before.whole == 0 { header() } else { String::new() };
    text += &encode(record).map_err(|error| failed(&io::Error::from(error)))?;
    let open = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let mut file = open.map_err(|error| failed(&error))?;
    let whole = before.whole as u64;
    let written = (|| {
        if before.torn > 0 {
            file.set_len(whole)?;
        }
        file.seek(SeekFrom::Start(whole))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    })();
    if let Err(error) = written {
        // What was written of the record would be left out by the next reader; it need not be there.
        let _ = file.set_len(whole);
        return Err(failed(&error));
    }
    bytes.truncate(before.whole);
    bytes.extend_from_slice(text.as_bytes());
    let mut after = understand(path, &bytes)?;
    // What is told is what this writer found.
    (after.torn, after.damaged) = (before.torn, before.damaged);
    if before.whole == 0 {
        workspace::sync_directory(path);
    }
    let since = bytes.len() - after.known;
    if since > MOST.max(after.known) && after.damaged.is_empty() && after.records > 1 {
        // It stays as long as it is, and the next writer tries again.
        let _ = replace(path, &after.history);
    }
    Ok(after)
}

/// Puts a file that says nothing but `known` in the place of the one at `path`.
fn replace(path: &Path, known: &History) -> Result<(), HistoryError> {
    let failed = |error: &io::Error| HistoryError::io("written anew", path, error);
    let record = encode(&Record::Known(known.clone()));
    let text = header() + &record.map_err(|error| failed(&io::Error::from(error)))?;
    workspace::replace(path, text.as_bytes()).map_err(|error| failed(&error))
}

fn understand(path: &Path, bytes: &[u8]) -> Result<Decoded, HistoryError> {
    decode(bytes).map_err(|error| HistoryError::Log { path: path.display().to_string(), error })
}

fn bytes(path: &Path) -> Result<Vec<u8>, HistoryError> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(HistoryError::io("read", path, &error)),
    }
}

/// The lock is held until the file that is returned is dropped, or its process ends, however it does.
fn lock(path: &Path) -> Result<File, HistoryError> {
    let beside = lock_of(&target(path).display().to_string());
    let open = OpenOptions::new().write(true).create(true).truncate(false).open(&beside);
    let file = open.map_err(|error| HistoryError::io("locked", path, &error))?;
    wait(path, || file.try_lock())?;
    Ok(file)
}

fn wait(path: &Path, try_lock: impl Fn() -> Result<(), TryLockError>) -> Result<(), HistoryError> {
    let start = Instant::now();
    loop {
        match try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(HistoryError::Busy { path: path.display().to_string() });
            }
            Err(TryLockError::Error(error)) => {
                return Err(HistoryError::io("locked", path, &error));
            }
        }
    }
}

/// The file itself, where `path` is a link to it.
fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn lock_of(path: &str) -> String {
    format!("{path}.lock")
}

/// What came of looking back.
#[derive(Debug, Default)]
pub struct LookedBack {
    /// What is known, with what the report shows taken in; none where there is no history.
    pub history: Option<History>,
    /// Why the file could not be read or written. The report then knows what could be known without.
    pub failure: Option<HistoryError>,
}

/// Writes into `report` for how long everything has been so, from the history at `path`. With `is_recorded`, what it shows
/// is appended there; else the file stays as it is. `is_whole`: it is about all stacks of the repo.
pub fn look_back(
    report: &mut DriftReport,
    path: &Path,
    is_recorded: bool,
    is_whole: bool,
) -> LookedBack {
    let run = Run::of(report, is_whole);
    let mut failure = None;
    let recorded = match &run {
        Some(run) if is_recorded => record(path, run).map_err(|error| failure = Some(error)).ok(),
        _ => None,
    };
    let is_taken_in = recorded.is_some();
    let mut decoded = match recorded {
        Some(decoded) => decoded,
        None if matches!(failure, Some(HistoryError::Log { .. })) => Decoded::default(),
        // What cannot be written can perhaps be read.
        None => read(path).unwrap_or_else(|error| {
            failure.get_or_insert(error);
            Decoded::default()
        }),
    };
    if !is_taken_in {
        decoded.observed = run.map(|run| decoded.history.observe(&run)).unwrap_or_default();
    }
    history::apply(report, &decoded.history);
    let notes = tell(path, &decoded, report);
    report.notes.extend(notes);
    LookedBack { history: Some(decoded.history), failure }
}

/// What the reader of a report should know of the file.
fn tell(path: &Path, decoded: &Decoded, report: &DriftReport) -> Vec<RunNote> {
    let (as_typed, path) = (typed_path(path), path.display());
    let note = |message: String, evidence: Vec<String>, help: Option<String>| RunNote {
        kind: RunNoteKind::History,
        message,
        evidence,
        help,
        stacks: Vec::new(),
    };
    let mut notes = Vec::new();
    if decoded.torn > 0 {
        let message =
            "a run was killed while it wrote to the history: its record is left out".to_owned();
        let evidence =
            vec![format!("{} bytes at the end of `{path}` are no whole record", decoded.torn)];
        notes.push(note(message, evidence, None));
    }
    if !decoded.damaged.is_empty() {
        let lines: Vec<String> = decoded.damaged.iter().map(ToString::to_string).collect();
        let message =
            format!("the history is damaged: {} of its records are left out", lines.len());
        let evidence = vec![format!(
            "the checksums of these lines of `{path}` do not fit: {}",
            lines.join(", ")
        )];
        let help = format!(
            "`tautline drift history prune --history {as_typed}` writes it anew without them"
        );
        notes.push(note(message, evidence, Some(help)));
    }
    if let Some((stacks, latest)) = &decoded.observed.went_back {
        let measurements = plural(stacks.len(), "measurement");
        let message = format!(
            "the clock went back, or an older result was recorded late: {measurements} dated before what is known of the \
             stack, and taken as of then"
        );
        let mut evidence = vec![format!("the latest that is known is of {latest}")];
        evidence.push(format!("stacks: {}", named(stacks)));
        let help = format!(
            "if {latest} is wrong, `tautline drift history prune --later-than TIME --history {as_typed}` dates back what is \
             dated later than TIME"
        );
        let at = |name: &String| report.stacks.iter().position(|stack| stack.stack.name == *name);
        let stacks = stacks.iter().filter_map(at).collect();
        notes.push(RunNote { stacks, ..note(message, evidence, Some(help)) });
    }
    notes
}

fn named(names: &[String]) -> String {
    let some = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{some} and {more} more"),
        _ => some,
    }
}
