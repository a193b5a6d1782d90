//! Writes the repo that the benchmarks measure with: `cargo run --example generate-repo -- DIRECTORY [COPIES]`.

#![expect(clippy::disallowed_methods, reason = "a generator writes files")]

mod generate;

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let copies = arguments.get(1).map_or(Ok(1), |copies| copies.parse());
    let (Some(directory), Ok(copies)) = (arguments.first(), copies) else {
        return complain("usage: generate-repo DIRECTORY [COPIES]; the directory is emptied first");
    };
    match generate::repo(Path::new(directory), copies) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&format!("the repo cannot be written: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "there is nobody else to tell")]
fn complain(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
