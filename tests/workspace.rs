//! Which files a workspace has and what it finds in them, on real directories and git repositories.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests make the directories that the workspace reads"
)]
#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature};
use globset::{Glob, GlobSet};
use tautline::workspace::{
    Content, Earlier, FileSet, Link, Past, Skip, Workspace, WorkspaceError, find_root,
};
use tempfile::TempDir;

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The path without symbolic links: temporary directories are behind one on some systems.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap()
}

fn write(root: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn touch(root: &Path, paths: &[&str]) {
    for path in paths {
        write(root, path, "");
    }
}

#[cfg(unix)]
fn link(root: &Path, path: &str, target: &str) {
    fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, root.join(path)).unwrap();
}

fn init(root: &Path) -> Repository {
    let mut options = RepositoryInitOptions::new();
    // Without a template there is no `info/exclude` that differs from machine to machine.
    Repository::init_opts(root, options.external_template(false)).unwrap()
}

/// Puts every path into the index, ignored or not, and commits.
fn commit(repo: &Repository, paths: &[&str]) {
    commit_at(repo, paths, 1_700_000_000);
}

/// The same, `seconds` after 1970.
fn commit_at(repo: &Repository, paths: &[&str], seconds: i64) {
    let mut index = repo.index().unwrap();
    index.add_all(paths, IndexAddOption::FORCE, None).unwrap();
    index.write().unwrap();
    let tree = repo.find_tree(index.write_tree().unwrap()).unwrap();
    let author = Signature::new("a", "a@example.com", &git2::Time::new(seconds, 60)).unwrap();
    let parent = repo.head().ok().map(|head| head.peel_to_commit().unwrap());
    repo.commit(
        Some("HEAD"),
        &author,
        &author,
        "a commit",
        &tree,
        &parent.iter().collect::<Vec<_>>(),
    )
    .unwrap();
}

fn open(root: &Path) -> Workspace {
    Workspace::open(root.to_owned()).unwrap()
}

fn list(root: &Path) -> Vec<String> {
    listed(&open(root))
}

fn listed(workspace: &Workspace) -> Vec<String> {
    workspace.list().unwrap().files.into_iter().map(String::from).collect()
}

fn words(files: &FileSet) -> Vec<(&str, &'static str)> {
    files
        .files
        .iter()
        .map(|file| match &file.content {
            Content::Text(_) => (&*file.path, "text"),
            Content::Skipped(skip) => (&*file.path, skip.word()),
        })
        .collect()
}

fn globs(patterns: &[&str]) -> GlobSet {
    let mut builder = GlobSet::builder();
    for pattern in patterns {
        builder.add(Glob::new(pattern).unwrap());
    }
    builder.build().unwrap()
}

mod which_files {
    use super::*;

    #[test]
    fn outside_git_everything_but_caches() {
        let dir = directory();
        let root = dir.path();
        touch(
            root,
            &["b.tf", "a/.woodpecker/x.yml", ".gitignore", "secret.tfvars", ".terraform.lock.hcl"],
        );
        write(root, ".gitignore", "*.tfvars\n");
        touch(
            root,
            &[
                "a/.terraform/x.tf",
                "a/.terragrunt-cache/x.tf",
                "a/.terragrunt-stack/x/terragrunt.hcl",
                "node_modules/x.json",
                "a/.git/config",
            ],
        );
        assert_eq!(
            list(root),
            [".gitignore", ".terraform.lock.hcl", "a/.woodpecker/x.yml", "b.tf", "secret.tfvars"]
        );
        assert!(!open(root).is_in_git().unwrap());
    }

    #[test]
    fn in_git_the_tracked_and_the_untracked_that_are_not_ignored() {
        let dir = directory();
        let root = dir.path();
        let repo = init(root);
        write(root, ".gitignore", "providers.tf\n/out/\n*.log\n!keep.log\n");
        touch(root, &["stacks/a/providers.tf", ".woodpecker/ci.yml", "out/tracked.tf"]);
        commit(&repo, &["*"]);
        touch(
            root,
            &["stacks/a/new.tf", "stacks/b/providers.tf", "out/new.tf", "x.log", "keep.log"],
        );
        let expected = [
            ".gitignore",
            ".woodpecker/ci.yml",
            "keep.log",
            "out/tracked.tf",
            "stacks/a/new.tf",
            "stacks/a/providers.tf",
        ];
        assert_eq!(list(root), expected);
        assert!(open(root).is_in_git().unwrap());
    }

    /// The expectation is what `git ls-files --others --exclude-standard` says.
    #[test]
    fn ignore_files_work_as_in_git() {
        let dir = directory();
        let root = dir.path();
        init(root);
        write(
            root,
            ".gitignore",
            "\u{feff}a.tf\n# b.tf\n\\#c.tf\ntrailing.tf  \nonly-dir/\nsub/anchored.tf\nshut/\nbad[.tf\n",
        );
        write(root, "sub/.gitignore", "!a.tf\n*.tmp\n/here.tf\n");
        write(root, "shut/.gitignore", "!open.tf\n");
        write(root, ".git/info/exclude", "excluded.tf\n");
        touch(
            root,
            &[
                "a.tf",
                "b.tf",
                "#c.tf",
                "trailing.tf",
                "x/only-dir/y.tf",
                "only-dir.tf",
                "shut/open.tf",
            ],
        );
        touch(
            root,
            &[
                "sub/a.tf",
                "sub/anchored.tf",
                "sub/x.tmp",
                "x.tmp",
                "sub/here.tf",
                "sub/deep/here.tf",
            ],
        );
        touch(root, &["sub/excluded.tf", "x/anchored.tf"]);
        let expected = [
            ".gitignore",
            "b.tf",
            "only-dir.tf",
            "sub/.gitignore",
            "sub/a.tf",
            "sub/deep/here.tf",
            "x.tmp",
            "x/anchored.tf",
        ];
        assert_eq!(list(root), expected);
    }

    #[test]
    fn a_clone_and_an_export_have_the_same_files() {
        let dir = directory();
        let original = dir.path().join("original");
        let repo = init(&original);
        write(&original, ".gitignore", "providers.tf\n*.enc\nshut/\n");
        touch(
            &original,
            &[
                "stacks/a/main.tf",
                "stacks/a/providers.tf",
                "state/a.enc",
                "shut/in.tf",
                ".woodpecker/ci.yml",
            ],
        );
        touch(&original, &["m/.terraform/modules/x.tf", "m/node_modules/y.json"]);
        link(&original, "stacks/a/secrets", "../../state");
        link(&original, "loop", "loop");
        commit(&repo, &["*"]);
        touch(&original, &["shut/untracked.tf", "stacks/b/providers.tf"]);

        let clone = dir.path().join("clone");
        Repository::clone(original.to_str().unwrap(), &clone).unwrap();
        let export = dir.path().join("export");
        fs::create_dir(&export).unwrap();
        let mut checkout = git2::build::CheckoutBuilder::new();
        repo.checkout_head(Some(checkout.force().target_dir(&export).update_index(false))).unwrap();

        let files = list(&original);
        assert_eq!(files, list(&clone));
        assert_eq!(files, list(&export));
        assert!(!open(&export).is_in_git().unwrap());
        assert_eq!(
            files,
            [
                ".gitignore",
                ".woodpecker/ci.yml",
                "shut/in.tf",
                "stacks/a/main.tf",
                "stacks/a/providers.tf",
                "state/a.enc"
            ]
        );
    }

    #[test]
    fn what_is_tracked_and_deleted_is_not_there() {
        let dir = directory();
        let repo = init(dir.path());
        touch(dir.path(), &["a.tf", "gone.tf", "gone/b.tf"]);
        commit(&repo, &["*"]);
        fs::remove_file(dir.path().join("gone.tf")).unwrap();
        fs::remove_dir_all(dir.path().join("gone")).unwrap();
        assert_eq!(list(dir.path()), ["a.tf"]);
    }

    #[test]
    #[cfg(unix)]
    fn symbolic_links_are_not_files_and_not_followed() {
        let dir = directory();
        let repo = init(dir.path());
        touch(dir.path(), &["a/main.tf", "b/x.tf"]);
        link(dir.path(), "a/secrets", "/etc");
        link(dir.path(), "a/dangling.tf", "nowhere.tf");
        link(dir.path(), "a/same.tf", "main.tf");
        link(dir.path(), "loop/self", "../loop");
        commit(&repo, &["*"]);
        // A tracked file whose directory has become a link is no longer there.
        fs::remove_dir_all(dir.path().join("b")).unwrap();
        link(dir.path(), "b", "a");
        let links = [
            ("a/dangling.tf", "nowhere.tf"),
            ("a/same.tf", "main.tf"),
            ("a/secrets", "/etc"),
            ("b", "a"),
            ("loop/self", "../loop"),
        ];
        let links = links.map(|(path, target)| Link {
            is_dangling: path == "a/dangling.tf",
            ..Link::new(path, target)
        });
        let found = || Workspace::open(dir.path().to_owned()).unwrap().load().unwrap().links;
        assert_eq!(list(dir.path()), ["a/main.tf"]);
        assert_eq!(found(), links);
        fs::remove_dir_all(dir.path().join(".git")).unwrap();
        assert_eq!(list(dir.path()), ["a/main.tf"]);
        assert_eq!(found(), links);
    }

    #[test]
    fn a_root_below_the_git_root_has_only_its_own_files() {
        let dir = directory();
        let repo = init(dir.path());
        write(dir.path(), ".gitignore", "*.tmp\nlive/app/hidden.tf\n");
        write(dir.path(), "live/.gitignore", "generated.tf\n");
        touch(dir.path(), &["top.tf", "live/app/main.tf", "live/app/tracked.tmp", "live2/x.tf"]);
        commit(&repo, &["*"]);
        touch(
            dir.path(),
            &["live/app/x.tmp", "live/app/hidden.tf", "live/app/generated.tf", "live/app/new.tf"],
        );
        assert_eq!(list(&dir.path().join("live/app")), ["main.tf", "new.tf", "tracked.tmp"]);
        assert_eq!(
            list(&dir.path().join("live")),
            [".gitignore", "app/main.tf", "app/new.tf", "app/tracked.tmp"]
        );
    }

    #[test]
    fn a_root_that_the_repository_around_it_ignores_stands_alone() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), ".gitignore", "/target/\n");
        touch(dir.path(), &["target/scratch/main.tf"]);
        let workspace = open(&dir.path().join("target/scratch"));
        assert_eq!(listed(&workspace), ["main.tf"]);
        assert!(!workspace.is_in_git().unwrap());
    }

    #[test]
    fn repositories_inside_are_their_own_business() {
        let dir = directory();
        let repo = init(dir.path());
        touch(dir.path(), &["main.tf"]);
        commit(&repo, &["*"]);
        init(&dir.path().join("nested"));
        touch(dir.path(), &["nested/x.tf", "nested/deep/y.tf"]);
        touch(dir.path(), &["not-a-repo/.git/nothing", "not-a-repo/z.tf"]);
        repo.worktree("tree", &dir.path().join("tree"), None).unwrap();
        assert_eq!(list(dir.path()), ["main.tf", "not-a-repo/z.tf"]);
        assert_eq!(list(&dir.path().join("nested")), ["deep/y.tf", "x.tf"]);
    }

    #[test]
    fn a_linked_work_tree_has_its_own_index_and_the_shared_excludes() {
        let dir = directory();
        let main = dir.path().join("main");
        let repo = init(&main);
        write(&main, ".gitignore", "providers.tf\n");
        touch(&main, &["providers.tf", "main.tf"]);
        commit(&repo, &["*"]);
        write(&main, ".git/info/exclude", "scratch.tf\n");
        let tree = dir.path().join("tree");
        repo.worktree("tree", &tree, None).unwrap();
        touch(&tree, &["scratch.tf", "new.tf", "a/providers.tf"]);
        assert_eq!(list(&tree), [".gitignore", "main.tf", "new.tf", "providers.tf"]);
    }

    #[test]
    fn a_repository_without_commits_has_untracked_files() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), ".gitignore", "b.tf");
        touch(dir.path(), &["a.tf", "b.tf"]);
        assert_eq!(list(dir.path()), [".gitignore", "a.tf"]);
    }

    #[test]
    fn an_empty_directory_has_no_files() {
        let dir = directory();
        assert!(list(dir.path()).is_empty());
        init(dir.path());
        assert!(list(dir.path()).is_empty());
    }

    #[test]
    fn an_index_that_cannot_be_read_is_an_error() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), ".git/index", "DIRC not an index");
        let error = open(dir.path()).list().unwrap_err();
        assert!(
            matches!(&error, WorkspaceError::GitIndex { path, .. } if path.ends_with(".git/index")),
            "{error}"
        );
        assert!(error.help().is_some());
    }

    #[test]
    fn an_index_in_parts_says_what_to_type() {
        let dir = directory();
        let repo = init(dir.path());
        commit(&repo, &["*"]);
        // The header of an empty index and the mandatory extension `link` of a split one, then a checksum.
        let mut split = b"DIRC\0\0\0\x02\0\0\0\0link\0\0\0\0".to_vec();
        split.extend([0; 20]);
        write(dir.path(), ".git/index", split);
        let error = open(dir.path()).list().unwrap_err();
        assert!(error.help().unwrap().contains("--no-split-index"), "{error}");
    }

    #[test]
    fn a_directory_named_like_a_file_is_a_directory() {
        let dir = directory();
        touch(dir.path(), &["x.tf/main.tf"]);
        let workspace = open(dir.path());
        assert_eq!(listed(&workspace), ["x.tf/main.tf"]);
        assert_eq!(workspace.read("x.tf"), Some(Content::Skipped(Skip::NotAFile("a directory"))));
    }

    #[test]
    fn the_time_of_the_commit_is_found() {
        let dir = directory();
        assert_eq!(open(dir.path()).commit_time(), None);
        let repo = init(dir.path());
        assert_eq!(open(dir.path()).commit_time(), None);
        touch(dir.path(), &["a.tf", "sub/b.tf"]);
        commit(&repo, &["*"]);
        assert_eq!(open(dir.path()).commit_time(), Some(1_700_000_000));
        assert_eq!(open(&dir.path().join("sub")).commit_time(), Some(1_700_000_000));

        let tree = dir.path().join("tree");
        repo.worktree("tree", &tree, None).unwrap();
        assert_eq!(open(&tree).commit_time(), Some(1_700_000_000));

        let branch = repo.head().unwrap();
        let packed =
            format!("# pack-refs\n{} {}\n", branch.target().unwrap(), branch.name().unwrap());
        write(dir.path(), ".git/packed-refs", packed);
        fs::remove_file(dir.path().join(".git").join(branch.name().unwrap())).unwrap();
        assert_eq!(open(dir.path()).commit_time(), Some(1_700_000_000));

        repo.set_head_detached(branch.target().unwrap()).unwrap();
        assert_eq!(open(dir.path()).commit_time(), Some(1_700_000_000));
    }

    #[test]
    fn earlier_texts_are_found_as_far_as_the_history_goes() {
        const DAY: i64 = 86_400;
        let dir = directory();
        let wanted = BTreeMap::from([
            (3, vec!["sub/a.tf".into(), "sub/b.tf".into()]),
            (30, vec!["sub/a.tf".into()]),
        ]);
        assert_eq!(open(dir.path()).past(&wanted), Past::default());

        let repo = init(dir.path());
        for (day, text) in [(0, "zero"), (6, "six"), (8, "eight"), (10, "ten")] {
            write(dir.path(), "sub/a.tf", text);
            if day == 8 {
                touch(dir.path(), &["sub/b.tf"]);
            }
            commit_at(&repo, &["*"], 1_700_000_000 + day * DAY);
        }
        write(dir.path(), "sub/a.tf", "not committed");
        let past = open(dir.path()).past(&wanted);
        assert_eq!(past.earlier(3, "sub/a.tf"), Earlier::Text("six"));
        assert_eq!(past.earlier(3, "sub/b.tf"), Earlier::Absent);
        assert_eq!(past.earlier(3, "sub/c.tf"), Earlier::Unknown);
        assert_eq!(past.earlier(30, "sub/a.tf"), Earlier::Absent);

        let below = open(&dir.path().join("sub")).past(&BTreeMap::from([(3, vec!["a.tf".into()])]));
        assert_eq!(below.earlier(3, "a.tf"), Earlier::Text("six"));

        // What a shallow clone looks like: the parent has a name and is not there.
        let first =
            repo.head().unwrap().peel_to_commit().unwrap().parent_id(0).unwrap().to_string();
        let (start, rest) = first.split_at(2);
        fs::remove_file(dir.path().join(".git/objects").join(start).join(rest)).unwrap();
        assert_eq!(open(dir.path()).past(&wanted), Past::default());
    }

    #[test]
    #[cfg(unix)]
    fn directories_may_be_deep() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), ".gitignore", "*.tmp\n");
        // Near the longest path that the system accepts.
        let deep = "d/".repeat(1900);
        touch(dir.path(), &[&format!("{deep}a.tf"), &format!("{deep}a.tmp")]);
        assert_eq!(list(dir.path()), [".gitignore", &format!("{deep}a.tf")]);
    }

    #[test]
    fn a_file_in_conflict_is_there_once() {
        let dir = directory();
        let repo = init(dir.path());
        write(dir.path(), ".gitignore", "*.tf\n");
        touch(dir.path(), &["a.tf"]);
        commit(&repo, &["*"]);
        let mut index = repo.index().unwrap();
        let mut entry = index.get_path(Path::new("a.tf"), 0).unwrap();
        index.remove_path(Path::new("a.tf")).unwrap();
        for stage in 1..=3 {
            entry.flags = entry.flags & 0x0fff | stage << 12;
            index.add(&entry).unwrap();
        }
        index.write().unwrap();
        assert_eq!(list(dir.path()), [".gitignore", "a.tf"]);
    }
}

mod one_directory {
    use super::*;

    #[test]
    fn has_the_files_that_the_whole_has_there() {
        let dir = directory();
        let repo = init(dir.path());
        write(dir.path(), ".gitignore", "providers.tf\nshut/\n");
        touch(
            dir.path(),
            &[
                "stacks/a/main.tf",
                "stacks/a/providers.tf",
                "stacks/a/modules/m/x.tf",
                "stacks/ab/y.tf",
            ],
        );
        commit(&repo, &["*"]);
        touch(
            dir.path(),
            &[
                "stacks/a/modules/providers.tf",
                "stacks/b/providers.tf",
                "shut/a/x.tf",
                "stacks/a/new.tf",
            ],
        );
        let workspace = open(dir.path());
        let here = workspace.read_dir_files("stacks/a").unwrap();
        assert_eq!(
            words(&here),
            [
                ("stacks/a/main.tf", "text"),
                ("stacks/a/new.tf", "text"),
                ("stacks/a/providers.tf", "text")
            ]
        );

        let all = workspace.load().unwrap();
        for directory in ["stacks/a", "stacks/b", "stacks", "shut/a", "shut", "nowhere", ""] {
            let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
            let expected: Vec<_> =
                all.files.iter().filter(|file| file.path.starts_with(&prefix)).cloned().collect();
            assert_eq!(workspace.load_below(directory).unwrap().files, expected, "{directory}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn is_not_reached_through_a_link_or_into_a_cache() {
        let dir = directory();
        touch(dir.path(), &["a/main.tf", ".terraform/x/main.tf"]);
        link(dir.path(), "b", "a");
        let workspace = open(dir.path());
        for directory in ["b", ".terraform/x", "a/main.tf", "nowhere"] {
            assert_eq!(
                workspace.read_dir_files(directory).unwrap(),
                FileSet::default(),
                "{directory}"
            );
        }
    }
}

mod content {
    use super::*;

    #[test]
    fn what_is_not_text_is_kept_with_its_reason() {
        let dir = directory();
        write(dir.path(), "a.tf", "locals {}\n");
        write(dir.path(), "age.yaml", "-----BEGIN AGE ENCRYPTED FILE-----\n");
        write(dir.path(), "binary.tf", b"locals {}\n\0");
        write(dir.path(), "latin.tf", b"# caf\xe9\n");
        write(
            dir.path(),
            "lfs.tf",
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        );
        write(dir.path(), "locked.tfvars", b"\0GITCRYPT\0\0\x01");
        write(dir.path(), "sops.yaml", "a: ENC[AES256_GCM,data:x]\nsops:\n  mac: x\n");
        write(dir.path(), "utf16.tf", b"\xff\xfel\0");
        let expected = [
            ("a.tf", "text"),
            ("age.yaml", "age"),
            ("binary.tf", "binary"),
            ("latin.tf", "not-utf8"),
            ("lfs.tf", "lfs"),
            ("locked.tfvars", "git-crypt"),
            ("sops.yaml", "sops"),
            ("utf16.tf", "not-utf8"),
        ];
        assert_eq!(words(&open(dir.path()).load().unwrap()), expected);
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let dir = directory();
        let file = fs::File::create(dir.path().join("big.tf")).unwrap();
        file.set_len((64 << 20) + 1).unwrap();
        write(dir.path(), "long-line.tf", vec![b'#'; 50 << 20]);
        assert_eq!(
            words(&open(dir.path()).load().unwrap()),
            [("big.tf", "too-large"), ("long-line.tf", "text")]
        );
    }

    #[test]
    fn a_file_that_vanishes_while_being_read_is_skipped() {
        let dir = directory();
        touch(dir.path(), &["a.tf", "b.tf"]);
        let workspace = open(dir.path());
        // `wanted` is asked after the listing and before the reading.
        let files = workspace.load_only(&|path| {
            if path == "a.tf" {
                fs::remove_file(dir.path().join(path)).unwrap();
            }
            true
        });
        assert_eq!(words(&files.unwrap()), [("a.tf", "vanished"), ("b.tf", "text")]);
    }

    #[test]
    fn a_file_that_turns_into_something_else_is_no_file() {
        let dir = directory();
        touch(dir.path(), &["a.tf", "z/b.tf"]);
        let turned = |into: &(dyn Fn(&Path) + Sync)| {
            touch(dir.path(), &["a.tf"]);
            let files = open(dir.path()).load_only(&|path| {
                if path == "a.tf" {
                    fs::remove_file(dir.path().join(path)).unwrap();
                    into(&dir.path().join(path));
                }
                true
            });
            assert_eq!(words(&files.unwrap()), [("a.tf", "not-a-file"), ("z/b.tf", "text")]);
        };
        #[cfg(unix)]
        for make in [
            &["mkfifo"][..],
            // What a link leads to may lie anywhere.
            &["ln", "-s", "z/b.tf"],
        ] {
            turned(&|path| {
                let mut command = std::process::Command::new(make[0]);
                let made = command.args(&make[1..]).arg(path).status();
                assert!(made.unwrap().success());
            });
            fs::remove_file(dir.path().join("a.tf")).unwrap();
        }
        turned(&|path| fs::create_dir(path).unwrap());
    }

    /// Root may read everything: there the test can only say that it did not look.
    #[test]
    #[cfg(unix)]
    fn permission_is_not_taken_for_granted() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = directory();
        touch(dir.path(), &["a.tf", "b.tf", "shut/c.tf"]);
        let deny = |path: &str, mode| {
            fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
        };
        deny("a.tf", 0o000);
        deny("shut", 0o000);
        if fs::read(dir.path().join("a.tf")).is_ok() {
            println!("skipped: this user may read files without permission");
        } else {
            let files = open(dir.path()).load().unwrap();
            assert_eq!(words(&files), [("a.tf", "unreadable"), ("b.tf", "text")]);
            let Content::Skipped(skip) = &files.files[0].content else { panic!("text") };
            assert_eq!(skip.to_string(), "cannot be read: permission denied");
            assert_eq!(&*files.unreadable[0].path, "shut");
        }
        deny("shut", 0o700);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_is_not_utf8_is_counted() {
        use std::os::unix::ffi::OsStrExt as _;

        let dir = directory();
        fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.tf")), "").unwrap();
        let files = open(dir.path()).load().unwrap();
        let Content::Skipped(skip) = &files.files[0].content else { panic!("text") };
        assert_eq!(skip.to_string(), "cannot be read: its name is not UTF-8");
    }

    #[test]
    fn one_file_is_read_wherever_it_is_listed_or_not() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), ".gitignore", "hidden.hcl");
        write(dir.path(), "a/hidden.hcl", "x = 1");
        let workspace = open(dir.path());
        assert_eq!(workspace.read("a/hidden.hcl").unwrap().text(), Some("x = 1"));
        for outside in ["", "nowhere", "../x", "/etc/passwd", "a/../a/hidden.hcl", "a/hidden.hcl/x"]
        {
            assert_eq!(workspace.read(outside), None, "{outside}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn one_file_is_not_read_through_a_link() {
        let dir = directory();
        touch(dir.path(), &["a/x.tf"]);
        link(dir.path(), "b", "a");
        link(dir.path(), "a/y.tf", "x.tf");
        let workspace = open(dir.path());
        assert_eq!(
            workspace.read("a/y.tf"),
            Some(Content::Skipped(Skip::NotAFile("a symbolic link")))
        );
        assert_eq!(
            workspace.read("b/x.tf"),
            Some(Content::Skipped(Skip::NotAFile("behind a symbolic link")))
        );
    }
}

mod overlays_and_excludes {
    use super::*;

    #[test]
    fn a_buffer_replaces_or_adds_a_file() {
        let dir = directory();
        write(dir.path(), "b.tf", "old");
        write(dir.path(), "sub/c.tf", "c");
        let mut workspace = open(dir.path());
        workspace.overlay("b.tf", "new".to_owned());
        workspace.overlay("a.tf", "added".to_owned());
        workspace.overlay("sub/d.tf", "d".to_owned());
        let texts = |files: FileSet| -> Vec<String> {
            files
                .files
                .iter()
                .map(|file| format!("{}={}", file.path, file.content.text().unwrap()))
                .collect()
        };
        assert_eq!(
            texts(workspace.load().unwrap()),
            ["a.tf=added", "b.tf=new", "sub/c.tf=c", "sub/d.tf=d"]
        );
        assert_eq!(texts(workspace.read_dir_files("").unwrap()), ["a.tf=added", "b.tf=new"]);
        assert_eq!(texts(workspace.read_dir_files("sub").unwrap()), ["sub/c.tf=c", "sub/d.tf=d"]);
        assert_eq!(workspace.read("b.tf").unwrap().text(), Some("new"));
    }

    #[test]
    fn what_is_excluded_is_not_seen() {
        let dir = directory();
        touch(dir.path(), &["a.tf", "vendor/b.tf", "x/vendor/c.tf", "x/d.md"]);
        let mut workspace = open(dir.path());
        workspace.exclude(globs(&["vendor", "**/*.md"]));
        workspace.overlay("vendor/new.tf", String::new());
        assert_eq!(listed(&workspace), ["a.tf", "x/vendor/c.tf"]);
        assert_eq!(workspace.read("vendor/b.tf"), None);
        assert!(workspace.load_below("vendor").unwrap().files.is_empty());
    }

    #[test]
    fn only_the_wanted_are_read() {
        let dir = directory();
        touch(dir.path(), &["a.tf", "b.md"]);
        let files = open(dir.path()).load_only(&|path| path == "a.tf").unwrap();
        assert_eq!(words(&files), [("a.tf", "text")]);
    }
}

mod roots {
    use super::*;

    #[track_caller]
    fn check(root: &Path, start: &str, expected: &str) {
        let found = find_root(&root.join(start)).unwrap();
        assert_eq!(
            found,
            real(root).join(expected).components().collect::<PathBuf>(),
            "from `{start}`"
        );
    }

    const UNIT: &str = "include \"root\" {\n  path = find_in_parent_folders()\n}\n";

    #[test]
    fn configuration_wins() {
        let dir = directory();
        init(dir.path());
        touch(dir.path(), &["stacks/a/main.tf", "sub/tautline.hcl", "sub/stacks/b/main.tf"]);
        check(dir.path(), "sub/stacks/b", "sub");
        check(dir.path(), "stacks/a", "");
        touch(dir.path(), &["tautline.hcl"]);
        check(dir.path(), "stacks/a", "");
        check(dir.path(), "sub", "sub");
    }

    /// It will not be read, and that has to be said: to look past it would be to check without configuration.
    #[test]
    #[cfg(unix)]
    fn configuration_behind_a_link_is_not_overlooked() {
        let dir = directory();
        init(dir.path());
        touch(dir.path(), &["elsewhere.hcl", "sub/main.tf"]);
        link(dir.path(), "sub/tautline.hcl", "../elsewhere.hcl");
        check(dir.path(), "sub", "sub");
        let content = open(&dir.path().join("sub")).read("tautline.hcl");
        assert_eq!(content, Some(Content::Skipped(Skip::NotAFile("a symbolic link"))));
    }

    #[test]
    fn a_stack_is_not_a_root() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), "terragrunt.hcl", "locals {}\n");
        write(dir.path(), "stacks/immich/terragrunt.hcl", UNIT);
        write(dir.path(), "stacks/lone/terragrunt.hcl", "terraform {}\n");
        write(dir.path(), "stacks/immich/main.tf", "");
        for start in ["", "stacks", "stacks/immich", "stacks/immich/main.tf", "stacks/lone"] {
            check(dir.path(), start, "");
        }
    }

    #[test]
    fn a_terragrunt_tree_starts_at_its_root_file() {
        let dir = directory();
        init(dir.path());
        write(dir.path(), "live/terragrunt.hcl", "remote_state {}\n");
        write(dir.path(), "live/prod/app/terragrunt.hcl", UNIT);
        write(dir.path(), "live/prod/lone/terragrunt.hcl", "terraform {}\n");
        check(dir.path(), "live/prod/app", "live");
        check(dir.path(), "live/prod/lone", "live");
        check(dir.path(), "", "");
    }

    #[test]
    fn without_evidence_the_repository_or_the_path() {
        let dir = directory();
        touch(dir.path(), &["a/b/main.tf"]);
        check(dir.path(), "a/b", "a/b");
        check(dir.path(), "a/b/main.tf", "a/b");
        init(dir.path());
        check(dir.path(), "a/b/main.tf", "");
    }

    #[test]
    fn nothing_outside_the_repository_is_evidence() {
        let dir = directory();
        touch(dir.path(), &["tautline.hcl", "stacks/x/main.tf", "tree/main.tf"]);
        init(&dir.path().join("tree"));
        check(dir.path(), "tree", "tree");
        check(dir.path(), "stacks/x", "");
    }

    #[test]
    fn a_start_that_is_not_there_is_an_error() {
        let dir = directory();
        let missing = dir.path().join("nowhere");
        assert_eq!(find_root(&missing), Err(WorkspaceError::NotFound { path: missing.clone() }));
        assert_eq!(
            Workspace::open(missing.clone()).unwrap_err(),
            WorkspaceError::NotFound { path: missing }
        );
        touch(dir.path(), &["file"]);
        let file = dir.path().join("file");
        assert_eq!(
            Workspace::open(file.clone()).unwrap_err(),
            WorkspaceError::NotADirectory { path: file }
        );
    }

    #[test]
    fn paths_of_users_become_relative() {
        let dir = directory();
        touch(dir.path(), &["a/x.tf"]);
        let workspace = open(dir.path());
        let relative = |path: &Path| workspace.relative(path);
        assert_eq!(relative(&dir.path().join("a/x.tf")).as_deref(), Some("a/x.tf"));
        assert_eq!(relative(&dir.path().join("a/../a/./new/x.tf")).as_deref(), Some("a/new/x.tf"));
        assert_eq!(relative(dir.path()).as_deref(), Some(""));
        assert_eq!(relative(&dir.path().join("..")), None);
        assert_eq!(relative(Path::new("/nowhere/at/all")), None);
        let here = open(Path::new(env!("CARGO_MANIFEST_DIR")));
        assert_eq!(here.relative(Path::new("src/lib.rs")).as_deref(), Some("src/lib.rs"));
    }

    #[test]
    #[cfg(unix)]
    fn the_way_to_the_root_may_have_links() {
        let dir = directory();
        touch(dir.path(), &["real/a/x.tf", "outside/y.tf"]);
        link(dir.path(), "alias", "real");
        link(dir.path(), "real/out", "../outside");
        let workspace = open(&dir.path().join("alias"));
        assert_eq!(workspace.root(), real(dir.path()).join("real"));
        assert_eq!(
            workspace.relative(&dir.path().join("alias/a/new.tf")).as_deref(),
            Some("a/new.tf")
        );
        assert_eq!(workspace.relative(&dir.path().join("alias/out/y.tf")), None);
    }
}

/// What a fix writes back, and when it does not.
mod written_back {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tautline::workspace::{Workspace, WriteError};

    fn workspace(text: &str) -> (tempfile::TempDir, Workspace) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.tf"), text).unwrap();
        let workspace = Workspace::open(directory.path().to_owned()).unwrap();
        (directory, workspace)
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_and_keeps_its_mode() {
        let (directory, workspace) = workspace("old\n");
        let path = directory.path().join("a.tf");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        workspace.write_back("a.tf", "old\n", "new\r\n").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new\r\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_somebody_else_wrote_is_kept() {
        let (directory, mut workspace) = workspace("theirs\n");
        let write = |workspace: &Workspace, path| workspace.write_back(path, "old\n", "new\n");
        assert_eq!(write(&workspace, "a.tf"), Err(WriteError::Changed));
        assert_eq!(write(&workspace, "b.tf"), Err(WriteError::Gone));
        assert_eq!(write(&workspace, "../a.tf"), Err(WriteError::Gone));
        fs::write(directory.path().join("real"), "old\n").unwrap();
        symlink("real", directory.path().join("link.tf")).unwrap();
        assert!(matches!(write(&workspace, "link.tf"), Err(WriteError::NotAFile(_))));
        assert_eq!(fs::read(directory.path().join("real")).unwrap(), b"old\n");
        fs::write(directory.path().join("locked.tf"), "old\n").unwrap();
        fs::set_permissions(directory.path().join("locked.tf"), fs::Permissions::from_mode(0o444))
            .unwrap();
        assert_eq!(write(&workspace, "locked.tf"), Err(WriteError::ReadOnly));
        workspace.overlay("a.tf", "old\n".to_owned());
        assert_eq!(write(&workspace, "a.tf"), Err(WriteError::NotOnDisk));
        assert_eq!(fs::read(directory.path().join("a.tf")).unwrap(), b"theirs\n");
        let left = fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 4, "something was left behind");
    }
}
