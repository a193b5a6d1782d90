//! `tautline rules learn`: what this repo nearly always does, as rules to start from.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::new;
use crate::analysis::Input;
use crate::analysis::learn::{self, Exception, Habit, Learned, Least};
use crate::checks;
use crate::cli::args::{GroundArgs, ListFormat};
use crate::cli::ground::Ground;
use crate::cli::progress::while_doing;
use crate::cli::trouble::Trouble;
use crate::report::{harmless, json_line, plural};
use crate::syntax::Date;

/// So many habits are shown unasked, and of each so many places that do not keep it.
const SHOWN: usize = 25;
const PLACES: usize = 3;

/// What is asked of `rules learn`.
pub(in crate::cli) struct Ask<'a> {
    pub(in crate::cli) start: &'a Path,
    pub(in crate::cli) least: Least,
    /// Only habits whose rule or sentence has this text.
    pub(in crate::cli) about: Option<&'a str>,
    pub(in crate::cli) all: bool,
    pub(in crate::cli) format: ListFormat,
    /// The habits whose rules are to be written, the pack that they go to, and the directory of packs.
    pub(in crate::cli) write: &'a [String],
    pub(in crate::cli) pack: &'a str,
    pub(in crate::cli) dir: Option<&'a Path>,
    pub(in crate::cli) ground: &'a GroundArgs,
}

/// Says what was learned, or writes a rule of it.
pub(in crate::cli) fn learn(ask: &Ask<'_>, today: Date) -> Result<String, Trouble> {
    let ground = Ground::of(ask.start, ask.ground)?;
    let files = ground.workspace.load()?;
    let input = Input { files, settings: ground.settings, rules: ground.rules, today };
    let learned = while_doing("learning", || learn::learn(input, checks::ALL, ask.least))?;
    if !ask.write.is_empty() {
        return write(&learned, ask);
    }
    let is_meant = |habit: &&Habit| {
        ask.about.is_none_or(|text| habit.name.contains(text) || habit.says.contains(text))
            && (ask.all || habit.told_by.is_none())
    };
    let meant: Vec<&Habit> = learned.habits.iter().filter(is_meant).collect();
    Ok(match ask.format {
        ListFormat::Json => document(&meant, &learned),
        ListFormat::Text => text(&meant, &learned, ask),
    })
}

fn write(learned: &Learned, ask: &Ask<'_>) -> Result<String, Trouble> {
    let mut rules = Vec::with_capacity(ask.write.len());
    for name in ask.write {
        let Some(habit) = learned.habits.iter().find(|habit| habit.name == *name) else {
            return Err(Trouble::new(format!("no habit here is called `{name}`"))
                .help("`tautline rules learn --all` names them"));
        };
        let id = format!("{}/{name}", ask.pack);
        let page = learn::page(&id, habit, checks::ALL, learned);
        rules.push(new::Texts { id, entry: habit.entry.clone(), page });
    }
    new::write(&rules, ask.dir, ask.start)
}

fn text(habits: &[&Habit], learned: &Learned, ask: &Ask<'_>) -> String {
    let mut out = String::new();
    let shown = if ask.all { habits.len() } else { habits.len().min(SHOWN) };
    for habit in &habits[..shown] {
        let _ = writeln!(out, "{} of {}  {}", habit.kept(), habit.sites, harmless(&habit.says));
        let places = habit.exceptions.iter().take(if ask.all { usize::MAX } else { PLACES });
        for place in places {
            let address = place.address.as_deref().unwrap_or_default();
            let _ = writeln!(out, "    not {}  {}", at(place, learned), harmless(address));
        }
        let more = habit.exceptions.len().saturating_sub(PLACES);
        if more > 0 && !ask.all {
            let _ = writeln!(out, "    and {more} more");
        }
        if let Some(rule) = &habit.told_by {
            let _ = writeln!(out, "    {rule} says so");
        }
        let _ = writeln!(out, "    rule: {}\n", habit.name);
    }
    let rest = habits.len() - shown;
    if rest > 0 {
        let _ = writeln!(out, "{rest} more, `--all` shows them\n");
    }
    let _ = if habits.is_empty() {
        writeln!(out, "nothing is nearly always so here; `--share` and `--sites` ask for less")
    } else {
        writeln!(
            out,
            "{}; `tautline rules learn --write NAME` writes the rule",
            plural(habits.len(), "habit")
        )
    };
    out
}

fn at(place: &Exception, learned: &Learned) -> String {
    let file = &learned.sources[place.span.file.index()];
    let position = file.position(place.span.range.start);
    format!("{}:{}:{}", harmless(&file.path), position.line, position.column)
}

fn document(habits: &[&Habit], learned: &Learned) -> String {
    let habit = |habit: &&Habit| {
        let place = |place: &Exception| {
            let file = &learned.sources[place.span.file.index()];
            let position = file.position(place.span.range.start);
            json!({
                "path": file.path,
                "line": position.line,
                "column": position.column,
                "address": place.address,
            })
        };
        json!({
            "name": habit.name,
            "says": habit.says,
            "sites": habit.sites,
            "kept": habit.kept(),
            "unknown": habit.unknown,
            "exceptions": habit.exceptions.iter().map(place).collect::<Vec<_>>(),
            "told_by": habit.told_by.as_deref(),
            "entry": habit.entry,
        })
    };
    let habits: Vec<_> = habits.iter().map(habit).collect();
    json_line(&json!({ "version": 1, "habits": habits }))
}
