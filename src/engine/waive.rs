//! Waivers: what the settings excuse, by rule and path, for files that no comment can stand in.
//!
//! Invariant: a waiver silences only its rule, in its paths, up to its day; one that is out of date or silences nothing is
//! reported where it stands.

use super::own::{EXPIRED_SUPPRESSION, Own, UNUSED_SUPPRESSION, Words};
use crate::config::Waiver;
use crate::diagnostic::{Diagnostic, Silenced, SilencedBy};
use crate::syntax::{Date, SourceFile};

/// What waivers are judged by.
pub struct WaiverJudge<'a> {
    /// Raises what is wrong with them.
    pub own: Own<'a>,
    /// The settings as a file of the run, where what is wrong in them is wanted.
    pub settings: Option<&'a SourceFile>,
    /// Whether a rule was run on everything that a waiver may be about.
    pub was_judged: &'a dyn Fn(&str) -> bool,
    /// The day of the run.
    pub today: Date,
}

impl WaiverJudge<'_> {
    /// Takes out of `diagnostics` what `waivers` excuse and adds it to `silenced`; adds what is wrong with them.
    pub fn apply(
        &self,
        waivers: &[Waiver],
        diagnostics: &mut Vec<Diagnostic>,
        silenced: &mut Vec<Silenced>,
    ) {
        let mut used = vec![false; waivers.len()];
        let sources = self.own.repo.sources;
        for diagnostic in std::mem::take(diagnostics) {
            let source = &sources[diagnostic.span.file.index()];
            let excuses = |waiver: &Waiver| {
                waiver.until.value >= self.today
                    && *waiver.rule.value == *diagnostic.rule
                    && waiver.paths.contains(&source.path)
            };
            let Some(at) = waivers.iter().position(excuses) else {
                diagnostics.push(diagnostic);
                continue;
            };
            used[at] = true;
            let reason = Some(waivers[at].reason.clone());
            silenced.push(Silenced { diagnostic, by: SilencedBy::Waiver, reason });
        }
        let Some(settings) = self.settings else { return };
        for (waiver, used) in waivers.iter().zip(used) {
            diagnostics.extend(self.wrong(settings, waiver, used));
        }
    }

    fn wrong(&self, settings: &SourceFile, waiver: &Waiver, used: bool) -> Option<Diagnostic> {
        if waiver.until.value < self.today {
            let message = format!("this waiver ended on {}", waiver.until.value);
            let help = Some("remove it and mend what it covers, or agree on a new date".to_owned());
            let span = settings.span(waiver.until.range);
            return self.own.raise(EXPIRED_SUPPRESSION, span, Words { message, help });
        }
        if used || !(self.was_judged)(&waiver.rule.value) {
            return None;
        }
        let message = format!("`{}` has nothing to report in these paths", waiver.rule.value);
        let help = Some("remove the waiver, or correct its paths".to_owned());
        let span = settings.span(waiver.rule.range);
        self.own.raise(UNUSED_SUPPRESSION, span, Words { message, help })
    }
}
