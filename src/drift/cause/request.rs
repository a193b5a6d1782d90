//! What somebody asked Terraform for, and the code does not: that a plan replaces or destroys something is then no sign of code
//! that was not applied.

use crate::drift::change::{Change, DELETE_BY_REQUEST, REPLACE_BY_REQUEST, TAINTED};
use crate::drift::report::{Cause, Confidence};
use crate::text::typed;

/// The cause of `change` as a whole, where somebody asked for it.
pub(super) fn cause(change: &Change) -> Option<Cause> {
    let address = &change.address;
    let (summary, evidence, advice) = match change.reason.as_deref()? {
        TAINTED => (
            "it is tainted: its creation failed half-way, or somebody marked it",
            "Terraform says so, and would replace it for that",
            format!(
                "apply, which replaces it; or `terraform untaint {}`, if it is sound",
                typed(&address.to_string())
            ),
        ),
        REPLACE_BY_REQUEST => (
            "the plan was asked to replace it (`-replace`)",
            "Terraform says so; the code asks for no replacement",
            "plan without `-replace` to see what the code asks for".to_owned(),
        ),
        DELETE_BY_REQUEST => (
            "the plan was asked to destroy it (`-destroy`)",
            "the plan destroys what the code declares, and gives no reason",
            "plan without `-destroy` to see what the code asks for".to_owned(),
        ),
        _ => return None,
    };
    Some(Cause {
        actor: None,
        summary: summary.to_owned(),
        confidence: Confidence::Certain,
        evidence: vec![evidence.to_owned()],
        related: Vec::new(),
        advice: Some(advice),
    })
}
