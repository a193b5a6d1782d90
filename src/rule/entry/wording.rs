//! The cases of an entry, held against what its check can find: every outcome is worded, and with what is known of it.

use smol_str::SmolStr;

use super::Entry;
use crate::config::meant;
use crate::rule::pack::Case;
use crate::rule::raw::{RawCase, RawEntry, Wording};
use crate::rule::template::{Template, TemplateErrorKind, of_hole};

/// What a rule can find: an outcome, and the placeholders its wording may use.
pub(super) struct Known {
    pub(super) outcome: SmolStr,
    pub(super) placeholders: Vec<SmolStr>,
}

impl Entry<'_, '_> {
    /// A name for each case: of several for one outcome, those for a situation are numbered.
    pub(super) fn case_names(&mut self, raw: &RawEntry) -> Vec<SmolStr> {
        let name = |(at, case): (usize, &RawCase)| match &case.when {
            Some(_) => format!("{}/{at}", case.outcome.value).into(),
            None => case.outcome.value.clone(),
        };
        if raw.body.is_none() {
            for when in raw.cases.iter().filter_map(|case| case.when.as_ref()) {
                self.error(when.header, "only a rule that selects and requires can ask in a case");
            }
        }
        raw.cases.iter().enumerate().map(name).collect()
    }

    pub(super) fn case(&mut self, raw: &RawCase, name: &str, all: &[Known]) -> Option<Case> {
        let severity = match &raw.severity {
            None => None,
            Some(word) => Some(self.severity(word)?),
        };
        let outcome = raw.outcome.value.as_str();
        let Some(known) = all.iter().find(|known| known.outcome == outcome) else {
            let names = all.iter().map(|known| known.outcome.as_str());
            self.offer("outcome", outcome, raw.outcome.range, names);
            return None;
        };
        let placeholders: Vec<&str> = known.placeholders.iter().map(SmolStr::as_str).collect();
        // A help may hold what is to be typed.
        if raw.message.text.contains('\n') {
            self.error(raw.message.range, "write one line here");
            return None;
        }
        let message = self.template(&raw.message, &placeholders);
        let help = raw.help.as_ref().map(|help| self.template(help, &placeholders));
        let help = match help {
            None => None,
            Some(read) => Some(read?),
        };
        Some(Case { outcome: name.to_owned(), severity, message: message?, help })
    }

    fn template(&mut self, wording: &Wording, known: &[&str]) -> Option<Template> {
        if wording.text.is_empty() {
            self.error(wording.range, "write something here");
            return None;
        }
        match Template::parse(&wording.text, known) {
            Ok(template) => Some(template),
            Err(wrong) => {
                let range = wording.place(&wrong.range);
                match wrong.kind {
                    TemplateErrorKind::UnknownPlaceholder(name) => {
                        let message = format!("unknown placeholder `{name}`");
                        let error = self.source.error(range, message);
                        self.errors.push(of_hole(error, &name, known.iter().copied()));
                    }
                    TemplateErrorKind::LoneBrace => {
                        let error = self.source.error(range, "a brace without its counterpart");
                        self.errors.push(error.help("write `{{` or `}}` for a brace in the text"));
                    }
                }
                None
            }
        }
    }

    /// Every outcome of the check has exactly one case, and cases there are only for a check.
    pub(super) fn complete(&mut self, raw: &RawEntry, known: Option<&[Known]>) {
        let mut seen: Vec<&str> = Vec::new();
        for case in &raw.cases {
            let outcome = case.outcome.value.as_str();
            if case.when.is_some() {
                continue;
            }
            if raw.check.is_none() && raw.body.is_none() {
                self.error(case.outcome.range, "a case without a check");
            } else if seen.contains(&outcome) {
                self.error(case.outcome.range, format!("a second case for `{outcome}`"));
            }
            seen.push(outcome);
        }
        let Some(known) = known else { return };
        let place = match (&raw.check, &raw.body) {
            (Some(check), _) => Some(check.header),
            (None, Some(body)) => body.blocks_of("select").next().map(|select| select.header),
            (None, None) => None,
        };
        let place = place.unwrap_or_default();
        let outcomes = || known.iter().map(|it| it.outcome.as_str());
        // Of another word it was said already which one is meant.
        let meant =
            |case: &&str| outcomes().find(|it| it == case).or_else(|| meant(case, outcomes()));
        let cased: Vec<&str> = seen.iter().filter_map(meant).collect();
        for outcome in outcomes().filter(|it| !cased.contains(it)) {
            // Of a case with a mistake nothing more is said.
            let is_whole = |it: &RawCase| it.when.is_some() && it.outcome.value == outcome;
            let is_written = raw.cased.iter().any(|it| it == outcome);
            if is_written && !raw.cases.iter().any(is_whole) {
                continue;
            }
            let asks = raw.body.as_ref().and_then(|body| {
                let mut asking = body.blocks().filter(|it| is_asking(&it.kind.name));
                Some(asking.find(|it| it.label(0) == Some(outcome))?.header)
            });
            let message = format!("outcome `{outcome}` has no case");
            let help = format!("add `case \"{outcome}\" {{ message = \"…\" }}`");
            self.errors.push(self.source.error(asks.unwrap_or(place), message).help(help));
        }
    }
}

/// Whether blocks of this type say which outcome there is.
fn is_asking(kind: &str) -> bool {
    matches!(kind, "require" | "forbid")
}
