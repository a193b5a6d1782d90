//! Where something stands in a tree and what its text says, told so that edits elsewhere, another layout and other names
//! for other things do not change the answer.
//!
//! Invariant: no answer depends on an offset, a line or a comment.

use std::fmt;

use super::{Attribute, Block, Body, Document, Expr, ExprKind, Item, Reference, TemplateForm};
use crate::text::TextRange;

/// Where a range stands.
#[derive(Debug, Default)]
pub struct Construct<'t> {
    /// The top-level block or attribute around it; none for what concerns the file.
    pub item: Option<&'t Item>,
    /// The way from there: nested blocks, keys and list elements, outermost first.
    pub trail: Vec<TrailStep>,
    /// The innermost thing on the way that has no name, if it lies inside everything that has one: a block without a label
    /// or `name`, or a list element. What it says is all that tells it from others of its kind.
    pub nameless: Option<TextRange>,
    /// Whether nothing on the way has another of its kind beside it.
    pub alone: bool,
    /// What sort of thing it is.
    pub sort: Sort,
}

/// What sort of thing a range covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// A block's header, or a part of one.
    Header,
    /// A whole list or object: what is wrong is that something is missing there.
    Collection,
    /// A part of a text that has no tree: of a comment, or of the lines of a heredoc.
    Text,
    /// Anything else.
    #[default]
    Other,
}

/// One step of the way to a place: `container[app]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TrailStep {
    /// A block's type, a key, or `[]` for a list element.
    pub kind: String,
    /// What tells a block from others of its type: its labels, or its `name`.
    pub name: Option<String>,
}

impl Document {
    /// Where `range` stands.
    pub fn construct(&self, range: TextRange) -> Construct<'_> {
        let mut found = Construct { alone: true, ..Construct::default() };
        // An empty range at the start is about the file.
        if range.end == 0 {
            return found;
        }
        let mut body = &self.body;
        while let Some(item) = item_around(body, range) {
            let is_top = found.item.is_none();
            found.item.get_or_insert(item);
            match item {
                Item::Block(block) => {
                    if !is_top {
                        found.enter_block(block, body);
                    }
                    if block.header.contains(range) {
                        found.sort = Sort::Header;
                        break;
                    }
                    body = &block.body;
                }
                Item::Attribute(attribute) => {
                    found.step(attribute.key.name.to_string());
                    if attribute.range == range && is_collection(&attribute.value) {
                        found.sort = Sort::Collection;
                    }
                    if attribute.value.range.contains(range) {
                        found.descend(&attribute.value, range);
                    }
                    break;
                }
            }
        }
        if self.comments.at(range.start).is_some() {
            found.sort = Sort::Text;
        }
        found
    }

    /// What `range` of `text`, which is this document's, says: without white space, comments and commas before a closing
    /// bracket, and with `*` for the names of other things and for the name that a top-level block has.
    pub fn gist(&self, text: &str, range: TextRange) -> String {
        let mut cuts: Vec<(TextRange, &str)> = Vec::new();
        let comments = self.comments.inside(range).iter().map(|comment| (comment.range, ""));
        cuts.extend(comments.filter(|(comment, _)| *comment != range));
        for item in self.body.items.iter().filter(|item| item.range().overlaps(range)) {
            if let Item::Block(block) = item {
                cuts.extend(block.labels.last().map(|name| (name.range, "*")));
            }
            cuts.extend(names_of_others(item).into_iter().map(|name| (name, "*")));
        }
        cuts.retain(|(cut, _)| range.contains(*cut));
        cuts.sort_unstable();
        let mut gist = String::with_capacity(range.len());
        let mut at = range.start;
        for (cut, instead) in cuts {
            if cut.start >= at {
                add(&mut gist, &text[TextRange { start: at, end: cut.start }.indices()]);
                gist.push_str(instead);
                at = cut.end;
            }
        }
        add(&mut gist, &text[TextRange { start: at, end: range.end }.indices()]);
        gist
    }
}

impl Construct<'_> {
    fn enter_block(&mut self, block: &Block, beside: &Body) {
        let kind = block.kind.name.to_string();
        let labels: Vec<&str> = block.labels.iter().map(|label| label.name.as_str()).collect();
        let name = if labels.is_empty() {
            let name = block.body.attribute("name").and_then(|name| name.value.as_literal());
            name.map(String::from)
        } else {
            Some(labels.join("."))
        };
        self.nameless = if name.is_none() { Some(block.range) } else { None };
        self.alone &= beside.blocks_of(&kind).count() == 1;
        self.trail.push(TrailStep { kind, name });
    }

    fn step(&mut self, kind: String) {
        self.trail.push(TrailStep { kind, name: None });
    }

    fn descend(&mut self, expr: &Expr, range: TextRange) {
        let mut expr = expr;
        loop {
            if expr.range == range && is_collection(expr) {
                self.sort = Sort::Collection;
            }
            match &expr.kind {
                ExprKind::Template(template)
                    if template.form != TemplateForm::Quoted
                        && template.inner.contains(range)
                        && !template.exprs().any(|hole| hole.range.contains(range)) =>
                {
                    self.sort = Sort::Text;
                }
                ExprKind::Tuple(items) if items.iter().any(|item| item.range.contains(range)) => {
                    self.step("[]".to_owned());
                    self.alone &= items.len() == 1;
                    self.nameless =
                        items.iter().map(|item| item.range).find(|item| item.contains(range));
                }
                ExprKind::Object(entries) => {
                    if let Some(entry) = entries.iter().find(|it| it.range().contains(range)) {
                        let key = entry.literal_key().map_or_else(|| "()".to_owned(), String::from);
                        self.step(key);
                    }
                }
                _ => {}
            }
            match expr.children().into_iter().find(|child| child.range.contains(range)) {
                Some(child) => expr = child,
                None => return,
            }
        }
    }
}

impl fmt::Display for TrailStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{}[{name}]", self.kind),
            None => f.write_str(&self.kind),
        }
    }
}

fn is_collection(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Tuple(_) | ExprKind::Object(_) | ExprKind::For(_))
}

/// The attribute or block directly in `body` that holds `range`.
fn item_around(body: &Body, range: TextRange) -> Option<&Item> {
    let after = body.items.partition_point(|item| item.range().start <= range.start);
    let item = &body.items[after.checked_sub(1)?];
    item.range().contains(range).then_some(item)
}

/// The names of other things that `item` refers to: `x` of `var.x`, `local.x`, `module.x`, `data.type.x` and `type.x`.
fn names_of_others(item: &Item) -> Vec<TextRange> {
    let mut attributes: Vec<&Attribute> = Vec::new();
    let mut items = vec![item];
    while let Some(item) = items.pop() {
        match item {
            Item::Block(block) => items.extend(&block.body.items),
            Item::Attribute(attribute) => attributes.push(attribute),
        }
    }
    let references = attributes.into_iter().flat_map(|it| it.value.references(&[]));
    references.filter_map(|reference| name_of_other(&reference)).collect()
}

fn name_of_other(reference: &Reference<'_>) -> Option<TextRange> {
    let at = match reference.root.as_str() {
        "each" | "count" | "self" | "path" | "terraform" => return None,
        "data" => 1,
        _ => 0,
    };
    reference.name(at)?;
    Some(reference.steps.get(at)?.range)
}

fn add(gist: &mut String, text: &str) {
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        if matches!(character, ']' | '}' | ')') && gist.ends_with(',') {
            gist.pop();
        }
        gist.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::Sort;
    use crate::text::TextRange;

    const TEXT: &str = r#"
resource "kubernetes_deployment" "web" {
  spec {
    container {
      name  = "app"
      image = "docker.io/a:1" # why
    }
    rule {
      hosts = ["a", "b"]
    }
    rule {
      hosts = [
        "c", # the third
      ]
    }
  }
  data = { "a.b" = <<-EOT
    say hello
    EOT
  }
}
"#;

    fn range(text: &str, needle: &str) -> TextRange {
        let start = text.find(needle).unwrap();
        TextRange::new(start, start + needle.len())
    }

    fn trail(needle: &str) -> (String, bool, bool, bool) {
        let document = parse(TEXT);
        let found = document.construct(range(TEXT, needle));
        let trail: Vec<String> = found.trail.iter().map(ToString::to_string).collect();
        (trail.join(" "), found.alone, found.sort == Sort::Header, found.sort == Sort::Text)
    }

    #[test]
    fn the_way_to_a_place_is_told_by_names() {
        let trail = |needle| trail(needle).0;
        assert_eq!(trail("docker.io"), "spec container[app] image");
        assert_eq!(trail("\"c\""), "spec rule hosts []");
        assert_eq!(trail("hello"), "data a.b");
        assert_eq!(trail("\"kubernetes_deployment\" \"web\""), "");
    }

    #[test]
    fn what_has_others_beside_it_is_not_alone() {
        assert_eq!(
            trail("\"docker.io/a:1\""),
            ("spec container[app] image".into(), true, false, false)
        );
        assert_eq!(trail("\"b\""), ("spec rule hosts []".into(), false, false, false));
        assert_eq!(trail("resource \"kub"), (String::new(), true, true, false));
        assert!(trail("the third").3 && trail("hello").3);
    }

    #[test]
    fn a_whole_list_is_told_from_what_is_in_it() {
        let document = parse(TEXT);
        let is_collection =
            |needle| document.construct(range(TEXT, needle)).sort == Sort::Collection;
        assert!(is_collection("[\"a\", \"b\"]") && is_collection("hosts = [\"a\", \"b\"]"));
        assert!(!is_collection("\"b\"") && !is_collection("hosts"));
    }

    #[test]
    fn what_a_text_says_does_not_depend_on_its_layout() {
        let gist = |text: &str| {
            let document = parse(text);
            document.gist(text, TextRange::new(0, text.len()))
        };
        let wide =
            "resource \"t\" \"a\" {\n    x = [ 1, # one\n  2, ]\n  n   = kind.other.name\n}\n";
        let narrow = "resource \"t\" \"b\" {\nx=[1,2]\n# more\nn=kind.renamed.name\n}";
        assert_eq!(gist(wide), gist(narrow));
        assert_eq!(gist("a = var.x + data.t.n.id"), "a=var*+data.t*.id");
        assert_ne!(gist("a = var.x"), gist("a = local.x"));
    }
}
