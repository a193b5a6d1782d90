//! What a file is, by how it begins.
//!
//! Invariant: the name of a file tells nothing; whatever is not recognised is said to be so.

use serde_json::Value;

use super::split::{Broken, Stream};

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// `show -json` of a plan.
    Plan,
    /// `show -json` of a state.
    ShownState,
    /// A state file.
    State,
    /// Lines of `plan -json`.
    UiStream,
    /// A measurement of tautline's own.
    Measured,
    /// Objects as `kubectl get -o json` writes them.
    Inventory,
    /// A zip.
    Zip,
    /// Something that is closed to us, and known.
    Closed(Closed),
    /// JSON of another kind.
    OtherJson,
    /// Text that Terraform prints for people.
    ForPeople,
    /// Nothing at all.
    Empty,
    /// Something else.
    Other,
}

/// What somebody has encrypted or put elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Closed {
    Sops,
    OpenTofu,
    GitCrypt,
    Age,
    GitLfs,
    Gpg,
    AnsibleVault,
}

/// What begins with `head` is; `None` where more of it is needed to tell.
pub(super) fn kind(head: &[u8], is_all: bool) -> Option<Kind> {
    if let Some((_, closed)) = CLOSED.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(Kind::Closed(*closed));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Some(Kind::Zip);
    }
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => is_all.then_some(Kind::Empty),
        Some(b'{') => json(head, is_all),
        Some(b'[') if !head.contains(&0x1b) && is_json_array(head) => Some(Kind::OtherJson),
        Some(_) => Some(text(head)),
    }
}

const CLOSED: [(&[u8], Closed); 7] = [
    (b"\0GITCRYPT\0", Closed::GitCrypt),
    (b"age-encryption.org/v1", Closed::Age),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", Closed::Age),
    (b"version https://git-lfs", Closed::GitLfs),
    (b"-----BEGIN PGP MESSAGE-----", Closed::Gpg),
    (b"$ANSIBLE_VAULT;", Closed::AnsibleVault),
    (b"\x85\x02\x0c\x03", Closed::Gpg),
];

/// Whether a list of JSON begins here, and no line of a log.
fn is_json_array(head: &[u8]) -> bool {
    let behind = head.iter().filter(|byte| !byte.is_ascii_whitespace()).nth(1);
    behind.is_none_or(|byte| b"{[\"]-0123456789tfn".contains(byte))
}

/// What an object of JSON is, by the keys at its top.
fn json(head: &[u8], is_all: bool) -> Option<Kind> {
    let mut seen = Seen::default();
    match seen.read(head) {
        Ok(kind) => Some(kind),
        Err(Broken::Truncated(_)) if !is_all => None,
        // What is cut off is read as far as it goes, to be told where it ends.
        Err(_) => Some(seen.guess(head)),
    }
}

#[derive(Default)]
struct Seen {
    format: bool,
    terraform: bool,
    serial: bool,
    api: bool,
    version: bool,
}

impl Seen {
    fn read(&mut self, head: &[u8]) -> Result<Kind, Broken> {
        let mut stream = Stream::new(head);
        stream.enter(b'{')?;
        while let Some(key) = stream.key()? {
            let kind = match key.as_str() {
                "resource_changes"
                | "resource_drift"
                | "planned_values"
                | "output_changes"
                | "prior_state"
                | "configuration"
                | "variables"
                | "relevant_attributes"
                | "errored"
                | "applyable"
                | "complete"
                | "deferred_changes" => Kind::Plan,
                "values" if self.format => Kind::ShownState,
                "sops" => Kind::Closed(Closed::Sops),
                "encryption_version" | "encrypted_data" => Kind::Closed(Closed::OpenTofu),
                "@level" | "@message" | "@timestamp" => Kind::UiStream,
                "lineage" => Kind::State,
                "resources" | "outputs" if self.version && (self.serial || self.terraform) => {
                    Kind::State
                }
                "items" if self.api => Kind::Inventory,
                "metadata" if self.api => Kind::Inventory,
                "stack" | "evidence" => Kind::Measured,
                _ => {
                    if let Some(kind) = self.note(&key, &mut stream)? {
                        return Ok(kind);
                    }
                    continue;
                }
            };
            return Ok(kind);
        }
        Ok(self.guess(head))
    }

    /// Remembers a key that does not settle it.
    fn note(&mut self, key: &str, stream: &mut Stream<&[u8]>) -> Result<Option<Kind>, Broken> {
        match key {
            "format_version" => self.format = true,
            "terraform_version" => self.terraform = true,
            "serial" => self.serial = true,
            "apiVersion" | "kind" => self.api = true,
            "version" => self.version = true,
            _ => {
                stream.skip()?;
                return Ok(None);
            }
        }
        let value: Option<Value> = serde_json::from_slice(stream.value()?).ok();
        let text = value.as_ref().and_then(Value::as_str).unwrap_or_default();
        if text.starts_with("ENC[") {
            return Ok(Some(Kind::Closed(Closed::Sops)));
        }
        Ok(None)
    }

    /// What it is, where no key has settled it.
    fn guess(&self, head: &[u8]) -> Kind {
        if self.format {
            // A state without anything in it has no more than its format; a longer one has been cut off.
            let is_state = memchr::memmem::find(head, b"provider_schemas").is_none()
                && memchr::memmem::find(head, b"\"valid\"").is_none();
            return if is_state { Kind::ShownState } else { Kind::OtherJson };
        }
        match (self.version && (self.serial || self.terraform), self.api) {
            (true, _) => Kind::State,
            (_, true) => Kind::Inventory,
            _ => Kind::OtherJson,
        }
    }
}

/// What a text is that is no JSON.
fn text(head: &[u8]) -> Kind {
    let text = String::from_utf8_lossy(&head[..head.len().min(64 * 1024)]);
    let has_stream = text.lines().any(|line| line.starts_with("{\"@level\":"));
    if has_stream {
        return Kind::UiStream;
    }
    const FOR_PEOPLE: [&str; 14] = [
        "\u{1b}[",
        "STDOUT terraform",
        "STDOUT tofu",
        "Terraform will perform",
        "OpenTofu will perform",
        "Terraform used the selected providers",
        "OpenTofu used the selected providers",
        "No changes.",
        "Plan: ",
        "Error: ",
        "Refreshing state...",
        "Terraform planned the following",
        "Changes to Outputs",
        "Objects have changed outside of",
    ];
    if FOR_PEOPLE.iter().any(|words| text.contains(words)) { Kind::ForPeople } else { Kind::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_by_how_they_begin() {
        for (text, expected) in [
            (
                r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"#,
                Kind::Plan,
            ),
            (r#"{"checks":[],"configuration":{"#, Kind::Plan),
            (
                r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{"#,
                Kind::ShownState,
            ),
            (r#"{"format_version":"1.0"}"#, Kind::ShownState),
            (r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x"}"#, Kind::State),
            (r#"{"@level":"info","@message":"Terraform 1.11.4"}"#, Kind::UiStream),
            ("warning: x\n{\"@level\":\"info\"}\n", Kind::UiStream),
            (r#"{"apiVersion":"v1","items":[]}"#, Kind::Inventory),
            (r#"{"kind":"Pod","apiVersion":"v1","metadata":{}}"#, Kind::Inventory),
            (r#"{"stack":{"name":"a"}}"#, Kind::Measured),
            ("PK\x03\x04", Kind::Zip),
            ("\0GITCRYPT\0x", Kind::Closed(Closed::GitCrypt)),
            ("age-encryption.org/v1\n", Kind::Closed(Closed::Age)),
            ("version https://git-lfs.github.com/spec/v1\n", Kind::Closed(Closed::GitLfs)),
            (r#"{"version":"ENC[AES256_GCM,data:x]","serial":1}"#, Kind::Closed(Closed::Sops)),
            (r#"{"data":"ENC[x]","sops":{}}"#, Kind::Closed(Closed::Sops)),
            (r#"{"serial":1,"lineage":"","encryption_version":"v0"}"#, Kind::State),
            (
                r#"{"meta":{},"encrypted_data":"eA==","encryption_version":"v0"}"#,
                Kind::Closed(Closed::OpenTofu),
            ),
            ("", Kind::Empty),
            (" \n", Kind::Empty),
            ("16:12:26.268 STDOUT terraform: No changes.\n", Kind::ForPeople),
            ("\u{1b}[0m\u{1b}[1mNo changes.", Kind::ForPeople),
            ("[{\"Name\":\"a\"}]", Kind::OtherJson),
            (r#"{"a":1}"#, Kind::OtherJson),
            (r#"{"format_version":"1.0","provider_schemas":{}}"#, Kind::OtherJson),
            ("hello", Kind::Other),
        ] {
            assert_eq!(kind(text.as_bytes(), true), Some(expected), "{text:?}");
        }
        // Whatever comes first may be long.
        assert_eq!(kind(br#"{"checks":[{"#, false), None);
        assert_eq!(kind(b" ", false), None);
    }
}
