//! A fixture repo and the page beside it (`fixtures/*-expected.md`) that lists every violation planted there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What was reported, as the page has it: code or rule, severity, place, underlined text.
pub(crate) type Row = [String; 4];

pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(path)
}

/// `text` as it is underlined on the page: of several lines the first and the last.
pub(crate) fn underlined(text: &str) -> String {
    let mut lines = text.lines().map(str::trim);
    let first = lines.next().unwrap_or_default();
    lines.next_back().map_or_else(|| first.to_owned(), |last| format!("{first} … {last}"))
}

/// Fails unless the rows below the heading `## Violations` are `reported`, no more and no less.
pub(crate) fn assert_planted(page: &str, reported: impl IntoIterator<Item = Row>) {
    let mut found = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in reported {
        if !found.insert(row.clone()) {
            wrong.push(format!("reported twice: {}", row.join(" ")));
        }
    }
    let listed = listed(page);
    assert!(!listed.is_empty(), "{page} lists nothing");
    let missing = listed.difference(&found).map(|row| format!("not reported: {}", row.join(" ")));
    let extra = found.difference(&listed).map(|row| format!("not on the page: {}", row.join(" ")));
    wrong.extend(missing.chain(extra));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn listed(page: &str) -> BTreeSet<Row> {
    let text = fs::read_to_string(fixture(page)).unwrap();
    let (_, section) = text.split_once("\n## Violations\n").unwrap();
    let lines = section.lines().take_while(|line| !line.starts_with('#'));
    let rows = lines.filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let mut cells = row.trim_matches('|').splitn(5, " | ").map(str::trim);
        let [name, severity, place] = [(); 3].map(|()| cells.next().unwrap().to_owned());
        [name, severity, place, cells.next().unwrap().trim_matches('`').to_owned()]
    })
    .collect()
}
