//! Rows of a table: how a situation is brought about, and what Terraform and tautline say of it.

use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::golden;
use super::reads::reads;
use super::says::{complains, says};
use super::stage::{self, Planned, Stack, Stage};

pub(crate) struct Row {
    /// The name of its record.
    pub(crate) name: &'static str,
    /// Brings it about.
    pub(crate) make: fn(&Stack) -> Planned,
    /// Terraform's exit code, with `-detailed-exitcode`.
    pub(crate) exit: i32,
    /// What Terraform says: see [`says`], and [`complains`] where there is a stream.
    pub(crate) says: &'static [&'static str],
}

/// How many stacks are planned at once.
const WORKERS: usize = 2;

/// Does `work` for each of `items`, some at once. All are done before one that failed is told.
pub(crate) fn each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if panic::catch_unwind(AssertUnwindSafe(|| work(item))).is_err() {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(failed.into_inner(), 0, "so many failed, as said above");
}

/// Brings every row about, and compares what Terraform says with what the table says, and its plan with the record.
pub(crate) fn live(table: &str, rows: &[Row]) {
    let Some(version) = stage::terraform(table) else { return };
    each(rows, |row| one(table, row, version));
}

fn one(table: &str, row: &Row, version: &str) {
    let stage = Stage::new();
    let planned = (row.make)(&stage.stack("stack"));
    let is_stream = planned.text.starts_with('{');
    let plan = planned.plan.map(|plan| golden::stable(&plan, stage.root()));
    let stream = is_stream.then(|| golden::stable_stream(&planned.text, stage.root()));
    let name = format!("{table}/{}", row.name);
    assert_eq!(said(plan.as_deref(), stream.as_deref()), row.says, "{name}: {}", planned.text);
    assert_eq!(planned.exit, row.exit, "{name}: {}", planned.text);
    for (kind, found) in [("json", plan), ("jsonl", stream)] {
        if let Some(found) = found {
            golden::hold(&record(&name, kind), &found, version);
        }
    }
}

/// Compares what the records say with what the table says, and what tautline reads in them with `verdicts.txt` beside them,
/// which is written by hand.
pub(crate) fn recorded(table: &str, rows: &[Row]) {
    let verdicts = golden::read(&format!("golden/{table}/verdicts.txt"));
    let mut found = String::new();
    for row in rows {
        let name = format!("{table}/{}", row.name);
        let [plan, stream] = ["json", "jsonl"].map(|kind| golden::find(&record(&name, kind)));
        assert!(plan.is_some() || stream.is_some(), "{name} was not recorded");
        assert_eq!(said(plan.as_deref(), stream.as_deref()), row.says, "{name}");
        for (kind, text) in [("", plan), (" (messages)", stream)] {
            let Some(text) = text else { continue };
            let lines = reads(&name, &text).join("\n  ");
            let _ = writeln!(found, "{}{kind}: {lines}", row.name);
        }
    }
    assert!(found == verdicts, "{table}: found\n{found}\nand not\n{verdicts}");
}

fn record(name: &str, kind: &str) -> String {
    format!("golden/{name}.{kind}")
}

fn said(plan: Option<&str>, stream: Option<&str>) -> Vec<String> {
    let plan = plan.map(|plan| serde_json::from_str(plan).expect("terraform shows JSON"));
    let said = plan.as_ref().map(says).into_iter().flatten();
    said.chain(stream.map(complains).into_iter().flatten()).collect()
}
