//! The table of stacks and classes: how many differences each stack has of each class.

use std::fmt::Write as _;

use super::super::words::{CLASSES, class_meaning, status_word};
use super::super::{DriftView, severity_of};
use super::escape::esc;
use super::{age, status_class};
use crate::drift::{Class, StackReport};

/// Adds the table of the stacks in which something is to be shown, the worst first.
pub(super) fn push(out: &mut String, view: &DriftView<'_>) {
    let stacks = view.report.stacks.iter().enumerate();
    let mut rows: Vec<(usize, &StackReport)> =
        stacks.filter(|(_, stack)| !view.findings_of(stack).is_empty()).collect();
    if rows.is_empty() {
        return;
    }
    let key = |stack: &StackReport| view.findings_of(stack).iter().map(|(_, it)| it.class).max();
    rows.sort_by_cached_key(|(at, stack)| {
        (std::cmp::Reverse(stack.status), std::cmp::Reverse(key(stack)), *at)
    });
    let classes: Vec<Class> = CLASSES
        .into_iter()
        .filter(|class| view.findings().any(|finding| finding.class == *class))
        .collect();
    out.push_str(
        "<h2 id=\"stacks\">Stacks</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-labelledby=\"stacks\">\n<table class=\"matrix\">\n<thead><tr><th scope=\"col\">stack</th>\
         <th scope=\"col\">status</th>",
    );
    for class in &classes {
        let _ = write!(
            out,
            "<th scope=\"col\" class=\"count\" title=\"{}\">{}</th>",
            esc(class_meaning(*class)),
            class.word()
        );
    }
    let has_ages = rows.iter().any(|(_, stack)| stack.seen.is_some());
    out.push_str(if has_ages { "<th scope=\"col\">age</th>" } else { "" });
    out.push_str("</tr></thead>\n<tbody>\n");
    for (at, stack) in rows {
        push_row(out, view, (at, stack), &classes);
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

fn push_row(
    out: &mut String,
    view: &DriftView<'_>,
    (at, stack): (usize, &StackReport),
    classes: &[Class],
) {
    let _ = write!(
        out,
        "<tr data-stack=\"{at}\"><th scope=\"row\">{}</th><td><span class=\"tag {}\">{}</span></td>",
        esc(&stack.stack.name),
        status_class(stack.status),
        status_word(stack.status)
    );
    let findings = view.findings_of(stack);
    for class in classes {
        let of_class = || findings.iter().filter(|(_, finding)| finding.class == *class);
        match of_class().next() {
            None => out.push_str("<td></td>"),
            Some((number, _)) => {
                let word = class.word();
                let _ = write!(
                    out,
                    "<td class=\"count\"><a class=\"{}\" href=\"#f-{number}\" data-stack=\"{at}\" \
                     data-class=\"{word}\" aria-label=\"{} {word} in {}\">{}</a></td>",
                    severity_of(*class).word(),
                    of_class().count(),
                    esc(&stack.stack.name),
                    of_class().count()
                );
            }
        }
    }
    if let Some(seen) = &stack.seen {
        let _ = write!(out, "<td>{}</td>", age(Some(seen)).trim_start());
    }
    out.push_str("</tr>\n");
}
