//! What went wrong, by the words of Terraform, of its backends and of providers.

use crate::drift::measured::ProblemKind;

/// Words that tell, most telling first: an error about a lock also says that something timed out.
const WORDS: &[(ProblemKind, &[&str])] = &[
    (
        ProblemKind::StateLock,
        &["acquiring the state lock", "state is already locked", "locking state", "lock info:"],
    ),
    (ProblemKind::MissingVariable, &["no value for required variable", "no value for variable"]),
    (
        ProblemKind::Interrupted,
        &[
            "operation canceled",
            "operation cancelled",
            "execution halted",
            "interrupted",
            "context canceled",
            "signal: killed",
        ],
    ),
    (
        ProblemKind::Condition,
        &[
            "precondition failed",
            "postcondition failed",
            "assertion failed",
            "invalid value for variable",
        ],
    ),
    (
        ProblemKind::Provider,
        &[
            "failed to query available provider",
            "failed to install provider",
            "inconsistent dependency lock file",
            "required plugins are not installed",
            "failed to load plugin schemas",
            "failed to instantiate provider",
            "could not load plugin",
            "plugin did not respond",
            "plugin crashed",
            "missing required provider",
            "module not installed",
            "provider produced",
        ],
    ),
    (
        ProblemKind::Backend,
        &[
            "backend initialization required",
            "error configuring the backend",
            "failed to get existing workspaces",
            "error loading state",
            "failed to load state",
            "failed to read state",
            "error refreshing state",
            "error inspecting states",
            "unable to find remote state",
            "failed to persist state",
            "error saving state",
            "backend configuration changed",
            "error loading the backend",
            "unable to load backend",
            "pq: ",
        ],
    ),
    (
        ProblemKind::Configuration,
        &[
            "unsupported argument",
            "unsupported block type",
            "unsupported attribute",
            "missing required argument",
            "reference to undeclared",
            "argument or block definition required",
            "invalid expression",
            "invalid reference",
            "invalid block definition",
            "invalid function argument",
            "invalid for_each argument",
            "invalid count argument",
            "invalid index",
            "incorrect attribute value type",
            "insufficient ",
            "too many ",
            "duplicate ",
            "extraneous label",
            "unreadable module directory",
            "call to unknown function",
            "conflicting configuration arguments",
            "unclosed configuration block",
        ],
    ),
    (
        ProblemKind::Credentials,
        &[
            "unauthorized",
            "access denied",
            "accessdenied",
            "permission denied",
            "authentication failed",
            "no valid credential",
            "expiredtoken",
            "token expired",
            "token has expired",
            "invalid token",
            "code: 403",
            "code: 401",
            "error 403",
            "error 401",
            " 403 ",
            " 401 ",
            "forbidden",
        ],
    ),
    (ProblemKind::Timeout, &["timeout", "timed out", "deadline exceeded"]),
    (
        ProblemKind::Read,
        &[
            "error reading",
            "failed to read",
            "error retrieving",
            "failed to get",
            "connection refused",
            "no such host",
            "dial tcp",
            "unable to read",
        ],
    ),
];

/// What kind of problem says `summary` and `detail`. What is not recognised is [`ProblemKind::Other`].
pub fn problem_kind(summary: &str, detail: &str) -> ProblemKind {
    // What the summary says counts before anything that the detail quotes.
    [summary, detail].iter().find_map(|text| kind(text)).unwrap_or_default()
}

fn kind(text: &str) -> Option<ProblemKind> {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    WORDS.iter().find(|(_, words)| says(words)).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_by_their_words() {
        for (summary, detail, expected) in [
            (
                "Error acquiring the state lock",
                "Error message: timeout waiting",
                ProblemKind::StateLock,
            ),
            ("No value for required variable", "", ProblemKind::MissingVariable),
            (
                "Unsupported argument",
                "An argument named \"wait\" is not expected here.",
                ProblemKind::Configuration,
            ),
            ("Resource precondition failed", "no", ProblemKind::Condition),
            ("Error refreshing state: dial tcp: i/o timeout", "", ProblemKind::Backend),
            ("Get \"https://10.0.0.1/api\": context deadline exceeded", "", ProblemKind::Timeout),
            ("Unauthorized", "", ProblemKind::Credentials),
            ("Inconsistent dependency lock file", "", ProblemKind::Provider),
            (
                "Request failed",
                "dial tcp 127.0.0.1:1: connect: connection refused",
                ProblemKind::Read,
            ),
            ("Operation canceled", "", ProblemKind::Interrupted),
            ("Something new", "", ProblemKind::Other),
        ] {
            assert_eq!(problem_kind(summary, detail), expected, "{summary}");
        }
    }
}
