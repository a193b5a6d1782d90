//! Secrets that need no name: their form is that of a credential, and of nothing else.
//!
//! The forms are those that the issuers document, so that scanners find them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::text::{LazyRegex, TextRange};

/// Each with what stands before the secret outside of the group, where that is worth showing.
const SHAPES: [&str; 14] = [
    // GitHub, GitLab.
    r"\b(gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,})",
    // AWS, Google.
    r"\b((?:AKIA|ASIA)[A-Z0-9]{16})\b",
    r"\b(AIza[A-Za-z0-9_-]{35})",
    // Slack, and the web hooks of chats: who knows the address may write there.
    r"\b(xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,})",
    r"\bhooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9_/-]{20,})",
    r"\bdiscord(?:app)?\.com/api/webhooks/([0-9]+/[A-Za-z0-9_-]{20,})",
    // JSON Web Tokens.
    r"\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)",
    // Stripe, Vault, npm, Docker Hub, SendGrid.
    r"\b([sr]k_live_[A-Za-z0-9]{20,})",
    r"\b(hv[sb]\.[A-Za-z0-9_-]{24,})",
    r"\b(npm_[A-Za-z0-9]{36})\b",
    r"\b(dckr_pat_[A-Za-z0-9_-]{20,})",
    r"\b(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
    // What a header carries.
    r"(?i:\b(?:bearer|basic)) +([A-Za-z0-9._~+/=-]{16,})",
    // `curl -u user:password`; numbers are those of a user and a group.
    r#"(?:^|[\s"'])(?:-u|--user)[ =]["']?[^\s:"'$]+:([^\s"'$0-9][^\s"']*)"#,
];

/// Parts of which every credential has one, whichever form it has: most lines have none, and the forms are slow to look for.
const MARKS: [&str; 28] = [
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "AKIA",
    "ASIA",
    "AIza",
    "xox",
    "xapp-",
    "hooks.slack.com",
    "/api/webhooks/",
    "eyJ",
    "k_live_",
    "hvs.",
    "hvb.",
    "npm_",
    "dckr_pat_",
    "SG.",
    "earer ",
    "asic ",
    "EARER ",
    "ASIC ",
    "-u ",
    "-u=",
    "--user",
];

/// Which of the marks is found does not matter, only the line: from the left many places are passed over at once.
static MARKED: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(MARKS).ok());

/// Most files have no mark, so most runs never compile it.
static FORMS: LazyLock<LazyRegex> = LazyLock::new(|| LazyRegex::proven(&SHAPES.join("|")));

/// Finds the credentials in `text`.
pub(super) fn find(text: &str, found: &mut Vec<TextRange>) {
    let Some(marked) = &*MARKED else { return };
    let mut end = 0;
    for hit in marked.find_iter(text) {
        if hit.start() < end {
            continue;
        }
        let start = text[..hit.start()].rfind('\n').map_or(0, |at| at + 1).max(end);
        end = text[hit.end()..].find('\n').map_or(text.len(), |at| hit.end() + at);
        for captures in FORMS.captures_iter(&text[start..end]) {
            let groups = captures.groups();
            found.extend(groups.map(|it| TextRange::new(start + it.start(), start + it.end())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut found = Vec::new();
        find(text, &mut found);
        let mut shown = text.to_owned();
        for range in found.into_iter().rev() {
            shown.replace_range(range.indices(), "█");
        }
        shown
    }

    #[test]
    fn every_form_is_looked_for_where_it_has_its_mark() {
        let letters = "abcDEF0123".repeat(6);
        let long = &letters[..40];
        let samples = [
            format!("github_pat_{long}"),
            "ASIAABCD1234EFGH5678".to_owned(),
            format!("AIza{}", &letters[..35]),
            format!("xapp-{long}"),
            format!("hooks.slack.com/triggers/{long}"),
            format!("discordapp.com/api/webhooks/12/{long}"),
            format!("eyJ{long}.eyJ{long}.{long}"),
            format!("rk_live_{long}"),
            format!("hvb.{long}"),
            format!("npm_{}", &letters[..36]),
            format!("dckr_pat_{long}"),
            format!("SG.{long}.{long}"),
            format!("BASIC {long}"),
            "-u=me:hunter2".to_owned(),
        ];
        for (sample, form) in samples.iter().zip(SHAPES) {
            assert!(LazyRegex::parse(form).unwrap().is_match(sample), "{form}: {sample}");
            assert!(shown(sample).ends_with('█'), "{form}: {sample}");
        }
    }

    #[test]
    fn credentials_show_themselves() {
        let letters = "abcDEF0123".repeat(6);
        for (text, expected) in [
            (format!("x ghp_{} y", &letters[..36]), "x █ y"),
            (format!("\"glpat-{}\"", &letters[..20]), "\"█\""),
            (format!("AKIA{}", "ABCD1234EFGH5678"), "█"),
            (format!("xoxb-{}", &letters[..24]), "█"),
            (
                format!("https://hooks.slack.com/services/T0/B0/{}", &letters[..24]),
                "https://hooks.slack.com/services/█",
            ),
            (format!("eyJ{0}.eyJ{0}.{0}", &letters[..12]), "█"),
            (format!("Authorization: Bearer {}", &letters[..20]), "Authorization: Bearer █"),
            ("curl -u me:hunter2 http://x".to_owned(), "curl -u me:█ http://x"),
            ("curl --user=me:hunter2 -s".to_owned(), "curl --user=me:█ -s"),
        ] {
            assert_eq!(shown(&text), expected);
        }
        for text in [
            "docker run -u 1000:1000 x",
            "curl -u $USER:$PASSWORD x",
            "Bearer ${var.token}",
            "Basic auth is off",
            "the bearer of this",
            "ghp_short",
            "npm_config_cache",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
