//! Reads plans, states and what else describes a stack, by content, and digests it.
//!
//! Invariant: secrets stay here. What leaves this module ([`Input`]) went through the masks.

mod absorbed;
mod align;
mod binary;
mod change_json;
mod checks;
mod classify;
mod closed;
mod collect;
mod configuration;
mod cursor;
mod decode;
mod equal;
mod follow;
mod glance;
mod judge;
mod mask;
mod names;
mod parsed;
mod plan;
mod problem;
mod secrets;
mod sniff;
mod split;
mod state;
mod status;
mod stream;
#[cfg(test)]
mod tests;
mod tree;

use std::io::Read;

use super::measured::Measured;
use super::report::Unread;
use super::state_file::StateFile;
use collect::Failure;
use plan::Refused;
use sniff::Kind;
use split::Broken;

pub(super) use classify::means_the_same;
pub(super) use decode::{from_utf16, without_mark};
pub(super) use equal::{equivalent, is_empty, same_members};
pub use problem::problem_kind;
pub use stream::is_about_targets;

/// How much of a file is looked at first.
const HEAD: u64 = 64 * 1024;

/// What a file is, digested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A plan, the lines of `plan -json`, or a measurement that tautline has kept. [`Measured::stack`] is left empty but in the
    /// last case: which file is which stack is for the caller to say.
    Measured(Box<Measured>),
    /// A state.
    State(Box<StateFile>),
    /// Objects as `kubectl get -o json` writes them, which `drift::inventory` reads.
    Inventory,
    /// It could not be read, or was recognised and left alone; the reason and what to type.
    Unread(Unread),
}

/// What stands first in `reader`: see [`read_whole`]. For whoever knows that the rest is no plan of anybody.
pub fn read(name: &str, reader: impl Read) -> Input {
    read_whole(name, reader).0
}

/// Reads the file called `name` (a path as the user gave it; only shown) from `reader`, to the end where it must; and says
/// what of it was not read: whatever stands behind a plan.
///
/// A plan streams past: what is kept is what changes in it, and a bounded part of the rest. Everything else is read whole.
pub fn read_whole(name: &str, mut reader: impl Read) -> (Input, Option<Unread>) {
    let mut head = Vec::new();
    let mut wanted = HEAD;
    loop {
        let got = match reader.by_ref().take(wanted).read_to_end(&mut head) {
            Ok(got) => got,
            Err(error) => return (unread(name, error.to_string(), None), None),
        };
        let is_all = (got as u64) < wanted;
        if let Some(text) = is_all.then(|| from_utf16(&head)).flatten() {
            return read_whole(name, text.as_bytes());
        }
        let is_utf16 = from_utf16(&head[..head.len().min(4)]).is_some();
        let content = without_mark(&head);
        if let Some(kind) = sniff::kind(content, is_all).filter(|_| !is_utf16) {
            let reader = content.chain(reader);
            return match kind {
                Kind::Plan => as_plan(name, reader),
                kind => (as_kind(name, kind, reader), None),
            };
        }
        wanted = head.len() as u64;
    }
}

fn as_plan(name: &str, reader: impl Read) -> (Input, Option<Unread>) {
    match plan::read(name, reader) {
        Ok((measured, rest)) => {
            let rest = rest.map(|at| Unread {
                file: name.to_owned(),
                why: format!("what stands behind the plan, from byte {at} on, was not read"),
                help: Some(
                    "write each plan to a file of its own: `terraform show -json PLAN > NAME.json`"
                        .to_owned(),
                ),
                is_missing: true,
            });
            (Input::Measured(Box::new(measured)), rest)
        }
        Err(refused) => (refused_plan(name, &refused), None),
    }
}

fn as_kind(name: &str, kind: Kind, mut reader: impl Read) -> Input {
    match kind {
        Kind::UiStream => {
            return match stream::read(name, reader) {
                Ok(measured) => Input::Measured(Box::new(measured)),
                Err(error) => unread(name, error.to_string(), None),
            };
        }
        Kind::Empty => {
            let help = format!("see why the command that should have written it did not; {WRITE}");
            return unread(name, "the file is empty".to_owned(), Some(&help));
        }
        Kind::ForPeople => {
            let why = "text that Terraform prints for people, and no JSON".to_owned();
            let help = format!("{CONVERT}; with Terragrunt, `terragrunt show -json PLAN`");
            return unread(name, why, Some(&help));
        }
        Kind::OtherJson => {
            return unread(
                name,
                "JSON, but neither a plan nor a state nor an inventory".to_owned(),
                Some(WRITE),
            );
        }
        Kind::Other => {
            return unread(
                name,
                "neither a plan nor a state nor an inventory".to_owned(),
                Some(WRITE),
            );
        }
        _ => {}
    }
    let mut bytes = Vec::new();
    if let Err(error) = reader.read_to_end(&mut bytes) {
        return unread(name, error.to_string(), None);
    }
    match kind {
        Kind::Closed(closed) => Input::Unread(closed::said(name, closed, &bytes)),
        Kind::Zip => match binary::read(name, &bytes) {
            Some(measured) => Input::Measured(Box::new(measured)),
            None => unread(name, "a zip, but no plan, or not all of one".to_owned(), Some(CONVERT)),
        },
        Kind::State if is_encrypted(&bytes) => {
            Input::Unread(closed::said(name, sniff::Closed::OpenTofu, &bytes))
        }
        Kind::State => read_state(name, state::file(&bytes)),
        Kind::ShownState => read_state(name, state::show(&bytes)),
        Kind::Measured => match serde_json::from_slice::<Measured>(&bytes) {
            Ok(measured) => Input::Measured(Box::new(measured)),
            Err(error) => broken_json(name, &error),
        },
        _ => match serde_json::from_slice::<serde::de::IgnoredAny>(&bytes) {
            Ok(_) => Input::Inventory,
            Err(error) => broken_json(name, &error),
        },
    }
}

/// What to type for a file that can be read.
const CONVERT: &str = "`terraform plan -out=PLAN`, then `terraform show -json PLAN > PLAN.json` on the machine that planned";

/// What to type for what is nothing of all that can be read: the whole command, for the file may have been cut off.
const WRITE: &str = "a plan is written by `terraform plan -out=PLAN`, then `terraform show -json PLAN`; a state by `terraform state pull`; an inventory by `kubectl get -o json`";

/// Whether a state file has only its number outside of what `OpenTofu` has encrypted.
fn is_encrypted(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\"encrypted_data\"").is_some()
        && serde_json::from_slice::<serde_json::Value>(bytes)
            .is_ok_and(|state| state["encryption_version"].is_string())
}

fn read_state(name: &str, raw: Result<state::Raw, serde_json::Error>) -> Input {
    match raw {
        Ok(raw) => match raw.strange_version() {
            None => Input::State(Box::new(raw.masked(name))),
            Some(version) if version > 4 => unread(
                name,
                format!("a state in format {version}, of which only 4 is known"),
                Some("a newer tautline may know it"),
            ),
            Some(_) => unread(
                name,
                "a state in a format before version 4".to_owned(),
                Some("`terraform state pull > FILE` with Terraform 0.12 or later writes it anew"),
            ),
        },
        Err(error) => broken_json(name, &error),
    }
}

fn refused_plan(name: &str, refused: &Refused) -> Input {
    match refused {
        Refused::Version(format) => unread(
            name,
            format!("a plan in format {format}, of which only 0.x and 1.x are known"),
            Some("a newer tautline may know it"),
        ),
        Refused::Failure(Failure::Unusable(at)) => unread(
            name,
            format!("a plan, but what begins at byte {at} has another shape than plans have"),
            Some(CONVERT),
        ),
        Refused::Failure(Failure::Broken(Broken::Truncated(at))) => {
            unread(name, format!("the JSON ends in the middle, at byte {at}"), Some(AGAIN))
        }
        Refused::Failure(Failure::Broken(Broken::Syntax(at))) => {
            unread(name, format!("no JSON at byte {at}"), Some(AGAIN))
        }
        Refused::Failure(Failure::Broken(Broken::Reader(error))) => {
            unread(name, error.to_string(), None)
        }
    }
}

const AGAIN: &str =
    "write it again: `terraform show -json PLAN > PLAN.json`, with nothing else in it";

/// What is wrong with JSON that was read whole. The parser's own words may quote a value.
fn broken_json(name: &str, error: &serde_json::Error) -> Input {
    let (line, column) = (error.line(), error.column());
    let why = match error.classify() {
        serde_json::error::Category::Eof => {
            format!("the JSON ends in the middle, at {line}:{column}")
        }
        serde_json::error::Category::Data => {
            format!("another shape than expected at {line}:{column}")
        }
        _ => format!("no JSON at {line}:{column}"),
    };
    unread(name, why, Some("write it again"))
}

fn unread(name: &str, why: String, help: Option<&str>) -> Input {
    let help = help.map(str::to_owned);
    Input::Unread(Unread { file: name.to_owned(), why, help, is_missing: true })
}
