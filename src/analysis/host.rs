//! What was listed on a host, held against the files that the repo has for it.

use std::collections::{BTreeMap, BTreeSet};

use super::inventory::misconfigured;
use super::load::Loaded;
use super::stand_in;
use crate::config::{ConfigError, Settings};
use crate::drift::host::{Earlier, HostFile, HostMap, HostReport, Listing, Version, sha256};
use crate::drift::inventory;
use crate::engine::guarded;
use crate::model::{Repo, resolve_path};
use crate::rule::{RuleSet, Tables};
use crate::workspace::{FileSet, Revision};

/// Why a host cannot be judged.
#[derive(Debug)]
pub enum HostError {
    /// What the settings say cannot be read.
    Settings(Vec<ConfigError>),
    /// Nobody said which host it is, or not one of these.
    WhichHost(Vec<String>),
    /// Something went wrong inside of tautline.
    Panic(String),
}

/// What is held against the repo.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The host, where somebody said which.
    pub host: Option<&'a str>,
    /// The listing, as the user calls it.
    pub name: &'a str,
    /// The listing.
    pub listing: &'a Listing,
}

/// Holds `listed` against the repo that is made of `files`; `history` gives what files said before.
pub fn host(
    mut files: FileSet,
    settings: &Settings,
    rules: &RuleSet,
    listed: Listed<'_>,
    history: impl FnOnce(&[String]) -> Option<BTreeMap<String, Vec<Revision>>>,
) -> Result<HostReport, HostError> {
    stand_in::leave_out(&mut files, settings);
    let map = map(settings, rules)?;
    let loaded = Loaded::read(files);
    let report = guarded(|| {
        let repo = loaded.repo();
        let places = places(&repo, &map, rules);
        let (host, files) = of_host(places, listed.host)?;
        let contents = |path: &str| repo.source(path).map(|source| source.text.as_bytes());
        let mut report = HostReport::new(&host, files, (listed.name, listed.listing), &contents);
        let differing = report.differing();
        if !differing.is_empty()
            && let Some(revisions) = history(&differing)
        {
            report.settle(listed.listing, &earlier(revisions));
        }
        Ok(report)
    });
    report.unwrap_or_else(|panic| Err(HostError::Panic(panic)))
}

fn map(settings: &Settings, rules: &RuleSet) -> Result<HostMap, HostError> {
    let Some(pack) = rules.pack(inventory::PACK) else { return Ok(HostMap::default()) };
    HostMap::read(pack).map_err(|error| HostError::Settings(vec![misconfigured(settings, &error)]))
}

/// Every place on a host that a file of the repo has, by what the settings say and by what files say themselves.
fn places(repo: &Repo<'_>, map: &HostMap, rules: &RuleSet) -> BTreeSet<HostFile> {
    let read = repo.sources.iter().map(|source| &*source.path);
    let sealed = repo.skipped.iter().map(|file| &*file.path);
    let paths: Vec<&str> = read.chain(sealed).collect();
    let mut places: BTreeSet<HostFile> = map.places(&paths).into_iter().collect();
    let gather = "inventory.host_files";
    let tables = Tables::gather(repo, &rules.gathers, &[gather]);
    let table = tables.table(gather, &["host", "source", "target"]).unwrap_or_default();
    for row in table.rows {
        let [Some((host, _)), Some((source, _)), Some((target, _))] = row.as_slice() else {
            continue;
        };
        // What an example names need not be there.
        let source = resolve_path("", source).filter(|source| repo.source(source).is_some());
        places.extend(source.map(|source| HostFile {
            host: host.clone(),
            source,
            target: target.clone(),
        }));
    }
    places
}

/// The files of the host that is meant: the one that is named, or else the only one.
fn of_host(
    places: BTreeSet<HostFile>,
    named: Option<&str>,
) -> Result<(String, Vec<HostFile>), HostError> {
    let hosts: BTreeSet<String> = places.iter().map(|place| place.host.clone()).collect();
    let mut meant =
        hosts.iter().filter(|host| named.is_none_or(|it| it.eq_ignore_ascii_case(host)));
    match (meant.next(), meant.next()) {
        (Some(host), None) => {
            let files = places.into_iter().filter(|place| place.host == *host).collect();
            Ok((host.clone(), files))
        }
        _ => Err(HostError::WhichHost(hosts.into_iter().collect())),
    }
}

fn earlier(revisions: BTreeMap<String, Vec<Revision>>) -> BTreeMap<String, Vec<Earlier>> {
    let of = |revision: Revision| Earlier {
        digest: sha256(&revision.bytes),
        size: revision.bytes.len() as u64,
        version: Version { commit: revision.commit, time: revision.time },
    };
    revisions
        .into_iter()
        .map(|(path, revisions)| (path, revisions.into_iter().map(of).collect()))
        .collect()
}
