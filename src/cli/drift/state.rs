//! `tautline drift state`: states, held against the code of their stacks.
//!
//! Invariant: a file that was named, or found under a name that states have, is compared or said not to be.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::args::{ListFormat, RepoArgs};
use super::super::terminal;
use super::super::trouble::Trouble;
use super::inputs::{self, InputFile, Inputs};
use super::{complain, printed, where_sound};
use crate::analysis::{self, StateArrival};
use crate::drift::read::{self, Input};
use crate::drift::{Unread, Verdict};
use crate::report::drift::{StateView, state_json, state_text};
use crate::report::{Code, plural};

pub(super) const HELP: &str = "\
A state says what Terraform believes to exist. Held against the code, it tells without any
provider what an apply would destroy and create, which instances are tainted or left over, which
constants of the code it has otherwise, and which `moved`, `removed` and `import` blocks have done
their work. What counts and keys come to is used where it is known; else instances are not judged.

A file is of the stack that it lies in, that it or its directory is named after, or that declares
what is in it.

Examples:
  terragrunt state pull | tautline drift state --stack dns --state -
  tautline drift state --stack dns --state /tmp/dns.tfstate
  tautline drift state --state states              a directory: dns.tfstate, dns/x.tfstate
  tautline drift state --state states --format json | jq '.states[].differences[] | select(.counts)'";

/// The arguments of `drift state`.
#[derive(Args, Debug)]
pub(in crate::cli) struct StateArgs {
    /// A state, or a directory with states; repeat it for more. `-` is what is piped in
    #[arg(long = "state", value_name = "DIR|FILE", required = true)]
    states: Vec<PathBuf>,

    /// The stack that the states are of: a single one
    #[arg(long, value_name = "NAME")]
    stack: Option<String>,

    /// How to print the result
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: ListFormat,

    /// List the constants that the state has otherwise and Terraform is told to ignore, too
    #[arg(long)]
    show_ignored: bool,

    /// End as incomplete where a state is encrypted
    #[arg(long)]
    strict: bool,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,
}

/// Compares what `args`, typed in the directory `here`, name.
pub(super) fn run(args: &StateArgs, here: &Path) -> Result<Verdict, Trouble> {
    let found = inputs::find(&args.states, here, "state")?;
    let ground = args.repo.ground(here)?;
    let mut arrivals = Vec::new();
    let mut unread = Vec::new();
    let is_named =
        |file: &InputFile| args.states.iter().any(|it| it.display().to_string() == file.shown);
    for file in &found.files {
        match read_state(file) {
            Ok(Input::State(state)) => {
                let inside = file.inside(&ground.workspace);
                arrivals.push(StateArrival {
                    state: *state,
                    below: inside.clone().unwrap_or_else(|| file.below.clone()),
                    inside,
                });
            }
            Ok(Input::Unread(it)) => {
                let is_missing = it.is_missing || args.strict;
                unread.push(Unread { is_missing, ..it });
            }
            // Of a directory, only what is a state is meant.
            Ok(_) if !is_named(file) => {}
            Ok(_) => unread.push(Unread {
                file: file.shown.clone(),
                why: "it is no state".to_owned(),
                help: Some(
                    "`terraform state pull` writes one; `tautline drift report` reads plans"
                        .to_owned(),
                ),
                is_missing: true,
            }),
            Err(error) => unread.push(Unread {
                file: file.shown.clone(),
                why: error.to_string(),
                help: None,
                is_missing: true,
            }),
        }
    }
    if arrivals.is_empty() && unread.is_empty() {
        unread.push(nothing(&found, &args.states));
    }
    let files = ground.workspace.load()?;
    let stack = args.stack.as_deref();
    let stated = analysis::states(files, &ground.settings, stack, &arrivals, unread)?;
    complain(&stated.failures);
    let view = StateView {
        report: &stated.report,
        code: Code { sources: &stated.sources, redacted: &stated.redacted, prefix: "" },
        shows_ignored: args.show_ignored,
    };
    let text = match args.format {
        ListFormat::Text => state_text(&view, terminal::stdout_style()),
        ListFormat::Json => state_json(&view),
    };
    Ok(printed(&text, where_sound(stated.report.verdict(), &stated.failures)))
}

/// What to say where nothing that was `found` is a state.
fn nothing(found: &Inputs, paths: &[PathBuf]) -> Unread {
    let named: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let why = match found.files.len() + found.others {
        0 => "no file in it".to_owned(),
        others => format!("no state in it, only {}", plural(others, "other file")),
    };
    let help = "`terraform state pull > DIR/NAME.tfstate` in each stack";
    Unread { file: named.join(", "), why, help: Some(help.to_owned()), is_missing: true }
}

fn read_state(file: &InputFile) -> std::io::Result<Input> {
    Ok(read::read(&file.shown, file.open()?))
}
