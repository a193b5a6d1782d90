//! Reads `select "text"`: which files are searched, and what for.

use super::derive::group_names;
use super::read::Compiler;
use super::select::{Select, TextSelect, TextZone};
use super::surroundings;
use crate::syntax::hcl::Block;

impl Compiler<'_> {
    pub(super) fn text_select(&mut self, block: &Block) -> Option<Select> {
        let body = &block.body;
        let words = self.strings(body, "words").unwrap_or_default();
        if words.is_empty() {
            self.error_with_help(
                block.header,
                "`words` is missing: texts of which one stands in every file that matches",
                "add `words = [\"…\"]`, so that other files are not searched",
            );
            return None;
        }
        let Some((pattern, range)) = self.string(body, "matches") else {
            self.error(block.header, "`matches` is missing: the regex to look for");
            return None;
        };
        let regex = self.regex(&pattern, range)?;
        if !self.is_proven() {
            self.check_words(&words, &regex);
        }
        let names = group_names(&pattern);
        for name in &names {
            self.name(name);
        }
        for name in ["key", "keys"].into_iter().chain(surroundings::NAMES) {
            self.name(name);
        }
        let mut zones = Vec::new();
        for (word, range) in self.listed(body, "zones").unwrap_or_default() {
            match TextZone::parse(&word) {
                Some(zone) => zones.push(zone),
                None => self.offer("zone", &word, range, TextZone::WORDS),
            }
        }
        if zones.is_empty() {
            zones = vec![TextZone::String, TextZone::Code];
        }
        let files = self.files(body);
        let words = words.into_iter().map(|(word, _)| word.to_string()).collect();
        let surroundings = self.surroundings;
        let text = TextSelect { files, words, pattern: regex, names, zones, surroundings };
        Some(Select::Text(Box::new(text)))
    }
}
