//! The `drift` block: how stacks are planned, and which are left out for a time and with a reason.

use std::time::Duration;

use globset::GlobMatcher;
use smol_str::SmolStr;

use super::acknowledge::{self, Acknowledgement};
use super::literal::{Literal, LiteralKind, literal};
use super::raw;
use super::reader::{Reader, Shape, Spanned};
use crate::syntax::hcl::{Block, Body};
use crate::syntax::{Date, duration};
use crate::text::{Globs, TextRange};

pub(super) const DRIFT: Shape = Shape {
    of: "the `drift` block",
    attributes: &[
        "aborted_from",
        "jobs",
        "lock_timeout",
        "refusals",
        "retries",
        "runner",
        "stale_from",
        "timeout",
        "wave_from",
    ],
    blocks: &[("acknowledge", 1), ("skip", 1)],
};

pub(super) const SKIP: Shape =
    Shape { of: "a `skip` block", attributes: &["reason", "until"], blocks: &[] };

/// The longest that a stack may take, and the most that may be waited for a lock.
const LONGEST: f64 = 86_400.0;

/// `drift { … }`; what is not written is `None`.
#[derive(Clone, Debug, Default)]
pub struct DriftSettings {
    /// The command that plans a stack: words, the program first.
    pub runner: Option<Spanned<SmolStr>>,
    /// How many stacks are planned at once.
    pub jobs: Option<Spanned<usize>>,
    /// How long a stack may take, with everything that is tried again.
    pub timeout: Option<Spanned<Duration>>,
    /// How long a plan waits for the lock of its state.
    pub lock_timeout: Option<Spanned<Duration>>,
    /// How often a plan is made again after an error that passes by itself.
    pub retries: Option<Spanned<usize>>,
    /// What the planning command says when a check of its own refuses the plan.
    pub refusals: Vec<Spanned<SmolStr>>,
    /// In how many stacks the same unapplied change shows an old checkout.
    pub stale_from: Option<Spanned<usize>>,
    /// In how many stacks, one after the other, the same error shows that the run died.
    pub aborted_from: Option<Spanned<usize>>,
    /// In how many stacks the same live change is a wave.
    pub wave_from: Option<Spanned<usize>>,
    /// What is left out.
    pub skips: Vec<Skip>,
    /// Differences that somebody knows of.
    pub acknowledgements: Vec<Acknowledgement>,
}

/// `skip "vault" { … }`
#[derive(Clone, Debug)]
pub struct Skip {
    /// The name of the stack, or a glob of names.
    pub stack: Spanned<SmolStr>,
    /// Why.
    pub reason: String,
    /// The last day on which it is left out.
    pub until: Spanned<Date>,
    /// The block's header.
    pub range: TextRange,
    names: GlobMatcher,
}

impl Skip {
    /// Whether the stack `name` is meant.
    pub fn covers(&self, name: &str) -> bool {
        self.names.is_match(name)
    }
}

pub(super) fn read(reader: &mut Reader<'_>, body: &Body) -> DriftSettings {
    let Some(block) = reader.single(body, "drift") else { return DriftSettings::default() };
    let body = &block.body;
    reader.check_shape(body, &DRIFT);
    DriftSettings {
        runner: runner(reader, body),
        jobs: whole(reader, body, "jobs", 1),
        timeout: length(reader, body, "timeout", 1.0),
        lock_timeout: length(reader, body, "lock_timeout", 0.0),
        retries: whole(reader, body, "retries", 0),
        refusals: refusals(reader, body),
        stale_from: whole(reader, body, "stale_from", 2),
        aborted_from: whole(reader, body, "aborted_from", 2),
        wave_from: whole(reader, body, "wave_from", 2),
        skips: body.blocks_of("skip").filter_map(|block| skip(reader, block)).collect(),
        acknowledgements: body
            .blocks_of("acknowledge")
            .filter_map(|block| acknowledge::read(reader, block))
            .collect(),
    }
}

fn runner(reader: &mut Reader<'_>, body: &Body) -> Option<Spanned<SmolStr>> {
    let runner = reader.string(body, "runner")?;
    if runner.value.trim().is_empty() {
        reader.error(runner.range, "this names no command").help =
            Some("write the command, as in `runner = \"terragrunt\"`".to_owned());
    }
    Some(runner)
}

fn refusals(reader: &mut Reader<'_>, body: &Body) -> Vec<Spanned<SmolStr>> {
    let texts = reader.strings(body, "refusals");
    for text in texts.iter().filter(|text| text.value.trim().is_empty()) {
        reader.error(text.range, "every output contains an empty text");
    }
    texts
}

/// The whole number `name`, which is at least `least`.
fn whole(reader: &mut Reader<'_>, body: &Body, name: &str, least: usize) -> Option<Spanned<usize>> {
    const MOST: f64 = 1_000.0;
    let number = reader.number(body, name)?;
    #[expect(clippy::cast_sign_loss, reason = "it is compared")]
    let value = number.value as usize;
    if number.value.fract() != 0.0 || !(0.0..=MOST).contains(&number.value) || value < least {
        let message = format!("`{name}` must be a whole number from {least} to {MOST}");
        reader.error(number.range, message);
        return None;
    }
    Some(Spanned { value, range: number.range })
}

/// The length of time `name`, which is at least `least` seconds.
fn length(
    reader: &mut Reader<'_>,
    body: &Body,
    name: &str,
    least: f64,
) -> Option<Spanned<Duration>> {
    let attribute = body.attribute(name)?;
    if let Ok(Literal { kind: LiteralKind::Number(number), range }) = literal(&attribute.value) {
        // Whether seconds or minutes are meant cannot be told.
        reader.error(range, format!("`{name}` is a number without a unit")).help =
            Some(format!("write seconds or minutes, `\"{number}s\"` or `\"{number}m\"`"));
        return None;
    }
    let Spanned { value, range } = reader.string(body, name)?;
    let Some(seconds) = duration::seconds(&value).filter(|it| (least..=LONGEST).contains(it))
    else {
        let message = format!("`{value}` is no length of time from {least}s to a day");
        reader.error(range, message).help = Some("write it as in `90s`, `10m`, `1h30m`".to_owned());
        return None;
    };
    Some(Spanned { value: Duration::from_secs_f64(seconds), range })
}

/// None where what is wrong with it was reported.
fn skip(reader: &mut Reader<'_>, block: &Block) -> Option<Skip> {
    let stack = raw::only_label(block)?;
    let (body, range) = (&block.body, block.header);
    reader.check_shape(body, &SKIP);
    let names = Globs::read(&stack.value, true);
    if let Err(wrong) = &names {
        reader.error(stack.range, format!("this is no glob: {wrong}"));
    }
    let help = "say why the stack is not planned";
    let reason = reader.reason(body, range, "this `skip`", help);
    let until = reader.last_day(body, range);
    let names = names.ok()?.compile_matcher();
    Some(Skip { stack, reason: reason?, until: until?, range, names })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::Settings;
    use crate::config::testing::{assert_errors, marked};

    /// Asserts that the settings in `text` are wrong at its marks, in these words.
    #[track_caller]
    fn wrong(text: &str, words: &[&str]) {
        let (plain, ranges) = marked(text);
        let errors = Settings::parse("tautline.hcl", &plain).expect_err(text);
        let marks: Vec<_> = ranges.into_iter().map(|range| ("tautline.hcl", range)).collect();
        assert_errors(&errors, &marks, words, text);
    }

    #[test]
    fn the_block_is_read_with_its_places() {
        let text = "\
drift {
  runner       = \"scripts/tg\"
  jobs         = 4
  timeout      = \"10m\"
  lock_timeout = \"0s\"
  retries      = 0
  refusals     = [\"says no\"]
  wave_from    = 25
  skip \"vault\" {
    reason = \"its role may not read it\"
    until  = \"2027-01-31\"
  }
  skip \"_*\" {
    reason = \"scaffolds\"
    until  = \"2030-01-01\"
  }
}
";
        let settings = Settings::parse("tautline.hcl", text).unwrap();
        let drift = &settings.drift;
        assert_eq!(drift.runner.as_ref().unwrap().value, "scripts/tg");
        assert_eq!(drift.jobs.as_ref().unwrap().value, 4);
        assert_eq!(drift.timeout.as_ref().unwrap().value, Duration::from_mins(10));
        assert_eq!(drift.lock_timeout.as_ref().unwrap().value, Duration::ZERO);
        assert_eq!(drift.retries.as_ref().unwrap().value, 0);
        assert_eq!(drift.wave_from.as_ref().unwrap().value, 25);
        assert!(drift.stale_from.is_none());
        assert_eq!(drift.refusals[0].value, "says no");
        let [vault, scaffolds] = drift.skips.as_slice() else { panic!("{:?}", drift.skips) };
        assert_eq!(settings.place(vault.range), "tautline.hcl:9");
        assert!(vault.covers("vault") && !vault.covers("vault2"));
        assert!(scaffolds.covers("_template") && !scaffolds.covers("_a/b"));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        wrong(
            "drift {\n  ⟦job⟧ = 1\n}\n",
            &["unknown key `job` in the `drift` block | did you mean `jobs`?"],
        );
        wrong(
            "drift {\n  runner = ⟦\" \"⟧\n}\n",
            &["this names no command | write the command, as in `runner = \"terragrunt\"`"],
        );
        wrong("drift {\n  jobs = ⟦0⟧\n}\n", &["`jobs` must be a whole number from 1 to 1000"]);
        wrong("drift {\n  jobs = ⟦1.5⟧\n}\n", &["`jobs` must be a whole number from 1 to 1000"]);
        wrong(
            "drift {\n  jobs = ⟦\"2\"⟧\n}\n",
            &["`jobs` must be a number, not a string | write it without quotes: `2`"],
        );
        wrong(
            "drift {\n  timeout = ⟦\"0s\"⟧\n}\n",
            &["`0s` is no length of time from 1s to a day | write it as in `90s`, `10m`, `1h30m`"],
        );
        wrong("drift {\n  refusals = [⟦\"\"⟧]\n}\n", &["every output contains an empty text"]);
        wrong(
            "drift {\n  ⟦skip \"a\"⟧ {\n    until = ⟦\"soon\"⟧\n  }\n}\n",
            &[
                "`reason` is missing | add `reason = \"…\"`",
                "`soon` is no date | write the date as `YYYY-MM-DD`",
            ],
        );
        wrong(
            "drift {\n  timeout = ⟦5⟧\n}\n",
            &[
                "`timeout` is a number without a unit | write seconds or minutes, `\"5s\"` or `\"5m\"`",
            ],
        );
        wrong(
            "drift {\n  skip ⟦\"a[\"⟧ {\n    reason = ⟦\"?\"⟧\n    until = ⟦\"2027-02-30\"⟧\n  }\n}\n",
            &[
                "this is no glob: unclosed character class; missing ']'",
                "this `skip` gives no reason | say why the stack is not planned",
                "`2027-02-30` is no date | write the date as `YYYY-MM-DD`",
            ],
        );
    }
}
