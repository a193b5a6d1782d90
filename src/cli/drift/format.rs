//! The formats of what `drift` reports, and how a report is handed out: shared by the commands that end in one.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::super::output::{self, OutputFile};
use super::super::terminal;
use super::super::trouble::Trouble;
use crate::drift::{Class, Verdict};
use crate::report::Style;
use crate::report::drift::{self, CLASSES, DriftView, class_meaning, class_of};

/// The formats of a drift report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(in crate::cli) enum DriftFormat {
    /// For people: by cause, most dangerous first
    Text,
    /// For programs: docs/drift.schema.json
    Json,
    /// For comments and tickets
    Markdown,
    /// The blocks of a Slack message, for an incoming webhook
    Slack,
    /// SARIF 2.1.0 on the lines of the code, for code scanning
    Sarif,
    /// `OpenMetrics` text, for Prometheus
    Openmetrics,
    /// One page for a browser, with nothing to load
    Html,
}

/// How a report is printed, and where else it goes.
#[derive(Args, Debug)]
pub(in crate::cli) struct OutputArgs {
    /// How to print the report
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub format: DriftFormat,

    /// Write the report to a file too, in this format: `html=drift.html`; repeat it for more
    #[arg(long = "output-file", value_name = "FORMAT=FILE")]
    pub output_files: Vec<OutputFile<DriftFormat>>,

    /// Show only differences of this class; repeat it for more, or write commas. Counts, metrics and the exit code stay the same
    #[arg(long = "class", value_name = "CLASS", value_delimiter = ',', value_parser = class())]
    pub classes: Vec<Class>,

    /// Show data sources that are only read too. What providers count and stamp is not even kept
    #[arg(long)]
    pub show_noise: bool,
}

impl OutputArgs {
    /// Sees to it that the files can be written, before a command takes its time.
    pub(super) fn prepare(&self) -> Result<(), Trouble> {
        output::prepare(&self.output_files)
    }

    /// Prints `view` and writes the files that were asked for; what the command comes to.
    pub(super) fn hand_out(&self, view: &DriftView<'_>) -> Verdict {
        let view = DriftView { classes: &self.classes, show_noise: self.show_noise, ..*view };
        let text = self.format.render(&view, terminal::stdout_style());
        let mut delivered = terminal::print_or_complain(&text);
        for file in &self.output_files {
            let text = file.format.render(&view, Style::default());
            if let Err(trouble) = output::write(&file.path, &text) {
                trouble.complain();
                delivered = false;
            }
        }
        if delivered { view.report.verdict() } else { Verdict::Error }
    }
}

impl DriftFormat {
    /// Renders `view`; `style` is for people only.
    pub(super) fn render(self, view: &DriftView<'_>, style: Style) -> String {
        match self {
            DriftFormat::Text => drift::text(view, style),
            DriftFormat::Json => drift::json(view),
            DriftFormat::Markdown => drift::markdown(view),
            DriftFormat::Slack => drift::slack(view),
            DriftFormat::Sarif => drift::sarif(view),
            DriftFormat::Openmetrics => drift::openmetrics(view),
            DriftFormat::Html => drift::html(view),
        }
    }
}

/// Reads the name of a class that a difference may be of.
fn class() -> impl TypedValueParser<Value = Class> {
    let classes = CLASSES.into_iter().filter(|class| *class != Class::Noise);
    let words = classes.map(|class| PossibleValue::new(class.word()).help(class_meaning(class)));
    let words: Vec<PossibleValue> = words.collect();
    PossibleValuesParser::new(words).try_map(|word| class_of(&word).ok_or("no class"))
}
