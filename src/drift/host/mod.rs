//! Files that a host should have from the repo, and that no apply delivers.
//!
//! Invariant: what a listing does not cover is not judged by it; what is said to differ was compared byte for byte, or by
//! size.

mod listing;
mod map;

use std::collections::{BTreeMap, BTreeSet};

use ring::digest::{SHA256, digest};

pub use listing::{DIGEST, Listing};
pub use map::HostMap;

use super::verdict::Verdict;
use listing::{Listed, parent};

/// A file of the repo that belongs on a host.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct HostFile {
    /// The host.
    pub host: String,
    /// Its path in the repo.
    pub source: String,
    /// Its path on the host.
    pub target: String,
}

/// How such a file stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is as in the repo.
    Same,
    /// It is there, and the listing says nothing of what is in it.
    There,
    /// The host has what the repo had before.
    Older(Version),
    /// The host has what the repo never had, as far as its history is known.
    Edited,
    /// It is another, and whether it is an older one is not known.
    Differs,
    /// It is not there.
    Missing,
    /// The listing does not reach where it belongs.
    NotCovered,
    /// The file of the repo cannot be looked into: it is encrypted, or no text.
    Closed,
}

/// An earlier version of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// The commit that brought it.
    pub commit: String,
    /// When: seconds since 1970.
    pub time: i64,
}

/// An earlier version, and what was in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Earlier {
    /// Which.
    pub version: Version,
    /// The SHA-256 of its bytes.
    pub digest: [u8; DIGEST],
    /// How many bytes it had.
    pub size: u64,
}

/// A file with how it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostRow {
    /// Which file.
    pub file: HostFile,
    /// How it stands.
    pub standing: Standing,
}

/// A unit that starts a program which no file of the repo is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Unsourced {
    /// The unit, by its path in the repo.
    pub unit: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The program.
    pub program: String,
}

/// What a host has of what it should have.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HostReport {
    /// The host.
    pub host: String,
    /// The listing, as the user calls it.
    pub listing: String,
    /// How many files are in it.
    pub listed: usize,
    /// The numbers of its lines that could not be read.
    pub unread: Vec<usize>,
    /// What belongs on the host, in the order of its paths there.
    pub rows: Vec<HostRow>,
    /// Units whose program is nowhere in the repo.
    pub unsourced: Vec<Unsourced>,
}

/// The bytes of the files of the repo, by path; `None` for what cannot be looked into.
pub type Contents<'c> = &'c dyn Fn(&str) -> Option<&'c [u8]>;

impl HostReport {
    /// Holds `files`, all of one host, against what was listed on it.
    pub fn new(
        host: &str,
        files: Vec<HostFile>,
        (name, listing): (&str, &Listing),
        contents: Contents<'_>,
    ) -> HostReport {
        let unsourced = unsourced(&files, contents);
        let standing = |file: &HostFile| match (listing.get(&file.target), contents(&file.source)) {
            (None, _) if listing.covers(&file.target) => Standing::Missing,
            (None, _) => Standing::NotCovered,
            (Some(Listed::Name), _) => Standing::There,
            (Some(_), None) => Standing::Closed,
            (Some(Listed::Digest(known)), Some(bytes)) if known == sha256(bytes) => Standing::Same,
            (Some(Listed::Size(size)), Some(bytes)) if size == bytes.len() as u64 => {
                Standing::There
            }
            (Some(_), Some(_)) => Standing::Differs,
        };
        let mut rows: Vec<HostRow> =
            files.into_iter().map(|file| HostRow { standing: standing(&file), file }).collect();
        rows.sort_by(|a, b| a.file.target.cmp(&b.file.target));
        HostReport {
            host: host.to_owned(),
            listing: name.to_owned(),
            listed: listing.files(),
            unread: listing.unread.clone(),
            rows,
            unsourced,
        }
    }

    /// The files of the repo that the host has another version of, sorted.
    pub fn differing(&self) -> Vec<String> {
        let rows = self.rows.iter().filter(|row| row.standing == Standing::Differs);
        let paths: BTreeSet<String> = rows.map(|row| row.file.source.clone()).collect();
        paths.into_iter().collect()
    }

    /// Tells an older version from one that somebody edited, by the `history` of the files (each the newest version first);
    /// a file whose history is not known stays as it is.
    pub fn settle(&mut self, listing: &Listing, history: &BTreeMap<String, Vec<Earlier>>) {
        for row in self.rows.iter_mut().filter(|row| row.standing == Standing::Differs) {
            let Some(earlier) = history.get(&row.file.source) else { continue };
            let is_it = |it: &&Earlier| match listing.get(&row.file.target) {
                Some(Listed::Digest(known)) => known == it.digest,
                Some(Listed::Size(known)) => known == it.size,
                _ => false,
            };
            row.standing = match earlier.iter().find(is_it) {
                Some(found) => Standing::Older(found.version.clone()),
                None => Standing::Edited,
            };
        }
    }

    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        let is_drift = |row: &HostRow| {
            matches!(
                row.standing,
                Standing::Older(_) | Standing::Edited | Standing::Differs | Standing::Missing
            )
        };
        let is_open = |row: &HostRow| matches!(row.standing, Standing::NotCovered);
        if !self.unread.is_empty() || self.rows.iter().any(is_open) {
            Verdict::Incomplete
        } else if self.rows.iter().any(is_drift) {
            Verdict::Drift
        } else {
            Verdict::Clean
        }
    }
}

/// The SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; DIGEST] {
    let mut out = [0; DIGEST];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// The programs that units among `files` start from the directories that the repo delivers to, and that no file is
/// delivered as.
fn unsourced(files: &[HostFile], contents: Contents<'_>) -> Vec<Unsourced> {
    let targets: BTreeSet<&str> = files.iter().map(|file| file.target.as_str()).collect();
    let directories: BTreeSet<&str> = targets.iter().map(|target| parent(target)).collect();
    let mut found = BTreeSet::new();
    for file in files.iter().filter(|file| file.target.ends_with(".service")) {
        let text = contents(&file.source).map(String::from_utf8_lossy).unwrap_or_default();
        for (at, line) in text.lines().enumerate() {
            let Some((key, command)) = line.split_once('=') else { continue };
            if !key.trim().starts_with("Exec") {
                continue;
            }
            // A unit may mark its program: `-` lets it fail, `+` runs it as root.
            let words = command
                .split_whitespace()
                .map(|word| word.trim_start_matches(['-', '+', '!', '@', ':']));
            let programs = words.filter(|word| {
                let word = *word;
                word.starts_with('/')
                    && directories.contains(parent(word))
                    && !targets.contains(word)
            });
            found.extend(programs.map(|program| Unsourced {
                unit: file.source.clone(),
                line: at + 1,
                program: program.to_owned(),
            }));
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 3] = [
        ("scripts/backup.sh", "echo new\n"),
        (
            "scripts/backup.service",
            "[Service]\nExecStart=/usr/local/bin/backup --all\nExecStartPost=-/usr/local/bin/report /etc/systemd/system/backup.service\nExecStop=/usr/bin/true\n",
        ),
        ("scripts/exports", "/srv\n"),
    ];

    fn contents(path: &str) -> Option<&'static [u8]> {
        FILES.iter().find(|(known, _)| *known == path).map(|(_, text)| text.as_bytes())
    }

    fn file(source: &str, target: &str) -> HostFile {
        HostFile { host: "pve".into(), source: source.into(), target: target.into() }
    }

    fn hex(text: &str) -> String {
        sha256(text.as_bytes()).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    fn report(listing: &Listing) -> HostReport {
        let files = vec![
            file("scripts/exports", "/etc/exports"),
            file("scripts/backup.sh", "/usr/local/bin/backup"),
            file("scripts/backup.service", "/etc/systemd/system/backup.service"),
            file("scripts/sealed", "/etc/sealed"),
        ];
        HostReport::new("pve", files, ("pve.txt", listing), &contents)
    }

    fn standings(report: &HostReport) -> Vec<(&str, Standing)> {
        report.rows.iter().map(|row| (row.file.target.as_str(), row.standing.clone())).collect()
    }

    #[test]
    fn each_file_stands_as_the_listing_says() {
        let text = format!(
            "{}  /usr/local/bin/backup\n{}  /etc/exports\n{}  /etc/sealed\n",
            hex("echo old\n"),
            hex("/srv\n"),
            hex("x")
        );
        let listing = Listing::read(&text);
        let mut report = report(&listing);
        let expected = [
            ("/etc/exports", Standing::Same),
            ("/etc/sealed", Standing::Closed),
            ("/etc/systemd/system/backup.service", Standing::NotCovered),
            ("/usr/local/bin/backup", Standing::Differs),
        ];
        assert_eq!(standings(&report), expected);
        assert_eq!(report.verdict(), Verdict::Incomplete);
        assert_eq!(report.differing(), ["scripts/backup.sh"]);
        // A history that does not have it, and one that does.
        let version = Version { commit: "abc".into(), time: 5 };
        let earlier = |text: &str| Earlier {
            version: version.clone(),
            digest: sha256(text.as_bytes()),
            size: text.len() as u64,
        };
        let history = |texts: &[&str]| {
            BTreeMap::from([(
                "scripts/backup.sh".to_owned(),
                texts.iter().map(|it| earlier(it)).collect(),
            )])
        };
        let mut edited = report.clone();
        edited.settle(&listing, &history(&["echo other\n"]));
        assert_eq!(edited.rows[3].standing, Standing::Edited);
        report.settle(&listing, &BTreeMap::new());
        assert_eq!(report.rows[3].standing, Standing::Differs);
        report.settle(&listing, &history(&["echo other\n", "echo old\n"]));
        assert_eq!(report.rows[3].standing, Standing::Older(version));
    }

    #[test]
    fn what_is_not_there_is_missing_where_its_directory_was_listed() {
        let listing = Listing::read(
            "/etc/hosts\n9 /usr/local/bin/backup\n/etc/systemd/system/x\n/etc/sealed",
        );
        let report = report(&listing);
        let expected = [
            ("/etc/exports", Standing::Missing),
            ("/etc/sealed", Standing::There),
            ("/etc/systemd/system/backup.service", Standing::Missing),
            ("/usr/local/bin/backup", Standing::There),
        ];
        assert_eq!(standings(&report), expected);
        assert_eq!(report.verdict(), Verdict::Drift);
    }

    #[test]
    fn a_unit_starts_what_the_repo_delivers() {
        let report = report(&Listing::default());
        let programs: Vec<_> =
            report.unsourced.iter().map(|it| (it.line, it.program.as_str())).collect();
        assert_eq!(programs, [(3, "/usr/local/bin/report")]);
    }

    #[test]
    fn a_map_says_where_files_go() {
        let read = |text: &str| {
            let document = crate::syntax::hcl::parse(text);
            let params = document.body.attributes().map(|attribute| {
                (attribute.key.name.clone(), crate::config::literal(&attribute.value).unwrap())
            });
            let pack = crate::rule::Pack {
                name: "inventory".into(),
                summary: String::new(),
                evidence: Vec::new(),
                locked: false,
                is_given: false,
                is_own: false,
                params: params.collect(),
            };
            HostMap::read(&pack)
        };
        let map = read(
            r#"host_files = [
              { host = "pve", files = ["scripts/*.sh"], path = "/usr/local/bin/{stem}" },
              { host = "nas", files = ["scripts/*.{service,timer}", "etc/.x"], path = "/etc/{file}" },
            ]"#,
        );
        let paths = ["etc/.x", "scripts/a.b.sh", "scripts/deep/c.sh", "scripts/d.service"];
        let places = map.unwrap().places(&paths);
        let shown: Vec<_> =
            places.iter().map(|it| format!("{} {} {}", it.host, it.source, it.target)).collect();
        assert_eq!(
            shown,
            [
                "pve scripts/a.b.sh /usr/local/bin/a.b",
                "nas etc/.x /etc/.x",
                "nas scripts/d.service /etc/d.service",
            ]
        );
        for (text, why) in [
            ("{ host = \"a\", files = [\"b\"], path = \"c\" }", "`c` is no path on a host"),
            ("{ host = \"a\", files = [\"b\"], path = \"/{name}\" }", "`/{name}` may hold"),
            ("{ host = \"a\", files = [], path = \"/c\" }", "`files` names no file"),
            ("{ files = [\"b\"], path = \"/c\" }", "option `host` is missing"),
        ] {
            let error = read(&format!("host_files = [{text}]")).unwrap_err();
            assert!(error.message.starts_with(why), "{}", error.message);
        }
    }
}
