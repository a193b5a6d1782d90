//! Where a reference may be written in the place of a text.
//!
//! Invariant: what Terraform reads before it knows any value, or takes as it stands, holds no reference afterwards.

use crate::syntax::hcl::{Body, Expr, ExprKind, Item};
use crate::text::TextRange;

/// Blocks in which nothing may refer to a value; what a variable's condition may ask about depends on the release of Terraform.
const WITHOUT: [&str; 4] = ["variable", "terraform", "moved", "removed"];

/// Arguments whose value is taken as it stands, by the block that they stand in.
const AS_IT_STANDS: [(&str, &str); 12] = [
    ("module", "source"),
    ("module", "version"),
    ("module", "providers"),
    ("module", "depends_on"),
    ("resource", "provider"),
    ("resource", "depends_on"),
    ("data", "provider"),
    ("data", "depends_on"),
    ("output", "depends_on"),
    ("provider", "alias"),
    ("provider", "version"),
    ("import", "to"),
];

/// The same where they stand in any block inside of another one.
const INNER: [(&str, &str); 6] = [
    ("lifecycle", "ignore_changes"),
    ("lifecycle", "prevent_destroy"),
    ("lifecycle", "create_before_destroy"),
    ("lifecycle", "replace_triggered_by"),
    ("provisioner", "when"),
    ("provisioner", "on_failure"),
];

/// Whether what stands at `range` of `body` may refer to a variable, a local or a resource instead.
pub fn may_refer(body: &Body, range: TextRange) -> bool {
    let mut way: Option<&str> = None;
    let mut body = body;
    loop {
        match body.items.iter().find(|item| item.range().contains(range)) {
            Some(Item::Block(block)) => {
                let kind = block.kind.name.as_str();
                if way.is_none() && WITHOUT.contains(&kind) {
                    return false;
                }
                (way, body) = (Some(kind), &block.body);
            }
            Some(Item::Attribute(attribute)) => {
                let place = (way.unwrap_or_default(), attribute.key.name.as_str());
                return !AS_IT_STANDS.contains(&place)
                    && !INNER.contains(&place)
                    && !attribute.value.descendants().any(|expr| is_key(expr, range));
            }
            None => return false,
        }
    }
}

/// Whether the key of an entry of the object `expr` stands at `range`: one that refers to something stands in parentheses.
fn is_key(expr: &Expr, range: TextRange) -> bool {
    let ExprKind::Object(entries) = &expr.kind else { return false };
    entries.iter().any(|entry| {
        matches!(&entry.key.kind, ExprKind::Template(template)
            if entry.key.range == range || template.inner == range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::hcl::parse;

    fn answer(text: &str) -> bool {
        let document = parse(text);
        assert_eq!(document.errors, []);
        let start = text.find("HERE").unwrap();
        may_refer(&document.body, TextRange::new(start, start + "HERE".len()))
    }

    #[test]
    fn values_may_refer_to_something() {
        for text in [
            "locals {\n  a = \"HERE\"\n}\n",
            "locals {\n  a = { b = [f(\"HERE\")] }\n}\n",
            "locals {\n  a = { (\"HERE\") = 1 }\n}\n",
            "locals {\n  a = { \"x-HERE\" = 1 }\n}\n",
            "module \"m\" {\n  a = \"HERE\"\n}\n",
            "resource \"a\" \"b\" {\n  lifecycle {\n    precondition {\n      condition = x == \"HERE\"\n    }\n  }\n}\n",
            "import {\n  id = \"HERE\"\n  to = a.b\n}\n",
        ] {
            assert!(answer(text), "{text}");
        }
    }

    #[test]
    fn what_is_taken_as_it_stands_may_not() {
        for text in [
            "variable \"v\" {\n  default = \"HERE\"\n}\n",
            "variable \"v\" {\n  validation {\n    condition = x == \"HERE\"\n  }\n}\n",
            "terraform {\n  backend \"pg\" {\n    conn_str = \"HERE\"\n  }\n}\n",
            "moved {\n  from = a.b[\"HERE\"]\n  to   = a.c\n}\n",
            "import {\n  id = 1\n  to = a.b[\"HERE\"]\n}\n",
            "module \"m\" {\n  source = \"HERE\"\n}\n",
            "resource \"a\" \"b\" {\n  lifecycle {\n    ignore_changes = [c[\"HERE\"]]\n  }\n}\n",
            "resource \"a\" \"HERE\" {}\n",
            "locals {\n  a = { \"HERE\" = 1 }\n}\n",
        ] {
            assert!(!answer(text), "{text}");
        }
    }
}
