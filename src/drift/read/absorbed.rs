//! Drift that has been absorbed into the state: literals in the code that what runs does not have, though the plan would
//! change nothing. Terraform is told to ignore these attributes.
//!
//! Invariant: what cannot be placed for certain (blocks in sets, behind `dynamic`) is passed over, never guessed.

use super::classify::means_the_same;
use super::configuration::{Expressions, Said, attribute};
use super::names;
use super::tree::step;
use crate::drift::path::{Path, Step};
use crate::drift::shown::Json;

/// One such place.
pub(super) struct Absorbed<'a> {
    pub(super) path: Path,
    /// What the code says; `None` where it has no such key.
    pub(super) written: Option<&'a Json>,
}

/// All of them in the block of `expressions`, of which `live` is an instance of `kind`.
pub(super) fn differences<'a>(
    kind: &'a str,
    expressions: &'a Expressions,
    live: &Json,
) -> Vec<Absorbed<'a>> {
    let mut walk = Walk { kind, path: Vec::new(), found: Vec::new() };
    walk.blocks(&expressions.tree, live);
    walk.found
}

struct Walk<'a> {
    kind: &'a str,
    path: Vec<Step>,
    found: Vec<Absorbed<'a>>,
}

impl<'a> Walk<'a> {
    /// The attributes and blocks of one block.
    fn blocks(&mut self, said: &'a Json, live: &Json) {
        let (Json::Object(said), Json::Object(live)) = (said, live) else { return };
        for (key, said) in said {
            // Values that are only written are never read back.
            if key.ends_with("_wo") {
                continue;
            }
            self.path.push(step(self.kind, &self.path, key));
            self.member(said, live.get(key).unwrap_or(&Json::Null));
            self.path.pop();
        }
    }

    fn member(&mut self, said: &'a Json, live: &Json) {
        match (attribute(said), said, live) {
            (Some(Said::Literal(written)), ..) => self.literal(written, live),
            (Some(_), ..) => {}
            (None, Json::Array(said), Json::Array(live)) => {
                for (said, at) in paired(said, live) {
                    self.path.push(Step::Index(u32::try_from(at).unwrap_or(u32::MAX)));
                    self.blocks(said, &live[at]);
                    self.path.pop();
                }
            }
            (None, said, live) => self.blocks(said, live),
        }
    }

    fn literal(&mut self, written: &'a Json, live: &Json) {
        let (Json::Object(map), Json::Object(live)) = (written, live) else {
            let is_same_list = match (written, live) {
                (Json::Array(written), Json::Array(live)) => is_same_set(written, live),
                _ => false,
            };
            if !is_same_list && !means_the_same(written, live) {
                self.tell(Some(written));
            }
            return;
        };
        for (key, written) in map {
            self.path.push(step(self.kind, &self.path, key));
            self.literal(written, live.get(key).unwrap_or(&Json::Null));
            self.path.pop();
        }
        let has_owners =
            matches!(self.path.last(), Some(Step::Name(name)) if names::has_owners(name));
        for key in live.keys().filter(|key| has_owners && !map.contains_key(*key)) {
            self.path.push(step(self.kind, &self.path, key));
            self.tell(None);
            self.path.pop();
        }
    }

    fn tell(&mut self, written: Option<&'a Json>) {
        self.found.push(Absorbed { path: Path(self.path.clone()), written });
    }
}

/// Which block of the code is which of what runs: by a literal `name`, else by position where there are equally many and not
/// merely in another order, as sets are.
fn paired<'a>(said: &'a [Json], live: &[Json]) -> Vec<(&'a Json, usize)> {
    let name = |said: &'a Json| match attribute(said.get("name")?) {
        Some(Said::Literal(name)) => name.as_str(),
        _ => None,
    };
    let names: Option<Vec<&str>> = said.iter().map(name).collect();
    if let Some(names) = names {
        let at = |name: &str| {
            let is_called = |live: &Json| live.get("name").and_then(Json::as_str) == Some(name);
            let mut found = live.iter().enumerate().filter(|(_, live)| is_called(live));
            let (at, _) = found.next()?;
            found.next().is_none().then_some(at)
        };
        return said.iter().zip(names).filter_map(|(said, name)| Some((said, at(name)?))).collect();
    }
    if said.len() != live.len() || is_reordered(said, live) {
        return Vec::new();
    }
    said.iter().zip(0..).collect()
}

/// Whether every block of the code fits one of what runs, but not all do in their order.
fn is_reordered(said: &[Json], live: &[Json]) -> bool {
    if said.iter().zip(live).all(|(said, live)| fits(said, live)) {
        return false;
    }
    let mut free: Vec<&Json> = live.iter().collect();
    said.iter().all(|said| {
        let at = free.iter().position(|live| fits(said, live));
        at.map(|at| free.swap_remove(at)).is_some()
    })
}

/// Whether `live` has all the literals of the block `said`.
fn fits(said: &Json, live: &Json) -> bool {
    match (attribute(said), said, live) {
        (Some(Said::Literal(written)), ..) => means_the_same(written, live),
        (Some(_), ..) => true,
        (None, Json::Object(said), Json::Object(live)) => {
            said.iter().all(|(key, said)| fits(said, live.get(key).unwrap_or(&Json::Null)))
        }
        (None, Json::Array(said), Json::Array(live)) => {
            said.len() == live.len()
                && said.iter().all(|said| live.iter().any(|live| fits(said, live)))
        }
        (None, Json::Array(said), Json::Null) => said.is_empty(),
        _ => false,
    }
}

/// Whether two lists hold the same in whatever order: lists of literals may be sets.
fn is_same_set(written: &[Json], live: &[Json]) -> bool {
    let mut free: Vec<&Json> = live.iter().collect();
    written.len() == live.len()
        && written.iter().all(|written| {
            let at = free.iter().position(|live| means_the_same(written, live));
            at.map(|at| free.swap_remove(at)).is_some()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(expressions: &str, live: &str) -> Vec<String> {
        let text = format!(
            r#"{{"root_module":{{"resources":[{{"address":"k.n","expressions":{expressions}}}]}}}}"#
        );
        let mut secrets = super::super::secrets::Secrets::default();
        let configuration =
            super::super::configuration::Configuration::parse(text.as_bytes(), &mut secrets)
                .unwrap();
        let address = crate::drift::Address::parse("k.n").unwrap();
        let expressions = configuration.expressions(&address).unwrap();
        let live = serde_json::from_str(live).unwrap();
        differences("k", &expressions, &live).iter().map(|found| found.path.to_string()).collect()
    }

    #[test]
    fn literals_that_what_runs_does_not_have() {
        assert_eq!(
            paths(
                r#"{"replicas":{"constant_value":1},"x":{"references":["var.x"]},"t":{},"image":{"constant_value":"a:1"}}"#,
                r#"{"replicas":"1","x":"y","t":"z","image":"a:2"}"#
            ),
            ["image"]
        );
        assert_eq!(paths(r#"{"gone":{"constant_value":"a"}}"#, r#"{"gone":null}"#), ["gone"]);
        assert!(paths(r#"{"pw_wo":{"constant_value":"a"}}"#, "{}").is_empty());
    }

    #[test]
    fn two_containers_with_each_others_image() {
        let said = |a: &str, b: &str| {
            format!(
                r#"{{"spec":[{{"container":[{{"name":{{"constant_value":"a"}},"image":{{"constant_value":"{a}"}}}},{{"name":{{"constant_value":"b"}},"image":{{"constant_value":"{b}"}}}}]}}]}}"#
            )
        };
        let live =
            r#"{"spec":[{"container":[{"name":"a","image":"y"},{"name":"b","image":"x"}]}]}"#;
        assert_eq!(
            paths(&said("x", "y"), live),
            ["spec[0].container[0].image", "spec[0].container[1].image"]
        );
        assert!(paths(&said("y", "x"), live).is_empty());
    }

    #[test]
    fn blocks_in_sets_are_passed_over() {
        let said = r#"{"port":[{"p":{"constant_value":80}},{"p":{"constant_value":443}}]}"#;
        assert!(paths(said, r#"{"port":[{"p":443},{"p":80}]}"#).is_empty());
        assert_eq!(paths(said, r#"{"port":[{"p":80},{"p":8443}]}"#), ["port[1].p"]);
        assert!(paths(said, r#"{"port":[{"p":80}]}"#).is_empty());
        assert!(paths(r#"{"l":{"constant_value":["a","b"]}}"#, r#"{"l":["b","a"]}"#).is_empty());
    }

    #[test]
    fn keys_of_labels_in_both_directions() {
        assert_eq!(
            paths(
                r#"{"m":[{"labels":{"constant_value":{"app":"a","x":"1"}},"data":{"constant_value":{"k":"v"}}}]}"#,
                r#"{"m":[{"labels":{"app":"a","tier":"2"},"data":{"k":"v","computed":"c"}}]}"#
            ),
            [r#"m[0].labels["x"]"#, r#"m[0].labels["tier"]"#]
        );
    }
}
