//! What a piece of HCL says, without how it is laid out.
//!
//! Invariant: two pieces give the same text where they differ in indentation, alignment and line breaks between tokens
//! alone. What a string or a comment says is never touched.

use super::{Body, Expr, ExprKind, Item, Template, TemplateForm, TemplatePart};
use crate::syntax::{Comment, Comments};
use crate::text::TextRange;

/// `item` of the file `text`, from `from` on, without its layout. Each comment in it stands on a line of its own.
pub fn without_layout(text: &str, comments: &Comments, item: &Item, from: u32) -> String {
    let mut out = Plain { text, comments, out: String::new(), at: from };
    match item {
        Item::Attribute(attribute) => out.expr(&attribute.value),
        Item::Block(block) => {
            out.code(block.kind.range.end);
            // Labels are no expressions, and what is in their quotes stays.
            for label in &block.labels {
                if label.range.start >= out.at {
                    out.out.push(' ');
                    out.code(label.range.start);
                    out.verbatim(label.range);
                }
            }
            out.body(&block.body);
        }
    }
    out.code(item.range().end);
    out.out
}

struct Plain<'t> {
    text: &'t str,
    comments: &'t Comments,
    out: String,
    /// What stands before is done.
    at: u32,
}

impl Plain<'_> {
    fn body(&mut self, body: &Body) {
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => self.expr(&attribute.value),
                Item::Block(block) => self.body(&block.body),
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        for inner in expr.descendants() {
            // What stands in a string's holes is part of the string.
            if let (ExprKind::Template(template), true) =
                (&inner.kind, inner.range.start >= self.at)
            {
                self.code(inner.range.start);
                self.template(inner.range, template);
                self.at = inner.range.end;
            }
        }
    }

    fn template(&mut self, range: TextRange, template: &Template) {
        if template.form != TemplateForm::IndentedHeredoc {
            self.verbatim(range);
            return;
        }
        self.out.push_str("<<-\n");
        for part in &template.parts {
            match part {
                TemplatePart::Literal(literal) => self.out.push_str(&literal.value),
                TemplatePart::Interpolation(it) => self.verbatim(it.range),
                TemplatePart::Directive(it) => self.verbatim(it.range),
            }
        }
        self.out.push('\n');
    }

    fn verbatim(&mut self, range: TextRange) {
        self.out.push_str(&self.text[range.indices()]);
        self.at = self.at.max(range.end);
    }

    /// What stands between strings, up to `end`: tokens and comments.
    fn code(&mut self, end: u32) {
        if end <= self.at {
            return;
        }
        let range = TextRange { start: self.at, end };
        let inside: Vec<Comment> = self.comments.inside(range).to_vec();
        for comment in inside {
            self.tokens(comment.range.start);
            self.out.push_str(self.text[comment.range.indices()].trim());
            self.out.push('\n');
            self.at = comment.range.end;
        }
        self.tokens(end);
    }

    fn tokens(&mut self, end: u32) {
        if end <= self.at {
            return;
        }
        let text = &self.text[self.at as usize..end as usize];
        let mut apart = false;
        for character in text.chars() {
            if character.is_whitespace() {
                apart = true;
                continue;
            }
            // Two names that touched would be one.
            if apart && is_name(character) && self.out.chars().next_back().is_some_and(is_name) {
                self.out.push(' ');
            }
            self.out.push(character);
            apart = false;
        }
        self.at = end;
    }
}

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl::parse;

    fn plain(text: &str) -> String {
        let document = parse(text);
        assert!(document.errors.is_empty(), "{:?}", document.errors);
        without_layout(text, &document.comments, &document.body.items[0], 0)
    }

    #[test]
    fn layout_says_nothing() {
        let written =
            "resource \"a\" \"b\" {\n  one = 1 # why\n  list = [1, 2]\n  text = \"x  ${ y }\"\n}\n";
        let moved = "resource  \"a\"   \"b\" {\n\n      one   = 1     # why\n  list = [\n1,\n 2]\n  text    = \"x  ${ y }\"\n  }\n";
        assert_eq!(plain(written), plain(moved));
        let heredoc = |indent: &str| {
            format!("a {{\n{indent}t = <<-EOT\n{indent}  one\n{indent}    two\n{indent}EOT\n}}\n")
        };
        assert_eq!(plain(&heredoc("  ")), plain(&heredoc("        ")));
    }

    #[test]
    fn whatever_is_said_counts() {
        let written = plain("a \"b\" {\n  c = \"x y\" # why\n  d = e\n}\n");
        for other in [
            "a \"b\" {\n  c = \"x  y\" # why\n  d = e\n}\n",
            "a \"b\" {\n  c = \"x y\" # why not\n  d = e\n}\n",
            "a \"b\" {\n  c = \"x y\" # why\n  d = f\n}\n",
            "a \"c\" {\n  c = \"x y\" # why\n  d = e\n}\n",
            "a \"b\" {\n  c = \"x y\" # why\n}\n",
        ] {
            assert_ne!(plain(other), written, "{other}");
        }
        assert_ne!(plain("a = b - c\n"), plain("a = b-c\n"));
        assert_ne!(plain("a = <<EOT\n x\nEOT\n"), plain("a = <<EOT\nx\nEOT\n"));
    }
}
