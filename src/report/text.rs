//! The report for people: a code frame for each diagnostic, drawn by miette, and an account of the run at the end.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};

use super::excerpt::Excerpt;
use super::{View, harmless, summary};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{LineIndex, TextRange};

/// How the terminal wants it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// Whether to use colour.
    pub colour: bool,
    /// Whether to draw frames with more than ASCII.
    pub unicode: bool,
    /// Where to break long messages; `None` leaves every message on one line.
    pub width: Option<usize>,
}

impl Style {
    /// `text` in bold, where there are colours.
    pub(super) fn bold(self, text: &str) -> String {
        self.painted("1", text)
    }

    /// What is bad.
    pub(super) fn bad(self, text: &str) -> String {
        self.painted("31", text)
    }

    /// What is good.
    pub(super) fn good(self, text: &str) -> String {
        self.painted("32", text)
    }

    /// What is to be looked at.
    pub(super) fn wary(self, text: &str) -> String {
        self.painted("33", text)
    }

    /// `text` in the colour `code` of terminals.
    pub(super) fn painted(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A labelled place in a text.
#[derive(Clone)]
pub struct Place<'a> {
    /// The path to show.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// The bytes to underline.
    pub range: TextRange,
    /// What to write next to them.
    pub label: Option<&'a str>,
    /// Bytes that must not be shown.
    pub redacted: Vec<TextRange>,
}

impl Place<'_> {
    /// The 0-based line it starts on.
    pub(super) fn line(&self) -> usize {
        self.lines.line_of(self.range.start.min(self.text.len() as u32))
    }
}

/// Something to tell with a code frame: a diagnostic, or an error in configuration or a pack.
pub struct Problem<'a> {
    /// The header: severity and rule.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: &'a str,
    /// What to type.
    pub help: Option<&'a str>,
    /// Where: the first is the place that is wrong, the others explain it.
    pub places: Vec<Place<'a>>,
}

/// Renders `view`.
pub fn render(view: &View<'_>, style: Style) -> String {
    let mut out = String::new();
    let mut shown = 0;
    for diagnostic in view.diagnostics() {
        shown += 1;
        out.push_str(&render_problem(&problem(view, diagnostic), style));
        out.push('\n');
    }
    for site in view.unknown() {
        let code = format!("unknown[{}]", site.rule);
        let places = vec![view.code.place(site.span, None)];
        let (severity, message, help) = (Severity::Info, site.reason.as_str(), None);
        let problem = Problem { code, severity, message, help, places };
        out.push_str(&render_problem(&problem, style));
        out.push('\n');
    }
    if view.statistics {
        out.push_str(&summary::statistics(&view.report.summary));
        out.push('\n');
    }
    out.push_str(&summary::closing(
        view.report,
        view.report.diagnostics.len() - shown,
        view.show_unknown,
    ));
    out
}

/// Renders one problem.
pub fn render_problem(problem: &Problem<'_>, style: Style) -> String {
    let excerpt = Excerpt::new(&problem.places);
    let handler = handler(problem, &excerpt, style);
    let frame = Frame { problem, excerpt };
    let mut out = String::new();
    if handler.render_report(&mut out, &frame).is_err() {
        // A frame that cannot be drawn must not cost the reader the message.
        return format!("{}\n  {}\n", problem.code, harmless(problem.message));
    }
    // The renderer sets the header off with a blank line.
    out.replacen("\n\n", "\n", 1)
}

fn problem<'a>(view: &View<'a>, diagnostic: &'a Diagnostic) -> Problem<'a> {
    let convention = diagnostic.convention.as_ref().map(|code| format!(" {code}"));
    let mut places = vec![view.code.place(diagnostic.span, None)];
    places.extend(
        diagnostic.related.iter().map(|label| view.code.place(label.span, Some(&label.message))),
    );
    Problem {
        code: format!(
            "{}[{}]{}",
            diagnostic.severity,
            diagnostic.rule,
            convention.unwrap_or_default()
        ),
        severity: diagnostic.severity,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        places,
    }
}

fn handler(problem: &Problem<'_>, excerpt: &Excerpt, style: Style) -> GraphicalReportHandler {
    let characters =
        if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let mut styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let own = match problem.severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Info => styles.advice,
    };
    // Labels take these in turn, from the top of the excerpt down: the place that is wrong in the colour of its
    // severity, what explains it in another.
    let mut labels: Vec<_> = excerpt.label_ranges().map(|range| range.start).enumerate().collect();
    labels.sort_by_key(|&(_, start)| start);
    let colours = labels.iter().map(|&(index, _)| if index == 0 { own } else { styles.help });
    styles.highlights = colours.collect();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_context_lines(1)
        .tab_width(2)
        .without_syntax_highlighting();
    match style.width {
        Some(width) => handler.with_width(width),
        None => handler.with_wrap_lines(false),
    }
}

/// What miette draws.
struct Frame<'a> {
    problem: &'a Problem<'a>,
    excerpt: Excerpt,
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.code)
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(self.problem.message))
    }
}

impl std::error::Error for Frame<'_> {}

impl miette::Diagnostic for Frame<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.problem.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.help?;
        let lines: Vec<_> = help.lines().map(harmless).collect();
        Some(Box::new(lines.join("\n")))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.excerpt.label_ranges().zip(&self.problem.places).enumerate();
        Some(Box::new(labels.map(|(index, (range, place))| {
            let text = place.label.map(|label| harmless(label).into_owned());
            let span = (range.start, range.end - range.start);
            if index == 0 {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(places: Vec<Place<'_>>) -> String {
        let problem = Problem {
            code: "error[group/name] A01".to_owned(),
            severity: Severity::Error,
            message: "`auth = \"app\"` without a reason",
            help: Some("write the reason\nabove it"),
            places,
        };
        render_problem(&problem, Style::default())
    }

    fn place<'a>(path: &'a str, text: &'a str, lines: &'a LineIndex, needle: &str) -> Place<'a> {
        let start = text.find(needle).unwrap();
        let range = TextRange::new(start, start + needle.len());
        Place { path, text, lines, range, label: None, redacted: Vec::new() }
    }

    #[test]
    fn a_frame_underlines_the_bytes_and_explains_them_in_other_files() {
        let text = "module \"a\" {\n\tauth = \"äpp\" # é\n\n}\n";
        let other = "list:\n  - one\n";
        let (lines, other_lines) = (LineIndex::new(text), LineIndex::new(other));
        let mut required = place("policy.yaml", other, &other_lines, "one");
        required.label = Some("required here");
        insta::assert_snapshot!(render(vec![
            place("stacks/a/main.tf", text, &lines, "\"äpp\""),
            required
        ]));
    }

    #[test]
    fn labels_in_one_file_share_a_frame_where_they_are_near() {
        let text = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\nf = 6\ng = 7\nh = 8\n";
        let lines = LineIndex::new(text);
        let mut near = place("x.tf", text, &lines, "b = 2");
        near.label = Some("defined here");
        let mut far = place("x.tf", text, &lines, "h = 8");
        far.label = Some("and here");
        insta::assert_snapshot!(render(vec![place("x.tf", text, &lines, "d = 4"), far, near]));
    }

    #[test]
    fn a_long_line_is_cut_around_its_label() {
        let text = format!("{} NEEDLE {}", "ä".repeat(100_000), "y".repeat(100_000));
        let lines = LineIndex::new(&text);
        insta::assert_snapshot!(render(vec![place("x.tf", &text, &lines, "NEEDLE")]));
    }

    #[test]
    fn secrets_and_control_characters_are_not_printed() {
        let text = "password = \"hunter2\" \u{1b}[31m \u{202e}x\n";
        let lines = LineIndex::new(text);
        let mut label = place("x.tf", text, &lines, "x\n");
        let secret = text.find("hunter2").unwrap();
        label.redacted = vec![TextRange::new(secret, secret + 7)];
        insta::assert_snapshot!(render(vec![label]));
    }

    #[test]
    fn a_place_without_text_still_has_a_frame() {
        for (text, at) in [("", 0), ("a\n", 2), ("a", 1), ("é", 1)] {
            let lines = LineIndex::new(text);
            let range = TextRange::empty(at);
            let place = Place {
                path: "x.tf",
                text,
                lines: &lines,
                range,
                label: None,
                redacted: Vec::new(),
            };
            let out = render(vec![place]);
            assert!(out.contains("x.tf:"), "{text:?}: {out}");
        }
    }

    #[test]
    fn a_label_over_many_lines_underlines_the_first() {
        let text = "block {\n  a = 1\n}\n";
        let lines = LineIndex::new(text);
        insta::assert_snapshot!(render(vec![place("x.tf", text, &lines, text)]));
    }
}
