//! Writes what the fuzzer starts from: the cases of all pages, into `corpus/`.

#[path = "../fuzz_targets/fixed/mod.rs"]
mod fixed;

use std::fs;
use std::io;
use std::path::Path;

use tautline::rule::PackFile;
use tautline::rule::cases::cases;

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let (syntax, fix) = (corpus.join("syntax"), corpus.join("fix"));
    fs::create_dir_all(&syntax)?;
    fs::create_dir_all(&fix)?;
    let pages = PackFile::builtin().into_iter().filter(PackFile::is_page);
    let files =
        pages.flat_map(|page| cases(&page.text).unwrap_or_default()).flat_map(|it| it.files);
    for (number, file) in files.enumerate() {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        fs::write(syntax.join(number.to_string()), format!("{name}\n{}", file.text))?;
    }
    for (number, (_, mut case)) in fixed::all().into_iter().enumerate() {
        if let Some(file) = fixed::file(&mut case) {
            fs::write(fix.join(number.to_string()), format!("{number}\n{}", file.text))?;
        }
    }
    Ok(())
}
