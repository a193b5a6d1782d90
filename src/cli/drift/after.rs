//! What follows a report: the history it is held against and recorded in, the acknowledgements that hold, and its delivery
//! to others.
//!
//! Invariant: results lie on the disk before anything here begins, and nothing here keeps the report from being printed. What
//! fails is told, and ends the command with an error whatever the report says.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::super::trouble::Trouble;
use crate::config::Settings;
use crate::drift::history::{self, History, NotifyOn};
use crate::drift::{DriftReport, Verdict};
use crate::report::drift::{self, DriftView};
use crate::runner::deliver::{Patience, Pushgateway, Undelivered, Webhook};
use crate::runner::history::look_back;
use crate::text::typed_path;

/// The history that a report is held against.
#[derive(Args, Debug)]
pub(in crate::cli) struct HistoryArg {
    /// The file of the history: since when everything has been so
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
}

/// Where a report goes besides the terminal and files.
#[derive(Args, Debug)]
pub(in crate::cli) struct DeliveryArgs {
    /// Put the metrics on this Pushgateway, in the place of those of the run before
    #[arg(long, value_name = "URL")]
    pushgateway: Option<String>,

    /// The job that the metrics are of
    #[arg(long, value_name = "NAME", default_value = "drift")]
    push_job: String,

    /// The instance that they are of: one for each repo, where several push
    #[arg(long, value_name = "NAME")]
    push_instance: Option<String>,

    /// Post the news to the Slack webhook whose URL is in this environment variable
    #[arg(long, value_name = "VARIABLE", conflicts_with = "slack_file")]
    slack_env: Option<String>,

    /// Post the news to the Slack webhook whose URL is in this file
    #[arg(long, value_name = "FILE")]
    slack_file: Option<PathBuf>,

    /// What is news. Without a history, everything is new
    #[arg(long, value_enum, default_value = "changed", value_name = "WHAT")]
    notify_on: NewsArg,
}

/// What is worth a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum NewsArg {
    /// What was not there in the run before
    New,
    /// That, and what is over
    Changed,
    /// Anything that wants a person
    Any,
}

impl From<NewsArg> for NotifyOn {
    fn from(news: NewsArg) -> Self {
        match news {
            NewsArg::New => NotifyOn::New,
            NewsArg::Changed => NotifyOn::Changed,
            NewsArg::Any => NotifyOn::Any,
        }
    }
}

/// What follows a run or a merge.
#[derive(Args, Debug)]
pub(in crate::cli) struct AfterArgs {
    /// The history.
    #[command(flatten)]
    history: HistoryArg,

    /// Where the report goes.
    #[command(flatten)]
    delivery: DeliveryArgs,
}

/// What follows, as far as it can be known beforehand.
#[derive(Debug)]
pub(super) struct After<'a> {
    history: &'a HistoryArg,
    /// Where the user stands.
    here: &'a Path,
    pushgateway: Option<Pushgateway>,
    slack: Option<Webhook>,
    on: NotifyOn,
}

impl AfterArgs {
    /// Reads what is needed, before a command takes its time.
    pub(super) fn prepare<'a>(&'a self, here: &'a Path) -> Result<After<'a>, Trouble> {
        let AfterArgs { history, delivery } = self;
        history.prepare(here)?;
        Ok(After {
            history,
            here,
            pushgateway: delivery.group()?,
            slack: delivery.webhook(here)?,
            on: delivery.notify_on.into(),
        })
    }
}

impl DeliveryArgs {
    fn group(&self) -> Result<Option<Pushgateway>, Trouble> {
        let Some(address) = &self.pushgateway else { return Ok(None) };
        Pushgateway::new(address, &self.push_job, self.push_instance.as_deref())
            .map(Some)
            .map_err(|why| Trouble::new(format!("`--pushgateway` cannot be used: {why}")))
    }

    /// The webhook. Its address is on no command line: everybody on the machine can read those.
    fn webhook(&self, here: &Path) -> Result<Option<Webhook>, Trouble> {
        let (text, place) = if let Some(name) = &self.slack_env {
            let text = std::env::var_os(name).and_then(|value| value.into_string().ok());
            let place = format!("the variable `{name}`");
            (text.ok_or_else(|| Trouble::new(format!("{place} is not set, or is no text")))?, place)
        } else if let Some(path) = &self.slack_file {
            let place = format!("`{}`", path.display());
            let text = read(&here.join(path))
                .map_err(|error| Trouble::new(format!("{place} cannot be read: {error}")))?;
            (text, place)
        } else {
            return Ok(None);
        };
        let help = "give it the URL of an incoming webhook; leave the option out to post nothing";
        Webhook::new(&text)
            .map(Some)
            .map_err(|why| Trouble::new(format!("{place} is no webhook: {why}")).help(help))
    }
}

#[expect(clippy::disallowed_methods, reason = "a secret is no file of the repo")]
fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

/// A report with all that earlier runs and the settings say about it.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// What earlier runs saw, with this one taken in; none where there is no history.
    history: Option<History>,
    /// Whether the history could be used as it was meant.
    is_sound: bool,
}

impl HistoryArg {
    /// Sees to it that the file can be there. What it says is no reason not to measure.
    fn prepare(&self, here: &Path) -> Result<(), Trouble> {
        let Some(path) = &self.history else { return Ok(()) };
        if here.join(path).is_dir() {
            let shown = path.display();
            return Err(Trouble::new(format!("`{shown}` cannot be written: it is a directory"))
                .help(format!(
                    "name a file in it: `--history {}`",
                    typed_path(&path.join("drift.history"))
                )));
        }
        let directory = path.parent().filter(|parent| !here.join(parent).is_dir());
        let Some(directory) = directory else { return Ok(()) };
        let (shown, made, directory) = (path.display(), typed_path(directory), directory.display());
        Err(Trouble::new(format!(
            "`{shown}` cannot be written: there is no directory `{directory}`"
        ))
        .help(format!("make it first: `mkdir -p {made}`")))
    }

    /// Writes into `report` what earlier runs saw, and what `settings` acknowledge. The history stays as it is.
    pub(super) fn look(
        &self,
        report: &mut DriftReport,
        settings: &Settings,
        here: &Path,
    ) -> Settled {
        // Whether these are all stacks, nobody has said.
        self.settle(report, settings, here, Manner { is_recorded: false, is_whole: false })
    }

    fn settle(
        &self,
        report: &mut DriftReport,
        settings: &Settings,
        here: &Path,
        manner: Manner,
    ) -> Settled {
        let Manner { is_recorded, is_whole } = manner;
        let mut settled = Settled { history: None, is_sound: true };
        if let Some(path) = &self.history {
            let looked = look_back(report, &here.join(path), is_recorded, is_whole);
            if let Some(error) = looked.failure {
                Trouble::from(error).complain();
                settled.is_sound = false;
            }
            settled.history = looked.history;
        }
        let own = &settings.drift.acknowledgements;
        history::acknowledge(report, own, is_whole, &|range| settings.place(range));
        settled
    }
}

/// How a report is held against the history.
#[derive(Clone, Copy)]
struct Manner {
    /// Whether the history takes in what it shows.
    is_recorded: bool,
    /// Whether it is about all stacks of the repo.
    is_whole: bool,
}

impl Settled {
    /// What a command comes to that would come to `verdict`.
    pub(super) fn verdict(&self, verdict: Verdict) -> Verdict {
        if self.is_sound { verdict } else { Verdict::Error }
    }
}

impl After<'_> {
    /// Writes into `report` what earlier runs saw, and what `settings` acknowledge; and into the history what it shows.
    /// `is_whole`: it is about all stacks of the repo.
    pub(super) fn settle(
        &self,
        report: &mut DriftReport,
        settings: &Settings,
        is_whole: bool,
    ) -> Settled {
        self.history.settle(report, settings, self.here, Manner { is_recorded: true, is_whole })
    }

    /// Delivers `view`; what a command comes to that would come to `verdict`.
    pub(super) fn deliver(
        &self,
        view: &DriftView<'_>,
        settled: &Settled,
        verdict: Verdict,
    ) -> Verdict {
        let patience = Patience::default();
        let pushed = self.pushgateway.iter().map(|it| it.put(&drift::openmetrics(view), &patience));
        let mut failed: Vec<Undelivered> = pushed.filter_map(Result::err).collect();
        if history::is_news(view.report, settled.history.as_ref(), self.on) {
            let posted = self.slack.iter().map(|it| it.post(&drift::slack(view), &patience));
            failed.extend(posted.filter_map(Result::err));
        }
        for undelivered in &failed {
            let help = "the results are on the disk; `tautline drift report DIR` reads them again";
            Trouble::new(undelivered.to_string()).help(help).complain();
        }
        if failed.is_empty() { verdict } else { Verdict::Error }
    }
}
