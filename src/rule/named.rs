//! What an entry says, for whoever shows a rule: its check, its params, how it judges. Nothing is judged by it.

use std::collections::BTreeSet;

use crate::config::{LiteralKind, literal};
use crate::syntax::hcl::{self, Body};
use crate::text::TextRange;

/// The blocks of a declarative rule that do not word what it says.
const JUDGING: [&str; 8] =
    ["each", "forbid", "let", "require", "select", "unknown", "unless", "where"];

/// What an entry names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// Its native check, if it calls one.
    pub check: Option<String>,
    /// The params that it uses, as written: `NAME`, or `PACK.NAME` for another pack's.
    pub params: BTreeSet<String>,
    /// How it judges, as written: from the first of its blocks that selects, names, narrows or asks to the last; empty
    /// for one that calls a check.
    pub judges: String,
}

/// What the entry with `text` names.
pub fn named(text: &str) -> Named {
    let document = hcl::parse(text);
    let check = document.body.block("check").and_then(|block| block.label(0)).map(str::to_owned);
    let judging =
        document.body.blocks().filter(|block| JUDGING.contains(&block.kind.name.as_str()));
    let judging = judging.map(|block| block.range).reduce(TextRange::cover);
    let judges = judging.map_or("", |range| &text[range.indices()]).to_owned();
    let mut named = Named { check, params: BTreeSet::new(), judges };
    let mut bodies: Vec<&Body> = vec![&document.body];
    while let Some(body) = bodies.pop() {
        bodies.extend(body.blocks().map(|block| &block.body));
        for expr in body.attributes().flat_map(|attribute| attribute.value.descendants()) {
            if let Ok(LiteralKind::Param(name)) = literal(expr).map(|literal| literal.kind) {
                named.params.insert(name.to_string());
            }
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn params_are_found_wherever_they_stand() {
        let text = "check \"pinned\" {\n  a = param.own\n  b = [{ c = param.other.list }]\n}\n\
                    each {\n  where {\n    d = size(param.deep) > 1\n  }\n}\n";
        let named = named(text);
        assert_eq!(named.check.as_deref(), Some("pinned"));
        assert_eq!(Vec::from_iter(named.params), ["deep", "other.list", "own"]);
    }

    #[test]
    fn what_is_said_is_no_part_of_how_it_judges() {
        let text = "summary = \"s\"\n\nselect \"repo\" {}\n\n# Why.\nrequire \"a\" { text = \"b\" }\n\n\
                    case \"a\" {\n  message = \"m\"\n}\n";
        assert_eq!(
            named(text).judges,
            "select \"repo\" {}\n\n# Why.\nrequire \"a\" { text = \"b\" }"
        );
        assert_eq!(named("check \"pinned\" {}\n").judges, "");
    }
}
