//! Files that are recognised and left alone: encrypted, or a pointer to something elsewhere.
//!
//! Invariant: nothing is decrypted, and what can be counted without is said.

use super::sniff::Closed;
use crate::drift::report::Unread;
use crate::drift::shown::Json;
use crate::text::plural;

/// What is said of `bytes`, the file called `name`.
pub(super) fn said(name: &str, closed: Closed, bytes: &[u8]) -> Unread {
    let json = || serde_json::from_slice::<Json>(bytes).unwrap_or_default();
    let (why, help) = match closed {
        Closed::Sops => (
            format!("encrypted with SOPS{}", sops(&json())),
            format!("decrypt it where its keys are: `sops --decrypt {name}`"),
        ),
        Closed::OpenTofu => (
            "encrypted by OpenTofu".to_owned(),
            "write it where its keys are: `tofu show -json`, or `tofu state pull`".to_owned(),
        ),
        Closed::GitCrypt => {
            ("encrypted with git-crypt".to_owned(), "`git-crypt unlock`".to_owned())
        }
        Closed::Age => ("encrypted with age".to_owned(), format!("`age --decrypt -i KEY {name}`")),
        Closed::Gpg => ("encrypted with PGP".to_owned(), format!("`gpg --decrypt {name}`")),
        Closed::AnsibleVault => {
            ("encrypted with Ansible Vault".to_owned(), format!("`ansible-vault view {name}`"))
        }
        Closed::GitLfs => {
            ("a pointer of Git LFS, and not the file".to_owned(), "`git lfs pull`".to_owned())
        }
    };
    Unread {
        file: name.to_owned(),
        why,
        help: Some(help),
        // Nobody can read it here, and that is meant so; a pointer is a file that should be there.
        is_missing: closed == Closed::GitLfs,
    }
}

/// What the structure of a file of SOPS tells: it keeps keys and the lengths of lists.
fn sops(json: &Json) -> String {
    let mut said = String::new();
    if let Some(resources) = json["resources"].as_array() {
        let instances = |resource: &Json| resource["instances"].as_array().map_or(0, Vec::len);
        let count = resources.iter().map(instances).sum();
        said = format!(": a state of {}", plural(count, "instance"));
    }
    if let Some(modified) = json["sops"]["lastmodified"].as_str() {
        said.extend([", last written ", modified]);
    }
    said
}
