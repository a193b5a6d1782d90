//! What terraform says about a text, asked live or read from the record.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::corpus::{Family, directory};

const WORKERS: usize = 4;

/// Whether there is a terraform to ask.
pub(crate) fn present() -> bool {
    Command::new("terraform")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// Whether `terraform fmt` takes each of the texts for HCL.
pub(crate) fn accepts(texts: &[&str]) -> Vec<bool> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut found = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(text) = texts.get(at) else { return found };
            found.push((at, accepts_one(text)));
        }
    };
    let mut verdicts = vec![false; texts.len()];
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(worker)).collect();
        for (at, verdict) in workers.into_iter().flat_map(|worker| worker.join().unwrap()) {
            verdicts[at] = verdict;
        }
    });
    verdicts
}

fn accepts_one(text: &str) -> bool {
    let mut child = Command::new("terraform")
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    child.wait().unwrap().success()
}

/// What `terraform fmt` makes of each of the texts.
pub(crate) fn formatted(texts: &[&str]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let path = |at: usize| directory.path().join(format!("{at:05}.tf"));
    for (at, text) in texts.iter().enumerate() {
        fs::write(path(at), text).unwrap();
    }
    // One process for all: a broken file is left as it is, and does not keep it from the others.
    Command::new("terraform")
        .args(["fmt", "-list=false"])
        .arg(directory.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    (0..texts.len()).map(|at| fs::read_to_string(path(at)).unwrap()).collect()
}

/// Writes down what terraform says of every case: for each family a line with its checksum, and a 1 or 0 for each of its
/// members.
pub(crate) fn record(families: &[Family]) {
    let texts: Vec<&str> =
        families.iter().flat_map(|family| &family.members).map(String::as_str).collect();
    let mut verdicts = accepts(&texts).into_iter();
    let mut lines = String::new();
    for family in families {
        let bits: String = verdicts
            .by_ref()
            .take(family.members.len())
            .map(|valid| if valid { '1' } else { '0' })
            .collect();
        writeln!(lines, "{:016x} {bits}", family.checksum()).unwrap();
    }
    fs::write(directory().join("verdicts.txt"), lines).unwrap();
}

/// The record: for each family what terraform said of each of its members.
pub(crate) fn recorded(families: &[Family]) -> Vec<Vec<bool>> {
    let record = fs::read_to_string(directory().join("verdicts.txt")).unwrap();
    let lines: Vec<&str> = record.lines().collect();
    assert_eq!(lines.len(), families.len(), "{STALE}");
    let read = |(family, line): (&Family, &str)| {
        let (checksum, bits) = line.split_once(' ').unwrap();
        assert_eq!(checksum, format!("{:016x}", family.checksum()), "{}: {STALE}", family.name);
        bits.bytes().map(|bit| bit == b'1').collect()
    };
    families.iter().zip(lines).map(read).collect()
}

pub(crate) const STALE: &str = "the record is of other cases; with terraform at hand, run \
                     `TAUTLINE_RECORD=1 cargo test --test syntax_corpus`";
