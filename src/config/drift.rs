//! The `drift` block: how stacks are planned, and which are left out for a time and with a reason.

use std::time::Duration;

use globset::GlobMatcher;
use smol_str::SmolStr;

use super::acknowledge::{self, Acknowledgement};
use super::error::{ConfigError, ConfigSource};
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

/// [`DriftSettings`] as written.
#[derive(Debug, Default)]
pub(super) struct RawDrift {
    runner: Option<Spanned<SmolStr>>,
    jobs: Option<Spanned<f64>>,
    timeout: Option<Spanned<SmolStr>>,
    lock_timeout: Option<Spanned<SmolStr>>,
    retries: Option<Spanned<f64>>,
    refusals: Vec<Spanned<SmolStr>>,
    stale_from: Option<Spanned<f64>>,
    aborted_from: Option<Spanned<f64>>,
    wave_from: Option<Spanned<f64>>,
    skips: Vec<RawSkip>,
    acknowledgements: Vec<Acknowledgement>,
}

/// [`Skip`] as written; what is missing was reported.
#[derive(Debug)]
struct RawSkip {
    stack: Spanned<SmolStr>,
    reason: Option<Spanned<SmolStr>>,
    until: Option<Spanned<SmolStr>>,
    range: TextRange,
}

pub(super) fn read(reader: &mut Reader<'_>, body: &Body) -> RawDrift {
    let Some(block) = reader.single(body, "drift") else { return RawDrift::default() };
    let body = &block.body;
    reader.check_shape(body, &DRIFT);
    RawDrift {
        runner: reader.string(body, "runner"),
        jobs: reader.number(body, "jobs"),
        timeout: length_text(reader, body, "timeout"),
        lock_timeout: length_text(reader, body, "lock_timeout"),
        retries: reader.number(body, "retries"),
        refusals: reader.strings(body, "refusals"),
        stale_from: reader.number(body, "stale_from"),
        aborted_from: reader.number(body, "aborted_from"),
        wave_from: reader.number(body, "wave_from"),
        skips: body.blocks_of("skip").filter_map(|block| read_skip(reader, block)).collect(),
        acknowledgements: body
            .blocks_of("acknowledge")
            .filter_map(|block| acknowledge::read(reader, block))
            .collect(),
    }
}

/// The length of time `name` as text; of a number it cannot be told whether seconds or minutes are meant.
fn length_text(reader: &mut Reader<'_>, body: &Body, name: &str) -> Option<Spanned<SmolStr>> {
    if let Some(attribute) = body.attribute(name)
        && let Ok(Literal { kind: LiteralKind::Number(number), range }) = literal(&attribute.value)
    {
        reader.error(range, format!("`{name}` is a number without a unit")).help =
            Some(format!("write seconds or minutes, `\"{number}s\"` or `\"{number}m\"`"));
        return None;
    }
    reader.string(body, name)
}

fn read_skip(reader: &mut Reader<'_>, block: &Block) -> Option<RawSkip> {
    let stack = raw::only_label(block)?;
    reader.check_shape(&block.body, &SKIP);
    Some(RawSkip {
        stack,
        reason: reader.required_string(&block.body, "reason", block.header),
        until: reader.required_string(&block.body, "until", block.header),
        range: block.header,
    })
}

pub(super) fn check(
    source: &ConfigSource,
    raw: RawDrift,
    errors: &mut Vec<ConfigError>,
) -> DriftSettings {
    let mut settings = DriftSettings {
        jobs: raw.jobs.and_then(|it| whole(source, "jobs", &it, 1, errors)),
        retries: raw.retries.and_then(|it| whole(source, "retries", &it, 0, errors)),
        stale_from: raw.stale_from.and_then(|it| whole(source, "stale_from", &it, 2, errors)),
        aborted_from: raw.aborted_from.and_then(|it| whole(source, "aborted_from", &it, 2, errors)),
        wave_from: raw.wave_from.and_then(|it| whole(source, "wave_from", &it, 2, errors)),
        timeout: raw.timeout.and_then(|it| length(source, &it, 1.0, errors)),
        lock_timeout: raw.lock_timeout.and_then(|it| length(source, &it, 0.0, errors)),
        acknowledgements: raw.acknowledgements,
        ..DriftSettings::default()
    };
    if let Some(runner) = raw.runner {
        if runner.value.trim().is_empty() {
            let help = "write the command, as in `runner = \"terragrunt\"`";
            errors.push(source.error(runner.range, "this names no command").help(help));
        }
        settings.runner = Some(runner);
    }
    for text in raw.refusals {
        if text.value.trim().is_empty() {
            errors.push(source.error(text.range, "every output contains an empty text"));
        }
        settings.refusals.push(text);
    }
    settings.skips = raw.skips.into_iter().filter_map(|raw| skip(source, raw, errors)).collect();
    settings
}

/// A whole number that is at least `least`.
fn whole(
    source: &ConfigSource,
    name: &str,
    number: &Spanned<f64>,
    least: usize,
    errors: &mut Vec<ConfigError>,
) -> Option<Spanned<usize>> {
    const MOST: f64 = 1_000.0;
    #[expect(clippy::cast_sign_loss, reason = "it was compared")]
    let value = number.value as usize;
    if number.value.fract() != 0.0 || !(0.0..=MOST).contains(&number.value) || value < least {
        let message = format!("`{name}` must be a whole number from {least} to {MOST}");
        errors.push(source.error(number.range, message));
        return None;
    }
    Some(Spanned { value, range: number.range })
}

/// A length of time that is at least `least` seconds.
fn length(
    source: &ConfigSource,
    text: &Spanned<SmolStr>,
    least: f64,
    errors: &mut Vec<ConfigError>,
) -> Option<Spanned<Duration>> {
    let seconds = duration::seconds(&text.value).filter(|it| (least..=LONGEST).contains(it));
    let Some(seconds) = seconds else {
        let message = format!("`{}` is no length of time from {least}s to a day", text.value);
        let help = "write it as in `90s`, `10m`, `1h30m`";
        errors.push(source.error(text.range, message).help(help));
        return None;
    };
    Some(Spanned { value: Duration::from_secs_f64(seconds), range: text.range })
}

fn skip(source: &ConfigSource, raw: RawSkip, errors: &mut Vec<ConfigError>) -> Option<Skip> {
    let RawSkip { stack, reason, until, range } = raw;
    let names = Globs::read(&stack.value, true);
    if let Err(wrong) = &names {
        errors.push(source.error(stack.range, format!("this is no glob: {wrong}")));
    }
    let (reason, until) = (reason?, until?);
    if !reason.value.chars().any(char::is_alphanumeric) {
        let help = "say why the stack is not planned";
        errors.push(source.error(reason.range, "this `skip` gives no reason").help(help));
    }
    let Some(date) = Date::parse(&until.value) else {
        let message = format!("`{}` is no date", until.value);
        errors.push(source.error(until.range, message).help("write the date as `YYYY-MM-DD`"));
        return None;
    };
    let until = Spanned { value: date, range: until.range };
    let names = names.ok()?.compile_matcher();
    Some(Skip { stack, reason: reason.value.to_string(), until, range, names })
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
            "drift {\n  ⟦skip \"a\"⟧ {\n    until = \"soon\"\n  }\n}\n",
            &["`reason` is missing | add `reason = \"…\"`"],
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
