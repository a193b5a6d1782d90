//! When the commit under check was made: what ages are counted from, so that a commit always has the same ones.
//!
//! Like the index, the commit is read from its own files and not through a repository, see [`super::git`].

use std::path::Path;

use git2::{Odb, Oid};

use super::disk;

/// How often one reference may point to another before we stop believing it.
const MAX_HOPS: usize = 5;

/// The time of `commit`, in seconds since 1970; `None` where we cannot read it.
pub(super) fn commit_time(common_dir: &Path, commit: Oid) -> Option<i64> {
    let object = objects(common_dir)?.read(commit).ok()?.data().to_vec();
    committer_time(&String::from_utf8_lossy(&object))
}

/// The objects of the repository.
pub(super) fn objects(common_dir: &Path) -> Option<Odb<'static>> {
    let odb = Odb::new().ok()?;
    let objects = common_dir.join("objects");
    odb.add_disk_alternate(objects.to_str()?).ok()?;
    // A shared clone leaves the objects where they were.
    for alternate in disk::git_text(&objects.join("info/alternates")).unwrap_or_default().lines() {
        odb.add_disk_alternate(objects.join(alternate).to_str()?).ok()?;
    }
    Some(odb)
}

/// Follows `HEAD` to a commit: through the branch it is on, loose or packed.
pub(super) fn resolve(git_dir: &Path, common_dir: &Path) -> Option<Oid> {
    let mut value = disk::git_text(&git_dir.join("HEAD"))?;
    for _ in 0..MAX_HOPS {
        let Some(name) = value.strip_prefix("ref:").map(str::trim) else {
            return Oid::from_str(value.trim()).ok();
        };
        value = disk::git_text(&git_dir.join(name))
            .or_else(|| disk::git_text(&common_dir.join(name)))
            .or_else(|| packed(common_dir, name))?;
    }
    None
}

fn packed(common_dir: &Path, name: &str) -> Option<String> {
    let refs = disk::git_text(&common_dir.join("packed-refs"))?;
    let line =
        refs.lines().find(|line| line.split_once(' ').is_some_and(|(_, packed)| packed == name))?;
    line.split(' ').next().map(str::to_owned)
}

/// The header of a commit has the line `committer A Name <a@example.com> 1700000000 +0100`.
pub(super) fn committer_time(commit: &str) -> Option<i64> {
    let (header, _) = commit.split_once("\n\n")?;
    let committer = header.lines().find_map(|line| line.strip_prefix("committer "))?;
    committer.rsplit_once("> ")?.1.split(' ').next()?.parse().ok()
}
