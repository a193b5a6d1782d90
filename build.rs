//! Embeds every pack file under `rules/` into the binary, and the fixtures that their cases start from, sorted by path.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads the sources and its own environment"
)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let is_of = |name: &str, kind: &str| {
        name.contains('/') && Path::new(name).extension().is_some_and(|known| known == kind)
    };
    let (rules, bases) = (root.join("rules"), root.join("fixtures/bases"));
    embed(
        &rules,
        |name| is_of(name, "hcl"),
        "entries.rs",
        |name, text| format!("({name}, {text})"),
    )?;
    // The texts of pages stand together, apart from all else: while nobody reads them, they take no memory.
    embed(&rules, |name| is_of(name, "md"), "page_names.rs", |name, _| name.to_owned())?;
    embed(&rules, |name| is_of(name, "md"), "page_texts.rs", |_, text| text.to_owned())?;
    embed(&bases, |_| true, "bases.rs", |name, text| format!("({name}, {text})"))
}

/// Writes the code of a slice with one element for each of the files below `root` that are `wanted`: what `element` makes of
/// its path below `root` and its text.
fn embed(
    root: &Path,
    wanted: impl Fn(&str) -> bool,
    code_file: &str,
    element: impl Fn(&str, &str) -> String,
) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    gather(root, "", &mut files)?;
    files.retain(|(name, _)| wanted(name));
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in &files {
        let text = format!("include_str!({:?})", path.display().to_string());
        writeln!(code, "    {},", element(&format!("{name:?}"), &text))?;
    }
    code.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join(code_file), code)?;
    Ok(())
}

/// Adds the files below `directory`, named by their path below the root.
fn gather(
    directory: &Path,
    prefix: &str,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| format!("{}: not UTF-8", name.display()))?;
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(())
}
