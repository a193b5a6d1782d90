//! The blocks of a Slack message, as an incoming webhook or `chat.postMessage` takes them.
//!
//! Invariant: no message breaks a limit of the API, however much there is to say; what does not fit is counted. Text of the
//! repo stays text: it mentions nobody and links nowhere.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::{json_line, one_line, plural};
use super::value::difference;
use super::words::{action_words, status_word};
use super::{DriftView, ShownGroup, why};
use crate::drift::Verdict;

/// Blocks of a message.
const MOST_BLOCKS: usize = 50;
/// Characters of a section.
const MOST_TEXT: usize = 3000;
/// Characters of a header.
const MOST_HEADER: usize = 150;
/// Causes that are told one by one. Further ones are a line each, as many as fit a section.
const MOST_CAUSES: usize = 12;
/// Stacks that are named in one line.
const MOST_NAMED: usize = 10;
/// Differences that are shown of a cause.
const MOST_LISTED: usize = 3;
/// Characters of a line in a list.
const MOST_LINE: usize = 300;
/// Characters of one value.
const LONGEST: usize = 60;

#[derive(Serialize)]
struct Message {
    /// What notifications show.
    text: String,
    blocks: Vec<Block>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Header { text: Text },
    Section { text: Text },
    Context { elements: [Text; 1] },
    Divider,
}

#[derive(Serialize)]
struct Text {
    #[serde(rename = "type")]
    kind: &'static str,
    text: String,
}

/// Renders `view` as one line of JSON.
pub fn render(view: &DriftView<'_>) -> String {
    let headline = headline(view);
    let mut blocks = vec![
        Block::Header { text: Text { kind: "plain_text", text: fitting(&headline, MOST_HEADER) } },
        context(&account(view)),
    ];
    for note in &view.report.notes {
        let mut text = format!(":information_source: *{}*", told(&note.message));
        if !note.stacks.is_empty() {
            let _ = write!(text, "\nstacks: {}", names(view, &note.stacks));
        }
        if let Some(help) = &note.help {
            let _ = write!(text, "\n_{}_", told(help));
        }
        blocks.push(section(&text));
    }
    push_causes(view, &mut blocks);
    push_broken(view, &mut blocks);
    push_unread(view, &mut blocks);
    if blocks.len() > MOST_BLOCKS {
        let left_out = blocks.len() - (MOST_BLOCKS - 1);
        blocks.truncate(MOST_BLOCKS - 1);
        blocks.push(context(&format!("… and {} not shown", plural(left_out, "part"))));
    }
    let message = Message { text: escaped(&headline), blocks };
    json_line(&message)
}

/// `3 of 155 stacks drift, 1 error`
fn headline(view: &DriftView<'_>) -> String {
    let report = view.report;
    let count =
        |verdict| report.stacks.iter().filter(|stack| report.verdict_of(stack) == verdict).count();
    let all = plural(report.stacks.len(), "stack");
    let mut parts = Vec::new();
    for (verdict, what) in [
        (Verdict::Drift, "drift"),
        (Verdict::Error, "failed"),
        (Verdict::Incomplete, "not measured"),
    ] {
        let count = count(verdict);
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let missing = report.unread.iter().filter(|unread| unread.is_missing).count();
    if missing > 0 {
        parts.push(format!("{} not read", plural(missing, "file")));
    }
    if report.stacks.is_empty() {
        parts.push("nothing was measured".to_owned());
        return format!("Drift: {}", parts.join(", "));
    }
    if parts.is_empty() {
        return format!("No drift: {all}");
    }
    format!("Drift: {} of {all}", parts.join(", "))
}

/// How the stacks stand, and which commit was planned.
fn account(view: &DriftView<'_>) -> String {
    let mut text = view.counted().join(" · ");
    let mut commits: Vec<&str> =
        view.report.stacks.iter().filter_map(|it| Some(it.commit.as_ref()?.id.as_str())).collect();
    commits.sort_unstable();
    commits.dedup();
    match commits.as_slice() {
        [] => {}
        [one] => {
            let _ = write!(text, " · commit `{}`", told(&one.chars().take(12).collect::<String>()));
        }
        more => {
            let _ = write!(text, " · {} commits", more.len());
        }
    }
    if text.is_empty() { "nothing was measured".to_owned() } else { text }
}

fn push_causes(view: &DriftView<'_>, blocks: &mut Vec<Block>) {
    let groups = view.groups();
    let (quiet, loud): (Vec<&ShownGroup<'_>>, Vec<_>) =
        groups.iter().partition(|group| group.is_quiet());
    if !loud.is_empty() {
        blocks.push(Block::Divider);
    }
    for group in loud.iter().take(MOST_CAUSES) {
        blocks.push(section(&cause(view, group)));
    }
    let further = loud.get(MOST_CAUSES..).unwrap_or_default();
    push_list(blocks, "Further causes", further.iter().map(|group| in_short(view, group)));
    push_list(blocks, "Quiet", quiet.iter().map(|group| in_short(view, group)));
}

/// One cause in a section.
fn cause(view: &DriftView<'_>, shown: &ShownGroup<'_>) -> String {
    let dangers = shown.dangers();
    let mark = if dangers.is_empty() { ":warning:" } else { ":rotating_light:" };
    let (group, stacks) = (shown.group, shown.stacks());
    let mut text = format!("{mark} *{}* · {}", told(&group.title), group.class.word());
    for danger in dangers.iter().take(MOST_LISTED) {
        let _ = write!(text, "\n*{}*", told(&danger.message));
    }
    if let Some(who) = shown.who() {
        let _ = write!(text, "\ncause: {}", told(&who));
    }
    for finding in shown.findings.iter().take(MOST_LISTED) {
        let subject = match &finding.path {
            Some(path) => format!("{} {path}", finding.address),
            None => finding.address.to_string(),
        };
        let stack = view.stack_name(finding.stack);
        let _ = write!(text, "\n• {}: `{}`", told(stack), code(&subject));
        let _ = match finding.path {
            Some(_) => write!(text, " `{}`", code(&difference(finding, LONGEST))),
            None => write!(text, ": an apply would {}", action_words(finding.action)),
        };
    }
    if shown.findings.len() > MOST_LISTED {
        let _ = write!(text, "\n… and {} more", shown.findings.len() - MOST_LISTED);
    }
    let _ = write!(text, "\nstacks: {}", names(view, &stacks));
    let advice = shown.advice();
    if !advice.is_empty() {
        let _ = write!(text, "\n_{}_", told(advice));
    }
    text
}

fn in_short(view: &DriftView<'_>, shown: &ShownGroup<'_>) -> String {
    let (title, class) = (told(&shown.group.title), shown.group.class.word());
    format!("{title} ({class}): {}", names(view, &shown.stacks()))
}

fn push_broken(view: &DriftView<'_>, blocks: &mut Vec<Block>) {
    let broken = view.broken().into_iter().map(|stack| {
        let (status, name) = (status_word(stack.status), told(&stack.stack.name));
        format!("{status}: {name}: {}", told(why(stack)))
    });
    push_list(blocks, "Not measured", broken);
}

fn push_unread(view: &DriftView<'_>, blocks: &mut Vec<Block>) {
    let missing = view.report.unread.iter().filter(|unread| unread.is_missing);
    let lines = missing.map(|unread| {
        let help = unread.help.as_deref().map(|help| format!(" (_{}_)", told(help)));
        format!("`{}`: {}{}", code(&unread.file), told(&unread.why), help.unwrap_or_default())
    });
    push_list(blocks, "Not read", lines);
}

/// A section with a line for each of `lines`, as many as fit, and how many do not.
fn push_list(blocks: &mut Vec<Block>, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.map(|line| fitting(&line, MOST_LINE)).collect();
    if lines.is_empty() {
        return;
    }
    let mut text = format!("*{title}*");
    let mut rest = lines.len();
    for line in &lines {
        // What is said about the rest must fit too.
        if text.chars().count() + line.chars().count() + 40 > MOST_TEXT {
            break;
        }
        let _ = write!(text, "\n• {line}");
        rest -= 1;
    }
    if rest > 0 {
        let _ = write!(text, "\n… and {rest} more");
    }
    blocks.push(section(&text));
}

/// The names of `stacks`, and how many are left out.
fn names(view: &DriftView<'_>, stacks: &[usize]) -> String {
    view.names(stacks, MOST_NAMED, told)
}

fn section(text: &str) -> Block {
    Block::Section { text: Text { kind: "mrkdwn", text: fitting(text, MOST_TEXT) } }
}

fn context(text: &str) -> Block {
    Block::Context { elements: [Text { kind: "mrkdwn", text: fitting(text, MOST_TEXT) }] }
}

/// `text` in `most` characters, and never half of a reference.
fn fitting(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    let whole = match kept.rfind('&') {
        Some(at) if !kept[at..].contains(';') => &kept[..at],
        _ => &kept,
    };
    format!("{whole}…")
}

/// A sentence: text, with code in backticks.
fn told(text: &str) -> String {
    let text = one_line(text);
    // A star would end the emphasis around it.
    escaped(&text).replace('*', "∗")
}

/// What stands between backticks.
fn code(text: &str) -> String {
    escaped(&one_line(text)).replace('`', "'")
}

/// The three characters that mean something to Slack everywhere.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_fits() {
        assert_eq!(told("<!channel> *a* & b"), "&lt;!channel&gt; ∗a∗ &amp; b");
        assert_eq!(code("a`b<c"), "a'b&lt;c");
        assert_eq!(fitting("abcdef", 4), "abc…");
        assert_eq!(fitting("a&amp;bc", 5), "a…");
        assert_eq!(fitting("abc", 3), "abc");
    }
}
