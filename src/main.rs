//! The binary: arguments in, exit code out.

use std::process::ExitCode;

/// Values are many small things that live briefly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tautline::cli::run(std::env::args_os()).into()
}
