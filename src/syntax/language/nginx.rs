//! The configuration of nginx: directives with their arguments, by name.
//!
//! Invariant: nothing is inherited from the blocks around, and a file whose braces or quotes do not close is an error.

use rustc_hash::FxHashMap;

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// How deep blocks may be nested.
const MAX_DEPTH: usize = 64;

/// Reads a configuration.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader { text, at: 0 };
    let directives = reader.block(0)?;
    let object = by_name(Object::new(TextRange::new(0, text.len())), directives);
    Ok(object.finish())
}

/// A directive and what it says.
struct Directive {
    name: TextRange,
    object: Object,
    range: TextRange,
}

/// Adds the directives to `object`, those of one name together.
fn by_name(mut object: Object, directives: Vec<(String, Directive)>) -> Object {
    let mut groups: Vec<(String, Vec<Directive>)> = Vec::new();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    for (name, directive) in directives {
        let place = *places.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(directive),
            None => groups.push((name, vec![directive])),
        }
    }
    for (name, group) in groups {
        let (key, range) = group.iter().fold(
            (TextRange::default(), TextRange::default()),
            |(key, range), next| {
                if range.is_empty() {
                    (next.name, next.range)
                } else {
                    (key, range.cover(next.range))
                }
            },
        );
        let items = group.into_iter().map(|directive| directive.object.finish()).collect();
        object = object.entry(build::text(name, key), build::list(items, range));
    }
    object
}

enum Token {
    Word { value: String, range: TextRange },
    End,
    Open,
    Close,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    /// The directives up to the end of the block, or of the text.
    fn block(&mut self, depth: usize) -> Result<Vec<(String, Directive)>, SyntaxError> {
        let mut found = Vec::new();
        let mut words: Vec<(String, TextRange)> = Vec::new();
        loop {
            let start = self.at;
            let Some(token) = self.token()? else {
                if depth > 0 || !words.is_empty() {
                    return Err(self.refused(start, "the configuration ends in the middle"));
                }
                return Ok(found);
            };
            match token {
                Token::Word { value, range } => words.push((value, range)),
                Token::Close if depth > 0 && words.is_empty() => return Ok(found),
                Token::Close => return Err(self.refused(self.at - 1, "this `}` closes nothing")),
                Token::End if words.is_empty() => {}
                Token::Open if words.is_empty() => {
                    return Err(self.refused(self.at - 1, "this block has no name"));
                }
                Token::Open if depth >= MAX_DEPTH => {
                    return Err(self.refused(self.at - 1, "blocks are nested too deep"));
                }
                Token::End => found.push(self.directive(std::mem::take(&mut words), Vec::new())),
                Token::Open if words[0].0.ends_with("_by_lua_block") => {
                    self.skip_program()?;
                    found.push(self.directive(std::mem::take(&mut words), Vec::new()));
                }
                Token::Open => {
                    let words = std::mem::take(&mut words);
                    let inside = self.block(depth + 1)?;
                    found.push(self.directive(words, inside));
                }
            }
        }
    }

    fn directive(
        &self,
        mut words: Vec<(String, TextRange)>,
        inside: Vec<(String, Directive)>,
    ) -> (String, Directive) {
        let (name, at) = words.remove(0);
        let arguments = match (words.first(), words.last()) {
            (Some((_, first)), Some((_, last))) => first.cover(*last),
            _ => TextRange::empty(at.end as usize),
        };
        let range = at.cover(arguments);
        let list = words.into_iter().map(|(value, range)| build::text(value, range)).collect();
        let object = Object::new(range)
            .with("name", build::text(name.clone(), at))
            .with("value", build::verbatim(self.text, arguments))
            .with("arguments", build::list(list, arguments));
        (name, Directive { name: at, object: by_name(object, inside), range })
    }

    fn token(&mut self) -> Result<Option<Token>, SyntaxError> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                None => return Ok(None),
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'#') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(byte @ (b';' | b'{' | b'}')) => {
                    self.at += 1;
                    return Ok(Some(match byte {
                        b';' => Token::End,
                        b'{' => Token::Open,
                        _ => Token::Close,
                    }));
                }
                Some(quote @ (b'"' | b'\'')) => return self.quoted(char::from(*quote)).map(Some),
                Some(_) => return Ok(Some(self.bare())),
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Token, SyntaxError> {
        let start = self.at + 1;
        let mut value = String::new();
        let mut characters = self.text[start..].char_indices();
        while let Some((at, c)) = characters.next() {
            if c == quote {
                self.at = start + at + 1;
                return Ok(Token::Word { value, range: TextRange::new(start, start + at) });
            }
            if c != '\\' {
                value.push(c);
            } else if let Some((_, escaped)) = characters.next() {
                if escaped != quote && escaped != '\\' {
                    value.push('\\');
                }
                value.push(escaped);
            }
        }
        Err(self.refused(self.at, "this quote does not close"))
    }

    /// A word without quotes. `${name}` in it is a variable, not a block.
    fn bare(&mut self) -> Token {
        let rest = &self.text[self.at..];
        let mut length = 0;
        while let Some(c) = rest[length..].chars().next() {
            if rest[length..].starts_with("${") {
                length += rest[length..].find('}').map_or(2, |close| close + 1);
            } else if c == '\\' {
                length += 1 + rest[length + 1..].chars().next().map_or(0, char::len_utf8);
            } else if c.is_ascii_whitespace() || matches!(c, ';' | '{' | '}') {
                break;
            } else {
                length += c.len_utf8();
            }
        }
        let range = TextRange::new(self.at, self.at + length);
        self.at += length;
        Token::Word { value: rest[..length].to_owned(), range }
    }

    /// Steps over the block of a program in Lua, up to the brace that closes it.
    fn skip_program(&mut self) -> Result<(), SyntaxError> {
        let bytes = self.text.as_bytes();
        let mut depth = 1_usize;
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            let rest = &bytes[at..];
            let length = match byte {
                b'-' if rest.starts_with(b"--") => {
                    2 + match long_text(&rest[2..]) {
                        Some(long) => long,
                        None => {
                            rest[2..].iter().position(|it| *it == b'\n').unwrap_or(rest.len() - 2)
                        }
                    }
                }
                b'[' => long_text(rest).unwrap_or(1),
                b'"' | b'\'' => short_text(rest),
                _ => 1,
            };
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            at += length;
            if depth == 0 {
                self.at = at;
                return Ok(());
            }
        }
        Err(self.refused(self.at, "this block does not close"))
    }

    fn refused(&self, at: usize, message: &str) -> SyntaxError {
        let at = at.min(self.text.len());
        let end = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        SyntaxError { message: message.to_owned(), help: None, range: TextRange::new(at, end) }
    }
}

/// How long the text of Lua's at the start of `text` is that stands in quotes: with them, and to its end where they do not close.
fn short_text(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != text[0] {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

/// How long the text of Lua's at the start of `text` is that stands in `[[…]]`, `[=[…]=]` and so on, with them.
fn long_text(text: &[u8]) -> Option<usize> {
    let level = text.strip_prefix(b"[")?.iter().take_while(|it| **it == b'=').count();
    (text.get(level + 1) == Some(&b'[')).then_some(())?;
    let close = format!("]{}]", "=".repeat(level));
    let end = memchr::memmem::find(&text[level + 2..], close.as_bytes());
    Some(end.map_or(text.len(), |end| level + 2 + end + close.len()))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::language::testing::show;

    #[test]
    fn directives_by_name() {
        let text = "user x;\r\nhttp {\n  # no { brace\n  log_format a '$b \"c\"' \"d\\\"e;\";\n  server { listen 80; listen 81 ssl; }\n  server { location ~ /v/${x}/\\{2\\} { proxy_cache off; } }\n  access_by_lua_block { if { } }\n}\n";
        assert_eq!(
            show(text, &parse(text).unwrap()),
            "{user: [{name: user, value: x, arguments: [x]}], \
             http: [{name: http, value: , arguments: [], \
             log_format: [{name: log_format, value: a '$b \"c\"' \"d\\\"e;, arguments: [a, $b \"c\", d\"e;]}], \
             server: [{name: server, value: , arguments: [], \
             listen: [{name: listen, value: 80, arguments: [80]}, {name: listen, value: 81 ssl, arguments: [81, ssl]}]}, \
             {name: server, value: , arguments: [], location: [{name: location, value: ~ /v/${x}/\\{2\\}, \
             arguments: [~, /v/${x}/\\{2\\}], proxy_cache: [{name: proxy_cache, value: off, arguments: [off]}]}]}], \
             access_by_lua_block: [{name: access_by_lua_block, value: , arguments: []}]}]}"
        );
    }

    #[test]
    fn braces_in_texts_and_comments_of_lua_are_none() {
        for program in [
            "say(\"}\\\"}\", '{', '\\\\')",
            "say([[ } ]], [==[ ]] ]=] } ]==], a[b[1]])",
            "-- it's } \n f { 1 } --[[ }\n\" ]] g() --[=[ ]] } ]=]",
        ] {
            let text = format!("content_by_lua_block {{ {program} }}\nlisten 80;\n");
            assert_eq!(
                show(&text, &parse(&text).unwrap()),
                "{content_by_lua_block: [{name: content_by_lua_block, value: , arguments: []}], \
                 listen: [{name: listen, value: 80, arguments: [80]}]}"
            );
        }
        for open in ["\"}", "[[ }", "--[[ }", "\"\\"] {
            let text = format!("x_by_lua_block {{ {open}");
            assert_eq!(parse(&text).unwrap_err().message, "this block does not close");
        }
    }

    #[test]
    fn what_does_not_close_is_an_error() {
        for (text, message) in [
            ("http { listen 80; ", "the configuration ends in the middle"),
            ("listen 80", "the configuration ends in the middle"),
            ("}", "this `}` closes nothing"),
            ("a }", "this `}` closes nothing"),
            ("a 'b\n;", "this quote does not close"),
            ("{ }", "this block has no name"),
            ("x_by_lua_block { {", "this block does not close"),
            ("\u{0}\u{1}{", "the configuration ends in the middle"),
        ] {
            assert_eq!(parse(text).unwrap_err().message, message, "{text}");
        }
        let deep = "a { ".repeat(50_000);
        assert_eq!(parse(&deep).unwrap_err().message, "blocks are nested too deep");
        assert!(parse(&"a b;\n".repeat(100_000)).is_ok());
    }
}
