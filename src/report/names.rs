//! The names under which systems outside keep what was found, so that they can tell old from new.
//!
//! Invariant: no two diagnostics of a report have the same name, and a name holds no secret.

use std::collections::HashMap;

use super::{View, shown};
use crate::diagnostic::{Diagnostic, fingerprint};
use crate::text::dir_of;

/// The names of a report's diagnostics.
pub(super) struct Names {
    /// Of those that are reported, in order.
    pub(super) reported: Vec<String>,
    /// Of those that are silenced, in order.
    pub(super) silenced: Vec<String>,
}

impl Names {
    /// Those of all diagnostics of `view`, shown or not: `--severity` must not change a name, nor may a suppression.
    pub(super) fn of(view: &View<'_>) -> Names {
        let report = view.report;
        let reported = report.diagnostics.len();
        let suppressed = report.suppressed.iter().map(|silenced| &silenced.diagnostic);
        let all: Vec<&Diagnostic> = report.diagnostics.iter().chain(suppressed).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|&at| all[at].span);
        let mut seen: HashMap<(&str, String, String), usize> = HashMap::new();
        let mut names = vec![String::new(); all.len()];
        for at in order {
            let diagnostic = all[at];
            let (subject, text) =
                (subject(view, diagnostic), shown::whole(view.code, diagnostic.span));
            let words: Vec<&str> = text.split_whitespace().collect();
            let words = words.join(" ");
            let key = (&*diagnostic.rule, subject, words);
            let name = |nth| fingerprint(&diagnostic.rule, &key.1, &key.2, nth);
            let nth = seen.get(&key).copied().unwrap_or(0);
            names[at] = name(nth);
            seen.insert(key, nth + 1);
        }
        let silenced = names.split_off(reported);
        Names { reported: names, silenced }
    }
}

/// What `diagnostic` is about: a block by its address in its directory, so that it may move between files; else a file.
fn subject(view: &View<'_>, diagnostic: &Diagnostic) -> String {
    let path = &*view.code.source(diagnostic.span).path;
    match &diagnostic.address {
        Some(address) => format!("{}/{address}", dir_of(path)),
        None => path.to_owned(),
    }
}
