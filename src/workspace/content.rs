//! What a file turns out to be once it is read: text, or something that no rule can look into.
//!
//! Whatever is skipped says why, so that every file of the repo is accounted for.

use std::{borrow::Cow, fmt, sync::Arc};

use memchr::memmem;

use crate::syntax::yaml::Node;
use crate::syntax::{Format, json};

/// The content of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// Valid UTF-8.
    Text(Arc<str>),
    /// Not text, or out of reach.
    Skipped(Skip),
}

/// Why a file is not looked into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Skip {
    /// Locked by git-crypt.
    GitCrypt,
    /// Encrypted by SOPS; says with which keys.
    Sops(Vec<SealKey>),
    /// Encrypted by age.
    Age,
    /// Stands for a file that Git LFS keeps elsewhere.
    LfsPointer,
    /// Left out of a sparse checkout.
    LeftOut,
    /// Has a NUL byte near its start.
    Binary,
    /// Text in another encoding; says which, or where it goes wrong.
    NotUtf8(String),
    /// Over 64 MiB.
    TooLarge,
    /// Listed, and gone when it was to be read.
    Vanished,
    /// The operating system refuses; says why.
    Unreadable(String),
    /// A directory, symbolic link, pipe, socket or device where a file was asked for; says which.
    NotAFile(&'static str),
    /// A symbolic link that leads to nothing; says where to.
    Dangling(Box<str>),
}

/// One of the keys with which a file can be decrypted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SealKey {
    /// What kind of key, as SOPS calls it: `age`, `hc_vault`.
    pub kind: &'static str,
    /// Which: the recipient, or the name in Vault.
    pub name: String,
}

/// How much of a file is looked at to find that it is not text.
const HEAD: usize = 8 << 10;
/// The longest pointer Git LFS accepts.
const LFS_POINTER: usize = 1 << 10;

impl Content {
    /// Tells what the bytes of the file at `path` are.
    pub fn of(path: &str, bytes: Vec<u8>) -> Content {
        if let Some(skip) = recognise(&bytes) {
            return Content::Skipped(skip);
        }
        match String::from_utf8(bytes) {
            Ok(text) if is_sops(path, &text) => Content::Skipped(Skip::Sops(sops_keys(&text))),
            Ok(text) => Content::Text(text.into()),
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let reason = format!("byte 0x{:02x} at offset {offset}", error.as_bytes()[offset]);
                Content::Skipped(Skip::NotUtf8(reason))
            }
        }
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Content::Text(text) => Some(text),
            Content::Skipped(_) => None,
        }
    }
}

impl Skip {
    /// What is the matter with the file, said of it: `is encrypted by age`, `cannot be read: …`.
    pub fn clause(&self) -> String {
        match self {
            Skip::Unreadable(_) | Skip::Vanished => self.to_string(),
            _ => format!("is {self}"),
        }
    }

    /// The key under which reports count it.
    pub fn word(&self) -> &'static str {
        match self {
            Skip::GitCrypt => "git-crypt",
            Skip::Sops(_) => "sops",
            Skip::Age => "age",
            Skip::LfsPointer => "lfs",
            Skip::LeftOut => "sparse",
            Skip::Binary => "binary",
            Skip::NotUtf8(_) => "not-utf8",
            Skip::TooLarge => "too-large",
            Skip::Vanished => "vanished",
            Skip::Unreadable(_) => "unreadable",
            Skip::NotAFile(_) => "not-a-file",
            Skip::Dangling(_) => "dangling-link",
        }
    }

    /// Whether the file is what its owner wants it to be, so that skipping it is no loss: encrypted, or kept elsewhere.
    pub fn is_sealed(&self) -> bool {
        matches!(
            self,
            Skip::GitCrypt | Skip::Sops(_) | Skip::Age | Skip::LfsPointer | Skip::LeftOut
        )
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Skip::GitCrypt => Cow::from("locked by git-crypt"),
            Skip::Sops(_) => "encrypted by SOPS".into(),
            Skip::Age => "encrypted by age".into(),
            Skip::LfsPointer => "a Git LFS pointer".into(),
            Skip::LeftOut => "left out of this sparse checkout".into(),
            Skip::Binary => "binary: a NUL byte in the first 8 KiB".into(),
            Skip::NotUtf8(reason) => format!("not UTF-8: {reason}").into(),
            Skip::TooLarge => "larger than 64 MiB".into(),
            Skip::Vanished => "vanished while it was being read".into(),
            Skip::Unreadable(reason) => format!("cannot be read: {reason}").into(),
            Skip::NotAFile(what) => format!("{what}, not a file").into(),
            Skip::Dangling(target) => {
                format!("a symbolic link to `{target}`, where nothing is").into()
            }
        };
        f.write_str(&reason)
    }
}

/// What is told from the first bytes, before anyone asks whether they are text.
fn recognise(bytes: &[u8]) -> Option<Skip> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.starts_with(b"\0GITCRYPT\0") {
        return Some(Skip::GitCrypt);
    }
    if head.starts_with(b"age-encryption.org/v1\n")
        || head.trim_ascii_start().starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
    {
        return Some(Skip::Age);
    }
    if bytes.len() <= LFS_POINTER
        && head.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
    {
        return Some(Skip::LfsPointer);
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(Skip::NotUtf8("it starts with the byte order mark of UTF-16".to_owned()));
    }
    memchr::memchr(0, head).map(|_| Skip::Binary)
}

/// Whether SOPS wrote the text: encrypted values, and its metadata where the format puts it.
///
/// A page, script or module that only quotes an encrypted file is not one.
fn is_sops(path: &str, text: &str) -> bool {
    let bytes = text.as_bytes();
    if memmem::find(bytes, b"ENC[AES256_GCM,").is_none() {
        return false;
    }
    if bytes.trim_ascii_start().starts_with(b"{") {
        return memmem::find(bytes, b"\"sops\":").is_some()
            || memmem::find(bytes, b"\"sops\" :").is_some();
    }
    let quoting = matches!(
        Format::of(path),
        Format::Hcl(_)
            | Format::Markdown
            | Format::Shell
            | Format::Dockerfile
            | Format::SlashCommented
            | Format::DashCommented
            | Format::Markup
    );
    !quoting
        && text.lines().any(|line| {
            line.starts_with("sops:")
                || line.starts_with("sops_mac=")
                || line.trim_end() == "[sops]"
        })
}

/// The keys that the metadata of a file name: of one in JSON, where the metadata come last. Of others nothing is known.
fn sops_keys(text: &str) -> Vec<SealKey> {
    let tail = text.rfind("\"sops\"").map(|at| &text[at + "\"sops\"".len()..]);
    let object =
        tail.and_then(|tail| tail.trim_start().strip_prefix(':')?.trim().strip_suffix('}'));
    let Some(Ok(metadata)) = object.map(json::parse) else { return Vec::new() };
    let named = |kind: &'static str, key: &'static str| {
        let all = metadata.get(kind).map(Node::items).unwrap_or_default();
        all.iter()
            .filter_map(move |one| Some(SealKey { kind, name: one.get(key)?.as_str()?.to_owned() }))
    };
    named("age", "recipient").chain(named("hc_vault", "key_name")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(path: &str, bytes: &[u8]) -> &'static str {
        match Content::of(path, bytes.to_vec()) {
            Content::Text(_) => "text",
            Content::Skipped(skip) => skip.word(),
        }
    }

    #[test]
    fn encrypted_files_are_told_by_their_content() {
        assert_eq!(word("a.tfvars", b"\0GITCRYPT\0\x01\x02"), "git-crypt");
        assert_eq!(word("a.age", b"age-encryption.org/v1\n-> X25519 abc\n\0"), "age");
        assert_eq!(word("a.age", b"\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n"), "age");
        assert_eq!(
            word("a.tf", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
            "lfs"
        );
    }

    #[test]
    fn each_store_of_sops_is_known() {
        assert_eq!(word("a.yaml", b"key: ENC[AES256_GCM,data:x]\nsops:\n    mac: y\n"), "sops");
        assert_eq!(
            word("a.json", b"{\n\t\"data\": \"ENC[AES256_GCM,data:x]\",\n\t\"sops\": {}\n}"),
            "sops"
        );
        assert_eq!(
            word("a.tfstate.enc", b"{\"data\": \"ENC[AES256_GCM,data:x]\", \"sops\": {}}"),
            "sops"
        );
        assert_eq!(word(".env", b"KEY=ENC[AES256_GCM,data:x]\nsops_mac=y\n"), "sops");
        assert_eq!(word("a.ini", b"[a]\nk = ENC[AES256_GCM,data:x]\n\n[sops]\nmac = y\n"), "sops");
    }

    #[test]
    fn the_keys_of_sops_are_known() {
        let text = "{\"a\": \"ENC[AES256_GCM,data:x]\", \"sops\": {\"age\": [{\"recipient\": \"age1x\"}, {}],\n\
                    \"hc_vault\": [{\"key_name\": \"k\"}], \"pgp\": null}}\n";
        let Content::Skipped(Skip::Sops(keys)) = Content::of("a.enc", text.into()) else {
            panic!("not sealed")
        };
        let names: Vec<_> = keys.iter().map(|key| (key.kind, key.name.as_str())).collect();
        assert_eq!(names, [("age", "age1x"), ("hc_vault", "k")]);
    }

    #[test]
    fn quoting_an_encrypted_file_is_not_being_one() {
        let page = b"# How\n```yaml\nkey: ENC[AES256_GCM,data:x]\nsops:\n  mac: y\n```\n";
        assert_eq!(word("docs/how.md", page), "text");
        assert_eq!(word("a.tf", b"x = <<E\nkey: ENC[AES256_GCM,data:x]\nsops:\nE\n"), "text");
        assert_eq!(word("a.yaml", b"# no ENC[AES256_GCM, here\nkey: 1\n"), "text");
        assert_eq!(word(".sops.yaml", b"creation_rules:\n  - age: x\n"), "text");
    }

    #[test]
    fn what_is_not_utf8_says_why() {
        assert_eq!(word("a.png", b"\x89PNG\0"), "binary");
        // Whatever its name says.
        assert_eq!(word("values.yml", b"a: 1\n\0\x01"), "binary");
        let Content::Skipped(skip) = Content::of("a.tf", b"\xff\xfea\0".to_vec()) else {
            panic!("text")
        };
        assert_eq!(skip.to_string(), "not UTF-8: it starts with the byte order mark of UTF-16");
        let Content::Skipped(skip) = Content::of("a.tf", b"ab\xe9".to_vec()) else {
            panic!("text")
        };
        assert_eq!(skip.to_string(), "not UTF-8: byte 0xe9 at offset 2");
        assert_eq!(skip.clause(), "is not UTF-8: byte 0xe9 at offset 2");
        let refused = Skip::Unreadable("permission denied".to_owned());
        assert_eq!(refused.clause(), "cannot be read: permission denied");
    }

    #[test]
    fn a_nul_far_into_the_text_is_text() {
        let mut bytes = vec![b'a'; HEAD];
        bytes.push(0);
        assert_eq!(word("a.tf", &bytes), "text");
        assert_eq!(word("a.tf", b""), "text");
        assert_eq!(word("a.tf", "\u{feff}locals {}\n".as_bytes()), "text");
    }
}
