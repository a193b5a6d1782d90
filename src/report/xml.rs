//! XML 1.0, as much of it as reports need: elements, attributes, text.
//!
//! Invariant: whatever is written, the document is well-formed, and a reader gets back the text that was written; what
//! XML cannot hold is U+FFFD.

use std::borrow::Cow;
use std::fmt::Write;

use super::is_harmful;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A document that is written from top to bottom.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub(super) fn new() -> Self {
        Xml { out: DECLARATION.to_owned(), open: Vec::new() }
    }

    /// An element with more below it, up to [`Xml::end`].
    pub(super) fn start(&mut self, name: &'static str, attributes: &[(&str, Cow<'_, str>)]) {
        self.tag(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name);
    }

    /// Ends the innermost element.
    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.out, "</{name}>");
        }
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, Cow<'_, str>)]) {
        self.tag(name, attributes);
        self.out.push_str("/>\n");
    }

    /// An element with text in it.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, Cow<'_, str>)], text: &str) {
        self.tag(name, attributes);
        self.out.push('>');
        for c in text.chars() {
            // A line break that is written as it is stands for itself here, unlike in an attribute.
            if c == '\n' { self.out.push(c) } else { self.escape(c) }
        }
        let _ = writeln!(self.out, "</{name}>");
    }

    /// The document, with every element ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.out
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, Cow<'_, str>)]) {
        self.indent();
        let _ = write!(self.out, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.out, " {key}=\"");
            for c in value.chars() {
                self.escape(c);
            }
            self.out.push('"');
        }
    }

    fn escape(&mut self, c: char) {
        match c {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            '"' => self.out.push_str("&quot;"),
            '\t' => self.out.push_str("&#9;"),
            '\n' => self.out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => self.out.push('\u{fffd}'),
            c if is_harmful(c) => self.out.push('\u{fffd}'),
            c => self.out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_place() {
        let mut xml = Xml::new();
        xml.start("a", &[("b", "\"<&>\n\t\u{1}\u{ffff}".into())]);
        xml.text("c", &[], "]]></c>\n&amp;\u{1b}\r");
        xml.empty("d", &[]);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <a b=\"&quot;&lt;&amp;&gt;&#10;&#9;\u{fffd}\u{fffd}\">\n  \
             <c>]]&gt;&lt;/c&gt;\n&amp;amp;\u{fffd}\u{fffd}</c>\n  <d/>\n</a>\n"
        );
    }
}
