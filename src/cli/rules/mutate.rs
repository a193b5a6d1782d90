//! `tautline rules mutate`: would a rule notice if what it asks for were forgotten, and do fixes bring it back?

use std::fmt::Write as _;
use std::path::Path;

use crate::analysis::{self, Input, Mutated, Request};
use crate::cli::args::GroundArgs;
use crate::cli::ground::Ground;
use crate::cli::trouble::Trouble;
use crate::report::{harmless, plural};
use crate::syntax::Date;

/// Mutates the repo around `start`, in memory, for `rules`, or for all that are on; and says what was noticed.
pub(in crate::cli) fn mutate(
    start: &Path,
    rules: &[String],
    args: &GroundArgs,
    today: Date,
) -> Result<String, Trouble> {
    if !start.exists() {
        return Err(Trouble::new(format!("`{}` does not exist", start.display()))
            .help("name the directory of a repo, or nothing for the one around"));
    }
    let ground = Ground::of(start, args)?;
    let files = ground.workspace.load()?;
    let input = Input { files, settings: ground.settings, rules: ground.rules, today };
    let request = Request { rules: rules.to_vec(), ..Request::default() };
    Ok(text(&analysis::mutate(input, &request)?))
}

fn text(all: &[Mutated]) -> String {
    let judged: Vec<&Mutated> = all.iter().filter(|it| it.mutants > 0).collect();
    let widest = judged.iter().map(|it| it.rule.len()).max().unwrap_or(0).max(4);
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
    let idle: Vec<&str> = all.iter().filter(|it| it.sites == 0).map(|it| &*it.rule).collect();
    if !idle.is_empty() {
        let _ = writeln!(out, "nothing to look at here: {}", idle.join(", "));
    }
    let rest = all.iter().filter(|it| it.sites > 0 && it.mutants == 0).map(|it| &*it.rule);
    let rest: Vec<&str> = rest.collect();
    if !rest.is_empty() {
        let _ = writeln!(out, "nothing that can be taken away: {}", rest.join(", "));
    }
    out
}
