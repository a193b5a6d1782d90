//! The files that a run writes its result to.
//!
//! Invariant: whoever reads such a file sees a whole report or the one that was there before, never a part of one.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use super::format::CheckFormat;
use super::trouble::Trouble;
use crate::config::nearest;
use crate::syntax::Format;
use crate::text::typed_path;
use crate::workspace::replace;

/// A file and the format of what is written to it: `sarif=tautline.sarif`. `F` is the formats of a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OutputFile<F = CheckFormat> {
    pub(super) format: F,
    pub(super) path: PathBuf,
}

impl<F: ValueEnum> FromStr for OutputFile<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((word, path)) = text.split_once('=') else {
            if F::from_str(text, false).is_ok() {
                return Err(format!("write the file behind the format: `{text}=FILE`"));
            }
            return Err(format!("write the format before the file: `sarif={text}`"));
        };
        let Ok(format) = F::from_str(word, false) else {
            let words: Vec<String> = F::value_variants().iter().map(word_of).collect();
            let near = nearest(word, words.iter().map(String::as_str));
            let help = near.map_or_else(
                || format!("the formats are {}", words.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("there is no format `{word}`; {help}"));
        };
        if path.is_empty() {
            return Err(format!("write the file behind the format: `{word}=FILE`"));
        }
        if path == "-" {
            return Err(format!(
                "`-` is no file: `--format {word}` prints to stdout, and `{word}=./-` means a file of that name"
            ));
        }
        Ok(OutputFile { format, path: path.into() })
    }
}

/// The word that is typed for `value`.
pub(super) fn word_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Sees to it that `files` can be written, before a run takes its time: they differ, and their directories are there.
pub(super) fn prepare<F: ValueEnum>(files: &[OutputFile<F>]) -> Result<(), Trouble> {
    let mut taken: BTreeMap<PathBuf, &OutputFile<F>> = BTreeMap::new();
    for file in files {
        let shown = file.path.display();
        let target = target(&file.path)?;
        if target.is_dir() {
            return Err(Trouble::new(format!("`{shown}` cannot be written: it is a directory"))
                .help(format!("name a file in it: `--output-file {}=…`", word_of(&file.format))));
        }
        if is_precious(&target) {
            let message = format!("`{shown}` is no place for a report: it would be lost");
            return Err(Trouble::new(message).help(format!(
                "name a file of its own: `--output-file {}=report.{}`",
                word_of(&file.format),
                word_of(&file.format)
            )));
        }
        let is_plain = target.is_file() || !target.exists();
        if is_plain && let Some(other) = taken.insert(target, file) {
            let (one, two) = (word_of(&other.format), word_of(&file.format));
            return Err(Trouble::new(format!("`{shown}` is to hold two reports: {one} and {two}"))
                .help("give each `--output-file` a file of its own"));
        }
    }
    Ok(())
}

/// Whether the file at `path` is code, a baseline, the page of a rule, or git's own.
fn is_precious(path: &Path) -> bool {
    let is_code = matches!(Format::of(&path.to_string_lossy()), Format::Hcl(_));
    let is_page = || path.extension().is_some_and(|it| it == "md") && is_beside_entry(path);
    is_code
        || path.components().any(|part| part.as_os_str() == ".git")
        || PRECIOUS.iter().any(|start| begins_with(path, start))
        || is_page()
}

/// How a file begins that is no report: a baseline, wherever settings say that it is, and a script.
const PRECIOUS: [&[u8]; 2] = [b"{\"tautline_baseline\":", b"#!"];

fn begins_with(path: &Path, start: &[u8]) -> bool {
    let mut read = vec![0; start.len()];
    // Whoever opens a pipe takes from it.
    path.is_file()
        && File::open(path).and_then(|mut file| file.read_exact(&mut read)).is_ok()
        && read == start
}

/// Whether the page at `path` is beside the entry of its rule, in a pack.
fn is_beside_entry(path: &Path) -> bool {
    path.with_extension("hcl").is_file() && path.with_file_name("pack.hcl").is_file()
}

/// Puts `text` in the place of what is in the file at `path`.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    let target = target(path)?;
    let written = if target.exists() && !target.is_file() {
        // A pipe or device is written to: nothing can take its place.
        OpenOptions::new().write(true).open(&target).and_then(|file| put(file, text))
    } else {
        replace(&target, text.as_bytes())
    };
    written.map_err(|error| cannot(path, &error))
}

/// Adds `text` to the file at `path`, which others write to as well.
pub(super) fn append(path: &Path, text: &str) -> Result<(), Trouble> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|file| put(file, text)).map_err(|error| cannot(path, &error))
}

/// How many links are followed to a file that is not there yet, as on Linux.
const MOST_LINKS: usize = 40;

/// The file itself, where `path` is a link to it, also to one that is not there yet. Its directory exists.
fn target(path: &Path) -> Result<PathBuf, Trouble> {
    if let Ok(existing) = path.canonicalize() {
        return Ok(existing);
    }
    // A pipe that the shell has opened (`/dev/fd/63`) is a link to what is no path.
    if path.exists() {
        return Ok(path.to_owned());
    }
    let mut named = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&named) else { return not_there_yet(&named) };
        named = named.parent().unwrap_or(Path::new("")).join(target);
    }
    let shown = path.display();
    Err(Trouble::new(format!("`{shown}` cannot be written: its links lead nowhere"))
        .help(format!("take it away: `rm {}`", typed_path(path))))
}

/// The file at `path`, which is no link and not there.
fn not_there_yet(path: &Path) -> Result<PathBuf, Trouble> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = parent.unwrap_or(Path::new("."));
    let existing = directory.canonicalize().ok().filter(|directory| directory.is_dir());
    if let (Some(directory), Some(name)) = (existing, path.file_name()) {
        return Ok(directory.join(name));
    }
    let made = typed_path(directory);
    let (file, directory) = (path.display(), directory.display());
    Err(Trouble::new(format!("`{file}` cannot be written: there is no directory `{directory}`"))
        .help(format!("make it first: `mkdir -p {made}`")))
}

fn put(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.flush()
}

fn cannot(path: &Path, error: &io::Error) -> Trouble {
    let shown = path.display();
    let trouble = Trouble::new(format!("`{shown}` cannot be written: {error}"));
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            trouble.help("write it where this user may: `--output-file FORMAT=/tmp/FILE`")
        }
        _ => trouble,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_and_a_file() {
        let parsed: OutputFile = "sarif=out/a=b.sarif".parse().unwrap();
        assert_eq!(parsed.format, CheckFormat::Sarif);
        assert_eq!(parsed.path, Path::new("out/a=b.sarif"));
    }

    #[test]
    fn what_is_missing_is_said() {
        let error = |text: &str| text.parse::<OutputFile>().unwrap_err();
        assert_eq!(error("a.sarif"), "write the format before the file: `sarif=a.sarif`");
        assert_eq!(error("sarf=a"), "there is no format `sarf`; did you mean `sarif`?");
        assert_eq!(error("junit"), "write the file behind the format: `junit=FILE`");
        assert_eq!(error("sarif="), "write the file behind the format: `sarif=FILE`");
        assert!(error("json=-").contains("`--format json` prints to stdout"));
        assert!("json=./-".parse::<OutputFile>().is_ok());
        assert!(error("x=a").contains("the formats are text, concise,"));
    }
}
