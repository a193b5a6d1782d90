//! What was recorded of real runs, under `fixtures/drift/golden/`: `TAUTLINE_UPDATE=1 cargo test --test drift live::` records it
//! again, where there is a `terraform`.
//!
//! Invariant: a record is what Terraform printed, but for what differs from one run to the next: times, the temporary
//! directory, what is random, how often a state was written, and the order of `relevant_attributes`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use regex::{Captures, Regex};
use serde_json::Value as Json;

/// Times that a test writes are before this.
const LATEST: &str = "2026-11-01";

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift")
}

/// Compares `found` with the record in `path`, or records it.
pub(crate) fn hold(path: &str, found: &str, version: &str) {
    let file = fixtures().join(path);
    if is_recording() {
        fs::create_dir_all(file.parent().expect("a record is in a directory"))
            .expect("it can be made");
        fs::write(&file, found).expect("a record can be written");
        return;
    }
    let recorded = read(path);
    // Another version may word its plan otherwise; what it says is asserted all the same.
    if recorded.contains(&format!("\"{version}\"")) {
        let refresh = "refresh it with TAUTLINE_UPDATE=1 cargo test --test drift live::";
        assert_eq!(found, recorded, "{path}: {refresh}");
    }
}

pub(crate) fn is_recording() -> bool {
    env::var_os("TAUTLINE_UPDATE").is_some()
}

pub(crate) fn read(path: &str) -> String {
    find(path).unwrap_or_else(|| panic!("fixtures/drift/{path} was not recorded"))
}

/// The record in `path`, if there is one.
pub(crate) fn find(path: &str) -> Option<String> {
    fs::read_to_string(fixtures().join(path)).ok()
}

/// A plan or state as it is recorded: `text` is a JSON document of Terraform's.
pub(crate) fn stable(text: &str, root: &Path) -> String {
    let text = with(text.trim_end(), "\"relevant_attributes\":[", ']', |list| {
        let mut items = items(list);
        items.sort_unstable();
        items.join(",")
    });
    steady(&text, root) + "\n"
}

/// What differs from run to run, numbered in the order in which it appears.
fn steady(text: &str, root: &Path) -> String {
    let mut text = text.replace(&root.display().to_string(), "/repo");
    for (pattern, write) in RANDOM {
        let pattern = Regex::new(pattern).expect("the pattern is constant");
        let mut known: Vec<String> = Vec::new();
        let numbered = pattern.replace_all(&text, |found: &Captures| {
            let found = &found[0];
            let number = known.iter().position(|other| other == found).unwrap_or_else(|| {
                known.push(found.to_owned());
                known.len() - 1
            });
            write(number, found)
        });
        text = numbered.into_owned();
    }
    text
}

/// Writes something with the number that it has.
type Write = fn(usize, &str) -> String;

/// What is random or of the moment: times that are later than any that a test writes, identities, hashes, the keys of
/// leftovers, how often a state was written, who holds a lock.
const RANDOM: [(&str, Write); 7] = [
    // Whether two moments fall into the same second is chance.
    (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", |_, found| {
        if found < LATEST { found.to_owned() } else { "2026-11-26T00:00:00Z".to_owned() }
    }),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", |number, _| {
        format!("00000000-0000-4000-8000-{number:012}")
    }),
    (r"\$2a\$10\$[./0-9A-Za-z]{53}", |number, _| format!("$2a$10${number:053}")),
    (r#""deposed(_key)?": ?"[0-9a-f]{8}""#, |number, found| {
        let name = &found[..found.len() - 9];
        format!("{name}{number:08x}\"")
    }),
    // A state is written when a resource is done: two that are done at once are written once.
    (r#""serial": ?\d+"#, |_, _| r#""serial": 10"#.to_owned()),
    (r"Who:\s+[^\\]+", |_, _| "Who:       ci@runner".to_owned()),
    (r"Created:\s+[^\\]+", |_, _| "Created:   2026-11-26 00:00:00 +0000 UTC".to_owned()),
];

/// `text` with what stands between the last `begin` and its `end` replaced.
fn with(text: &str, begin: &str, end: char, replace: impl FnOnce(&str) -> String) -> String {
    let Some((before, rest)) = text.rsplit_once(begin) else { return text.to_owned() };
    // The end of a list is the one behind its last item.
    let inner = if end == ']' { items(rest).join(",").len() } else { 0 };
    let at = inner + rest[inner..].find(end).expect("a document is complete");
    format!("{before}{begin}{}{}", replace(&rest[..at]), &rest[at..])
}

/// The items at the start of `text`, as they are written.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = text;
    loop {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Json>();
        let Some(Ok(_)) = values.next() else { return items };
        let end = values.byte_offset();
        items.push(&rest[..end]);
        rest = rest[end..].strip_prefix(',').unwrap_or(&rest[end..]);
    }
}

/// The messages of `-json` as they are recorded.
pub(crate) fn stable_stream(stream: &str, root: &Path) -> String {
    let stream = steady(stream, root);
    // Resources are planned side by side: behind the first message, the order is chance.
    let mut lines: Vec<&str> = stream.lines().collect();
    if let Some((_, rest)) = lines.split_first_mut() {
        rest.sort_unstable();
    }
    lines.join("\n") + "\n"
}
