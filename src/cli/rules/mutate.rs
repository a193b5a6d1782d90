//! `tautline rules mutate`: would a rule notice if what it asks for were forgotten, and do fixes bring it back?

use std::fmt::Write as _;
use std::path::Path;

use crate::analysis::{self, Input, Mutated, Request};
use crate::cli::args::GroundArgs;
use crate::cli::ground::Ground;
use crate::cli::nothing::Nothing;
use crate::cli::progress::while_doing;
use crate::cli::trouble::Trouble;
use crate::report::{harmless, plural};
use crate::syntax::Date;

/// Mutates the repo around `start`, in memory, for `rules`, or for all that are on; and says what was noticed.
pub(in crate::cli) fn mutate(
    start: &Path,
    rules: &[String],
    args: &GroundArgs,
    verbose: bool,
    today: Date,
) -> Result<String, Trouble> {
    if !start.exists() {
        return Err(Trouble::new(format!("`{}` does not exist", start.display()))
            .help("name the directory of a repo, or nothing for the one around"));
    }
    let ground = Ground::of(start, args)?;
    let files = ground.workspace.load()?;
    if let Some(nothing) =
        Nothing::of(&ground.workspace, &files, &[], false).filter(|it| it.is_sure)
    {
        return Err(nothing.trouble);
    }
    let input = Input { files, settings: ground.settings, rules: ground.rules, today };
    let request = Request { rules: rules.to_vec(), ..Request::default() };
    let mutated = while_doing("mutating", || analysis::mutate(input, &request))?;
    Ok(text(&mutated, verbose))
}

fn text(all: &[Mutated], verbose: bool) -> String {
    let judged: Vec<&Mutated> = all.iter().filter(|it| it.mutants > 0).collect();
    let widest = judged.iter().map(|it| it.rule.len()).max().unwrap_or(0).max(4);
    if judged.is_empty() {
        let mut out = "nothing here can be taken away\n".to_owned();
        rest(&mut out, all, verbose);
        return out;
    }
    let mut out = format!("{:widest$}  sites  mutants  reported  fixed  restored  shown\n", "rule");
    let row = |out: &mut String, name: &str, sites: usize, it: [usize; 5]| {
        let [mutants, reported, fixed, restored, shown] = it;
        let _ = writeln!(
            out,
            "{name:widest$}  {sites:>5}  {mutants:>7}  {reported:>8}  {fixed:>5}  {restored:>8}  {shown:>5}"
        );
    };
    let mut total = [0; 5];
    let mut sites = 0;
    for it in &judged {
        let counts = [it.mutants, it.reported, it.fixed, it.restored, it.shown];
        row(&mut out, &it.rule, it.sites, counts);
        sites += it.sites;
        total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    row(&mut out, "all", sites, total);
    for it in &judged {
        for (path, line, gone) in &it.missed {
            let (path, gone) = (harmless(path), gone.lines().next().unwrap_or_default());
            let _ = writeln!(
                out,
                "not noticed by {}: {path}:{line}: without `{}`",
                it.rule,
                harmless(gone)
            );
        }
    }
    for it in judged.iter().filter(|it| it.reported == 0) {
        let mutants = plural(it.mutants, "mutant");
        let _ = writeln!(out, "never fires here: {}, {mutants} and none reported", it.rule);
    }
    rest(&mut out, all, verbose);
    out
}

/// The rules without mutants.
fn rest(out: &mut String, all: &[Mutated], verbose: bool) {
    let idle = all.iter().filter(|it| it.sites == 0);
    others(out, "nothing to look at here", idle, verbose);
    let rest = all.iter().filter(|it| it.sites > 0 && it.mutants == 0);
    others(out, "nothing that can be taken away", rest, verbose);
}

/// A line about rules without mutants: in a small repo that is most of them, so they are named only where that is wanted.
fn others<'a>(
    out: &mut String,
    what: &str,
    rules: impl Iterator<Item = &'a Mutated>,
    verbose: bool,
) {
    let rules: Vec<&str> = rules.map(|it| &*it.rule).collect();
    let count = plural(rules.len(), "rule");
    let _ = match rules.len() {
        0 => Ok(()),
        _ if verbose => writeln!(out, "{what}: {}", rules.join(", ")),
        _ => writeln!(out, "{what}: {count}, `--verbose` names them"),
    };
}
