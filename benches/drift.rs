//! How long it takes to read plans and to put a report together, against the floor of only parsing the same JSON.
//! `docs/benchmarks.md` has the figures.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should say so at once")]

mod generate_plan;

use std::sync::OnceLock;

use divan::{Bencher, black_box};
use generate_plan::{Size, plan};
use mimalloc::MiMalloc;
use rayon::prelude::*;
use serde::de::IgnoredAny;
use tautline::analysis::{Readings, drift_without_source};
use tautline::drift::naming::Arrival;
use tautline::drift::read::{Input, read};

/// The one that the program has.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How many plans a night brings.
const PLANS: usize = 150;

/// The size of one: 2 MB, with a change in every tenth instance.
const SIZE: Size = Size { instances: 210, one_in: 10 };

fn main() {
    divan::main();
}

fn text() -> &'static [u8] {
    static TEXT: OnceLock<Vec<u8>> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut text = Vec::new();
        plan(SIZE, &mut text).unwrap();
        text
    })
}

/// The floor: the JSON of every plan, parsed and thrown away.
#[divan::bench(sample_count = 10)]
fn parse_alone(bencher: Bencher<'_, '_>) {
    let text = text();
    bencher.bench(|| {
        (0..PLANS).into_par_iter().for_each(|_| {
            black_box(serde_json::from_slice::<IgnoredAny>(text).unwrap());
        });
    });
}

/// Reads every plan, and puts the report together.
#[divan::bench(sample_count = 10)]
fn report(bencher: Bencher<'_, '_>) {
    let text = text();
    bencher.bench(|| {
        let arrival = |number: usize| {
            let name = format!("stack-{number}");
            let Input::Measured(measured) = read(&name, text) else { panic!("no plan") };
            let (given, below) = (Some(name.clone()), name);
            Arrival {
                measured: *measured,
                given,
                below,
                inside: None,
                modified: None,
                instances: Vec::new(),
            }
        };
        let arrivals = (0..PLANS).into_par_iter().map(arrival).collect();
        black_box(drift_without_source(Readings { arrivals, ..Readings::default() }))
    });
}
