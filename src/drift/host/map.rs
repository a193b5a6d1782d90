//! Which files of the repo belong where on which host: as the pack and the settings say.

use super::HostFile;
use crate::rule::{OptionError, Options, Pack};
use crate::text::{Globs, TextRange, name_of};

/// What a target may hold: the name of the file, and the same without its last ending.
const HOLES: [&str; 2] = ["{file}", "{stem}"];

/// Some files, and where they belong.
#[derive(Clone, Debug)]
struct Entry {
    host: String,
    files: Globs,
    target: String,
}

/// The entries of the param `host_files`, in order.
#[derive(Clone, Debug, Default)]
pub struct HostMap {
    entries: Vec<Entry>,
}

impl HostMap {
    /// What the param of `pack` says.
    pub fn read(pack: &Pack) -> Result<HostMap, OptionError> {
        let params = pack.options();
        let mut options = Options::new(&params, TextRange::empty(0));
        let entries = options.each_object("host_files", Entry::read)?;
        Ok(HostMap { entries })
    }

    /// Where the files at `paths` belong, each file once for each place.
    pub fn places(&self, paths: &[&str]) -> Vec<HostFile> {
        let mut places = Vec::new();
        for entry in &self.entries {
            for path in paths.iter().filter(|path| entry.files.is_match(path)) {
                let (host, source) = (entry.host.clone(), (*path).to_owned());
                places.push(HostFile { host, source, target: entry.target_of(path) });
            }
        }
        places
    }
}

impl Entry {
    fn read(entry: &mut Options<'_>) -> Result<Entry, OptionError> {
        let range = entry.place();
        let (host, files) = (entry.string("host")?, entry.globs("files")?);
        let target = entry.string("path")?;
        let wrong = |message: String| Err(OptionError { message, range });
        if files.is_empty() {
            return wrong("`files` names no file of the repo".to_owned());
        }
        if !target.starts_with('/') {
            return wrong(format!("`{target}` is no path on a host: it starts with `/`"));
        }
        let mut rest = target.clone();
        for hole in HOLES {
            rest = rest.replace(hole, "");
        }
        if rest.contains(['{', '}']) {
            return wrong(format!(
                "`{target}` may hold `{{file}}` and `{{stem}}`, and no other braces"
            ));
        }
        Ok(Entry { host, files, target })
    }

    fn target_of(&self, path: &str) -> String {
        let file = name_of(path);
        let stem = match file.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => file,
        };
        self.target.replace("{file}", file).replace("{stem}", stem)
    }
}
