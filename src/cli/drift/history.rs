//! `tautline drift history`: what is known from earlier runs, and how to put it right.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::super::args::ListFormat;
use super::super::ground::Ground;
use super::super::terminal;
use super::super::trouble::Trouble;
use super::printed;
use crate::analysis;
use crate::drift::history::{Decoded, History, Moment, PastRun, Spell, StackHistory, pushgateway};
use crate::drift::{Status, Verdict};
use crate::report::drift::status_word;
use crate::report::{harmless, json_line, plural};
use crate::runner::history::{self as file, HistoryError};
use crate::runner::this_moment;
use crate::syntax::duration;

pub(super) const HELP: &str = "\
`drift run` and `drift merge` append what they saw to the file that `--history` names. Ages count
from measurement to measurement: a night on which a stack could not be planned ends nothing and
ages nothing. docs/drift-history.md has the format.

Examples:
  tautline drift history show --history drift.history
  tautline drift history show --history drift.history --stack blog --format json | jq '.stacks.blog'
  tautline drift history import --pushgateway metrics.txt --history drift.history
  tautline drift history prune --gone --history drift.history";

const SHOW_HELP: &str = "\
Examples:
  tautline drift history show --history drift.history    since when it has been so
  tautline drift history show --history drift.history --stack dns,wiki
  tautline drift history show --history drift.history --format json";

const IMPORT_HELP: &str = "\
A Pushgateway shows what it keeps under /metrics. Taken from that is since when stacks differ
(`drift_stack_first_seen`, and what tautline itself pushed), but for those that the same text
calls clean and those dated later than now. Where more is known, the earlier moment counts.

Examples:
  curl -s http://pushgateway:9091/metrics > metrics.txt
  tautline drift history import --pushgateway metrics.txt --history drift.history";

const PRUNE_HELP: &str = "\
Without any option the file is only written anew: short, and without what a disk has damaged.

Examples:
  tautline drift history prune --gone --history drift.history        of stacks that are gone
  tautline drift history prune --stack 'test-*' --history drift.history
  tautline drift history prune --unseen 90d --history drift.history  counted back from the last run
  tautline drift history prune --later-than 2026-11-26T04:00:00Z --history drift.history";

/// What can be done with a history.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum HistoryCommand {
    /// Show since when everything has been so
    #[command(after_help = SHOW_HELP)]
    Show {
        /// The file.
        #[command(flatten)]
        file: FileArg,
        /// Only this stack; repeat it for more, or write commas
        #[arg(long = "stack", value_name = "NAME", value_delimiter = ',')]
        stacks: Vec<String>,
        /// How to print it
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Take in what another program knows
    #[command(after_help = IMPORT_HELP)]
    Import {
        /// The file.
        #[command(flatten)]
        file: FileArg,
        /// What a Pushgateway shows under /metrics; `-` for stdin
        #[arg(long, value_name = "DUMP")]
        pushgateway: PathBuf,
    },
    /// Forget stacks, put right what a wrong clock has dated, and write the file anew
    #[command(after_help = PRUNE_HELP)]
    Prune(PruneArgs),
}

/// The file of the history.
#[derive(Args, Debug)]
pub(in crate::cli) struct FileArg {
    /// The file of the history
    #[arg(long, value_name = "FILE")]
    history: PathBuf,
}

impl FileArg {
    /// Where the file is, which has to be there.
    fn existing(&self, here: &Path) -> Result<PathBuf, Trouble> {
        let path = here.join(&self.history);
        if path.exists() {
            return Ok(path);
        }
        Err(Trouble::new(format!("there is no history `{}`", self.history.display()))
            .help("`tautline drift run --history FILE` begins one"))
    }
}

/// The arguments of `history prune`.
#[derive(Args, Debug)]
pub(in crate::cli) struct PruneArgs {
    /// The file.
    #[command(flatten)]
    file: FileArg,

    /// Forget the stacks that the repo around the working directory does not have any more
    #[arg(long)]
    gone: bool,

    /// Forget this stack; `*` stands for any characters; repeat it for more, or write commas
    #[arg(long = "stack", value_name = "NAME", value_delimiter = ',')]
    stacks: Vec<String>,

    /// Forget the stacks that no run has been about for so long, counted back from the last run: `90d`
    #[arg(long, value_name = "TIME", value_parser = length)]
    unseen: Option<u64>,

    /// Date back to this moment what is dated later: the clock was wrong
    #[arg(long, value_name = "TIME", value_parser = moment)]
    later_than: Option<Moment>,
}

fn length(text: &str) -> Result<u64, String> {
    let seconds = duration::seconds(text).filter(|it| *it >= 0.0);
    #[expect(clippy::cast_sign_loss, reason = "it was compared")]
    seconds.map(|it| it as u64).ok_or_else(|| "write a length of time, as in `90d`".to_owned())
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| {
        "write a moment as `2026-11-26T04:00:00Z`, or a day as `2026-11-26`".to_owned()
    })
}

/// Does what `command`, typed in the directory `here`, says.
pub(super) fn run(command: &HistoryCommand, here: &Path) -> Result<Verdict, Trouble> {
    let text = match command {
        HistoryCommand::Show { file, stacks, format } => show(file, stacks, *format, here)?,
        HistoryCommand::Import { file, pushgateway } => import(file, pushgateway, here)?,
        HistoryCommand::Prune(args) => prune(args, here)?,
    };
    Ok(printed(&text, Verdict::Clean))
}

impl From<HistoryError> for Trouble {
    fn from(error: HistoryError) -> Self {
        Trouble::of(&error, error.help())
    }
}

fn show(
    file: &FileArg,
    wanted: &[String],
    format: ListFormat,
    here: &Path,
) -> Result<String, Trouble> {
    let path = file.existing(here)?;
    let mut decoded = file::read(&path)?;
    complain(&decoded, &file.history);
    if !wanted.is_empty() {
        let stacks = &mut decoded.history.stacks;
        if let Some(unknown) = wanted.iter().find(|name| !stacks.contains_key(*name)) {
            return Err(Trouble::new(format!("the history knows no stack `{unknown}`"))
                .help("without `--stack`, all are shown"));
        }
        stacks.retain(|name, _| wanted.contains(name));
    }
    Ok(match format {
        ListFormat::Text => text(&decoded.history),
        ListFormat::Json => json(&decoded.history),
    })
}

/// Says what is wrong with the file, which can be read all the same.
fn complain(decoded: &Decoded, path: &Path) {
    if decoded.torn > 0 {
        terminal::note("the last record was torn when its writer was killed, and is left out");
    }
    if !decoded.damaged.is_empty() {
        let lines: Vec<String> = decoded.damaged.iter().map(ToString::to_string).collect();
        let (lines, is, them) = match lines.as_slice() {
            [only] => (format!("line {only}"), "is", "it"),
            all => (format!("lines {}", all.join(", ")), "are", "them"),
        };
        terminal::note(&format!(
            "{lines} of `{}` {is} damaged and left out; `tautline drift history prune` writes it anew without {them}",
            path.display()
        ));
    }
}

/// One line for each stack, and one for each of its differences.
fn text(history: &History) -> String {
    let mut out = String::new();
    let calm = |stack: &&StackHistory| stack.latest == Some(Status::Clean);
    let quiet = history.stacks.values().filter(calm).count();
    for (name, stack) in history.stacks.iter().filter(|(_, stack)| !calm(stack)) {
        let Some(status) = stack.latest else { continue };
        let spell = stack.spell(status);
        let _ = writeln!(out, "{}: {}{}", harmless(name), status_word(status), since(spell));
        if let Some(standing) = stack.standing.filter(|standing| standing.status != status) {
            let (word, last) = (status_word(standing.status), standing.spell.last);
            let _ = writeln!(
                out,
                "  when it was last measured, on {}: {word}{}",
                last.date(),
                since(Some(standing.spell))
            );
        }
        for kept in stack.findings.values() {
            let path = kept.path.as_deref().map_or_else(String::new, |path| format!(" {path}"));
            let cause = kept.cause.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
            let last = stack.standing.map_or(kept.first, |standing| standing.spell.last);
            let spell = Spell { first: kept.first, last, times: kept.times };
            let _ = writeln!(
                out,
                "  {}: {}{cause}{}",
                harmless(&format!("{}{path}", kept.address)),
                kept.class.word(),
                since(Some(spell))
            );
        }
    }
    let _ = match history.stacks.len() {
        0 => writeln!(out, "nothing is known yet"),
        _ => writeln!(out, "{} clean, {} in all", quiet, plural(history.stacks.len(), "stack")),
    };
    out
}

/// ` since 2026-11-08 (18 days, 18 times)`
fn since(spell: Option<Spell>) -> String {
    let Some(spell) = spell else { return String::new() };
    let days = spell.last.days_since(spell.first) as usize;
    format!(
        " since {} ({}, {})",
        spell.first.date(),
        plural(days, "day"),
        plural(spell.times as usize, "time")
    )
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    stacks: std::collections::BTreeMap<&'a str, &'a StackHistory>,
    trend: &'a [PastRun],
}

fn json(history: &History) -> String {
    let stacks = history.stacks.iter().map(|(name, stack)| (name.as_str(), stack)).collect();
    let document = Document { version: 1, stacks, trend: &history.trend };
    json_line(&document)
}

fn import(file: &FileArg, dump: &Path, here: &Path) -> Result<String, Trouble> {
    let shown = dump.display();
    let bytes =
        if dump == Path::new("-") { terminal::read_stdin() } else { read(&here.join(dump)) };
    let bytes =
        bytes.map_err(|error| Trouble::new(format!("`{shown}` cannot be read: {error}")))?;
    let imported =
        pushgateway(&String::from_utf8_lossy(&bytes), this_moment()).map_err(|error| {
            Trouble::new(format!("`{shown}` cannot be used: {error}"))
                .help("save what the Pushgateway shows: `curl -s http://HOST:9091/metrics`")
        })?;
    file::import(&here.join(&file.history), &imported)?;
    let mut out = format!("since when {} differ", plural(imported.since.len(), "stack"));
    if imported.since.len() == 1 {
        out.push('s');
    }
    out.push_str(" is taken in\n");
    for (names, why) in [
        (&imported.stale, "the same text calls the stack clean"),
        (&imported.unusable, "it says no moment"),
    ] {
        for name in names {
            let _ = writeln!(out, "left out `{}`: {why}", harmless(name));
        }
    }
    for (name, first) in &imported.ahead {
        let name = harmless(name);
        let _ = writeln!(out, "left out `{name}`: it says since {first}, which is still to come");
    }
    Ok(out)
}

#[expect(clippy::disallowed_methods, reason = "a dump is no file of the repo")]
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

fn prune(args: &PruneArgs, here: &Path) -> Result<String, Trouble> {
    let path = args.file.existing(here)?;
    let present = if args.gone { Some(stacks_around(here)?) } else { None };
    let mut globs = Vec::new();
    for name in &args.stacks {
        let glob = crate::config::Glob::new(name);
        globs.push(glob.ok_or_else(|| Trouble::new(format!("`{name}` names no stack")))?);
    }
    let (before, (forgotten, dated)) = file::rewrite(&path, |history| {
        let dated = args.later_than.map(|limit| history.set_back(limit));
        let limit = history.last().zip(args.unseen).map(|(last, seconds)| last.before(seconds));
        let forgotten = history.forget(|name, stack| {
            let is_gone = present.as_ref().is_some_and(|present| !present.contains(name));
            let is_named = globs.iter().any(|glob| glob.matches(name));
            let is_unseen = limit.is_some_and(|limit| stack.last().is_none_or(|last| last < limit));
            is_gone || is_named || is_unseen
        });
        (forgotten, dated)
    })?;
    complain(&before, &args.file.history);
    for (name, _) in args
        .stacks
        .iter()
        .zip(&globs)
        .filter(|(_, glob)| !before.history.stacks.keys().any(|stack| glob.matches(stack)))
    {
        terminal::note(&format!("the history knows no stack `{}`", harmless(name)));
    }
    let mut out = String::new();
    for name in &forgotten {
        let _ = writeln!(out, "forgotten: {}", harmless(name));
    }
    if let Some(dated) = dated {
        let _ = writeln!(out, "dated back: {}", plural(dated, "stack"));
    }
    let left = before.history.stacks.len() - forgotten.len();
    let _ = writeln!(out, "written anew: {}", plural(left, "stack"));
    Ok(out)
}

/// The names of the stacks in the repo around `here`.
fn stacks_around(here: &Path) -> Result<BTreeSet<String>, Trouble> {
    let ground = Ground::around(here)?;
    let files = ground.workspace.load()?;
    let list = analysis::stacks(files, None).map_err(Trouble::new)?;
    let names: BTreeSet<String> = list.stacks.iter().map(|it| it.stack.to_string()).collect();
    if names.is_empty() {
        return Err(Trouble::new("there is no stack here: everything would be forgotten")
            .help("run it in the repo"));
    }
    Ok(names)
}
