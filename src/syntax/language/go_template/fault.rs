//! Where Go cannot read a text as a template.
//!
//! Invariant: what is told is refused before anything is filled in; what fails only then, or in some versions, is not told.

use super::super::HOLE;
use super::Actions;
use crate::syntax::SyntaxError;
use crate::text::TextRange;

const OPERATOR: &str = "let the query compute it, or call a function: `eq`, `gt`, `and`, `not`";
const INDEX: &str = "write `index $labels \"NAME\"`";

/// What is wrong first in `text`, which has these `actions`. Nothing is known of one that is filled in by something else before.
pub(super) fn fault(text: &str, actions: &Actions) -> Option<SyntaxError> {
    if text.contains(HOLE) { None } else { check(text, actions).err() }
}

fn check(text: &str, actions: &Actions) -> Result<(), SyntaxError> {
    // The keywords that wait for their `end`.
    let mut open: Vec<TextRange> = Vec::new();
    for range in &actions.ranges {
        let Some(keyword) = Reader::new(text, *range).action()? else { continue };
        match &text[keyword.indices()] {
            "if" | "range" | "with" | "block" | "define" => open.push(keyword),
            "else" if open.is_empty() => {
                return Err(wrong("`else` stands in no `if`, `range` or `with`", None, keyword));
            }
            "end" if open.pop().is_none() => {
                return Err(wrong("`end` closes nothing", None, keyword));
            }
            _ => {}
        }
    }
    if let Some(start) = actions.unclosed {
        let range = TextRange::new(start, start + 2);
        return Err(wrong("`{{` is not closed", Some("write `}}` behind what it shows"), range));
    }
    match open.pop() {
        Some(keyword) => {
            let message = format!("`{}` has no `end`", &text[keyword.indices()]);
            Err(wrong(&message, Some("write `{{ end }}` behind what it is about"), keyword))
        }
        None => Ok(()),
    }
}

/// What stands in one action, word by word.
struct Reader<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// The parentheses that are open.
    open: Vec<usize>,
    /// The word that says what the action is: `if`.
    keyword: Option<TextRange>,
    /// Whether anything but that was read.
    has_value: bool,
    /// Whether a variable was given a value.
    assigns: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, range: TextRange) -> Self {
        let std::ops::Range { start, end } = range.indices();
        let inside = &text[start..end];
        // `{{-` and `-}}` take the blanks away that stand outside.
        let start = start + usize::from(inside.starts_with('-'));
        let end = end - usize::from(inside.len() > 1 && inside.ends_with('-'));
        let (open, keyword) = (Vec::new(), None);
        Reader { text, at: start, end, open, keyword, has_value: false, assigns: false }
    }

    /// Reads all of it; the keyword that it begins with.
    fn action(mut self) -> Result<Option<TextRange>, SyntaxError> {
        let whole = TextRange::new(self.at, self.end);
        while let Some(letter) = self.rest().chars().next() {
            self.token(letter)?;
        }
        if let Some(at) = self.open.pop() {
            return Err(wrong("`(` is not closed", None, TextRange::new(at, at + 1)));
        }
        match self.keyword.map(|range| &self.text[range.indices()]) {
            None if !self.has_value => {
                Err(wrong("nothing stands between `{{` and `}}`", None, whole))
            }
            Some(word @ ("if" | "range" | "with")) if !self.has_value => {
                Err(wrong(&format!("nothing stands behind `{word}`"), None, whole))
            }
            _ => Ok(self.keyword),
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    fn token(&mut self, letter: char) -> Result<(), SyntaxError> {
        let next = self.rest()[letter.len_utf8()..].chars().next();
        let begins_number = next.is_some_and(|next| next.is_ascii_digit());
        let passed = match letter {
            _ if letter.is_whitespace() => {
                self.at += letter.len_utf8();
                return Ok(());
            }
            '"' | '`' | '\'' => self.quoted(letter)?,
            '$' | '.' => return self.name(1),
            '+' | '-' if begins_number => return self.name(1),
            _ if letter.is_alphanumeric() || letter == '_' => return self.name(0),
            '(' => {
                self.open.push(self.at);
                1
            }
            ')' if self.open.pop().is_some() => 1,
            ')' => return Err(wrong("`)` closes nothing", None, self.letter(letter))),
            '|' if self.has_value && next != Some('|') => 1,
            ':' if next == Some('=') => 2,
            '=' if next != Some('=') => 1,
            ',' if self.is_range() && !self.assigns => 1,
            _ => return Err(self.misplaced(letter)),
        };
        self.at += passed;
        self.assigns |= matches!(letter, ':' | '=');
        self.has_value = true;
        Ok(())
    }

    /// A name or a number with its fields, or the keyword; its first letters, `passed` in number, are known.
    fn name(&mut self, passed: usize) -> Result<(), SyntaxError> {
        let rest = self.rest();
        let mut length = passed;
        let begins = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
        let is_amount = begins(&rest[passed..]) && !rest.starts_with('$');
        while let Some(letter) = rest[length..].chars().next() {
            // `1e-9`
            let is_exponent =
                is_amount && matches!(letter, '+' | '-') && rest[..length].ends_with(['e', 'E']);
            if !letter.is_alphanumeric() && !matches!(letter, '_' | '.') && !is_exponent {
                break;
            }
            length += letter.len_utf8();
        }
        let range = TextRange::new(self.at, self.at + length);
        self.at += length;
        let is_first = self.keyword.is_none() && !self.has_value;
        if is_first && super::KEYWORDS.contains(&&rest[..length]) {
            self.keyword = Some(range);
        } else {
            self.has_value = true;
        }
        match self.rest().chars().next() {
            Some(behind) if !behind.is_whitespace() && !"|:)(,".contains(behind) => {
                Err(self.misplaced(behind))
            }
            _ => Ok(()),
        }
    }

    /// How long the text between quotes is that stands here.
    fn quoted(&self, quote: char) -> Result<usize, SyntaxError> {
        let inside = &self.rest()[1..];
        let mut is_escaped = false;
        let end = inside.find(|letter| {
            let is_end = !is_escaped && (letter == quote || letter == '\n' && quote != '`');
            is_escaped = !is_escaped && letter == '\\' && quote != '`';
            is_end
        });
        let Some(end) = end.filter(|end| inside[*end..].starts_with(quote)) else {
            return Err(wrong("this text is not closed", None, self.letter(quote)));
        };
        let is_letter = || inside.starts_with('\\') || inside[..end].chars().count() == 1;
        if quote == '\'' && !is_letter() {
            let range = TextRange::new(self.at, self.at + end + 2);
            return Err(wrong(
                "a text does not stand between `'`",
                Some("write `\"` around it"),
                range,
            ));
        }
        Ok(end + 2)
    }

    fn is_range(&self) -> bool {
        self.keyword.is_some_and(|keyword| &self.text[keyword.indices()] == "range")
    }

    /// What is wrong with `letter`, which comes next.
    fn misplaced(&self, letter: char) -> SyntaxError {
        let is_behind_name =
            self.text[..self.at].ends_with(|before: char| before.is_alphanumeric());
        let (message, help) = match letter {
            '-' if is_behind_name => ("a name has no `-` in it".to_owned(), INDEX),
            '[' | ']' => ("a template has no brackets".to_owned(), INDEX),
            '*' | '/' | '%' | '<' | '>' | '!' | '&' | '^' | '+' | '-' | '=' | '|' => {
                (format!("a template has no operator `{letter}`"), OPERATOR)
            }
            ',' => {
                ("what a function is given has no commas between it".to_owned(), "leave them out")
            }
            '{' | '}' => {
                (format!("one `{letter}` alone means nothing"), "write two of them, or none")
            }
            _ => {
                let message = format!("`{letter}` means nothing here");
                return wrong(&message, None, self.letter(letter));
            }
        };
        wrong(&message, Some(help), self.letter(letter))
    }

    /// Where `letter` stands, which comes next.
    fn letter(&self, letter: char) -> TextRange {
        TextRange::new(self.at, self.at + letter.len_utf8())
    }
}

fn wrong(message: &str, help: Option<&str>, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: help.map(str::to_owned), range }
}

#[cfg(test)]
mod tests {
    use super::super::actions;
    use super::*;

    #[test]
    fn what_go_reads_is_no_fault() {
        for text in [
            "",
            "plain { $x } %",
            "{{ $labels.instance }} at {{$value|humanize}}",
            "{{- printf \"%s, %v }}\" $labels.a (index $labels \"b-c\") -}}",
            "{{ if gt $value -1.5e-3 }}a{{ else if eq $value +1e9 }}b{{ else }}c{{ end }}",
            "{{ range $i, $e := query \"up\" }}{{ $i }}{{ $e.Labels.job }}{{ end }}",
            "{{ with query (printf \"up{a=\\\"%s\\\"}\" .Labels.a) }}{{ . | first | value }}{{ end }}",
            "{{ $x := 0x1F }}{{ $x = 5 }}{{ (query \"a\" | first).Labels.b }}{{ 'a' }}{{ '\\n' }}",
            "{{ define \"a\" }}{{ . }}{{ end }}{{ template \"a\" . }}{{/* } - */}}{{- /* x */ -}}",
            "{{ `a \\` }}{{ $é.ö }}{{\n  $labels.a\n}}",
            // Something else fills it in first.
            "{{ tautline0hole0 * 5 }",
        ] {
            assert_eq!(fault(text, &actions(text)), None, "{text}");
        }
    }

    #[test]
    fn what_go_cannot_read_is_told_where_it_is() {
        for (text, at, expected) in [
            ("a {{ $labels.x", "{{", "`{{` is not closed"),
            ("{{ $labels.x } is at {{ $value }}", "}", "one `}` alone means nothing"),
            ("{{{ $value }}", "{", "one `{` alone means nothing"),
            ("{{ $value * 100 }}", "*", "a template has no operator `*`"),
            ("{{ $value/2 }}", "/", "a template has no operator `/`"),
            ("{{ if $value == 5 }}a{{ end }}", "=", "a template has no operator `=`"),
            ("{{ if $a || $b }}a{{ end }}", "|", "a template has no operator `|`"),
            ("{{ $a - $b }}", "-", "a template has no operator `-`"),
            ("{{ $labels.a-b }}", "-", "a name has no `-` in it"),
            ("{{ $labels['a'] }}", "[", "a template has no brackets"),
            (
                "{{ printf \"%s\", $value }}",
                ",",
                "what a function is given has no commas between it",
            ),
            ("{{ printf '%s' $value }}", "'%s'", "a text does not stand between `'`"),
            ("{{ printf \\\"%s\\\" $value }}", "\\", "`\\` means nothing here"),
            ("{{ printf \"a\n\" }}", "\"", "this text is not closed"),
            ("{{ (index $labels \"a\" }}", "(", "`(` is not closed"),
            ("{{ index $labels \"a\") }}", ")", "`)` closes nothing"),
            ("{{ }}", " ", "nothing stands between `{{` and `}}`"),
            ("{{ if }}a{{ end }}", " if ", "nothing stands behind `if`"),
            ("{{ | humanize }}", "|", "a template has no operator `|`"),
            ("{{ if .a }}b", "if", "`if` has no `end`"),
            ("a{{ end }}", "end", "`end` closes nothing"),
            ("{{ else }}", "else", "`else` stands in no `if`, `range` or `with`"),
            ("{{ $value ? 1 }}", "?", "`?` means nothing here"),
        ] {
            let SyntaxError { message, range, .. } = fault(text, &actions(text)).unwrap();
            assert_eq!((&text[range.indices()], &*message), (at, expected), "{text}");
        }
    }
}
