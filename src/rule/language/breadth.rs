//! How much has to be gathered where only some files are judged: of many gathers no more than what stands beside these.
//!
//! Invariant: who judges these files gets the same answers as with every row of the repo, but for what could not be answered because of
//! something elsewhere that cannot be looked through.

use std::collections::BTreeSet;

use super::gather::Gather;
use crate::rule::Check;

/// Somebody asks about the rows of a gather.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// The number of the gather.
    pub gather: usize,
    /// Whether only rows in the directory of who asks can answer.
    pub is_beside: bool,
}

/// The gathers, by number, that are needed to judge some files.
#[derive(Debug, Default)]
pub struct Breadth {
    /// Of these every row: any of them may answer.
    pub everywhere: BTreeSet<usize>,
    /// Of these the rows in the directories of the files that are judged: each is judged by itself, or answers there.
    pub there: BTreeSet<usize>,
}

impl Breadth {
    /// What `checks` need of `gathers`.
    pub fn of<'c>(gathers: &[Gather], checks: impl Iterator<Item = &'c dyn Check>) -> Self {
        let (mut everywhere, mut there) = (BTreeSet::new(), BTreeSet::new());
        let mut waiting = Vec::new();
        let mut look = |it: Look, waiting: &mut Vec<usize>| {
            // Whether there is any row at all, only all of them tell.
            if it.is_beside && !gathers[it.gather].is_expected {
                waiting.push(it.gather);
            } else {
                everywhere.insert(it.gather);
            }
        };
        for check in checks {
            waiting.extend(check.rows_of());
            check.looks().into_iter().for_each(|it| look(it, &mut waiting));
        }
        while let Some(number) = waiting.pop() {
            if there.insert(number) {
                for origin in &gathers[number].origins {
                    waiting.extend(origin.start.rows_of());
                    origin.looks.iter().for_each(|it| look(*it, &mut waiting));
                }
            }
        }
        let everywhere = with_needs(gathers, everywhere);
        there.retain(|number| !everywhere.contains(number));
        Breadth { everywhere, there }
    }
}

/// `needed` and what they need, by number.
pub(super) fn with_needs(
    gathers: &[Gather],
    needed: impl IntoIterator<Item = usize>,
) -> BTreeSet<usize> {
    closure(needed, |number| gathers[number].needs.clone())
}

/// `judged` and the gathers that their rows are made of, by number.
pub fn lineage(gathers: &[Gather], judged: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    closure(judged, |number| {
        gathers[number].origins.iter().filter_map(|origin| origin.start.rows_of()).collect()
    })
}

/// `numbers`, and what each of them leads to.
fn closure(
    numbers: impl IntoIterator<Item = usize>,
    leads_to: impl Fn(usize) -> Vec<usize>,
) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<usize> = numbers.into_iter().collect();
    while let Some(number) = waiting.pop() {
        if found.insert(number) {
            waiting.extend(leads_to(number));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::rule::load;

    const PACK: &str = r#"
summary = "tests"

gather "said" {
  select "file" { files = ["**/*.sh"] }
  let "script" { text = "{file}" }
  let "said_of" { text = "of {file}" }
}

gather "made" {
  select "row" { of = "said" }
  let "script" { path = "script" }
}

gather "images" {
  select "image" {}
  let "script" { text = "{file}" }
}

gather "must_be" {
  expected = true
  select "file" { files = ["**/*.sh"] }
}

gather "called" {
  select "file" { files = ["**/*.sh"] }
  let "file" { text = "{name}" }
}
"#;

    /// What a rule whose body is `body` needs everywhere, and what there.
    fn breadth(body: &str) -> (Vec<String>, Vec<String>) {
        let rest = "forbid \"a\" {\n  text = \"{name}\"\n  matches = \".\"\n}\ncase \"a\" { message = \"m\" }\n";
        let entry =
            format!("summary = \"x\"\nseverity = \"error\"\nfacts = \"repo\"\n{body}\n{rest}");
        let files = [("t/pack.hcl", PACK), ("t/rule.hcl", entry.as_str())];
        let rules = load(&files, &[], &Settings::default()).unwrap();
        let checks = rules.rules.iter().filter_map(|rule| rule.check.as_deref());
        let Breadth { everywhere, there } = Breadth::of(&rules.gathers, checks);
        let names = |numbers: BTreeSet<usize>| {
            numbers.into_iter().map(|it| rules.gathers[it].name.to_string()).collect()
        };
        (names(everywhere), names(there))
    }

    fn asks(subject: &str, gather: &str, columns: &str) -> (Vec<String>, Vec<String>) {
        breadth(&format!(
            "select {subject}\nwhere {{\n  exists {{\n    in    = \"{gather}\"\n    {columns}\n  }}\n}}"
        ))
    }

    #[test]
    fn rows_that_are_judged_one_by_one_are_needed_there() {
        assert_eq!(
            breadth("select \"row\" { of = \"made\" }"),
            (vec![], vec!["t.said".into(), "t.made".into()])
        );
        let (everywhere, there) =
            asks("\"row\" { of = \"made\" }", "said", "match = { script = \"{name}\" }");
        assert_eq!((everywhere, there), (vec!["t.said".into()], vec!["t.made".into()]));
    }

    #[test]
    fn rows_that_must_stand_in_the_same_place_are_needed_there() {
        let file = "\"file\" { files = [\"**\"] }";
        let there = (vec![], vec!["t.said".to_owned()]);
        let everywhere = (vec!["t.said".to_owned()], vec![]);
        assert_eq!(asks(file, "said", "match = { script = \"{file}\" }"), there);
        assert_eq!(asks(file, "said", "match = { module = \"{module}\" }"), there);
        // What is said of the file is not the file.
        assert_eq!(asks(file, "said", "match = { said_of = \"{file}\" }"), everywhere);
        assert_eq!(asks(file, "said", "match = { script = \"{module}\" }"), everywhere);
        assert_eq!(asks(file, "said", "differs = { script = \"{file}\" }"), everywhere);
        assert_eq!(asks(file, "said", "match = { script = \"x{file}\" }"), everywhere);
    }

    #[test]
    fn where_the_place_may_be_another_one_every_row_is_needed() {
        let file = "\"file\" { files = [\"**\"] }";
        let is_everywhere = |subject: &str, gather: &str, columns: &str| {
            let (everywhere, there) = asks(subject, gather, columns);
            assert!(everywhere.contains(&format!("t.{gather}")) && there.is_empty(), "{gather}");
        };
        is_everywhere("\"image\" {}", "said", "match = { script = \"{file}\" }");
        is_everywhere("\"stack\" {}", "said", "match = { script = \"{file}\" }");
        is_everywhere(file, "images", "match = { script = \"{file}\" }");
        is_everywhere(file, "made", "match = { script = \"{file}\" }");
        is_everywhere(file, "called", "match = { file = \"{file}\" }");
        is_everywhere(file, "must_be", "match = { file = \"{file}\" }");
        let again = format!("{file}\nlet \"file\" {{ text = \"{{name}}\" }}");
        is_everywhere(&again, "said", "match = { script = \"{file}\" }");
    }
}
