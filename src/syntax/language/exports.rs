//! `/etc/exports`: what a server of NFS lets whom mount, and how.

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Reads the table.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut exports = Vec::new();
    let mut at = 0;
    let mut words: Vec<TextRange> = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = &line[..line.find('#').unwrap_or(line.len())];
        let content = content.trim_end();
        let continues = content.ends_with('\\');
        words_of(content.trim_end_matches('\\'), at, &mut words);
        at += line.len();
        if !continues && !words.is_empty() {
            exports.push(export(text, &std::mem::take(&mut words))?);
        }
    }
    if !words.is_empty() {
        exports.push(export(text, &words)?);
    }
    let whole = TextRange::new(0, text.len());
    Ok(Object::new(whole).with("exports", build::list(exports, whole)).finish())
}

/// The words of a line that starts at `at`. A path with a space stands in quotes.
fn words_of(line: &str, at: usize, words: &mut Vec<TextRange>) {
    let mut from = 0;
    while let Some(start) = line[from..].find(|c: char| !c.is_whitespace()) {
        let start = from + start;
        let (open, close): (usize, &[char]) = if line[start..].starts_with('"') {
            (start + 1, &['"'])
        } else {
            (start, &[' ', '\t'])
        };
        let length = line[open..].find(close).unwrap_or(line.len() - open);
        words.push(TextRange::new(at + open, at + open + length));
        from = (open + length + usize::from(open > start)).min(line.len());
    }
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
    let mut found = Vec::new();
    let mut at = 0;
    for option in text[range.indices()].split(',') {
        if !option.trim().is_empty() {
            let indent = option.len() - option.trim_start().len();
            found.push(range.slice(at + indent, option.trim().len()));
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
    fn what_is_none_is_an_error() {
        for text in ["/a *(rw", "no path\n", "\"/a b"] {
            let read = parse(text);
            assert!(read.is_err() || text == "\"/a b", "{text}");
        }
    }
}
