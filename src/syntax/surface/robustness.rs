//! Tests of all languages at once: whatever the text, nothing panics, ranges are sound, and time stays linear.

use super::{Surface, reference_kind, surface, surface_within, token_at};
use crate::syntax::Format;
use crate::text::TextRange;

const FORMATS: [Format; 12] = [
    Format::DashCommented,
    Format::Markup,
    Format::Yaml,
    Format::Json,
    Format::Dockerfile,
    Format::Shell,
    Format::Nginx,
    Format::Markdown,
    Format::Template,
    Format::HashCommented,
    Format::SlashCommented,
    Format::Plain,
];

/// Pieces that mean something in one language or another.
const PIECES: [&str; 66] = [
    "\n",
    "\n",
    "\n",
    "\r\n",
    " ",
    " ",
    "  ",
    "    ",
    "\t",
    "#",
    "# c",
    "'",
    "\"",
    "`",
    "```",
    "```sh\n",
    "~~~",
    "<!--",
    "-->",
    "//",
    "/*",
    "*/",
    "\\",
    "\\\n",
    "$",
    "${",
    "}",
    "$(",
    ")",
    "(",
    "{{",
    "}}",
    "{",
    "<",
    ">",
    "<<EOF",
    "\nEOF\n",
    "<<-'X'",
    "docker push ",
    "docker build -t ",
    "skopeo copy docker://",
    "ssh h \"",
    "FROM ",
    "COPY --from=",
    "RUN ",
    "image: ",
    "  image: ",
    "- ",
    "commands:\n",
    "run: |\n",
    "services:\n",
    "tags: |\n",
    "repository: ",
    "h.io/a/b:1",
    "h.io:5000/x",
    "@sha256:ab",
    "é",
    "żółw",
    "😀",
    "\u{feff}",
    "&a ",
    "*a",
    "---\n",
    "[",
    "]",
    "#!/bin/sh\n",
];

/// A small generator of numbers that need only look random, the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

fn assert_sound(text: &str, surface: &Surface) {
    let sound =
        |range: TextRange| assert!(text.get(range.indices()).is_some(), "{range:?} in {text:?}");
    for image in &surface.images {
        sound(image.range);
        image.registry.into_iter().for_each(sound);
        assert!(!image.range.is_empty(), "{text:?}");
    }
    let mut end = 0;
    for comment in surface.comments().all() {
        sound(comment.range);
        sound(comment.text);
        assert!(comment.range.start >= end && comment.range.contains(comment.text), "{text:?}");
        end = comment.range.end;
    }
    for (at, _) in text.char_indices() {
        surface.zone(TextRange::new(at, at + 1));
    }
}

#[test]
fn any_text_is_read() {
    let mut numbers = Numbers(7);
    for _ in 0..6_000 {
        let text: String =
            (0..numbers.below(40)).map(|_| PIECES[numbers.below(PIECES.len())]).collect();
        for format in FORMATS {
            assert_sound(&text, &surface(format, &text));
        }
        let starts: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (a, b) = (starts[numbers.below(starts.len())], starts[numbers.below(starts.len())]);
        let hit = TextRange::new(a.min(b), a.max(b));
        let token = token_at(&text, hit);
        assert!(
            text.get(token.indices()).is_some() && token.contains(hit),
            "{token:?} {hit:?} {text:?}"
        );
        reference_kind(&text, token);
        for format in FORMATS {
            let within = surface_within(format, &text, hit);
            assert_sound(&text, &within);
            let outside = |range: TextRange| !hit.contains(range);
            assert!(
                !within.images.iter().any(|image| outside(image.range)),
                "{format:?} {hit:?} {text:?}"
            );
            assert!(
                !within.comments().all().iter().any(|comment| outside(comment.range)),
                "{format:?} {hit:?} {text:?}"
            );
        }
    }
}

/// Each piece over and over: nothing overflows the stack, and a reader that looked back over all of the text for each
/// piece would make this test crawl.
#[test]
fn repetition_is_harmless() {
    for piece in PIECES.iter().chain(&[
        "a: b # c\n",
        "/* */",
        "<!-- -->",
        "a: &a *a\n",
        "h.io/x:1,",
        "FROM a AS b\n",
        "image: a\n",
        "<<a",
        "${x",
        "`a``b```",
        "$(a \"",
        "k: 'v'\n",
        "/a/",
        "{{a",
        "ssh 'a b' ",
        "- [",
        "x=<a",
    ]) {
        let text = piece.repeat(100_000 / piece.len());
        for format in FORMATS {
            surface(format, &text);
        }
    }
}

#[test]
fn large_files_are_fine() {
    let text =
        "- name: żółw # c\n  image: h.io/a:1\n  run: |\n    docker pull h.io/b:1\n".repeat(45_000);
    assert_eq!(surface(Format::Yaml, &text).images.len(), 90_000);
}
