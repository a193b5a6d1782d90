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
pub(super) type Edits<'s> = Vec<(&'s str, TextRange, String)>;

/// Calls `named` `new` instead; or why that cannot be.
pub fn rename<'s>(code: &Code<'s>, named: &Named, new: &str) -> Result<Edits<'s>, String> {
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
    let Some((home, _)) = places.iter().find(|(_, place)| place.is_declaration) else {
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
    let mut edits: Edits<'s> = places.iter().map(edit).collect();
    if matches!(named.what, What::Call | What::Resource(_)) {
        edits.push(moved(code, home, named, &renamed)?);
    }
    Ok(edits)
}

/// The block that takes the state along, below the one that is renamed, in the file at `home`.
fn moved<'s>(
    code: &Code<'s>,
    home: &str,
    from: &Named,
    to: &Named,
) -> Result<(&'s str, TextRange, String), String> {
    let in_module = || code.files().filter(|it| is_of(it, &from.dir));
    let is_back = |block: &Block| {
        let says = |name: &str, wanted: &Named| {
            let address = block.body.attribute(name).map(|it| &it.value);
            address.is_some_and(|it| {
                it.references(&[]).iter().any(|it| {
                    let whole =
                        [it.root.as_str(), it.name(0).map_or("", |it| it.as_str())].join(".");
                    it.steps.len() == 1 && whole == wanted.to_string()
                })
            })
        };
        block.kind.name == "moved" && says("from", to)
    };
    if let Some(file) = in_module().find(|file| blocks(file).any(is_back)) {
        return Err(format!(
            "a `moved` block in `{}` says that `{to}` has another name now: take it out first",
            file.path
        ));
    }
    let declared = in_module().filter(|it| *it.path == *home).find_map(|file| {
        let label = |block: &Block| block.labels.last().is_some_and(|it| it.name == from.name);
        let is_it = |block: &&Block| match &from.what {
            What::Resource(kind) => {
                block.kind.name == "resource" && block.label(0) == Some(kind) && label(block)
            }
            _ => block.kind.name == "module" && label(block),
        };
        Some((file, blocks(file).find(is_it)?))
    });
    let Some((file, block)) = declared else {
        return Err(format!("`{from}` is declared nowhere in this module"));
    };
    if file.format.is_hcl_in_json() {
        return Err(format!(
            "`{home}` is JSON, and the `moved` block that `{from}` needs cannot be written for it"
        ));
    }
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
            let places = code.in_file(&file.path);
            let is_followed = |at: &Range<usize>| {
                let of_output = |it: &&Place| it.of == *named && it.range.end as usize == at.end;
                places.iter().any(|it| of_output(&it))
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
