//! What another program kept about drift: the metrics of a Pushgateway.

use std::collections::{BTreeMap, BTreeSet};

use super::moment::Moment;
use super::{History, Spell, Standing};
use crate::drift::Status;

/// Since when a stack differs, in seconds.
const FIRST_SEEN: &str = "drift_stack_first_seen";

/// The same as tautline pushes it: since when the stack stands as it does, drift or not.
const OWN_FIRST_SEEN: &str = "drift_stack_first_seen_timestamp_seconds";

/// How a stack stands: 0 clean, 1 it differs; anything else, it could not be planned.
const STATE: &str = "drift_stack_state";

/// What was found in a dump.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Imported {
    /// Since when each stack differs.
    pub since: BTreeMap<String, Moment>,
    /// Stacks with a first-seen that the same dump calls clean: a Pushgateway keeps what is not pushed again.
    pub stale: BTreeSet<String>,
    /// Stacks whose first-seen is no moment: zero, negative, not a number.
    pub unusable: BTreeSet<String>,
    /// Stacks whose first-seen is still to come: a clock was wrong. Nothing would grow older until it has come.
    pub ahead: BTreeMap<String, Moment>,
}

/// Why a dump is of no use.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImportError {
    /// It is something else.
    #[error("line {0} is no metric in the text format of Prometheus")]
    Malformed(usize),
    /// There is nothing to take.
    #[error("it has no metric `drift_stack_first_seen`")]
    Nothing,
}

impl Imported {
    /// What was taken from a dump before.
    pub(super) fn of(since: BTreeMap<String, Moment>) -> Imported {
        Imported { since, ..Imported::default() }
    }

    fn take(&mut self, stack: String, seconds: f64, now: Moment) {
        let Some(first) = moment(seconds) else {
            self.unusable.insert(stack);
            return;
        };
        if first > now {
            self.ahead.insert(stack, first);
            return;
        }
        let known = self.since.entry(stack).or_insert(first);
        *known = first.min(*known);
    }
}

/// Reads what a Pushgateway shows under `/metrics`, as of `now`. Of several groups with the same stack, the earliest counts.
pub fn pushgateway(dump: &str, now: Moment) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut states: BTreeMap<String, f64> = BTreeMap::new();
    let mut own: BTreeMap<String, f64> = BTreeMap::new();
    let mut has_any = false;
    for (number, line) in dump.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let sample = sample(line).ok_or(ImportError::Malformed(number + 1))?;
        let Some(stack) = sample.stack else { continue };
        match sample.name {
            // Of several groups, the one that has something to say.
            STATE => {
                let state = states.entry(stack).or_insert(sample.value);
                *state = sample.value.max(*state);
            }
            OWN_FIRST_SEEN => {
                own.insert(stack, sample.value);
            }
            FIRST_SEEN => imported.take(stack, sample.value, now),
            _ => continue,
        }
        has_any |= sample.name != STATE;
    }
    if !has_any {
        return Err(ImportError::Nothing);
    }
    // What is pushed since when of a stack that could not be planned is since when it could not.
    for (stack, first) in own.into_iter().filter(|(stack, _)| states.get(stack) == Some(&1.0)) {
        imported.take(stack, first, now);
    }
    for (stack, _) in states.into_iter().filter(|(_, state)| *state == 0.0) {
        if imported.since.remove(&stack).is_some() {
            imported.stale.insert(stack);
        }
    }
    // Another group has a moment that can be used.
    imported.unusable.retain(|stack| !imported.since.contains_key(stack));
    imported.ahead.retain(|stack, _| !imported.since.contains_key(stack));
    Ok(imported)
}

fn moment(value: f64) -> Option<Moment> {
    // The end of the year 9999.
    let is_moment = (1.0..253_402_300_800.0).contains(&value);
    #[expect(clippy::cast_sign_loss, reason = "it is positive")]
    is_moment.then(|| Moment::from_unix_seconds(value as u64))
}

struct Sample<'a> {
    name: &'a str,
    stack: Option<String>,
    value: f64,
}

/// `name{label="value",…} value [timestamp]`
fn sample(line: &str) -> Option<Sample<'_>> {
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')?;
    let (name, rest) = line.split_at(end);
    let mut stack = None;
    let mut rest = rest.trim_start();
    if let Some(labels) = rest.strip_prefix('{') {
        rest = labels.trim_start();
        loop {
            if let Some(after) = rest.strip_prefix('}') {
                rest = after;
                break;
            }
            let (label, after) = rest.split_once('=')?;
            let (value, after) = quoted(after.trim_start())?;
            if label.trim() == "stack" {
                stack = Some(value);
            }
            rest = after.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
    }
    let value = rest.split_ascii_whitespace().next()?;
    let value = value.parse().ok()?;
    (!name.is_empty()).then_some(Sample { name, stack, value })
}

/// A value in quotes, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('"')?;
    let mut value = String::new();
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match (is_escaped, c) {
            (false, '\\') => is_escaped = true,
            (false, '"') => return Some((value, &text[at + 1..])),
            (true, 'n') => {
                value.push('\n');
                is_escaped = false;
            }
            (_, c) => {
                value.push(c);
                is_escaped = false;
            }
        }
    }
    None
}

impl History {
    /// Takes in since when stacks differ. Where more is known, the earlier moment counts; a stack that was measured and
    /// found in order stays so.
    pub fn import(&mut self, imported: &Imported) {
        for (name, &first) in &imported.since {
            let stack = self.stacks.entry(name.clone()).or_default();
            match &mut stack.standing {
                Some(standing) if standing.status.differs() => {
                    standing.spell.first = standing.spell.first.min(first);
                    standing.is_imported = true;
                }
                Some(_) => {}
                None => {
                    stack.standing = Some(Standing {
                        status: Status::Drift,
                        spell: Spell { first, last: first, times: 1 },
                        ended: 0,
                        is_imported: true,
                    });
                    stack.latest.get_or_insert(Status::Drift);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, errored, night, run};
    use super::*;

    const DUMP: &str = "\
# HELP drift_stack_first_seen Metric pushed by a script
# TYPE drift_stack_first_seen untyped
drift_stack_first_seen{instance=\"\",job=\"drift-detection\",stack=\"blog\"} 1.7934912e+09
drift_stack_first_seen{instance=\"\",job=\"drift-detection\",stack=\"dns\"} 1793491200
drift_stack_first_seen{ stack = \"a \\\"b\\\\\" , job=\"}x{\" } 1793491200 1793491300000
drift_stack_first_seen{stack=\"zero\"} 0
drift_stack_first_seen{stack=\"nan\"} NaN
drift_stack_first_seen{stack=\"far\"} +Inf
drift_stack_state{stack=\"blog\"} 1
drift_stack_state{stack=\"dns\"} 0
push_time_seconds{job=\"x\"} 1.79e+09
go_goroutines 12
";

    #[test]
    fn a_dump_says_since_when() {
        let imported = pushgateway(DUMP, at(30)).unwrap();
        let since = Moment::from_unix_seconds(1_793_491_200);
        let expected = [("a \"b\\".to_owned(), since), ("blog".to_owned(), since)];
        assert_eq!(imported.since, BTreeMap::from(expected));
        assert_eq!(imported.stale, BTreeSet::from(["dns".to_owned()]));
        let unusable = ["far", "nan", "zero"].map(str::to_owned);
        assert_eq!(imported.unusable, BTreeSet::from(unusable));
    }

    /// Where the file of the history is lost, what was pushed last is left.
    #[test]
    fn what_tautline_pushed_is_taken_back() {
        let dump = "\
drift_stack_state{stack=\"blog\"} 1
drift_stack_first_seen_timestamp_seconds{stack=\"blog\"} 1793491200
drift_stack_state{stack=\"dns\"} 2
drift_stack_first_seen_timestamp_seconds{stack=\"dns\"} 1793491200
";
        let imported = pushgateway(dump, at(30)).unwrap();
        let since = Moment::from_unix_seconds(1_793_491_200);
        assert_eq!(imported, Imported::of(BTreeMap::from([("blog".to_owned(), since)])));
    }

    /// A history that begins tomorrow has no age, and would get none for as long as the clock was ahead.
    #[test]
    fn what_is_still_to_come_is_left_out() {
        let dump = "\
drift_stack_first_seen{stack=\"blog\"} 1793491201
drift_stack_first_seen{stack=\"dns\"} 1793491200
drift_stack_first_seen{job=\"a\",stack=\"wiki\"} 1893491200
drift_stack_first_seen{job=\"b\",stack=\"wiki\"} 1793491000
drift_stack_first_seen{job=\"a\",stack=\"mail\"} 0
drift_stack_first_seen{job=\"b\",stack=\"mail\"} 1793491000
drift_stack_state{stack=\"own\"} 1
drift_stack_first_seen_timestamp_seconds{stack=\"own\"} 1893491200
";
        let moment = Moment::from_unix_seconds;
        let imported = pushgateway(dump, moment(1_793_491_200)).unwrap();
        let since = [("dns", 1_793_491_200), ("mail", 1_793_491_000), ("wiki", 1_793_491_000)];
        let since = since.map(|(stack, seconds)| (stack.to_owned(), moment(seconds)));
        let ahead = [("blog", 1_793_491_201), ("own", 1_893_491_200)];
        let ahead = ahead.map(|(stack, seconds)| (stack.to_owned(), moment(seconds)));
        let expected = Imported { ahead: ahead.into(), ..Imported::of(since.into()) };
        assert_eq!(imported, expected);
    }

    #[test]
    fn what_is_no_dump_is_refused() {
        assert_eq!(pushgateway("", at(30)), Err(ImportError::Nothing));
        assert_eq!(pushgateway("go_goroutines 12\n", at(30)), Err(ImportError::Nothing));
        for wrong in
            ["{\"status\":\"success\"}", "<html>", "a{b=\"c} 1", "a{b} 1", "a", "a{b=\"c\"}"]
        {
            let dump = format!("# x\n{wrong}\n");
            assert_eq!(pushgateway(&dump, at(30)), Err(ImportError::Malformed(2)), "{wrong}");
        }
    }

    #[test]
    fn what_is_imported_grows_older_until_it_is_measured_clean() {
        let mut history = History::default();
        let since = Imported::of(BTreeMap::from([("blog".to_owned(), at(1))]));
        history.import(&since);
        history.observe(&errored(2));
        // The script knew no more than that it differs.
        history.observe(&run(3, "blog", Status::Pending, &["x"]));
        history.observe(&night(4, &["x"]));
        let standing = history.stacks["blog"].standing.unwrap();
        assert_eq!((standing.spell.first, standing.spell.times), (at(1), 3));
        assert_eq!(history.stacks["blog"].findings["x"].first, at(3));
        history.observe(&night(5, &[]));
        history.import(&since);
        assert_eq!(history.stacks["blog"].standing.unwrap().status, Status::Clean);
        history.observe(&night(6, &["x"]));
        assert_eq!(history.stacks["blog"].standing.unwrap().spell.first, at(6));
    }
}
