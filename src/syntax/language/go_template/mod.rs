//! A text that a template of Go fills in, as Prometheus does it with the annotations of an alert that fires:
//! `{{ $labels.instance }} is at {{ $value | humanize }}`.
//!
//! Invariant: a variable that the text itself gives a value is not among those that it is given.

mod fault;

use std::collections::BTreeSet;
use std::ops::Range;

use super::build::{self, Object, text as word, verbatim};
use super::holes::{action_end, word_length};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Words that are no functions.
const KEYWORDS: [&str; 13] = [
    "block", "break", "continue", "define", "else", "end", "false", "if", "nil", "range",
    "template", "true", "with",
];

/// What a template asks for.
#[derive(Default)]
struct Asked<'t> {
    variables: Vec<Variable>,
    functions: Vec<TextRange>,
    /// The variables that it gives a value itself.
    own: BTreeSet<&'t str>,
}

/// A variable as it is used.
struct Variable {
    whole: TextRange,
    name: TextRange,
    field: Option<TextRange>,
}

/// The actions of a template: what stands between `{{` and `}}`.
#[derive(Default)]
struct Actions {
    ranges: Vec<TextRange>,
    /// The `{{` that no `}}` follows.
    unclosed: Option<usize>,
}

/// The `variables` that `text` is given, one for each use: `name`, and `field` where one of its fields is meant; the
/// `functions` that it calls; and where Go cannot read it, its `fault` and the `help` against that.
pub(super) fn parse(text: &str) -> Node {
    let actions = actions(text);
    let fault = fault::fault(text, &actions);
    let mut asked = Asked::default();
    for action in actions.ranges {
        asked.read(text, action);
    }
    let Asked { variables, functions, own } = asked;
    let given = variables.into_iter().filter(|it| !own.contains(&text[it.name.indices()]));
    let given = given.map(|Variable { whole, name, field }| {
        let variable = Object::new(whole).with("name", verbatim(text, name));
        variable.with_some("field", field.map(|field| verbatim(text, field))).finish()
    });
    let functions = functions.into_iter().map(|name| verbatim(text, name)).collect();
    let whole = TextRange::new(0, text.len());
    let mut template = Object::new(whole)
        .with("variables", build::list(given.collect(), whole))
        .with("functions", build::list(functions, whole));
    if let Some(SyntaxError { message, help, range }) = fault {
        let help = help.map(|help| word(help, range));
        template = template.with("fault", word(message, range)).with_some("help", help);
    }
    template.finish()
}

fn actions(text: &str) -> Actions {
    let mut found = Actions::default();
    let mut at = 0;
    while let Some(next) = text[at..].find("{{") {
        let start = at + next + 2;
        let Some(length) = action_end(&text[start..]) else {
            found.unclosed = Some(start - 2);
            break;
        };
        at = start + length;
        if !text[start..].trim_start_matches('-').trim_start().starts_with("/*") {
            found.ranges.push(TextRange::new(start, at - 2));
        }
    }
    found
}

impl<'t> Asked<'t> {
    /// Adds what the action at `range` of `text` asks for.
    fn read(&mut self, text: &'t str, range: TextRange) {
        let end = range.indices().end;
        let mut at = range.indices().start;
        // The variables that a `:=` would be about: `$i, $x := …`.
        let mut listed: Vec<&str> = Vec::new();
        let (mut is_indexed, mut is_called) = (false, true);
        while at < end {
            let rest = &text[at..end];
            let first = rest.as_bytes()[0];
            let mut word = "";
            let length = match first {
                b'"' => string_length(rest, true),
                b'`' => string_length(rest, false),
                b'$' => {
                    let variable = variable(text, at..end, is_indexed);
                    let length = variable.whole.len();
                    if !variable.name.is_empty() {
                        listed.push(&text[variable.name.indices()]);
                        self.variables.push(variable);
                    }
                    length
                }
                b':' if rest.starts_with(":=") => {
                    self.own.extend(listed.drain(..));
                    2
                }
                _ if word_length(rest) > 0 => {
                    word = &rest[..word_length(rest)];
                    word.len()
                }
                _ => rest.chars().next().map_or(1, char::len_utf8),
            };
            let is_keyword = KEYWORDS.contains(&word);
            if is_called && !is_keyword && !word.is_empty() && !first.is_ascii_digit() {
                self.functions.push(TextRange::new(at, at + length));
            }
            if !matches!(first, b'$' | b',' | b' ') {
                listed.clear();
            }
            if !first.is_ascii_whitespace() {
                is_indexed = word == "index";
                let goes_on = is_keyword || matches!(first, b'|' | b'(' | b':' | b'=');
                // `{{- …`
                is_called = goes_on || is_called && first == b'-';
            }
            at += length;
        }
    }
}

/// The variable that begins at `range.start` of `text`, and its field: `$x.field`, or with `index` before it `$x "field"`.
fn variable(text: &str, range: Range<usize>, is_indexed: bool) -> Variable {
    let Range { start, end } = range;
    let behind = start + 1 + word_length(&text[start + 1..end]);
    let name = TextRange::new(start + 1, behind);
    let length = text[behind..end].strip_prefix('.').map_or(0, word_length);
    let end_of_all = if length > 0 { behind + 1 + length } else { behind };
    let field = match length {
        0 if is_indexed => quoted(text, behind, end),
        0 => None,
        _ => Some(TextRange::new(behind + 1, end_of_all)),
    };
    Variable { whole: TextRange::new(start, end_of_all), name, field }
}

/// What stands in quotes behind blanks at `at`: the key of `index $labels "name"`.
fn quoted(text: &str, at: usize, end: usize) -> Option<TextRange> {
    let rest = &text[at..end];
    let start = at + (rest.len() - rest.trim_start().len());
    let inside = text[start..end].strip_prefix('"')?;
    let length = inside.find('"')?;
    Some(TextRange::new(start + 1, start + 1 + length))
}

/// How long the string is that `text` begins with, with its quotes.
fn string_length(text: &str, has_escapes: bool) -> usize {
    let quote = text.as_bytes()[0];
    let mut at = 1;
    while let Some(byte) = text.as_bytes().get(at) {
        match *byte {
            b'\\' if has_escapes => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::testing::show;
    use super::*;

    fn variables(text: &str) -> String {
        let tree = parse(text);
        let all = tree.get("variables").unwrap().items().iter();
        let said = |node: &Node, key: &str| node.get(key).map(|it| show(text, it));
        let one = |it: &Node| match said(it, "field") {
            Some(field) => format!("{}.{field}", said(it, "name").unwrap()),
            None => said(it, "name").unwrap(),
        };
        all.map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn functions_that_a_text_calls() {
        for (text, expected) in [
            ("{{ $value | humanize }}", "humanize"),
            ("{{- humanizeDuration $value -}}", "humanizeDuration"),
            ("{{ if gt (len $x) 5 }}{{ else if not .y }}{{ end }}", "gt len not"),
            ("{{ with query \"up\" | first }}{{ . | value }}{{ end }}", "query first value"),
            ("{{ .Labels.x }} {{ true }} {{ 5 }} {{ $x := printf \"a\" }}", "printf"),
            ("{{ $x = title .y }} {{ $labels.a | printf \"%s \\\" é | f\" }}", "title printf"),
        ] {
            let tree = parse(text);
            let all = tree.get("functions").unwrap().items().iter();
            let called: Vec<String> = all.map(|it| show(text, it)).collect();
            assert_eq!(called.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn variables_that_a_text_is_given() {
        for (text, expected) in [
            ("plain $labels.x }}", ""),
            ("{{ $labels.instance }} at {{$value|humanize}}", "labels.instance value"),
            ("{{- printf \"%s $x\" $labels.a $labels.b -}}", "labels.a labels.b"),
            ("{{ index $labels \"a-b\" }} {{ index $x.y 1 }}", "labels.a-b x.y"),
            ("{{ with index $labels \"a\" }}{{ . }}{{ end }}", "labels.a"),
            ("{{ if eq $labels.a \"}}\" }}x{{ end }}", "labels.a"),
            ("{{ /* $labels.a */ }}{{/* $labels.b */}}", ""),
            ("{{ $x := $labels.a }}{{ $x }}{{ $y }}", "labels.a y"),
            ("{{ range $i, $e := query \"up\" }}{{ $i }}{{ $e.Labels }}{{ $z }}{{ end }}", "z"),
            ("{{ $ }} {{ $labels.é }} {{ `$labels.q` }}", "labels"),
            ("{{ $labels.never_closed", ""),
        ] {
            assert_eq!(variables(text), expected, "{text}");
        }
    }
}
