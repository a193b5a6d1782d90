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
    let is_pack_file = |name: &str| {
        let kind = Path::new(name).extension();
        name.contains('/') && kind.is_some_and(|kind| kind == "hcl" || kind == "md")
    };
    embed(&root.join("rules"), is_pack_file, "rules.rs")?;
    embed(&root.join("fixtures/bases"), |_| true, "bases.rs")
}

/// Writes the code of a slice of the files below `root` that are `wanted`: path below `root`, text.
fn embed(
    root: &Path,
    wanted: impl Fn(&str) -> bool,
    code_file: &str,
) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    gather(root, "", &mut files)?;
    files.retain(|(name, _)| wanted(name));
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in &files {
        writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
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
