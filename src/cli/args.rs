//! What can be typed. `--help` is the manual: it says what each thing is for, gives examples, and lists the exit codes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches, Parser, Subcommand, ValueEnum};

use super::baseline::BaselineCommand;
use super::comparison::CompareArgs;
use super::config::ConfigCommand;
use super::drift::DriftCommand;
use super::fix::FixArgs;
use super::format::CheckFormat;
use super::ground::Ground;
use super::help;
use super::hook::HookCommand;
use super::output::OutputFile;
use super::rules;
use super::suppressions::SuppressionsCommand;
use super::trouble::Trouble;
use crate::diagnostic::Severity;

/// Lints Terraform and Terragrunt repositories against the conventions they live by.
#[derive(Debug, Parser)]
#[command(name = "tautline", version, after_help = help::EXAMPLES, disable_help_subcommand = true)]
pub(super) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a repo, some stacks of it, or some paths in it
    #[command(after_help = help::CHECK)]
    Check(Box<CheckArgs>),
    /// List the stacks, or those that a change can reach
    #[command(after_help = help::STACKS)]
    Stacks {
        /// Only the stacks that differ from this commit in what they read: from where it and HEAD parted; or from A to B,
        /// written A..B
        #[arg(long, value_name = "REF|A..B")]
        affected_by: Option<String>,
        /// How to print the list
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
    },
    /// List, show, test and write rules
    #[command(after_help = help::RULES)]
    Rules {
        /// What to do with them.
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Hold what documents say about the code against it
    #[command(after_help = super::docs::HELP)]
    Docs {
        /// What to do with them.
        #[command(subcommand)]
        command: super::docs::DocsCommand,
    },
    /// Say where code, state and the running world have drifted apart, who did it, and what to do
    #[command(after_help = super::drift::HELP)]
    Drift {
        /// What to do about it.
        #[command(subcommand)]
        command: DriftCommand,
    },
    /// Live with old findings: record them, see how many are left, forget those that are gone
    #[command(after_help = super::baseline::HELP)]
    Baseline {
        /// What to do with it.
        #[command(subcommand)]
        command: BaselineCommand,
    },
    /// Write a tautline.hcl to start from: the packs that fit this repo, and the other settings as comments
    #[command(after_help = super::init::HELP)]
    Init,
    /// Show the settings, and where each comes from
    #[command(after_help = super::config::HELP)]
    Config {
        /// What to do with them.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Say what tautline sees here, for a report of a bug: versions, root, git, settings, packs, counts; and what looks
    /// wrong
    #[command(after_help = help::DOCTOR)]
    Doctor,
    /// List what is silenced: control comments and waivers
    #[command(after_help = super::suppressions::HELP)]
    Suppressions {
        /// What to do with them.
        #[command(subcommand)]
        command: SuppressionsCommand,
    },
    /// Print a rule's page, or why the rules said something about a line, or nothing
    #[command(after_help = help::EXPLAIN)]
    Explain {
        /// The rule's id, as `tautline rules list` and every diagnostic show it; of a pack or convention, its rules are
        /// listed
        #[arg(required_unless_present = "at")]
        rule: Option<String>,
        /// With the cases on the page: code with what is found in it, and without
        #[arg(long, conflicts_with = "at")]
        cases: bool,
        /// Instead of a page: which rules looked at this line, or what that rule made of it, which clause failed, what is
        /// not known and why; of a native check, which has no clauses, what it found and what is not known
        #[arg(long, value_name = "FILE:LINE")]
        at: Option<String>,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Put checks where work is done: in the wrapper around Terragrunt, and in git's hooks
    #[command(after_help = super::hook::HELP)]
    Hook {
        /// What to do.
        #[command(subcommand)]
        command: HookCommand,
    },
    /// Serve an editor: the Language Server Protocol on stdin and stdout
    #[command(after_help = help::LSP)]
    Lsp,
    /// Print what teaches a shell to complete the arguments
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: ShellArg,
    },
    /// Print a page of the manual, for `man`
    #[command(after_help = help::MAN)]
    Man {
        /// The command whose page it is, as words: `check`, `hook tg`; none for the first page
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

/// The shells that can be taught the arguments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ShellArg {
    /// GNU Bash, with bash-completion
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
}

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List rules: id, severity, convention, summary
    #[command(after_help = help::LIST)]
    List {
        /// Only those of this pack or convention, or the one with this id; every rule without it
        #[arg(value_name = "PACK|CODE|RULE")]
        wanted: Option<String>,
        /// Only those that look at this file, or, where it is still to be written, at files like it: what is most often wrong there
        /// comes first
        #[arg(long = "for", value_name = "PATH")]
        path: Option<PathBuf>,
        /// How to print the list
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Say how far conventions hold: of each rule, how many places it looks at, and in how many nothing is wrong
    #[command(after_help = help::COVERAGE)]
    Coverage(rules::CoverageArgs),
    /// Write a rule to start from: its entry, its page with cases that hold, and its pack where that is new
    #[command(after_help = help::NEW)]
    New {
        /// The rule's id. The name says what is wrong, in kebab-case: `missing-severity`, not `require-severity`
        #[arg(value_name = "PACK/NAME")]
        rule: String,
        /// The directory of packs to write to; without it, the first in the `pack_dirs` of tautline.hcl, or
        /// tautline/rules
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
    /// Say what nearly all blocks of one kind have in common and a few have not: conventions that no rule asks for yet, each with
    /// the rule that would
    #[command(after_help = help::LEARN)]
    Learn {
        /// Only what has this text in it: a type, a path, a marker
        #[arg(value_name = "TEXT")]
        about: Option<String>,
        /// How many in a hundred must have it; with 100, what all of them have
        #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u8).range(50..=100))]
        share: u8,
        /// How many places must be asked for it
        #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..))]
        sites: u32,
        /// All of them and each place that differs, also what a rule that is on says already
        #[arg(long)]
        all: bool,
        /// Write the rule of this habit, with a page and cases; repeat it for more, or write commas
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        write: Vec<String>,
        /// The pack that they are written to
        #[arg(long, value_name = "PACK", default_value = "habits", requires = "write")]
        pack: String,
        /// The directory of packs to write to, as for `rules new`
        #[arg(long, value_name = "DIR", requires = "write")]
        dir: Option<PathBuf>,
        /// How to print them
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Show one rule as it is resolved here: where its files are, its severity and params and who set them, what it says
    #[command(after_help = help::SHOW)]
    Show {
        /// The rule's id
        rule: String,
        /// How to print it
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: ListFormat,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Take away what rules ask for, one thing at a time and in memory only, and say which of that is noticed, and mended by
    /// fixes
    #[command(after_help = help::MUTATE)]
    Mutate {
        /// The repo; the one around without it
        #[arg(value_name = "PATH", default_value = ".")]
        path: PathBuf,
        /// Only for this rule, or the rules of this pack; repeat it for more, or write commas
        #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
        rules: Vec<String>,
        /// Also name the rules that have nothing here to take away
        #[arg(long, short)]
        verbose: bool,
        /// Where settings and packs come from.
        #[command(flatten)]
        ground: GroundArgs,
    },
    /// Run the cases on rules' pages: of all packs, of some rules or packs, or of the packs in a directory
    #[command(after_help = help::TEST)]
    Test {
        /// Rules and packs by name; directories of packs, and packs or files in them, by path. The packs in a
        /// directory stand in for those of the same name. Nothing for all packs
        #[arg(value_name = "PATH|RULE")]
        targets: Vec<PathBuf>,
    },
}

/// Where settings and packs come from, where that is not the root.
#[derive(Args, Debug, Default)]
pub(super) struct GroundArgs {
    /// Read this file instead of the root's tautline.hcl
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Read packs from this directory too, in the place of those of the same name: for rules in the making; repeat it
    /// for more
    #[arg(long, value_name = "DIR")]
    pub packs: Vec<PathBuf>,
}

/// Which repo, where it is not the one around, and where its settings and packs come from.
#[derive(Args, Debug)]
pub(super) struct RepoArgs {
    /// The repo; the one around the working directory without it
    #[arg(long, value_name = "DIR")]
    repo: Option<PathBuf>,

    /// Where settings and packs come from.
    #[command(flatten)]
    ground: GroundArgs,
}

impl RepoArgs {
    /// The repo's ground, where this was typed in the directory `here`.
    pub(super) fn ground(&self, here: &Path) -> Result<Ground, Trouble> {
        match &self.repo {
            Some(repo) => Ground::of(&here.join(repo), &self.ground),
            None => Ground::of(here, &self.ground),
        }
    }
}

/// The arguments of `check`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that is typed or not")]
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Report only what is found in these files and directories; the rest of the repo still counts as known
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Report only on this stack, and on each PATH; repeat it for more, or write commas
    #[arg(long = "stack", value_name = "NAME", value_delimiter = ',')]
    pub stacks: Vec<String>,

    /// What to load: the whole repo, or only the stacks asked for and what they call, without the rules that need more
    #[arg(long, value_enum, default_value = "repo", value_name = "FACTS")]
    pub facts: FactsArg,

    /// Run only this rule, or the rules of this pack; repeat it for more, or write commas
    #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
    pub rules: Vec<String>,

    /// Judge what this plan would change too, by the rules about plans: `terraform show -json PLAN`, or a directory with one for
    /// each stack; repeat it for more. A single file is about the stack that --stack names, if that is a single one
    #[arg(long = "plan", value_name = "DIR|FILE", conflicts_with = "stdin")]
    pub plans: Vec<PathBuf>,

    /// How to print the result; without it, what suits where tautline runs: github in GitHub Actions, agent for an AI
    /// agent, else text
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<CheckFormat>,

    /// Write the result to a file too, in this format: `sarif=tautline.sarif`; repeat it for more
    #[arg(long = "output-file", value_name = "FORMAT=FILE")]
    pub output_files: Vec<OutputFile>,

    /// Exit with 1 if anything this bad or worse is found
    #[arg(long, default_value = "error", value_name = "LEVEL", value_parser = severity())]
    pub fail_on: Severity,

    /// Show only what is this bad or worse; counts and the exit code stay the same
    #[arg(long, default_value = "info", value_name = "LEVEL", value_parser = severity())]
    pub severity: Severity,

    /// List the places that could not be judged, and why
    #[arg(long)]
    pub show_unknown: bool,

    /// Add a table of what each rule did
    #[arg(long)]
    pub statistics: bool,

    /// Say on stderr what each rule cost
    #[arg(long)]
    pub timings: bool,

    /// Say on stderr which files were loaded, and why each of them was, and which rules did not run
    #[arg(long, short)]
    pub verbose: bool,

    /// Print nothing unless something gates: for hooks
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Fail unless a tautline.hcl names packs that are on: where a check gates, what it checks should not go by evidence
    #[arg(long)]
    pub require_config: bool,

    /// Report what control comments and waivers silence too
    #[arg(long)]
    pub no_suppressions: bool,

    /// Report what the baseline knows too
    #[arg(long)]
    pub no_baseline: bool,

    /// Where settings and packs come from.
    #[command(flatten)]
    pub ground: GroundArgs,

    /// Check a buffer read from stdin, in the place of the file --stdin-filename names, and report only on it
    #[arg(long, requires = "stdin_filename", conflicts_with_all = ["paths", "stacks"])]
    pub stdin: bool,

    /// The file that the buffer on stdin stands for
    #[arg(long, value_name = "FILE", requires = "stdin")]
    pub stdin_filename: Option<PathBuf>,

    /// What to compare with what.
    #[command(flatten)]
    pub compare: CompareArgs,

    /// What to do about what can be fixed.
    #[command(flatten)]
    pub fixing: FixArgs,
}

impl CheckArgs {
    /// As if `words` had been typed behind `tautline check`.
    pub(super) fn typed(words: Vec<OsString>) -> Result<CheckArgs, clap::Error> {
        let check = CheckArgs::augment_args(clap::Command::new("check").no_binary_name(true));
        CheckArgs::from_arg_matches(&check.try_get_matches_from(words)?)
    }
}

/// How much to load.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum FactsArg {
    /// The stacks asked for and what they call
    Stack,
    /// The whole repo
    Repo,
}

/// The formats of `rules list` and `rules show`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ListFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Reads the name of a severity.
pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    let words = Severity::ALL.map(|severity| PossibleValue::new(severity.word()));
    PossibleValuesParser::new(words).map(|word| Severity::parse(&word).unwrap_or(Severity::Error))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_severity_can_be_typed() {
        for severity in Severity::ALL {
            let cli = Cli::parse_from(["tautline", "check", "--fail-on", severity.word()]);
            let Command::Check(args) = cli.command else { panic!("another command") };
            assert_eq!(args.fail_on, severity);
        }
    }
}
