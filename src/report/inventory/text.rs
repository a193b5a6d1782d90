//! The inventory for people: what is dangerous first, then what differs, what is missing and what is in no code, and an
//! account at the end.
//!
//! Invariant: every list that is cut says how much is left out.

use std::fmt::Write as _;

use super::super::drift::value::brief;
use super::super::drift::words::confidence_word;
use super::super::text::Style;
use super::super::{harmless, one_line, plural};
use super::{InventoryView, named};
use crate::drift::inventory::{Difference, Topic, Untrusted};
use crate::drift::{Confidence, Verdict};

/// Differences of one object that are listed.
const MOST_OF_ONE: usize = 8;
/// Things of one sort that are listed.
const MOST_LISTED: usize = 60;
/// Patterns that admit nothing that are listed.
const MOST_PATTERNS: usize = 10;
/// Places where one image runs that are listed.
const MOST_USES: usize = 3;
/// Characters of a value.
const LONGEST: usize = 80;

/// Renders `view`.
pub fn render(view: &InventoryView<'_>, style: Style) -> String {
    let mut out = Out { text: String::new(), style };
    out.untrusted(view);
    out.differences(view);
    out.missing(view);
    out.unmanaged(view);
    out.quiet(view);
    out.notes(view);
    out.account(view);
    out.text
}

struct Out {
    text: String,
    style: Style,
}

impl Out {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn help(&mut self, help: &str) {
        self.line(&format!("  help: {}", harmless(help)));
    }

    /// An empty line behind a part that said something.
    fn end_part(&mut self, count: usize) {
        if count > 0 {
            self.line("");
        }
    }

    fn rest(&mut self, count: usize, what: &str) {
        if count > MOST_LISTED {
            self.line(&format!(
                "and {}: `--format json` has them all",
                plural(count - MOST_LISTED, what)
            ));
        }
    }

    fn untrusted(&mut self, view: &InventoryView<'_>) {
        let (quiet, loud): (Vec<&Untrusted>, Vec<&Untrusted>) =
            view.report.untrusted.iter().partition(|it| it.is_exempt);
        for untrusted in loud.iter().take(MOST_LISTED) {
            let head = self.style.bad("image not trusted");
            self.line(&format!("{head}: {}", one_line(&untrusted.image)));
            let uses: Vec<String> = untrusted
                .uses
                .iter()
                .take(MOST_USES)
                .map(|it| format!("{} of {}", it.role, named(&it.object)))
                .collect();
            let more = untrusted.uses.len().saturating_sub(MOST_USES);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            self.line(&format!("  {}{more}", uses.join(", ")));
        }
        if !loud.is_empty() {
            self.rest(loud.len(), "more image");
            self.help("use an image that a pattern of the policy admits, or add the pattern there: no rule of the code sees what charts and operators run");
        }
        if !quiet.is_empty() {
            let images: Vec<String> = quiet.iter().map(|it| one_line(&it.image)).collect();
            self.line(&format!(
                "not trusted, in namespaces that the policy leaves alone: {}",
                images.join(", ")
            ));
        }
        self.end_part(loud.len() + quiet.len());
    }

    fn differences(&mut self, view: &InventoryView<'_>) {
        let mut open: Vec<&Difference> =
            view.report.differences.iter().filter(|it| !it.is_settled()).collect();
        // By object; those with something dangerous in them first.
        let mut objects: Vec<Vec<&Difference>> = Vec::new();
        open.sort_by(|a, b| a.object.cmp(&b.object));
        for difference in &open {
            match objects.last_mut() {
                Some(last) if last[0].object == difference.object => last.push(difference),
                _ => objects.push(vec![difference]),
            }
        }
        objects.sort_by_key(|object| object.iter().all(|it| it.dangers.is_empty()));
        for object in objects.iter().take(MOST_LISTED) {
            let place = &object[0].place;
            let head = self.style.wary("differs");
            let stack = place.stack.as_deref().map(|it| format!(" in stack {}", one_line(it)));
            let address = one_line(&place.address);
            self.line(&format!(
                "{head}: {} ({address}{})",
                named(&object[0].object),
                stack.unwrap_or_default()
            ));
            for difference in object.iter().take(MOST_OF_ONE) {
                self.difference(view, difference);
            }
            if object.len() > MOST_OF_ONE {
                self.line(&format!("  and {} more", object.len() - MOST_OF_ONE));
            }
        }
        self.rest(objects.len(), "more object");
        self.end_part(objects.len());
    }

    fn difference(&mut self, view: &InventoryView<'_>, it: &Difference) {
        let (want, live) = (brief(&it.want, LONGEST), brief(&it.live, LONGEST));
        let what = match &it.topic {
            Topic::Image(container) => format!("image of container `{}`", one_line(container)),
            Topic::Parked => "parked: `spec[0].replicas`".to_owned(),
            Topic::Other => format!("`{}`", one_line(&it.path.to_string())),
        };
        let ignored = if it.is_ignored { ", ignored by Terraform" } else { "" };
        self.line(&format!("  {what}: the code says {want}, live is {live}{ignored}"));
        self.line(&format!("    at {}", view.code.position(it.place.span)));
        for danger in &it.dangers {
            let head = self.style.bad("danger");
            self.line(&format!("    {head}: {}", one_line(&danger.message)));
        }
        let cause = &it.cause;
        let who = match &cause.actor {
            Some(actor) => format!("{actor} ({})", confidence_word(cause.confidence)),
            None => "nobody known".to_owned(),
        };
        self.line(&format!("    cause: {}: {}", one_line(&who), one_line(&cause.summary)));
        if cause.confidence != Confidence::Unknown || cause.actor.is_none() {
            for line in &cause.evidence {
                self.line(&format!("      {}", one_line(line)));
            }
        }
        if let Some(reason) = &it.never_ignore {
            self.line(&format!("    it must not be left so: {}", one_line(reason)));
        }
        if let Some(advice) = &cause.advice {
            self.line(&format!("    help: {}", one_line(advice)));
        }
    }

    fn missing(&mut self, view: &InventoryView<'_>) {
        let missing = &view.report.missing;
        for it in missing.iter().take(MOST_LISTED) {
            let head = self.style.bad("missing");
            let stack = it.place.stack.as_deref().map(|it| format!(" in stack {}", one_line(it)));
            self.line(&format!(
                "{head}: {} is declared and not live: {} ({}{})",
                named(&it.object),
                view.code.position(it.place.span),
                one_line(&it.place.address),
                stack.unwrap_or_default(),
            ));
        }
        if !missing.is_empty() {
            self.rest(missing.len(), "more");
            self.help("plan the stack: it was never applied, or somebody deleted it");
        }
        self.end_part(missing.len());
    }

    fn unmanaged(&mut self, view: &InventoryView<'_>) {
        let (unmanaged, releases) = (&view.report.unmanaged, &view.report.releases);
        for it in unmanaged.iter().take(MOST_LISTED) {
            let mut line = format!("{}: {}", self.style.wary("unmanaged"), named(&it.object));
            if let Some(created) = &it.created {
                let _ = write!(line, ", made {}", one_line(created));
            }
            if let Some(writer) = &it.written_by {
                let _ = write!(line, ", last written by `{}`", one_line(writer));
            }
            self.line(&line);
            if let Some(place) = &it.may_be {
                self.line(&format!(
                    "  it may be what `{}` declares, whose name is not known: {}",
                    one_line(&place.address),
                    view.code.position(place.span)
                ));
            }
        }
        self.rest(unmanaged.len(), "more object");
        for it in releases {
            let head = self.style.wary("unmanaged release");
            let namespace = if it.namespace.is_empty() { "default" } else { &it.namespace };
            self.line(&format!(
                "{head}: {}/{}, with {}",
                one_line(namespace),
                one_line(&it.name),
                plural(it.objects, "live object")
            ));
        }
        if !unmanaged.is_empty() {
            self.help("`--format hcl` writes the `import` blocks; what is in no code on purpose goes into `params \"inventory\" { unmanaged = […] }`");
        }
        self.end_part(unmanaged.len() + releases.len());
    }

    /// What is as it should be, in a line for each sort.
    fn quiet(&mut self, view: &InventoryView<'_>) {
        let report = view.report;
        let mut count = 0;
        let settled: Vec<&Difference> =
            report.differences.iter().filter(|it| it.is_settled()).collect();
        let mut owners: Vec<&str> =
            settled.iter().filter_map(|it| it.cause.actor.as_deref()).collect();
        owners.sort_unstable();
        owners.dedup();
        for owner in owners {
            let own = settled.iter().filter(|it| it.cause.actor.as_deref() == Some(owner));
            self.line(&format!(
                "left to {}: {} that Terraform ignores",
                one_line(owner),
                plural(own.count(), "value")
            ));
            count += 1;
        }
        for it in report.unused_patterns.iter().take(MOST_PATTERNS) {
            let (pattern, at) = (one_line(&it.pattern), view.code.position(it.span));
            self.line(&format!("unused trust: `{pattern}` admits no live image: {at}"));
            count += 1;
        }
        let more = report.unused_patterns.len().saturating_sub(MOST_PATTERNS);
        if more > 0 {
            let more = plural(more, "more pattern");
            self.line(&format!("and {more}: `--format json` has them all"));
        }
        for entry in &report.idle_entries {
            self.line(&format!(
                "idle entry of `unmanaged`: no live object is `{}`",
                one_line(entry)
            ));
            count += 1;
        }
        self.end_part(count);
    }

    /// What limits the inventory, and what to type for more.
    fn notes(&mut self, view: &InventoryView<'_>) {
        let report = view.report;
        for unread in &report.unread {
            let head = self.style.bad("not read");
            self.line(&format!("{head}: {}: {}", one_line(&unread.file), one_line(&unread.why)));
            if let Some(help) = &unread.help {
                self.help(help);
            }
        }
        for dump in report.dumps.iter().filter(|dump| !dump.has_managers && dump.objects > 0) {
            self.line(&format!(
                "note: {} has no managed fields, so who wrote a value last, and when, is not known",
                one_line(&dump.file)
            ));
            self.help("add `--show-managed-fields` to `kubectl get`");
        }
        if let Some(why) = report.no_trust {
            self.line(&format!("note: live images are not judged: {why}"));
        }
        if report.is_blind() {
            self.line(
                "note: nothing that the code declares could be looked for in what was dumped",
            );
        }
        let not_covered = &report.counts.not_covered;
        if !not_covered.is_empty() {
            let kinds: Vec<String> = not_covered
                .iter()
                .map(|(kind, count)| format!("{count} {}", one_line(kind)))
                .collect();
            self.line(&format!("note: declared, and not in what was dumped: {}", kinds.join(", ")));
            let kinds: Vec<String> =
                not_covered.keys().map(|kind| one_line(kind).to_ascii_lowercase()).collect();
            self.help(&format!("dump these kinds too: `kubectl get {} --all-namespaces -o json --show-managed-fields`", kinds.join(",")));
        }
    }

    fn account(&mut self, view: &InventoryView<'_>) {
        let report = view.report;
        let counts = &report.counts;
        let verdict = view.verdict();
        let word = match verdict {
            Verdict::Clean => self.style.good(verdict.word()),
            Verdict::Error => self.style.bad(verdict.word()),
            _ => self.style.wary(verdict.word()),
        };
        let untrusted = report.untrusted.iter().filter(|it| !it.is_exempt).count();
        let open = report.differences.iter().filter(|it| !it.is_settled()).count();
        let parts = [
            (report.missing.len(), "missing"),
            (report.unmanaged.len() + report.releases.len(), "unmanaged"),
            (untrusted, "not trusted"),
        ];
        let mut said: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if open > 0 {
            said.insert(0, plural(open, "difference"));
        }
        let made: usize = counts.made.values().sum();
        self.line(&format!("{word}{}{}", if said.is_empty() { "" } else { ": " }, said.join(", ")));
        self.line(&format!(
            "{} live: {} in the code, {made} made by others, {} that may be declared, {} unmanaged on purpose",
            plural(counts.live, "object"),
            counts.found,
            counts.perhaps,
            report.on_purpose.len(),
        ));
        self.line(&format!(
            "{} declared: {} found, {} not known well enough to look for",
            plural(counts.declared, "object"),
            counts.found,
            counts.unknown,
        ));
        let others: usize = counts.images_of_others.values().sum();
        let owners: Vec<String> = counts
            .images_of_others
            .iter()
            .map(|(owner, count)| format!("{count} of {}", one_line(owner)))
            .collect();
        self.line(&format!(
            "{} of containers: {} of the code{}{}",
            plural(counts.images_of_code + others, "image"),
            counts.images_of_code,
            if owners.is_empty() { "" } else { ", " },
            owners.join(", ")
        ));
        self.line(&format!(
            "{} compared, {} not known",
            plural(counts.values, "value"),
            counts.values_unknown
        ));
    }
}
