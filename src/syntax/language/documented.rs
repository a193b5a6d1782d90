//! The examples of docs/languages.md are what the readers make of them.

use super::testing::show;
use super::{Language, markdown};
use crate::syntax::yaml;

#[test]
fn every_language_is_documented_by_an_example_that_holds() {
    let page = include_str!("../../../docs/languages.md");
    let tree = markdown::parse(page);
    let fences = tree.get("fences").unwrap().items();
    for word in Language::words() {
        if ["json", "text", "yaml", "yaml_template"].contains(&word) {
            continue;
        }
        let here = fences.iter().filter(|it| it.get("section").unwrap().as_str() == Some(word));
        let texts: Vec<_> = here.map(|fence| show(page, fence.get("text").unwrap())).collect();
        let [example, expected] = texts.as_slice() else {
            panic!("`{word}` needs an example and its tree, and has {} fences", texts.len());
        };
        let read = Language::of_word(word).unwrap().parse(example).unwrap().remove(0);
        let expected_tree = yaml::parse(expected).unwrap().remove(0);
        assert_eq!(show(example, &read), show(expected, &expected_tree), "{word}");
    }
}
