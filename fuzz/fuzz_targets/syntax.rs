//! Whatever a file says, in whatever language: it is read without a panic, and every range lies inside of it.
//!
//! The first line of the input is the file's name, the rest its text.

#![no_main]

mod input;

use libfuzzer_sys::fuzz_target;
use tautline::syntax::language::Language;
use tautline::syntax::{Format, SourceFile, secret_ranges};
use tautline::text::{FileId, TextRange};

fuzz_target!(|data: &[u8]| {
    let Some((path, text)) = input::split(data) else { return };
    let format = Format::of(path);
    let file = SourceFile::new(FileId(0), path.into(), text.into(), format);
    let is_inside = |range: TextRange| text.get(range.indices()).is_some();
    for comment in file.comments().all() {
        assert!(is_inside(comment.range), "comment {:?}", comment.range);
    }
    for range in secret_ranges(&file) {
        assert!(is_inside(range), "secret {range:?}");
    }
    if let Some(document) = &file.hcl {
        for error in &document.errors {
            assert!(is_inside(error.range), "error {:?}", error.range);
        }
    } else {
        let _ = file.surface();
        let _ = Language::of(format).parse(text);
    }
});
