//! The output of `show -json` → what was measured, without ever holding the plan as a whole.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use super::process::Output;
use super::said::last_lines;
use crate::drift::read::{self, Input};
use crate::drift::{InputKind, Measured, StackRef};

/// How a plan in JSON begins, whatever a wrapper printed before it.
const BEGINNING: &[u8] = b"{\"format_version\"";

/// How far it may be from there to the beginning.
const PREAMBLE: u64 = 64 << 10;

/// What came of an output.
#[derive(Debug)]
pub(super) enum Digest {
    /// It is a plan.
    Measured(Box<Measured>),
    /// It is none, or broken.
    Unread {
        /// Why: one line.
        why: String,
        /// What it says instead.
        said: String,
    },
}

/// What `output` says about `stack`.
pub(super) fn digest(stack: &StackRef, output: Output) -> Digest {
    let mut output = BufReader::with_capacity(64 << 10, output);
    let digest = parse(stack, &mut output);
    // Who writes to a pipe that nobody reads is killed.
    let _ = io::copy(&mut output, &mut io::sink());
    digest
}

fn parse(stack: &StackRef, output: &mut impl BufRead) -> Digest {
    let mut start = Vec::new();
    let at = loop {
        let is_end = output.by_ref().take(PREAMBLE).read_until(b'\n', &mut start);
        let from = start.windows(BEGINNING.len()).position(|window| window == BEGINNING);
        match (from, is_end) {
            (Some(at), _) => break at,
            (None, Ok(read)) if read > 0 && (start.len() as u64) < PREAMBLE => {}
            (None, _) => {
                let said = String::from_utf8_lossy(&start).into_owned();
                let why = last_lines(&said, 1).pop();
                let why = why.map_or_else(
                    || "`show -json` says nothing".to_owned(),
                    |line| format!("`show -json` says something else: {line}"),
                );
                return Digest::Unread { why, said };
            }
        }
    };
    // A plan is one line. What comes behind it is a wrapper's.
    let is_whole = start.ends_with(b"\n");
    let rest: Box<dyn Read + '_> =
        if is_whole { Box::new(io::empty()) } else { Box::new(Line(output)) };
    let plan = Cursor::new(start.split_off(at)).chain(rest);
    match read::read(&stack.name, plan) {
        Input::Measured(measured) => {
            let mut measured = *measured;
            measured.stack = stack.clone();
            measured.kind = InputKind::Run;
            Digest::Measured(Box::new(measured))
        }
        Input::Unread(unread) => Digest::Unread { why: unread.why, said: String::new() },
        Input::State(_) | Input::Inventory => {
            Digest::Unread { why: "it is no plan".to_owned(), said: String::new() }
        }
    }
}

/// The rest of a line.
struct Line<'a, R>(&'a mut R);

impl<R: BufRead> Read for Line<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.0.fill_buf()?;
        let end = ready.iter().position(|byte| *byte == b'\n').unwrap_or(ready.len());
        let count = end.min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.0.consume(count);
        Ok(count)
    }
}
