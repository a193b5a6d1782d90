//! Another name for something: the edits that call it so everywhere, with a `moved` block for what has a state.
//!
//! Invariant: there are edits only where after them nothing is left that uses the old name, as far as the repo can tell.

use std::ops::Range;

use super::code::blocks;
use super::{Code, Named, Place, What};
use crate::syntax::hcl::{Block, is_identifier};
use crate::syntax::{Format, HclUse, Parsed};
use crate::text::{TextRange, dir_of, line_end, path_in};

/// What stands in the place of some bytes of a file, by its path.
pub(super) type Edit<'s> = (&'s str, TextRange, String);

/// Calls `named` `new` instead; or why that cannot be.
pub fn rename<'s>(code: &Code<'s>, named: &Named, new: &str) -> Result<Vec<Edit<'s>>, String> {
    if !is_identifier(new) {
        return Err(format!(
            "`{new}` is no name: write letters, digits, `_` and `-`, and no digit first"
        ));
    }
    if named.name == new {
        return Ok(Vec::new());
    }
    let renamed = Named { name: new.into(), ..named.clone() };
    let is_declared = |of: &Named| code.places(of).iter().any(|(_, place)| place.is_declaration);
    if is_declared(&renamed) {
        return Err(format!("there is `{renamed}` in this module already"));
    }
    let places = code.places(named);
    let Some((home, given)) = places.iter().find(|(_, place)| place.is_declaration) else {
        return Err(format!("`{named}` is declared nowhere in this module"));
    };
    is_readable(code, named)?;
    is_known_everywhere(code, named)?;
    if let Some((path, _)) = places.iter().find(|(_, place)| !place.is_plain) {
        return Err(format!(
            "`{path}` writes `{named}` in a way of its own: change it there first"
        ));
    }
    let edit = |(path, place): &(&'s str, Place)| (*path, place.range, new.to_owned());
    let mut edits: Vec<Edit<'s>> = places.iter().map(edit).collect();
    if matches!(named.what, What::Call | What::Resource(_)) {
        edits.push(moved(code, (home, given), &renamed)?);
    }
    Ok(edits)
}

/// The block that takes the state along to the name `to`, below the block whose name is `given` in the file at `home`.
fn moved<'s>(
    code: &Code<'s>,
    (home, given): (&str, &Place),
    to: &Named,
) -> Result<Edit<'s>, String> {
    let from = &given.of;
    let is_back = |block: &Block| {
        let address = block.body.attribute("from").filter(|_| block.kind.name == "moved");
        let references = address.map(|it| it.value.references(&[])).unwrap_or_default();
        references.iter().any(|it| match (it.name(0), it.steps.len()) {
            (Some(name), 1) => format!("{}.{name}", it.root) == to.to_string(),
            _ => false,
        })
    };
    let mut in_module = code.files().filter(|it| is_of(it, &from.dir));
    if let Some(file) = in_module.find(|file| blocks(file).any(is_back)) {
        return Err(format!(
            "a `moved` block in `{}` says that `{to}` has another name now: take it out first",
            file.path
        ));
    }
    let file = code.files().find(|it| *it.path == *home && !it.format.is_hcl_in_json());
    let is_given = |block: &&Block| block.header.contains(given.range);
    let Some((file, block)) = file.and_then(|it| Some((it, blocks(it).find(is_given)?))) else {
        return Err(format!("`{home}` cannot hold the `moved` block that `{from}` needs"));
    };
    // A comment behind the closing brace stays there.
    let rest = &file.text[block.range.end as usize..];
    let line = rest.lines().next().unwrap_or_default();
    let end = block.range.end as usize + line.len();
    let text = format!("\n\nmoved {{\n  from = {from}\n  to   = {to}\n}}");
    let text = text.replace('\n', line_end(&file.text));
    Ok((&file.path, TextRange::new(end, end), text))
}

fn is_of(file: &Parsed, dir: &str) -> bool {
    file.format.is_terraform() && dir_of(&file.path) == dir
}

/// What is broken may say the name in a place that nobody sees.
fn is_readable(code: &Code<'_>, named: &Named) -> Result<(), String> {
    let callers: Vec<&str> = code.callers(&named.dir).collect();
    let is_near = |file: &&Parsed| {
        let dir = dir_of(&file.path);
        dir == named.dir || callers.contains(&dir)
    };
    let is_broken = |file: &&Parsed| file.hcl.as_ref().is_some_and(|it| !it.errors.is_empty());
    match code.files().filter(is_near).find(is_broken) {
        Some(file) => Err(format!("`{}` has a syntax error: mend it first", file.path)),
        None => Ok(()),
    }
}

/// What others know by its name may be used where nobody can follow it.
fn is_known_everywhere(code: &Code<'_>, named: &Named) -> Result<(), String> {
    let is_called = code.callers(&named.dir).next().is_some();
    let uses = |file: &&Parsed| match named.what {
        What::Variable => {
            let is_set = || !is_called && sets(file, named);
            says(&file.text, &format!("TF_VAR_{}", named.name)) || is_set()
        }
        What::Output => {
            let is_followed = |at: &Range<usize>| {
                let mut places = code.in_file(&file.path).into_iter();
                places.any(|it| it.of == *named && it.range.end as usize == at.end)
            };
            let text = format!("outputs.{}", named.name);
            !is_called && words(&file.text, &text).any(|at| !is_followed(&at))
        }
        _ => false,
    };
    let is_tested = |file: &&Parsed| is_test(file, &named.dir) && says(&file.text, &named.name);
    // What is written about it is prose.
    let mut files = code.files().filter(|file| file.format != Format::Markdown);
    match files.find(|file| is_tested(file) || uses(file)) {
        Some(file) => {
            Err(format!("`{}` uses `{}` too: change it there first", file.path, named.name))
        }
        None => Ok(()),
    }
}

/// Whether `file` holds tests of the module in `dir`.
fn is_test(file: &Parsed, dir: &str) -> bool {
    let is_one = [".tftest.hcl", ".tftest.json", ".tofutest.hcl", ".tofutest.json"]
        .iter()
        .any(|end| file.path.ends_with(end));
    let holder = dir_of(&file.path);
    is_one && (holder == dir || holder == path_in(dir, "tests"))
}

/// Whether `file`, which belongs to no module or to one above, may set the variable `named` of a module that nobody calls.
fn sets(file: &Parsed, named: &Named) -> bool {
    let dir = dir_of(&file.path);
    let is_above =
        named.dir != dir && (dir.is_empty() || named.dir.starts_with(&format!("{dir}/")));
    let Some(document) = file.hcl.as_ref().filter(|_| is_above) else { return false };
    match file.format {
        Format::Hcl(HclUse::Variables | HclUse::VariablesJson) => {
            document.body.attribute(&named.name).is_some()
        }
        format if format.is_module_code() => false,
        _ => {
            let inputs = document.body.attribute("inputs");
            inputs.is_some_and(|it| says(&file.text[it.value.range.indices()], &named.name))
        }
    }
}

fn says(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

/// Where `word` stands in `text`, and is no part of a longer one.
fn words(text: &str, word: &str) -> impl Iterator<Item = Range<usize>> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let found = text.match_indices(word).map(|(at, found)| at..at + found.len());
    found.filter(move |at| {
        !text[..at.start].ends_with(is_part) && !text[at.end..].starts_with(is_part)
    })
}
