//! Dockerfiles: stages, what they are built from, and their instructions.

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::json;
use crate::syntax::surface::{dockerfile_instructions, dockerfile_words};
use crate::syntax::yaml::Node;
use crate::text::TextRange;

/// Reads a Dockerfile. Whatever begins with a word is an instruction.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let whole = TextRange::new(0, text.len());
    if let Some(range) = other_escape(text) {
        let message = "another escape than a backslash is not understood".to_owned();
        return Err(SyntaxError { message, help: None, range });
    }
    let mut arguments = Vec::new();
    let mut stages: Vec<(Object, Vec<Node>, TextRange)> = Vec::new();
    for range in dockerfile_instructions(text, whole) {
        let words = dockerfile_words(text, range);
        let Some((keyword, rest)) = words.split_first() else {
            continue;
        };
        let name = text[keyword.indices()].to_ascii_uppercase();
        if !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let message = "this is no instruction of a Dockerfile".to_owned();
            return Err(SyntaxError { message, help: None, range: *keyword });
        }
        match name.as_str() {
            "FROM" => stages.push((stage(text, *keyword, rest), Vec::new(), *keyword)),
            "ARG" => arguments.extend(rest.iter().filter_map(|word| argument(text, *word))),
            _ => {}
        }
        if let (Some((_, instructions, range)), true) = (stages.last_mut(), name != "FROM") {
            let instruction = instruction(text, name, *keyword, rest);
            *range = range.cover(instruction.range);
            instructions.push(instruction);
        }
    }
    let stages = stages.into_iter().map(|(stage, instructions, range)| {
        stage.with("instructions", build::list(instructions, range)).finish()
    });
    let stages = build::list(stages.collect(), whole);
    let arguments = build::list(arguments, whole);
    Ok(Object::new(whole).with("arguments", arguments).with("stages", stages).finish())
}

fn stage(text: &str, keyword: TextRange, words: &[TextRange]) -> Object {
    let mut operands = words.iter().filter(|word| !text[word.indices()].starts_with("--"));
    let image = operands.next().map(|image| unquoted(text, *image));
    let name = operands.nth(1).map(|name| build::verbatim(text, *name));
    let range = words.iter().fold(keyword, |range, word| range.cover(*word));
    Object::new(range).with_some("image", image).with_some("name", name)
}

fn argument(text: &str, word: TextRange) -> Option<Node> {
    let (name, value) = text[word.indices()].split_once('=')?;
    let value = unquoted(text, word.slice(name.len() + 1, value.len()));
    let name = build::verbatim(text, word.slice(0, name.len()));
    Some(Object::new(word).with("name", name).with("value", value).finish())
}

fn instruction(text: &str, name: String, keyword: TextRange, words: &[TextRange]) -> Node {
    let said = match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.cover(*last),
        _ => TextRange::empty(keyword.end as usize),
    };
    let list = exec_form(text, words)
        .unwrap_or_else(|| words.iter().map(|word| unquoted(text, *word)).collect());
    Object::new(keyword.cover(said))
        .with("keyword", build::text(name, keyword))
        .with("words", build::list(list, said))
        .with("text", build::verbatim(text, said))
        .finish()
}

/// The words of `CMD ["sh", "-c", "…"]`: flags, and then the elements of a list.
fn exec_form(text: &str, words: &[TextRange]) -> Option<Vec<Node>> {
    let flags = words.iter().take_while(|word| text[word.indices()].starts_with("--")).count();
    let (flags, list) = words.split_at(flags);
    let range = list.first()?.cover(*list.last()?);
    let mut list = json::parse(&text[range.indices()]).ok()?;
    if list.items().is_empty() || list.items().iter().any(|item| item.as_str().is_none()) {
        return None;
    }
    list.shift(range.start);
    let said = |item: &Node| Some(build::text(item.as_str()?, item.range));
    let flags = flags.iter().map(|flag| unquoted(text, *flag));
    Some(flags.chain(list.items().iter().filter_map(said)).collect())
}

/// The directive that makes another character than a backslash the one that lines go on after.
fn other_escape(text: &str) -> Option<TextRange> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let directive = line.trim_start_matches('\u{feff}').trim().strip_prefix('#')?;
        let (name, value) = directive.split_once('=')?;
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() != "\\" {
            return Some(TextRange::new(start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}

fn unquoted(text: &str, range: TextRange) -> Node {
    let written = &text[range.indices()];
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let is_quoted = quote.is_some_and(|quote| written.len() > 1 && written.ends_with(quote));
    build::verbatim(text, if is_quoted { range.slice(1, written.len() - 2) } else { range })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::syntax::language::testing::show;

    #[test]
    fn stages_and_instructions() {
        let text = "# c\nARG V=\"1.2\"\r\nFROM --platform=x go:${V} AS build\nrun a && \\\n  # c\n  b\nARG W\nFROM build\nCOPY --from=build /a /b\n";
        assert_eq!(
            show(text, &parse(text).unwrap()),
            "{arguments: [{name: V, value: 1.2}], stages: [{image: go:${V}, name: build, instructions: [\
             {keyword: RUN, words: [a, &&, b], text: a && \\\n  # c\n  b}, {keyword: ARG, words: [W], text: W}]}, \
             {image: build, instructions: [{keyword: COPY, words: [--from=build, /a, /b], text: --from=build /a /b}]}]}"
        );
    }

    #[test]
    fn quotes_and_lists_make_words() {
        let text = "FROM a\nARG V=\"a b\" W\nENV X='c d' Y=it\\'s\nCMD [\"sh\", \"-c\", \"a \\\"b\\\"\"]\nRUN [ -f x ]\nRUN echo it's\n";
        assert_eq!(
            show(text, &parse(text).unwrap()),
            "{arguments: [{name: V, value: a b}], stages: [{image: a, instructions: [\
             {keyword: ARG, words: [V=\"a b\", W], text: V=\"a b\" W}, \
             {keyword: ENV, words: [X='c d', Y=it\\'s], text: X='c d' Y=it\\'s}, \
             {keyword: CMD, words: [sh, -c, a \"b\"], text: [\"sh\", \"-c\", \"a \\\"b\\\"\"]}, \
             {keyword: RUN, words: [[, -f, x, ]], text: [ -f x ]}, \
             {keyword: RUN, words: [echo, it's], text: echo it's}]}]}"
        );
        let cmd = parse(text).unwrap();
        let words = cmd.get("stages").unwrap().items()[0].get("instructions").unwrap().items()[2]
            .get("words")
            .unwrap();
        assert_eq!(&text[words.items()[1].range.indices()], "-c");
    }

    #[test]
    fn another_escape_is_not_understood() {
        assert!(parse("# syntax=x\n# escape=`\nFROM a\nRUN dir `\n  copy x\n").is_err());
        assert!(parse("# escape=\\\nFROM a\n").is_ok());
        assert!(parse("# a comment\n# escape=`\nFROM a\n").is_ok());
    }

    #[test]
    fn what_is_none_is_an_error() {
        assert!(parse("{\"a\": 1}").is_err());
        assert!(parse("\u{0}\u{1}").is_err());
        assert!(parse("").is_ok());
    }
}
