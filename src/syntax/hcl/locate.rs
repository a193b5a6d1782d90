//! From an offset to the nodes around it.

use smol_str::SmolStr;

use super::{Body, Expr, ExprKind, Item, Template};

/// What surrounds a place in a tree.
#[derive(Debug, Default)]
pub struct Surroundings<'t> {
    /// The keys on the way, outermost first: attribute names and object keys. An object's key surrounds itself.
    pub keys: Vec<SmolStr>,
    /// The innermost string or heredoc whose text holds the place.
    pub template: Option<&'t Template>,
    /// The elements of the innermost list that holds the place.
    pub list: &'t [Expr],
}

impl Body {
    /// The attribute or block directly inside that holds the byte at `offset`.
    fn item_at(&self, offset: u32) -> Option<&Item> {
        let after = self.items.partition_point(|item| item.range().start <= offset);
        let item = &self.items[after.checked_sub(1)?];
        item.range().contains_offset(offset).then_some(item)
    }

    /// What surrounds the byte at `offset`.
    pub fn surroundings(&self, offset: u32) -> Surroundings<'_> {
        let mut found = Surroundings::default();
        let mut body = self;
        while let Some(item) = body.item_at(offset) {
            match item {
                Item::Block(block) => body = &block.body,
                Item::Attribute(attribute) => {
                    found.keys.push(attribute.key.name.clone());
                    descend(&attribute.value, offset, &mut found);
                    break;
                }
            }
        }
        found
    }
}

fn descend<'t>(expr: &'t Expr, offset: u32, found: &mut Surroundings<'t>) {
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Template(template) if template.inner.contains_offset(offset) => {
                found.template = Some(template);
            }
            ExprKind::Tuple(items) => found.list = items,
            ExprKind::Object(entries) => {
                let entry = entries.iter().find(|entry| entry.range().contains_offset(offset));
                found.keys.extend(entry.and_then(super::ObjectEntry::literal_key));
            }
            _ => {}
        }
        match expr.children().into_iter().find(|child| child.range.contains_offset(offset)) {
            Some(child) => expr = child,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn keys_and_strings_around_a_place() {
        let text =
            "x {\n  data = f({ auths = { \"a.b\" = { c = \"say ${d[\"deep\"]} more\" } } })\n}\n";
        let document = parse(text);
        let at = |needle: &str| document.body.surroundings(text.find(needle).unwrap() as u32);
        assert_eq!(at("a.b").keys, ["data", "auths", "a.b"]);
        assert_eq!(at("more").keys, ["data", "auths", "a.b", "c"]);
        let deep = at("deep").template.unwrap();
        assert_eq!(&text[deep.inner.indices()], "deep");
        assert!(at("f(").template.is_none());
    }
}
