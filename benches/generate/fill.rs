//! Templates: text with `@word@` in it, for which something else is put.

use super::words::Words;

/// Fills templates of one file.
pub(super) struct Filler {
    words: Words,
    ascii: bool,
}

impl Filler {
    /// The filler of the file number `seed`. Most files hold text outside ASCII.
    pub(super) fn new(seed: u64) -> Filler {
        Filler { words: Words::new(seed), ascii: seed % 8 == 7 }
    }

    /// `template` with the places in `given` filled in, and `@note@`, `@remark@`, `@words@`, `@number@` and
    /// `@paragraph@` with something new each time. An `@` that belongs to none of these stays.
    pub(super) fn fill(&mut self, template: &str, given: &[(&str, &str)]) -> String {
        let mut text = String::with_capacity(template.len() * 2);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('@') {
            text.push_str(before);
            let indent = indent_of_last_line(&text);
            let place = after
                .split_once('@')
                .and_then(|(name, behind)| Some((self.word(name, given, indent)?, behind)));
            if let Some((value, behind)) = place {
                text.push_str(&value);
                rest = behind;
            } else {
                text.push('@');
                rest = after;
            }
        }
        text.push_str(rest);
        text
    }

    fn word(&mut self, name: &str, given: &[(&str, &str)], indent: usize) -> Option<String> {
        match name {
            "remark" => Some(self.remark(indent)),
            "note" => Some(self.words.note(self.ascii)),
            "words" => Some(self.words.words(3)),
            "number" => Some(self.words.number(60).to_string()),
            "paragraph" => Some(self.paragraph()),
            _ => {
                given.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            }
        }
    }

    /// Some lines of comment.
    fn remark(&mut self, indent: usize) -> String {
        let count = 1 + self.words.number(8);
        let lines: Vec<String> = (0..count)
            .map(|_| format!("# {} {}", self.words.words(5), self.words.note(self.ascii)))
            .collect();
        lines.join(&format!("\n{}", " ".repeat(indent)))
    }

    fn paragraph(&mut self) -> String {
        let lines: Vec<String> = (0..5)
            .map(|_| format!("{} {}.", self.words.words(6), self.words.note(self.ascii)))
            .collect();
        lines.join("\n")
    }

    /// `template` again and again until there are `lines` lines, indented by `indent`.
    pub(super) fn repeat(
        &mut self,
        template: &str,
        given: &[(&str, &str)],
        lines: usize,
        indent: &str,
    ) -> String {
        let mut text = String::new();
        let mut count = 0;
        while count < lines {
            for line in self.fill(template, given).lines() {
                text.push_str(if line.is_empty() { "" } else { indent });
                text.push_str(line);
                text.push('\n');
                count += 1;
            }
        }
        text
    }
}

fn indent_of_last_line(text: &str) -> usize {
    let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
    line.len() - line.trim_start().len()
}
