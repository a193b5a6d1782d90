//! HTML in a document: what its links and pictures lead to. Nothing else that it says counts.

use std::sync::LazyLock;

use crate::text::{LazyRegex, TextRange};

/// A comment, which holds no link; or the target of one.
static LINK: LazyLock<LazyRegex> = LazyLock::new(|| {
    LazyRegex::proven(
        r#"(?is)<!--.*?(?:-->|$)|<(?:a|img)\s(?:[^<>]*\s)?(?:href|src)\s*=\s*(?:"(?<one>[^"<>\n]+)"|'(?<other>[^'<>\n]+)')"#,
    )
});

/// Where the targets stand in `html`, which is the text at `range`. What has an entity in it is another text than it looks like.
pub(super) fn targets(html: &str, range: TextRange) -> Vec<TextRange> {
    let found = LINK.captures_iter(html);
    let target = found.filter_map(|link| link.name("one").or_else(|| link.name("other")));
    target
        .filter(|target| !target.as_str().contains('&'))
        .map(|target| range.slice(target.start(), target.as_str().len()))
        .collect()
}
