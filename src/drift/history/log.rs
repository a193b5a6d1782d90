//! The file of the history, as bytes: a header, then one record on each line, each with a checksum of its own.
//!
//! Invariant: what was once read from a file is read from it again, whatever a writer that was killed has left behind it.
//! A record counts when its checksum fits and its line has an end; the newline is the last byte that is written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::History;
use super::fold::Observed;
use super::import::Imported;
use super::moment::Moment;
use super::run::Run;

/// The version of the format that is written. It changes when an older tautline could not read what is written any more.
const VERSION: u64 = 1;

/// The key of the header, by which the file is known.
const NAME: &str = "tautline_drift_history";

/// What stands before the checksum of a line, and behind it.
const OPENING: &[u8] = b"{\"sum\":\"";
const CLOSING: &[u8] = b"\",";
const DIGITS: usize = 8;

/// One line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// All that was known when the file was written anew. What stands above it does not count.
    Known(History),
    /// A run.
    Run(Run),
    /// What another program said since when stacks differ.
    Imported(BTreeMap<String, Moment>),
}

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decoded {
    /// What it says.
    pub history: History,
    /// How many records it has.
    pub records: usize,
    /// Up to which byte it is whole: what follows was left by a writer that was killed.
    pub whole: usize,
    /// How many bytes those are.
    pub torn: usize,
    /// Lines, counted from 1, whose checksum does not fit: no writer leaves such, a disk may.
    pub damaged: Vec<usize>,
    /// How many bytes the last record of [`Record::Known`] has; 0 where there is none.
    pub known: usize,
    /// What was noticed with the last run.
    pub observed: Observed,
}

/// Why a file is not read at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LogError {
    /// It is something else.
    #[error("it is no history of drift")]
    Foreign,
    /// A newer tautline wrote it.
    #[error("a newer tautline wrote it (format {0}; this one reads {VERSION})")]
    Newer(u64),
    /// Its version says that it can be read, and it holds a record that cannot.
    #[error("line {0} is whole, and says what this tautline does not know")]
    Unknown(usize),
}

/// The first line of a new file.
pub fn header() -> String {
    format!("{{\"{NAME}\":{VERSION}}}\n")
}

/// The line of `record`, its newline included. The checksum is that of all bytes between it and the newline.
pub fn encode(record: &Record) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(record)?;
    // `{"run":…}` without the brace: the checksum takes the first place in the object.
    let rest = json.strip_prefix('{').unwrap_or(&json);
    let sum = crc32fast::hash(rest.as_bytes());
    Ok(format!("{{\"sum\":\"{sum:08x}\",{rest}\n"))
}

/// Reads the bytes of a file. No bytes are an empty history.
pub fn decode(bytes: &[u8]) -> Result<Decoded, LogError> {
    let mut decoded = Decoded::default();
    let Some(end) = memchr::memchr(b'\n', bytes) else {
        // Whoever wrote the first line was killed, or somebody else wrote this.
        let is_ours = header().as_bytes().starts_with(bytes);
        decoded.torn = bytes.len();
        return if is_ours { Ok(decoded) } else { Err(LogError::Foreign) };
    };
    match version(&bytes[..end]) {
        Some(VERSION) => {}
        Some(newer) => return Err(LogError::Newer(newer)),
        None => return Err(LogError::Foreign),
    }
    decoded.whole = end + 1;
    for number in 2.. {
        let rest = &bytes[decoded.whole..];
        let Some(end) = memchr::memchr(b'\n', rest) else {
            decoded.torn = rest.len();
            break;
        };
        match record(&rest[..end]) {
            Line::Record(Record::Known(history)) => {
                decoded.history = history;
                decoded.known = end + 1;
            }
            Line::Record(Record::Run(run)) => {
                decoded.observed = decoded.history.observe(&run);
            }
            Line::Record(Record::Imported(since)) => decoded.history.import(&Imported::of(since)),
            Line::Unknown => return Err(LogError::Unknown(number)),
            Line::Damaged => decoded.damaged.push(number),
        }
        decoded.records += 1;
        decoded.whole += end + 1;
    }
    decoded.records -= decoded.damaged.len();
    Ok(decoded)
}

fn version(line: &[u8]) -> Option<u64> {
    let header: BTreeMap<String, serde_json::Value> = serde_json::from_slice(line).ok()?;
    header.get(NAME)?.as_u64()
}

enum Line {
    Record(Record),
    Damaged,
    Unknown,
}

fn record(line: &[u8]) -> Line {
    let Some((sum, rest)) = split(line) else { return Line::Damaged };
    if crc32fast::hash(rest) != sum {
        return Line::Damaged;
    }
    // The object again, without its checksum.
    let object = [b"{", rest].concat();
    serde_json::from_slice(&object).map_or(Line::Unknown, Line::Record)
}

fn split(line: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = line.strip_prefix(OPENING)?.split_at_checked(DIGITS)?;
    let sum = u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?;
    Some((sum, rest.strip_prefix(CLOSING)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{errored, night};
    use super::*;

    fn file(runs: &[Run]) -> Vec<u8> {
        let lines = runs.iter().map(|run| encode(&Record::Run(run.clone())).unwrap());
        header().into_bytes().into_iter().chain(lines.flat_map(String::into_bytes)).collect()
    }

    #[test]
    fn every_line_is_json() {
        let text = String::from_utf8(file(&[night(1, &["x\n\"é"]), errored(2)])).unwrap();
        assert_eq!(text.lines().count(), 3);
        for line in text.lines() {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let runs = [night(1, &["x", "y"]), errored(2), night(3, &["y"])];
        let mut history = History::default();
        for run in &runs {
            history.observe(run);
        }
        let bytes = file(&runs);
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.history, history);
        assert_eq!((decoded.records, decoded.whole, decoded.torn), (3, bytes.len(), 0));
        // Written anew, it says the same, and goes on as before.
        let mut anew = header() + &encode(&Record::Known(history.clone())).unwrap();
        assert_eq!(decode(anew.as_bytes()).unwrap().history, history);
        anew += &encode(&Record::Run(night(4, &["y", "z"]))).unwrap();
        history.observe(&night(4, &["y", "z"]));
        assert_eq!(decode(anew.as_bytes()).unwrap().history, history);
    }

    /// A writer may be killed at any byte: what was there before is what is read, and where the next one goes on is known.
    #[test]
    fn a_file_that_ends_anywhere_says_what_was_whole() {
        let runs = [night(1, &["x"]), errored(2), night(3, &["x", "y"])];
        let whole = file(&runs);
        let mut history = History::default();
        let mut start = 0;
        let mut wholes = vec![(0, History::default())];
        for line in whole.split_inclusive(|&byte| byte == b'\n') {
            start += line.len();
            if let Line::Record(Record::Run(run)) = record(line.strip_suffix(b"\n").unwrap()) {
                history.observe(&run);
            }
            wholes.push((start, history.clone()));
        }
        for length in 0..=whole.len() {
            let decoded = decode(&whole[..length]).unwrap();
            let (end, expected) = wholes.iter().rfind(|(end, _)| *end <= length).unwrap();
            assert_eq!(&decoded.history, expected, "{length} bytes");
            assert_eq!((decoded.whole, decoded.torn), (*end, length - end), "{length} bytes");
            // The next writer goes on where it is whole.
            let mut mended = whole[..decoded.whole].to_vec();
            if mended.is_empty() {
                mended.extend(header().bytes());
            }
            mended.extend(encode(&Record::Run(night(9, &["x"]))).unwrap().bytes());
            let mut then = expected.clone();
            then.observe(&night(9, &["x"]));
            assert_eq!(decode(&mended).unwrap().history, then, "{length} bytes");
        }
    }

    #[test]
    fn a_damaged_line_is_left_out_and_told() {
        let bytes = file(&[night(1, &["x"]), night(2, &["x"]), night(3, &["x"])]);
        let start =
            bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
        let end = start + bytes[start..].iter().position(|&byte| byte == b'\n').unwrap();
        let mut expected = History::default();
        expected.observe(&night(1, &["x"]));
        expected.observe(&night(3, &["x"]));
        for at in start..end {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            let decoded = decode(&damaged).unwrap();
            assert_eq!(decoded.damaged, [3], "byte {at}");
            assert_eq!(decoded.history, expected, "byte {at}");
            assert_eq!(decoded.records, 2);
        }
    }

    #[test]
    fn files_of_others_and_of_later_versions_are_refused() {
        for foreign in ["x", "{}\n", "{\"version\":4}\n", "\n", "\u{feff}{}\n"] {
            assert_eq!(decode(foreign.as_bytes()), Err(LogError::Foreign), "{foreign:?}");
        }
        let newer = header().replace(":1}", ":2,\"more\":[]}");
        assert_eq!(decode(newer.as_bytes()), Err(LogError::Newer(2)));
        let rest = "\"forecast\":{}}";
        let sum = crc32fast::hash(rest.as_bytes());
        let unknown = header() + &format!("{{\"sum\":\"{sum:08x}\",{rest}\n");
        assert_eq!(decode(unknown.as_bytes()), Err(LogError::Unknown(2)));
    }
}
