//! Embeds every pack file under `rules/` into the binary, sorted by path.

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
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    gather(&root, "", &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in &files {
        writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string())?;
    }
    code.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("rules.rs"), code)?;
    Ok(())
}

/// Adds the pack files below `directory`, named by their path below `rules/`.
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
        } else if !prefix.is_empty()
            && path.extension().is_some_and(|kind| kind == "hcl" || kind == "md")
        {
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(())
}
