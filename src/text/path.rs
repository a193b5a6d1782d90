//! Paths as text: with `/`, and empty for the directory that they are relative to.

/// The directory of what is at `path`; empty for what is in the root.
pub fn dir_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}

/// The name of what is at `path`, without its directory.
pub fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `path` relative to `directory`, if it is below it.
pub fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    if directory.is_empty() { Some(path) } else { path.strip_prefix(directory)?.strip_prefix('/') }
}

/// A directory as somebody types it (`./stacks/dns/`), as it is called here.
pub fn plain_dir(typed: &str) -> &str {
    typed.trim_start_matches("./").trim_end_matches('/')
}

/// The path of `name` in the directory `dir`, which is empty for the root.
pub fn path_in(dir: &str, name: &str) -> String {
    if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") }
}
