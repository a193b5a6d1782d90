//! Control comments in other languages: attached to lines; above or behind the key of a block of text in YAML, to that too.

use super::{Attachment, Control, control};
use crate::syntax::surface::{Surface, surface};
use crate::syntax::{Comment, Format, SourceFile, SyntaxError};
use crate::text::TextRange;

pub(super) fn controls(file: &SourceFile) -> Vec<Result<Control, SyntaxError>> {
    let surface = surface(file.format, &file.text);
    let comments = surface.comments();
    let own = comments.all().iter().filter(|comment| {
        // A comment in a fence of a page is an example, whatever the example's language.
        let is_example =
            file.format == Format::Markdown && !file.slice(comment.range).starts_with("<!--");
        // Nor is it one in a block of text.
        let is_text = surface.texts().iter().any(|it| it.text.contains(comment.range));
        !is_example && !is_text
    });
    own.filter_map(|comment| {
        control(file, comment.text, || {
            if comment.own_line {
                below(file, &surface, comment)
            } else {
                let line = line(file, file.lines().line_of(comment.range.start));
                Attachment::To(with_text(&surface, line))
            }
        })
    })
    .collect()
}

/// What a comment on lines of its own leads: the first line below the run of comments; or the file, where the run is its
/// header.
fn below(file: &SourceFile, surface: &Surface, comment: &Comment) -> Attachment {
    let comments = surface.comments();
    let mut number = file.lines().line_of(comment.range.end.saturating_sub(1)) + 1;
    while number < file.lines().count() {
        let next = line(file, number);
        if next.is_empty() {
            break;
        }
        match comments.at(next.start) {
            Some(comment) => number = file.lines().line_of(comment.range.end.saturating_sub(1)) + 1,
            None => return Attachment::To(with_text(surface, next)),
        }
    }
    if comments.header(&file.text).contains(comment) {
        return Attachment::File;
    }
    Attachment::Nowhere
}

/// `line`, and the block of text whose key stands in it: no comment can stand in that.
fn with_text(surface: &Surface, line: TextRange) -> TextRange {
    let below = surface.texts().iter().find(|it| line.contains(it.key));
    below.map_or(line, |it| line.cover(it.text))
}

/// The 0-based line `number` without the white space around it.
fn line(file: &SourceFile, number: usize) -> TextRange {
    let range = file.lines().range_of(&file.text, number);
    let text = file.slice(range);
    range.slice(text.len() - text.trim_start().len(), text.trim().len())
}

#[cfg(test)]
mod tests {
    use super::super::controls;
    use crate::syntax::{Format, SourceFile};
    use crate::text::FileId;

    fn covered(path: &str, text: &str) -> Vec<String> {
        let file = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
        controls(&file)
            .into_iter()
            .map(|control| match control {
                Ok(control) => text[control.covers.indices()].to_owned(),
                Err(error) => error.message,
            })
            .collect()
    }

    #[test]
    fn it_covers_the_next_line_or_its_own() {
        let text = "image: a\n# tautline: ignore[x/y] -- z\n# why\nimage: b\nimage: c  # tautline: ignore[x/y] -- z\r\n";
        assert_eq!(covered("a.yaml", text), ["image: b", "image: c  # tautline: ignore[x/y] -- z"]);
        assert_eq!(covered("a.go", "x()\n// tautline: ignore[x/y] -- z\ny()\n"), ["y()"]);
    }

    #[test]
    fn at_the_top_it_covers_the_file() {
        let text = "#!/bin/sh\n# tautline: ignore[x/y] -- z\n\nrun\n";
        assert_eq!(covered("a.sh", text), [text]);
        assert_eq!(covered("a.sh", "#!/bin/sh\n# tautline: ignore[x/y] -- z\nrun\n"), ["run"]);
        assert_eq!(
            covered("a.sh", "a\n# tautline: ignore[x/y] -- z\n\nrun\n"),
            ["this suppression is attached to nothing"]
        );
    }

    #[test]
    fn markdown_has_its_own_comments() {
        let text = "<!-- tautline: ignore[x/y] -- z -->\n\n# tautline: ignore[x/y] -- a heading\n";
        assert_eq!(covered("a.md", text), [text]);
        let example = "text\n\n```\n<!-- tautline: ignore[x/y] -- an example -->\n```\n";
        assert!(covered("a.md", example).is_empty());
    }

    #[test]
    fn in_a_block_of_text_it_is_text() {
        let text = "note: |\n  # tautline: ignore[x/y] -- z\n  image: b\nb: 1\n";
        assert!(covered("a.yaml", text).is_empty());
        // Above or behind the key it covers the text.
        let above = "# tautline: ignore[x/y] -- z\nnote: |\n  one\n\n  two\nb: 1\n";
        assert_eq!(covered("a.yaml", above)[0].trim_end(), "note: |\n  one\n\n  two");
        let behind =
            "a: 1\n- note: |  # tautline: ignore[x/y] -- z\n    one\n".replace("a: 1\n", "");
        assert_eq!(covered("a.yaml", &behind)[0].trim_end(), behind.trim_end());
        // Of a script, or a file whose language is known, it is a comment.
        for key in ["run", "commands", "run.sh", "x.yaml"] {
            let text = format!("{key}: |\n  # tautline: ignore[x/y] -- z\n  image: b\nb: 1\n");
            assert_eq!(covered("a.yaml", &text), ["image: b"], "{key}");
        }
    }

    #[test]
    fn in_quotes_it_is_text() {
        assert!(covered("a.sh", "echo \"a # tautline: ignore[x/y] -- z\"\n").is_empty());
        assert!(covered("a.sh", "curl a#tautline: ignore[x/y] -- z\n").is_empty());
        assert!(covered("a.json", "{ \"a\": 1 } # tautline: ignore[x/y] -- z\n").is_empty());
    }
}
