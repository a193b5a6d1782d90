//! The baseline: the debt that a repo knows of, one finding a line.
//!
//! Invariant: what is written can be read, and what cannot be read as a whole is an error with its place. The same entries
//! give the same bytes: they are sorted, and nothing about the time or the machine is in them.

use std::fmt::Write as _;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::identity::{Identity, Key};
use crate::config::{ConfigError, ConfigSource};
use crate::text::TextRange;

/// The version of the format that is written and read.
const VERSION: u64 = 1;

/// What to do about a file that somebody or something has damaged.
const MEND: &str = "restore it from git, or write it anew with `tautline baseline create --force`";

/// The debt that a repo knows of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline {
    /// The file it was read from, or is written to.
    pub source: ConfigSource,
    /// The entries, in the order of the file.
    pub entries: Vec<Entry>,
}

/// One finding, or several that nothing tells apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The rule.
    pub rule: String,
    /// The stack it was found in, for the burn-down.
    pub stack: Option<String>,
    /// Where it was last seen: a hint, and no part of the identity.
    pub path: String,
    /// The address of the block, in HCL.
    pub address: Option<String>,
    /// The way from there, for readers.
    pub at: String,
    /// What it is recognised by.
    pub key: Key,
    /// How many there are.
    pub count: usize,
    /// Its line in the file; empty for one that is new.
    pub range: TextRange,
}

/// The first line.
#[derive(Serialize)]
struct Header {
    tautline_baseline: u64,
}

/// The other lines.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stack: Option<String>,
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    at: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: NonZeroU32,
    key: String,
}

fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(count: &NonZeroU32) -> bool {
    *count == NonZeroU32::MIN
}

/// What can be read again: many more than there ever are.
fn count_of(entries: &[&Entry]) -> NonZeroU32 {
    let count = entries.iter().map(|entry| entry.count).sum::<usize>();
    u32::try_from(count).map_or(NonZeroU32::MAX, |it| NonZeroU32::new(it).unwrap_or(one()))
}

impl Baseline {
    /// Reads `source`; the first thing that is wrong with it ends the reading.
    pub fn parse(source: ConfigSource) -> Result<Baseline, ConfigError> {
        let mut lines = lines(&source.text);
        read_header(&source, lines.next().unwrap_or_default())?;
        let written = lines.filter(|line| !source.text[line.indices()].trim().is_empty());
        let entries = written.map(|line| read_entry(&source, line)).collect::<Result<_, _>>()?;
        Ok(Baseline { source, entries })
    }

    /// The file's text for `entries`. Those that nothing tells apart become one.
    pub fn render(entries: &[Entry]) -> String {
        let mut sorted: Vec<&Entry> = entries.iter().filter(|entry| entry.count > 0).collect();
        sorted.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut out = json(&Header { tautline_baseline: VERSION });
        for same in sorted.chunk_by(|a, b| order(a) == order(b)) {
            let Some(entry) = same.first() else { continue };
            let line = Line {
                rule: entry.rule.clone(),
                stack: entry.stack.clone(),
                path: entry.path.clone(),
                address: entry.address.clone(),
                at: entry.at.clone(),
                count: count_of(same),
                key: entry.key.to_string(),
            };
            let _ = write!(out, "\n{}", json(&line));
        }
        out.push('\n');
        out
    }
}

impl Entry {
    /// The entry for a finding of `rule` in the file at `path`.
    pub fn new(rule: &str, stack: Option<&str>, path: &str, identity: Identity) -> Entry {
        Entry {
            rule: rule.to_owned(),
            stack: stack.map(str::to_owned),
            path: path.to_owned(),
            address: identity.address,
            at: identity.at,
            key: identity.key,
            count: 1,
            range: TextRange::default(),
        }
    }

    /// Where it is, for people: `` `module.web` auth in `stacks/web/main.tf` ``.
    pub fn place(&self) -> String {
        let path = &self.path;
        match &self.address {
            Some(address) if self.at.is_empty() => format!("at `{address}` in `{path}`"),
            Some(address) => format!("at `{}` of `{address}` in `{path}`", self.at),
            None if self.at.is_empty() => format!("in `{path}`"),
            None => format!("at `{}` in `{path}`", self.at),
        }
    }
}

fn order(entry: &Entry) -> impl Ord + '_ {
    (&entry.rule, &entry.stack, &entry.path, &entry.address, &entry.at, entry.key)
}

fn json(line: &impl Serialize) -> String {
    // Every key is a string and every value a plain one, so serialising cannot fail.
    serde_json::to_string(line).unwrap_or_default()
}

/// The lines of `text`, without their ends.
fn lines(text: &str) -> impl Iterator<Item = TextRange> + '_ {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(TextRange::new(start, start + line.trim_end_matches(['\n', '\r']).len()))
    })
}

fn read_header(source: &ConfigSource, line: TextRange) -> Result<(), ConfigError> {
    let written = &source.text[line.indices()];
    // Editors put a mark there.
    let written = written.strip_prefix('\u{feff}').unwrap_or(written);
    conflict(source, line)?;
    let header: Map<String, Value> = serde_json::from_str(written).unwrap_or_default();
    match header.get("tautline_baseline") {
        Some(version) if header.len() == 1 && version.as_u64() == Some(VERSION) => Ok(()),
        // It may say more in its first line.
        Some(Value::Number(version))
            if version.as_u64().map_or(!version.is_i64(), |it| it > VERSION) =>
        {
            let message = format!(
                "this baseline is of version {version}, and this tautline reads version {VERSION}"
            );
            Err(source.error(line, message).help("use the tautline that wrote it, or a newer one"))
        }
        _ => {
            let message =
                format!("a baseline starts with the line `{{\"tautline_baseline\":{VERSION}}}`");
            Err(source.error(line, message).help(MEND))
        }
    }
}

fn read_entry(source: &ConfigSource, range: TextRange) -> Result<Entry, ConfigError> {
    conflict(source, range)?;
    let written = &source.text[range.indices()];
    if !written.trim_start().starts_with('{') {
        return Err(source.error(range, "this line is no entry: an entry is an object").help(MEND));
    }
    let line: Line = serde_json::from_str(written).map_err(|wrong| {
        // The column counts bytes; 0 stands for the end of the input.
        let column = if wrong.column() == 0 { written.len() } else { wrong.column() - 1 };
        let mut at = column.min(written.len());
        while !written.is_char_boundary(at) {
            at -= 1;
        }
        let at = TextRange::empty(range.start as usize + at);
        source.error(at, format!("this entry cannot be read: {}", reason(&wrong))).help(MEND)
    })?;
    let Ok(key) = line.key.parse() else {
        let at = written.find(&line.key).filter(|_| !line.key.is_empty()).unwrap_or_default();
        let key = range.slice(at, line.key.len());
        return Err(source.error(key, "this entry's `key` is damaged").help(MEND));
    };
    let Line { rule, stack, path, address, at, count, key: _ } = line;
    let count = usize::try_from(count.get()).unwrap_or(usize::MAX);
    Ok(Entry { rule, stack, path, address, at, key, count, range })
}

/// What is wrong, without the place that serde adds.
fn reason(wrong: &serde_json::Error) -> String {
    let text = wrong.to_string();
    text.split(" at line ").next().unwrap_or_default().to_ascii_lowercase()
}

fn conflict(source: &ConfigSource, line: TextRange) -> Result<(), ConfigError> {
    let text = &source.text[line.indices()];
    if !["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| text.starts_with(mark)) {
        return Ok(());
    }
    let help = "keep the lines of both sides, then run `tautline baseline prune`";
    Err(source.error(line, "this line is left over from a merge").help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, place: u64) -> Entry {
        Entry {
            rule: "t/one".to_owned(),
            stack: Some("web".to_owned()),
            path: path.to_owned(),
            address: Some("a.b".to_owned()),
            at: "c d".to_owned(),
            key: Key { place, like: 2, said: 3, content: u64::MAX },
            count: 1,
            range: TextRange::default(),
        }
    }

    fn parse(text: &str) -> Result<Vec<Entry>, String> {
        let parsed = Baseline::parse(ConfigSource::new("b.jsonl", text));
        parsed.map(|it| it.entries).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_can_be_read() {
        let text = Baseline::render(&[entry("z", 1), entry("a", 1), entry("z", 1)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "{\"tautline_baseline\":1}");
        assert!(lines[1].contains("\"path\":\"a\"") && lines[2].contains("\"count\":2"), "{text}");
        let read = parse(&text).unwrap();
        assert_eq!(Baseline::render(&read), text);
        assert_eq!(read.iter().map(|entry| entry.count).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(&text[read[0].range.indices()], lines[1]);
        assert_eq!(parse(&text.replace('\n', "\r\n")).unwrap().len(), 2);
    }

    #[test]
    fn what_is_damaged_is_said_with_its_place() {
        let good = Baseline::render(&[entry("a", 1)]);
        let wrong = |text: &str| parse(text).unwrap_err();
        assert!(wrong("").starts_with("b.jsonl:1:1: a baseline starts with"));
        assert!(wrong("{}\n").starts_with("b.jsonl:1:1: a baseline starts with"));
        assert!(wrong(&good.replace(":1}", ":2}")).contains("is of version 2"));
        assert!(wrong(&good.replace("-00000002", "-2")).contains("b.jsonl:2:"));
        assert!(wrong(&good.replace("\"at\"", "\"att\"")).contains("unknown field `att`"));
        assert!(wrong(&good[..good.len() - 9]).contains("b.jsonl:2:"));
        assert!(wrong(&format!("{good}<<<<<<< ours\n")).contains("b.jsonl:3:1: this line is left"));
        assert!(wrong(&good.replace("\"key\"", "\"count\":0,\"key\"")).contains("nonzero"));
        assert!(wrong(&good.replace("\"key\"", "\"key\":\"x\",\"key\"")).contains("duplicate"));
        for line in ["[]", "null", "[\"t/one\",null,\"a\",null,\"\",1,\"k\"]", "x", "\u{feff}{}"] {
            assert!(wrong(&format!("{good}{line}\n")).starts_with("b.jsonl:3:1: this line is no"));
        }
        assert!(wrong(&good.replace('\n', "\r")).starts_with("b.jsonl:1:1: a baseline starts"));
    }

    #[test]
    fn what_a_newer_tautline_writes_is_called_newer() {
        for header in [
            "{\"tautline_baseline\":2,\"of\":\"x\"}",
            "{\"tautline_baseline\":99999999999999999999}",
        ] {
            let wrong = parse(&format!("{header}\n[\"whatever\"]\n")).unwrap_err();
            assert!(wrong.starts_with("b.jsonl:1:1: this baseline is of version "), "{wrong}");
        }
        for header in [
            "[1]",
            "1",
            "{\"tautline_baseline\":0}",
            "{\"tautline_baseline\":-1}",
            "{\"tautline_baseline\":1,\"x\":1}",
        ] {
            let wrong = parse(&format!("{header}\n")).unwrap_err();
            assert!(wrong.starts_with("b.jsonl:1:1: a baseline starts with"), "{wrong}");
        }
    }

    #[test]
    fn a_mark_in_front_and_repeated_entries_are_read() {
        let good = Baseline::render(&[entry("a", 1)]);
        let line = good.lines().nth(1).unwrap();
        let read = parse(&format!("\u{feff}{good}\n\r\n{line}\n{line}")).unwrap();
        assert_eq!(read.len(), 3);
        let one = Baseline::render(&read);
        assert!(one.contains("\"count\":3") && one.lines().count() == 2, "{one}");
        let many = vec![Entry { count: u32::MAX as usize, ..entry("a", 1) }; 3];
        assert_eq!(parse(&Baseline::render(&many)).unwrap()[0].count, u32::MAX as usize);
    }
}
