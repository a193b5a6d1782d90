//! Which columns of a gather somebody asks for: of a hundred thousand rows only those are kept.
//!
//! Invariant: what a rule or a gather may look at in a row is noted while it is read, before anything is gathered.

use smol_str::SmolStr;

use super::env::IMPLICIT;
use super::read::Compiler;
use crate::text::TextRange;

impl Compiler<'_> {
    /// The gather that `word` names, each row of which is a subject.
    pub(super) fn gather_of_rows(&mut self, word: &str, range: TextRange) -> Option<usize> {
        let found = self.gather(word, range)?;
        self.subject_gathers.push(found);
        Some(found)
    }

    /// A column of a gather, which must have it.
    pub(super) fn column(
        &mut self,
        gather: usize,
        name: &str,
        range: TextRange,
    ) -> Option<SmolStr> {
        let gathers = self.shared.gathers;
        gathers.get(gather)?.ask(|column| column == name);
        let known = gathers.get(gather)?.columns();
        if known.iter().any(|column| column == name) || IMPLICIT.contains(&name) {
            return Some(name.into());
        }
        let all = known.iter().map(SmolStr::as_str).chain(IMPLICIT.iter().copied());
        self.offer("column", name, range, all);
        None
    }

    /// Notes what is asked of the rows that are subjects in what was read last, which is written as `text`: every column is
    /// a name there.
    pub(super) fn ask_rows(&self, text: &str) {
        let may_ask = |column: &str| {
            let texts = self.lent.iter().map(SmolStr::as_str).chain([text]);
            self.asks_any_column || texts.into_iter().any(|text| text.contains(column))
        };
        let asked = self.subject_gathers.iter().filter_map(|&at| self.shared.gathers.get(at));
        asked.for_each(|gather| gather.ask(may_ask));
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    /// The columns that are asked for of a gather with the columns `one`, `two` and `other`, whose rows are the subjects of
    /// `reader`: what stands behind `select` in a rule.
    fn asked(reader: &str) -> String {
        let pack = r#"
summary = "s"
params { said = "{two}" }
gather "said" {
  select "resource" {}
  let "one" { path = "a" }
  let "two" { path = "b" }
  let "other" { path = "c" }
}
"#;
        let rule = format!(
            "summary = \"s\"\nseverity = \"error\"\nselect \"row\" {{ of = \"said\" }}\n{reader}\ncase \"it\" {{ message = \"m\" }}\n"
        );
        let files = [("p/pack.hcl", pack.to_owned()), ("p/rule.hcl", rule)];
        let set = crate::rule::load(&files, &[], &Settings::default()).unwrap();
        set.gathers[0].asked.join(" ")
    }

    #[test]
    fn what_is_not_named_is_not_asked_for() {
        let of = |question: &str| asked(&format!("forbid \"it\" {{\n{question}\n}}"));
        assert_eq!(of("path = \"one\"\nequals = \"x\""), "one");
        assert_eq!(of("path = \"one\"\nequals = \"{other}\""), "one other");
    }

    #[test]
    fn what_a_param_names_is_asked_for() {
        assert_eq!(asked("forbid \"it\" {\npath = \"one\"\nequals = param.said\n}"), "one two");
    }

    #[test]
    fn where_only_the_rows_tell_which_column_is_meant_all_are_asked_for() {
        let reader = "each \"name\" { texts = [\"a\", \"b\"] }\nforbid \"it\" {\npath = \"{name}\"\npresent = true\n}";
        assert_eq!(asked(reader), "one other two");
    }
}
