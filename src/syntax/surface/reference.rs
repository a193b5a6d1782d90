//! What a word can refer to, judged by how it is spelled and what stands before it.
//!
//! Invariant: knows grammar only. Which registry is meant, dead or alive, is for rules to say.

use super::token::hole_end;
use crate::text::{TextRange, name_of};

/// What a word is a reference to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferenceKind {
    /// A container image or an OCI chart.
    Image,
    /// A web address, with or without its scheme.
    Url,
    /// A git remote.
    GitUrl,
    /// A host, with or without a port, and nothing after it.
    HostOnly,
    /// A pattern or prefix that selects names (`host/*`, `host/`).
    Filter,
    /// None of these.
    Other,
}

/// Parts of a path that only a git host's web pages and APIs have.
const WEB_PATHS: [&str; 10] = [
    "/src/branch/",
    "/src/commit/",
    "/raw/branch/",
    "/api/v1/",
    "/v2/",
    "/-/packages",
    "/issues/",
    "/pulls/",
    "/commit/",
    "/releases/",
];
/// Subcommands of git that take a remote.
const GIT_VERBS: [&str; 8] =
    ["clone", "remote", "push", "pull", "fetch", "ls-remote", "submodule", "archive"];
/// Endings that make an `image:` a picture or a disk, not a container.
const PICTURES: [&str; 11] =
    [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".iso", ".qcow2", ".img", ".vmdk"];
/// What follows the colon of a Kubernetes taint, which otherwise looks like an image with a tag.
const TAINT_EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
/// How much of the line before a word is looked at.
const LOOK_BACK: usize = 512;

/// What the word at `token` of `text` refers to.
pub fn reference_kind(text: &str, token: TextRange) -> ReferenceKind {
    let Some(word) = text.get(token.indices()) else {
        return ReferenceKind::Other;
    };
    let before = line_before(text, token.start as usize);
    let scheme = word.split_once("://").map(|(scheme, _)| scheme);
    let is_git = ends_in_git(word) || follows_git_command(before);
    match scheme {
        Some("docker" | "oci" | "containers-storage" | "docker-daemon") => {
            return ReferenceKind::Image;
        }
        Some("git" | "ssh" | "git+ssh" | "git+https" | "git+http") => return ReferenceKind::GitUrl,
        Some(_) if is_git => return ReferenceKind::GitUrl,
        Some(_) => return ReferenceKind::Url,
        None if is_git || word.starts_with("git@") => return ReferenceKind::GitUrl,
        None => {}
    }
    if WEB_PATHS.iter().any(|path| word.contains(path)) || before.ends_with("Documentation=") {
        return ReferenceKind::Url;
    }
    let is_prefix = word.ends_with('/') && is_bare_host(word.trim_end_matches('/'));
    if word.contains('*') || is_prefix {
        return ReferenceKind::Filter;
    }
    let path = word.trim_end_matches('/');
    if is_bare_host(path) {
        return ReferenceKind::HostOnly;
    }
    let names_something = path.contains('/') || path.contains(':') || path.contains('@');
    match shape(path) {
        Some(_) if names_something && !is_remote_path(path) => ReferenceKind::Image,
        _ => ReferenceKind::Other,
    }
}

/// A reference's form.
pub(super) struct Shape {
    pub(super) has_hole: bool,
}

/// The form of `word` as an image reference, if it can be one.
pub(super) fn shape(word: &str) -> Option<Shape> {
    let lower_end = word.len().saturating_sub(6);
    let tail = word.get(lower_end..).unwrap_or(word).to_ascii_lowercase();
    if word.contains("://")
        || word.contains("//")
        || PICTURES.iter().any(|ending| tail.ends_with(ending))
    {
        return None;
    }
    let mut has_hole = false;
    let mut has_letter = false;
    let mut at = 0;
    while let Some(byte) = word.as_bytes().get(at) {
        if let Some(end) = hole_end(word, at) {
            has_hole = true;
            at = end;
            continue;
        }
        let is_inner = at > 0 && matches!(byte, b'.' | b'_' | b'/' | b':' | b'@' | b'-' | b'+');
        if !byte.is_ascii_alphanumeric() && !is_inner {
            return None;
        }
        has_letter |= byte.is_ascii_alphanumeric();
        at += 1;
    }
    (has_hole || has_letter).then_some(Shape { has_hole })
}

/// Whether `word` is an image beyond doubt: a host, a path, and a tag or digest after the last slash; or a digest.
pub(super) fn is_complete(word: &str) -> bool {
    if shape(word).is_none()
        || is_remote_path(word)
        || WEB_PATHS.iter().any(|path| word.contains(path))
    {
        return false;
    }
    if word.contains("@sha256:") {
        return true;
    }
    let Some((host, path)) = word.split_once('/') else {
        return false;
    };
    let last = name_of(path);
    let has_tag = last.split_once(':').is_some_and(|(name, tag)| {
        let is_network = name.bytes().all(|byte| byte.is_ascii_digit());
        !is_network && !tag.is_empty() && !TAINT_EFFECTS.contains(&tag)
    });
    has_tag && is_host(host) && !ends_in_git(word)
}

/// Whether `word` is a host: a dotted name, an address or `localhost`, with or without a port.
fn is_host(word: &str) -> bool {
    let (name, port) = word.split_once(':').map_or((word, None), |(name, port)| (name, Some(port)));
    let has_port =
        port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if port.is_some() && !has_port {
        return false;
    }
    let labels_are_sound = name.split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_dotted = name.contains('.');
    let is_address = name.split('.').count() == 4
        && name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_domain =
        is_dotted && last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    labels_are_sound && (is_domain || is_address || name == "localhost")
}

/// Whether `word` is a host and at most ports: `host`, `host:5000`, `host:5000/5010`, `host:{5000,5010}`, `host:$PORT`.
fn is_bare_host(word: &str) -> bool {
    let mut parts = word.split('/');
    let first = parts.next().unwrap_or(word);
    let is_host = is_host(first)
        || first
            .split_once(':')
            .is_some_and(|(name, port)| is_host(name) && hole_end(port, 0) == Some(port.len()));
    is_host && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `user@host:path`, as `scp` and `rsync` take it.
fn is_remote_path(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(_, after)| !after.starts_with("sha256:") && !after.starts_with("sha512:"))
        && !word.starts_with('@')
}

fn ends_in_git(word: &str) -> bool {
    let path = word.split(['?', '#']).next().unwrap_or(word).trim_end_matches('/');
    path.split('/').any(|part| part.strip_suffix(".git").is_some())
}

/// Whether the command that `before` breaks off in is a git command with a remote.
fn follows_git_command(before: &str) -> bool {
    let command = before.rsplit(['&', ';', '|']).next().unwrap_or(before);
    let mut words = command
        .split_whitespace()
        .map(|word| word.trim_start_matches(['`', '"', '\'', '(', '$', '-']));
    words.any(|word| word == "git" || word.ends_with("/git"))
        && words.any(|word| GIT_VERBS.contains(&word))
}

/// The line up to `at`, at most [`LOOK_BACK`] bytes of it.
fn line_before(text: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..at];
    before.rfind('\n').map_or(before, |newline| &before[newline + 1..])
}

/// `range` without white space, quotes and the schemes that mean "an image" around it.
pub(super) fn bare(text: &str, range: TextRange) -> TextRange {
    let (mut start, mut end) = (range.start as usize, range.end as usize);
    loop {
        let word = &text[start..end];
        let is_wrapping = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`');
        let head = word.len() - word.trim_start_matches(is_wrapping).len();
        let tail = word.len() - word.trim_end_matches(is_wrapping).len();
        if head + tail >= word.len() {
            return TextRange::empty(start);
        }
        // A quote escaped for the string around it leaves its backslash behind.
        let ends_escaped = tail > 0 && word[..word.len() - tail].ends_with('\\');
        start += head;
        end -= tail + usize::from(ends_escaped);
        let word = &text[start..end];
        let scheme = ["docker://", "oci://"].iter().find(|scheme| word.starts_with(**scheme));
        let escape = usize::from(word.starts_with("\\\"") || word.starts_with("\\'"));
        match scheme {
            Some(scheme) => start += scheme.len(),
            None if escape > 0 => start += escape,
            None => return TextRange::new(start, end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::token_at;
    use super::*;

    fn kind(text: &str, hit: &str) -> ReferenceKind {
        let at = text.find(hit).unwrap();
        reference_kind(text, token_at(text, TextRange::new(at, at + hit.len())))
    }

    #[test]
    fn context_decides() {
        let host = "reg.example.com";
        for (text, expected) in [
            ("image: reg.example.com/team/app:1", ReferenceKind::Image),
            ("reg.example.com/team/app", ReferenceKind::Image),
            ("oci://reg.example.com/charts", ReferenceKind::Image),
            ("see https://reg.example.com/team/app", ReferenceKind::Url),
            (
                "Documentation=https://reg.example.com/team/app/src/branch/main/x.md",
                ReferenceKind::Url,
            ),
            ("Documentation=reg.example.com/team/app", ReferenceKind::Url),
            ("reg.example.com/api/v1/repos", ReferenceKind::Url),
            ("reg.example.com/team/-/packages", ReferenceKind::Url),
            ("git clone https://reg.example.com/team/app /work", ReferenceKind::GitUrl),
            ("git -C x push reg.example.com/team/app", ReferenceKind::GitUrl),
            ("git push && docker push reg.example.com/team/app", ReferenceKind::Image),
            ("git@reg.example.com:team/app", ReferenceKind::GitUrl),
            ("url = \"https://reg.example.com/team/app.git\"", ReferenceKind::GitUrl),
            ("REG=reg.example.com:5050", ReferenceKind::HostOnly),
            ("- reg.example.com", ReferenceKind::HostOnly),
            ("caches at `reg.example.com:5000/5010`", ReferenceKind::HostOnly),
            ("caches at `reg.example.com:{5000,5010}`", ReferenceKind::HostOnly),
            ("${REMOTE:-https://reg.example.com/team/app}", ReferenceKind::Url),
            ("\"reg.example.com/*\",", ReferenceKind::Filter),
            ("['reg.example.com/', 'b/']", ReferenceKind::Filter),
            ("scp a root@reg.example.com:/opt/registry/x", ReferenceKind::Other),
        ] {
            assert_eq!(kind(text, host), expected, "{text}");
        }
    }

    #[test]
    fn shapes() {
        for word in [
            "redis",
            "redis:7",
            "a.b/c/d:e@sha256:00",
            "$IMAGE",
            "${REG}/x:${TAG:-1}",
            "{{IMAGE}}:{{ .Tag }}",
            "h.io/x:<tag>",
        ] {
            assert!(shape(word).is_some(), "{word}");
        }
        for word in ["", ".", "-d", "/etc/x", "a b", "https://x/y", "icon.PNG", "*", "a//b", "--"] {
            assert!(shape(word).is_none(), "{word}");
        }
        assert!(shape("a/$B").unwrap().has_hole && !shape("a/b").unwrap().has_hole);
    }

    #[test]
    fn complete_references_stand_out_in_prose() {
        for word in [
            "h.io/x:1",
            "h.io:5000/x/y:<tag>",
            "10.0.0.1:5000/x:${V}",
            "x@sha256:abc",
            "h.io/x/y@sha256:abc",
        ] {
            assert!(is_complete(word), "{word}");
        }
        for word in [
            "stacks/a/main.tf:28",
            ".github/workflows/x.yml:3",
            "h.io/x",
            "a@h.io:/x/y:1",
            "10.0.0.1:5000/5010",
            "10.0.0.1/32:53",
            "h.io/x:NoExecute",
            "redis:7",
        ] {
            assert!(!is_complete(word), "{word}");
        }
    }
}
