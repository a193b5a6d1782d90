//! The globs that most rules write, matched as they stand: compiling one to a regex costs more than holding it against
//! every path of a repo.
//!
//! Invariant: what is matched here is what the library matches, whether or not a star stays inside a path segment.

use globset::Glob;

/// More alternatives than a glob for people has.
const MOST: usize = 32;

/// A glob, as alternatives that are compared with the text.
#[derive(Debug)]
pub(super) struct Plain(Vec<Shape>);

/// `PREFIX` and what follows it.
#[derive(Debug)]
struct Shape {
    /// The byte that a text begins with, and the one that it ends with, where there is only one: most texts differ, and
    /// that is found out without a look at what the shape says.
    first: Option<u8>,
    last: Option<u8>,
    /// Empty, or a directory with its `/`; nothing where the rest is all there is.
    prefix: String,
    rest: Rest,
}

#[derive(Debug)]
enum Rest {
    /// `NAME`: the whole text.
    Is(String),
    /// `**`: whatever lies there.
    Any,
    /// `**/NAME`: there, or in any directory below.
    Below(String),
    /// `**/*END`: whatever ends so.
    Ends(String),
    /// `START*END`: whatever begins and ends so, in one segment of a path if the star stays in one.
    Between { start: String, end: String, stays: bool },
}

impl Plain {
    /// What `glob` says; none where only the library understands that.
    pub(super) fn of(glob: &Glob) -> Option<Plain> {
        // A glob does not tell how it was built, and its regex does.
        let stays = glob.regex().contains("[^/]*");
        let shapes = alternatives(glob.glob())?;
        Some(Plain(shapes.iter().map(|it| Shape::of(it, stays)).collect::<Option<_>>()?))
    }

    pub(super) fn is_match(&self, path: &str) -> bool {
        self.0.iter().any(|shape| shape.is_match(path))
    }
}

impl Shape {
    /// `stays` says whether a star stays inside a path segment.
    fn of(text: &str, stays: bool) -> Option<Shape> {
        let shape = |prefix: &str, rest| Some(Shape::new(prefix, rest));
        if text.contains(['?', '[', ']', '\\', '{', '}', '!']) {
            return None;
        }
        match text.split_once('*') {
            None => return shape("", Rest::Is(text.to_owned())),
            Some((start, end)) if !end.contains('*') => {
                let (start, end) = (start.to_owned(), end.to_owned());
                return shape("", Rest::Between { start, end, stays });
            }
            Some(_) => {}
        }
        let (prefix, rest) = match text.find("/**") {
            Some(at) if !text.starts_with("**") => (&text[..=at], &text[at + 1..]),
            _ => ("", text),
        };
        if prefix.contains('*') {
            return None;
        }
        let Some(rest) = rest.strip_prefix("**/") else {
            // A `**` that is no whole segment is something else.
            return if rest == "**" { shape(prefix, Rest::Any) } else { None };
        };
        match rest.strip_prefix('*') {
            Some(end) if end.contains(['*', '/']) => None,
            Some(end) => shape(prefix, Rest::Ends(end.to_owned())),
            None if rest.contains('*') || rest.is_empty() => None,
            None => shape(prefix, Rest::Below(rest.to_owned())),
        }
    }

    fn new(prefix: &str, rest: Rest) -> Shape {
        let (start, end) = match &rest {
            Rest::Is(name) => (name.as_str(), name.as_str()),
            Rest::Any => ("", ""),
            Rest::Below(end) | Rest::Ends(end) => ("", end.as_str()),
            Rest::Between { start, end, .. } => (start.as_str(), end.as_str()),
        };
        Shape {
            first: prefix.bytes().chain(start.bytes()).next(),
            last: end.bytes().next_back(),
            prefix: prefix.to_owned(),
            rest,
        }
    }

    fn is_match(&self, path: &str) -> bool {
        let differs = |byte: Option<u8>, wanted: Option<u8>| wanted.is_some() && byte != wanted;
        if differs(path.bytes().next(), self.first) || differs(path.bytes().next_back(), self.last)
        {
            return false;
        }
        let Some(path) = path.strip_prefix(self.prefix.as_str()) else { return false };
        match &self.rest {
            Rest::Is(name) => path == name,
            Rest::Any => true,
            Rest::Below(name) => path
                .strip_suffix(name.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('/')),
            Rest::Ends(end) => path.ends_with(end.as_str()),
            Rest::Between { start, end, stays } => path
                .strip_prefix(start.as_str())
                .and_then(|path| path.strip_suffix(end.as_str()))
                .is_some_and(|between| !(*stays && between.contains('/'))),
        }
    }
}

/// What `{a,b}` stands for in `text`, in each combination; none where braces are nested or do not fit.
fn alternatives(text: &str) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (choices, behind) = after.split_once('}')?;
        let choices: Vec<&str> = choices.split(',').collect();
        if choices.iter().any(|choice| choice.contains('{')) || all.len() * choices.len() > MOST {
            return None;
        }
        let with = |start: &String| {
            let start = format!("{start}{before}");
            choices.iter().map(move |choice| format!("{start}{choice}")).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(with).collect();
        rest = behind;
    }
    for start in &mut all {
        start.push_str(rest);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Globs;

    const PATHS: [&str; 26] = [
        "",
        "a",
        "a/",
        "a/b",
        "a/b.tf",
        "a/b/c.tf",
        "b.tf",
        ".tf",
        "a/.tf",
        "tf",
        "x.tfvars",
        "a.tf/b",
        "docs/a.md",
        "docs/x/a.md",
        "docs/a.txt",
        "docs",
        "docs/",
        "compose.yaml",
        "docker-compose.yaml",
        "x/compose.yaml",
        "xcompose.yaml",
        "a/x/b",
        "ab",
        "é.tf",
        "a\nb.tf",
        "a/b.tf.json",
    ];

    #[test]
    fn what_matches_is_what_matches_in_the_library() {
        let globs = [
            "**",
            "*",
            "**/*",
            "a",
            "a/b",
            "a/**",
            "**/*.tf",
            "**/*.{tf,tf.json}",
            "*.tf",
            "a/*.tf",
            "a/**/*.tf",
            "docs/**/*.md",
            "docs/**",
            "{docs,a}/**/*.{md,tf}",
            "**/b",
            "**/compose.yaml",
            "**/{docker-,}compose.yaml",
            "{docker-,}compose.yaml",
            "a/**/b",
            "**/a/**/b",
            "a**",
            "**a",
            "a/**b",
            "**/x*",
            "a?b",
            "[ab]",
            "{a,{b,c}}",
            "{a",
            "a}",
            "**/",
            "**/**",
            "a/b/**/*.tf",
            "**/*é.tf",
            "{a,b,c,d}{a,b,c,d}{a,b,c,d}",
            "",
            "{,a}",
            "**/a/b.tf",
            "a/**/**/*.tf",
            "**/.tf",
        ];
        let mut plain = 0;
        for text in globs {
            for paths in [true, false] {
                let Ok(glob) = Globs::read(text, paths) else { continue };
                let Some(shape) = Plain::of(&glob) else { continue };
                let matcher = glob.compile_matcher();
                for path in PATHS {
                    let (said, expected) = (shape.is_match(path), matcher.is_match(path));
                    assert_eq!(said, expected, "{text} and {path:?}, paths: {paths}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 1_000, "most of them are plain: {plain}");
    }

    #[test]
    fn what_it_does_not_understand_it_leaves_to_the_library() {
        for text in ["a*b*.tf", "a?b", "[ab]", "{a,{b,c}}", "a/**b", "**/x*", "a*/**"] {
            assert!(Plain::of(&Globs::read(text, true).unwrap()).is_none(), "{text}");
        }
    }
}
