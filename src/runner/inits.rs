//! Which `init` may run beside which: a cache of plugins bears only one writer at a time.
//!
//! Invariant: where it is not known whether there is a cache, there is one.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::process::Control;
use crate::syntax::hcl;

/// How often it is looked whether the cache is free.
const TICK: Duration = Duration::from_millis(50);

/// The variables that name a cache of plugins.
const CACHES: [&str; 3] =
    ["TF_PLUGIN_CACHE_DIR", "TG_PROVIDER_CACHE_DIR", "TERRAGRUNT_PROVIDER_CACHE_DIR"];

/// The turn of those that run `init`.
#[derive(Debug)]
pub struct Inits {
    turn: Option<Mutex<()>>,
    cache: Option<PathBuf>,
}

/// One that has its turn.
pub(super) struct Turn<'a> {
    _here: Option<MutexGuard<'a, ()>>,
    _elsewhere: Option<File>,
}

impl Inits {
    /// As the environment has it. A wrapper may set up a cache that it tells nobody of.
    pub fn of(is_wrapper: bool, variable: impl Fn(&str) -> Option<OsString>) -> Inits {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let named = CACHES.iter().find_map(|name| set(name)).map(PathBuf::from);
        let home = set("HOME").map(PathBuf::from);
        let cache = named.or_else(|| {
            let own = set("TF_CLI_CONFIG_FILE").map(PathBuf::from);
            let usual = [".terraformrc", ".tofurc"].iter();
            let files = own.map_or_else(
                || usual.filter_map(|name| Some(home.as_ref()?.join(name))).collect(),
                |own| vec![own],
            );
            files.iter().find_map(|file| configured(file, home.as_deref()))
        });
        let turn = (is_wrapper || cache.is_some()).then(Mutex::default);
        Inits { turn, cache }
    }

    /// Waits for a turn; none where the run is stopped meanwhile.
    pub(super) fn turn(&self, control: &Control) -> Option<Turn<'_>> {
        let here = self.turn.as_ref().map(|it| it.lock().unwrap_or_else(PoisonError::into_inner));
        let elsewhere = self.cache.as_ref().and_then(|cache| lock(cache, control));
        (!control.is_stopping()).then_some(Turn { _here: here, _elsewhere: elsewhere })
    }
}

/// Locks the cache against other runs on this machine; none where it cannot be written to, and needs no lock, or where the run
/// is stopped.
fn lock(cache: &Path, control: &Control) -> Option<File> {
    fs::create_dir_all(cache).ok()?;
    let file = File::create(cache.join(".tautline.lock")).ok()?;
    loop {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) if !control.is_stopping() => thread::sleep(TICK),
            Err(_) => return None,
        }
    }
}

/// The `plugin_cache_dir` of a file of Terraform's settings.
#[expect(clippy::disallowed_methods, reason = "what planners will do is written there")]
fn configured(file: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let document = hcl::parse(&fs::read_to_string(file).ok()?);
    let path = document.body.attribute("plugin_cache_dir")?.value.as_literal()?;
    let home = home.map(|home| home.display().to_string()).unwrap_or_default();
    let path = path.replace("${HOME}", &home).replace("$HOME", &home);
    Some(match path.strip_prefix('~') {
        Some(rest) => PathBuf::from(format!("{home}{rest}")),
        None => PathBuf::from(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(is_wrapper: bool, set: &[(&str, &Path)]) -> Inits {
        Inits::of(is_wrapper, |name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn only_what_certainly_shares_nothing_runs_side_by_side() {
        assert!(of(false, &[]).turn.is_none());
        assert!(of(true, &[]).turn.is_some());
        let place = tempfile::tempdir().unwrap();
        let cache = place.path().join("cache");
        let named = of(false, &[("TF_PLUGIN_CACHE_DIR", &cache)]);
        assert!(named.turn.is_some() && named.cache == Some(cache.clone()));
        let settings = place.path().join(".terraformrc");
        File::create(&settings).unwrap();
        assert!(of(false, &[("HOME", place.path())]).turn.is_none());
        let mut file = File::create(&settings).unwrap();
        std::io::Write::write_all(&mut file, b"plugin_cache_dir = \"$HOME/cache\"\n").unwrap();
        assert_eq!(of(false, &[("HOME", place.path())]).cache, Some(cache));
    }

    #[test]
    fn one_waits_for_the_other_also_in_another_run() {
        let place = tempfile::tempdir().unwrap();
        let control = Control::default();
        let set = [("TF_PLUGIN_CACHE_DIR", place.path())];
        let (first, second) = (of(false, &set), of(false, &set));
        let turn = first.turn(&control);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| second.turn(&control).is_some());
            thread::sleep(Duration::from_millis(150));
            assert!(!waiting.is_finished());
            drop(turn);
            assert!(waiting.join().unwrap());
        });
        control.stop();
        assert!(first.turn(&control).is_none());
    }
}
