//! `/etc/exports`: what a server of NFS lets whom mount, and how.

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// What stands between words.
const BLANKS: [char; 2] = [' ', '\t'];

/// Reads the table.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut exports = Vec::new();
    let mut words: Vec<TextRange> = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        if next == '\n' && !words.is_empty() {
            exports.push(export(text, &std::mem::take(&mut words))?);
        }
        at += match next {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let length = rest[1..].find(['"', '\n']).unwrap_or(rest.len() - 1);
                words.push(TextRange::new(at + 1, at + 1 + length));
                1 + length + usize::from(rest[1 + length..].starts_with('"'))
            }
            _ if next.is_whitespace() => next.len_utf8(),
            _ => continued(rest).unwrap_or_else(|| {
                let length = length_of_word(rest);
                words.push(TextRange::new(at, at + length));
                length
            }),
        };
    }
    if !words.is_empty() {
        exports.push(export(text, &words)?);
    }
    let whole = TextRange::new(0, text.len());
    Ok(Object::new(whole).with("exports", build::list(exports, whole)).finish())
}

/// How long what makes a line go on on the next one is, if `rest` begins with it.
fn continued(rest: &str) -> Option<usize> {
    let next = rest.strip_prefix('\\')?;
    let next = next.strip_prefix('\r').unwrap_or(next);
    let next = if next.is_empty() { next } else { next.strip_prefix('\n')? };
    Some(rest.len() - next.trim_start_matches(BLANKS).len())
}

/// How long the word is that `rest` begins with.
///
/// Options may go on on the next line. Some servers take a line that goes on for two words and refuse that; what it means is plain.
fn length_of_word(rest: &str) -> usize {
    let mut length = 0;
    let mut is_open = false;
    while let Some(next) = rest[length..].chars().next() {
        let blanks = rest[length..].len() - rest[length..].trim_start_matches(BLANKS).len();
        if let Some(more) = continued(&rest[length + blanks..]) {
            let word = &rest[..length];
            let goes_on = is_open || word.starts_with('-') && word.ends_with(',');
            if !goes_on {
                break;
            }
            length += blanks + more;
        } else if next.is_whitespace() || next == '#' {
            break;
        } else {
            is_open = next == '(' || is_open && next != ')';
            length += next.len_utf8();
        }
    }
    length
}

fn export(text: &str, words: &[TextRange]) -> Result<Node, SyntaxError> {
    let (path, rest) = (words[0], &words[1..]);
    let mut defaults: Vec<TextRange> = Vec::new();
    let mut clients = Vec::new();
    for word in rest {
        let written = &text[word.indices()];
        if let Some(options) = written.strip_prefix('-') {
            defaults = options_of(text, word.slice(1, options.len()));
            continue;
        }
        let open = written.find('(').unwrap_or(written.len());
        let mut options = defaults.clone();
        if let Some(inside) = written[open..].strip_prefix('(') {
            let Some(length) = inside.find(')') else {
                return Err(refused("these options do not close", *word));
            };
            options.extend(options_of(text, word.slice(open + 1, length)));
        }
        let host = word.slice(0, open);
        let host =
            if host.is_empty() { build::text("*", *word) } else { build::verbatim(text, host) };
        let options = options.into_iter().map(|it| build::verbatim(text, it)).collect();
        let client =
            Object::new(*word).with("host", host).with("options", build::list(options, *word));
        clients.push(client.finish());
    }
    if !text[path.indices()].starts_with('/') {
        return Err(refused("an export begins with the path of a directory", path));
    }
    let whole = words.iter().fold(path, |range, word| range.cover(*word));
    let export = Object::new(whole)
        .with("path", build::verbatim(text, path))
        .with("clients", build::list(clients, whole));
    Ok(export.finish())
}

fn options_of(text: &str, range: TextRange) -> Vec<TextRange> {
    let is_between = |c: char| c.is_whitespace() || c == '\\';
    let mut found = Vec::new();
    let mut at = 0;
    for option in text[range.indices()].split(',') {
        let begun = option.trim_start_matches(is_between);
        let written = begun.trim_end_matches(is_between);
        if !written.is_empty() {
            found.push(range.slice(at + option.len() - begun.len(), written.len()));
        }
        at += option.len() + 1;
    }
    found
}

fn refused(message: &str, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: None, range }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::language::testing::show;

    #[test]
    fn exports_with_clients_and_options() {
        let text =
            "# fsid=0\r\n/a *(rw,sync) h \\\n  10.0.0.0/8(ro) # c\n\"/b c\" -rw,async (ro)\n";
        assert_eq!(
            show(text, &parse(text).unwrap()),
            "{exports: [{path: /a, clients: [{host: *, options: [rw, sync]}, {host: h, options: []}, \
             {host: 10.0.0.0/8, options: [ro]}]}, {path: /b c, clients: [{host: *, options: [rw, async, ro]}]}]}"
        );
    }

    #[test]
    fn entries_go_on_on_the_next_line() {
        for (text, clients) in [
            ("/a \\\n  *(rw) \\\n\t h\\\r\n(ro) \\", "*: [rw], h: [], *: [ro]"),
            ("/a *(rw,\\\n  sync, \\\n\tfsid=0 \\\n) h", "*: [rw, sync, fsid=0], h: []"),
            ("/a -rw,\\\n  sync * \\\n h(ro)", "*: [rw, sync], h: [rw, sync, ro]"),
            ("/a -rw \\\n  *", "*: [rw]"),
        ] {
            let read = parse(text).unwrap();
            let [export] = read.get("exports").unwrap().items() else { panic!("{text}") };
            let shown = export.get("clients").unwrap().items().iter().map(|client| {
                let [host, options] = ["host", "options"].map(|key| client.get(key).unwrap());
                format!("{}: {}", show(text, host), show(text, options))
            });
            assert_eq!(shown.collect::<Vec<_>>().join(", "), clients, "{text}");
            let options = export.get("clients").unwrap().items()[0].get("options").unwrap();
            for option in options.items() {
                assert_eq!(Some(&text[option.range.indices()]), option.as_str(), "{text}");
            }
        }
        // No line goes on that ends in something else, be it a space or a comment.
        for end in ["\\ ", "\\ # c", "# \\", ""] {
            let text = format!("/a *(rw) {end}\n/b *(ro)\n");
            let read = parse(&text).unwrap();
            assert_eq!(read.get("exports").unwrap().items().len(), 2, "{text}");
        }
    }

    #[test]
    fn what_is_none_is_an_error() {
        for text in ["/a *(rw", "/a *(rw, ro)", "/a *(rw\n)", "no path\n", "\"/a b"] {
            let read = parse(text);
            assert!(read.is_err() || text == "\"/a b", "{text}");
        }
    }
}
