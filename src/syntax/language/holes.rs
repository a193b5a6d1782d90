//! The holes of a text that a program fills in: `${ … }` and `%{ … }` of Terraform, `{{ … }}` of Go, Helm and Jinja. What has
//! a variable that the text nowhere gives a value, such as the labels of an alert (`{{ $labels.instance }}`), is filled in by
//! somebody else later, and is text until then.
//!
//! Invariant: the parts are the text, in order and without gaps. What only looks like a hole, because nothing closes it, is
//! text.

use std::collections::BTreeSet;

use super::HOLE;
use crate::text::TextRange;

/// No hole is longer, in bytes. Where many are never closed, looking for their ends would take the square of the text.
const LONGEST: usize = 64 * 1024;

/// A part of a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// Its bytes.
    pub range: TextRange,
    /// What it is.
    pub kind: PartKind,
}

/// What a part of a template is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartKind {
    /// Text, as it is written.
    Text,
    /// Something is put in here, into a line that says more.
    Hole,
    /// Alone on its line, or its lines: a directive, or a hole that stands for lines of its own.
    Line,
}

/// A hole, and whether it decides about what stands behind it.
struct Hole {
    range: TextRange,
    is_directive: bool,
}

/// The parts of `text`.
pub fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    for Hole { range, .. } in joined(text, holes(text)) {
        let start = range.start as usize;
        if start > at {
            parts.push(Part { range: TextRange::new(at, start), kind: PartKind::Text });
        }
        let kind = if is_alone(text, range) { PartKind::Line } else { PartKind::Hole };
        parts.push(Part { range, kind });
        at = range.end as usize;
    }
    if at < text.len() {
        parts.push(Part { range: TextRange::new(at, text.len()), kind: PartKind::Text });
    }
    parts
}

fn holes(text: &str) -> Vec<Hole> {
    let mut found: Vec<Hole> = Vec::new();
    let mut at = 0;
    let own = own_variables(text);
    let (mut brace_end, mut braces_end) = (Ahead::of(text, "}"), Ahead::of(text, "}}"));
    while let Some(next) = text[at..].find('{') {
        let brace = at + next;
        at = brace + 1;
        let before = &text[..brace];
        let rest = &text[brace..text.floor_char_boundary(brace + LONGEST)];
        let hole = if let Some(inside) = rest.strip_prefix("{{") {
            // `${{ … }}` is one hole.
            let start = if before.ends_with('$') { brace - 1 } else { brace };
            let length = braces_end.is_near(at).then(|| action_end(inside)).flatten();
            length.map(|length| (start, brace + 2 + length, is_action(inside)))
        } else if before.ends_with(['$', '%']) {
            let is_escaped = before.ends_with("$$") || before.ends_with("%%");
            let may_end = !is_escaped && brace_end.is_near(at);
            let length = may_end.then(|| closing_brace(&rest[1..])).flatten();
            length.map(|length| (brace - 1, brace + 1 + length, before.ends_with('%')))
        } else {
            None
        };
        if let Some((start, end, is_directive)) = hole {
            at = end;
            if is_directive || !has_others(&text[start..end], &own) {
                found.push(Hole { range: TextRange::new(start, end), is_directive });
            }
        }
    }
    // Those that somebody has made already.
    for (start, _) in text.match_indices(HOLE) {
        let range = TextRange::new(start, start + HOLE.len());
        let next = found.partition_point(|hole| hole.range.start < range.start);
        if next == 0 || found[next - 1].range.end <= range.start {
            found.insert(next, Hole { range, is_directive: false });
        }
    }
    found
}

/// Where `needle` comes next: asked from place to place, each of which is behind the one before.
struct Ahead<'t> {
    text: &'t str,
    needle: &'static str,
    next: Option<usize>,
}

impl<'t> Ahead<'t> {
    fn of(text: &'t str, needle: &'static str) -> Self {
        Self { text, needle, next: text.find(needle) }
    }

    /// Whether it comes so soon behind `at` that a hole there may end with it.
    fn is_near(&mut self, at: usize) -> bool {
        if self.next.is_some_and(|next| next < at) {
            self.next = self.text[at..].find(self.needle).map(|next| at + next);
        }
        self.next.is_some_and(|next| next < at + LONGEST)
    }
}

/// The variables to which `text` gives a value itself: `$x := …`, and `range $i, $x := …`.
fn own_variables(text: &str) -> BTreeSet<&str> {
    let is_given = |behind: &str| {
        let behind = behind.trim_start();
        let is_listed = |rest: &str| rest.trim_start().starts_with('$');
        behind.starts_with(":=") || behind.strip_prefix(',').is_some_and(is_listed)
    };
    let starts = text.match_indices('$').map(|(at, _)| &text[at + 1..]);
    let names = starts.map(|rest| rest.split_at(word_length(rest)));
    names.filter(|(name, behind)| !name.is_empty() && is_given(behind)).map(|it| it.0).collect()
}

/// Whether `action` has a variable that is none of its `own`, outside of strings: somebody else gives it a value.
fn has_others(action: &str, own: &BTreeSet<&str>) -> bool {
    // `${{ … }}`
    if action.starts_with('$') {
        return false;
    }
    let bytes = action.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match *byte {
            b'$' => {
                let name = &action[at + 1..][..word_length(&action[at + 1..])];
                let is_variable =
                    name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
                if is_variable && !own.contains(name) {
                    return true;
                }
                at + 1
            }
            quote @ (b'"' | b'`' | b'\'') => string_end(action, at, quote).unwrap_or(at + 1),
            b'\\' => escaped_end(action, at),
            _ => at + 1,
        };
    }
    false
}

pub(super) fn word_length(text: &str) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len())
}

/// Directives that share a line with text are one hole with all that stands between them: whether that is there is what
/// they decide.
fn joined(text: &str, holes: Vec<Hole>) -> Vec<Hole> {
    let mut out: Vec<Hole> = Vec::with_capacity(holes.len());
    // Where the first directive on the line is.
    let mut first: Option<usize> = None;
    for hole in holes {
        if let Some(last) = out.last()
            && text[last.range.end as usize..hole.range.start as usize].contains('\n')
        {
            first = None;
        }
        if let (Some(at), true) = (first, hole.is_directive) {
            out.truncate(at + 1);
            out[at].range = out[at].range.cover(hole.range);
            continue;
        }
        if hole.is_directive {
            first = Some(out.len());
        }
        out.push(hole);
    }
    out
}

/// Whether nothing else stands on the lines of `range`.
fn is_alone(text: &str, range: TextRange) -> bool {
    // No further than to what is no blank: many holes may stand on one long line.
    let is_blank = |character: char| character != '\n' && character.is_whitespace();
    let before = text[..range.start as usize].trim_end_matches(is_blank);
    let behind = text[range.end as usize..].trim_start_matches(is_blank);
    (before.is_empty() || before.ends_with('\n')) && (behind.is_empty() || behind.starts_with('\n'))
}

/// Whether `inside`, which stands behind `{{`, begins with a word that decides about what follows.
fn is_action(inside: &str) -> bool {
    const WORDS: [&str; 9] =
        ["block", "define", "else", "end", "for", "if", "range", "with", "endif"];
    let inside = inside.trim_start_matches(['-', '~']).trim_start();
    let word =
        inside.find(|c: char| !c.is_ascii_alphanumeric()).map_or(inside, |end| &inside[..end]);
    WORDS.contains(&word)
}

/// How far it is to behind the `}}` that closes, not counting those in strings and comments.
pub(super) fn action_end(inside: &str) -> Option<usize> {
    if inside.trim_start_matches('-').trim_start().starts_with("/*") {
        let comment = inside.find("*/")?;
        return inside[comment..].find("}}").map(|end| comment + end + 2);
    }
    let bytes = inside.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at + 2),
            quote @ (b'"' | b'`' | b'\'') => at = string_end(inside, at, quote)?,
            // In a quoted string of YAML or JSON, the quotes of the hole are escaped.
            b'\\' => at = escaped_end(inside, at),
            _ => at += 1,
        }
    }
    None
}

/// Behind the string whose opening quote is at `at`. Without its counterpart on the line, it is no quote.
fn string_end(text: &str, at: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    loop {
        match bytes.get(end) {
            None | Some(b'\n') if quote != b'`' => return Some(at + 1),
            None => return None,
            Some(b'\\') if quote != b'`' => end += 2,
            Some(byte) if *byte == quote => return Some(end + 1),
            Some(_) => end += 1,
        }
    }
}

/// Behind what the backslash at `at` escapes: a string, where that is a quote which has its counterpart on the line.
fn escaped_end(text: &str, at: usize) -> usize {
    let line = text.as_bytes()[at..].split(|byte| *byte == b'\n').next().unwrap_or_default();
    let inside = line.strip_prefix(b"\\\"").unwrap_or_default();
    let end = inside.windows(2).position(|pair| pair == b"\\\"");
    end.map_or(at + 2, |end| at + 2 + end + 2)
}

/// How far it is to behind the `}` that closes, which stands outside of strings and inner braces.
fn closing_brace(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string_end(inside, at, b'"')?,
            b'\\' => at = escaped_end(inside, at),
            b'{' => {
                depth += 1;
                at += 1;
            }
            b'}' if depth == 0 => return Some(at + 1),
            b'}' => {
                depth -= 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts of `text`: text as it is, `<hole>`, `[line]`.
    fn shown(text: &str) -> String {
        let shown = |part: Part| {
            let inner = &text[part.range.indices()];
            match part.kind {
                PartKind::Text => inner.to_owned(),
                PartKind::Hole => format!("<{inner}>"),
                PartKind::Line => format!("[{inner}]"),
            }
        };
        parts(text).into_iter().map(shown).collect()
    }

    #[test]
    fn holes_of_every_kind_are_found() {
        assert_eq!(shown("a: ${x}-b"), "a: <${x}>-b");
        assert_eq!(shown("a: ${f(\"}\", {b = 1})} c"), "a: <${f(\"}\", {b = 1})}> c");
        assert_eq!(
            shown("a: {{ .Values.x | default \"}}\" }}"),
            "a: <{{ .Values.x | default \"}}\" }}>"
        );
        assert_eq!(shown("a: ${{ github.sha }}"), "a: <${{ github.sha }}>");
        let escaped = r#"a: "{{ .amount | printf \"%.0f}}\" }} of ${join(\"}\", x)}" # {{ b }}"#;
        let expected =
            r#"a: "<{{ .amount | printf \"%.0f}}\" }}> of <${join(\"}\", x)}>" # <{{ b }}>"#;
        assert_eq!(shown(escaped), expected);
        assert_eq!(shown("a: {b: {c: d}}"), "a: {b: {c: d}}");
    }

    #[test]
    fn what_somebody_else_gives_a_value_is_filled_in_later() {
        let text = "{{ $labels.a }} at {{ $value | humanize }}{{$x}} {{ $.y }} {{ .z }} ${{ $labels }} {{ f \"$x\" \"$1\" }}";
        assert_eq!(
            shown(text),
            "{{ $labels.a }} at {{ $value | humanize }}{{$x}} <{{ $.y }}> <{{ .z }}> <${{ $labels }}> <{{ f \"$x\" \"$1\" }}>"
        );
        assert_eq!(shown("{{ if $labels.a }}x{{ end }}"), "[{{ if $labels.a }}x{{ end }}]");
        let own = "{{- $labels := .x -}}\n{{ $labels.a }} {{ $other }}\n";
        assert_eq!(shown(own), "[{{- $labels := .x -}}]\n<{{ $labels.a }}> {{ $other }}\n");
        // What is a string there is no variable.
        let text = "{{ `{{ $labels.a }} of $x` }} {{ printf \\\"%s $x\\\" .a }} {{ f 'a $x' }} {{ f \"a $x\" $y }}";
        let expected = "<{{ `{{ $labels.a }} of $x` }}> <{{ printf \\\"%s $x\\\" .a }}> <{{ f 'a $x' }}> {{ f \"a $x\" $y }}";
        assert_eq!(shown(text), expected);
        assert_eq!(shown("echo $x: {{ $x }}, $x, {{ $x }}"), "echo $x: {{ $x }}, $x, {{ $x }}");
        let own = "{{ range $i, $e := .x }}\n{{ $i }}: {{ $e }}\n{{ end }}";
        let expected = "[{{ range $i, $e := .x }}]\n<{{ $i }}>: <{{ $e }}>\n[{{ end }}]";
        assert_eq!(shown(own), expected);
    }

    #[test]
    fn what_is_escaped_or_not_closed_is_text() {
        for text in ["a: $${x}", "a: %%{x}", "a: ${x", "a: {{ x }", "a: {b: 1}", "{{ `x }}"] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn lines_of_their_own_are_told_apart() {
        assert_eq!(
            shown("%{ if x ~}\na: 1\n  {{- include \"x\" . | nindent 2 }}\r\n%{ endif ~}\n"),
            "[%{ if x ~}]\na: 1\n  [{{- include \"x\" . | nindent 2 }}]\r\n[%{ endif ~}]\n"
        );
        assert_eq!(shown("{{/* a\n }} b */}}\nc: 1\n"), "[{{/* a\n }} b */}}]\nc: 1\n");
    }

    #[test]
    fn directives_on_one_line_are_one_hole() {
        assert_eq!(
            shown("a: x{{ if .y }}:{{ .z }}{{ end }}b\n"),
            "a: x<{{ if .y }}:{{ .z }}{{ end }}>b\n"
        );
        assert_eq!(
            shown("%{ if a }b: 1%{ endif }\nc: ${d}\n"),
            "[%{ if a }b: 1%{ endif }]\nc: <${d}>\n"
        );
        // One that is closed further down.
        assert_eq!(shown("a: %{ if b }c\n%{ endif }\n"), "a: <%{ if b }>c\n[%{ endif }]\n");
    }
}
