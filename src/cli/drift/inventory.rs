//! `tautline drift inventory`: what `kubectl get -o json` wrote, held against the code.
//!
//! Invariant: a dump that cannot be read is said, and leaves the inventory incomplete.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::super::args::RepoArgs;
use super::super::terminal;
use super::super::trouble::Trouble;
use super::{complain, printed, where_sound};
use crate::analysis::{self, Examined};
use crate::drift::inventory::{Inventory, InventoryReport};
use crate::drift::{Unread, Verdict};
use crate::report::inventory::{self, InventoryView};
use crate::report::{Code, Style};

pub(super) const HELP: &str = "\
It tells what the code declares and the cluster lacks, what runs and is in no code, which values
that the code says literally are others live and who wrote them, whose the images are, and which
images the admission policy of the repo does not trust. What controllers, operators, Helm and
Kubernetes itself make is left out; what is in no code on purpose is listed in tautline.hcl:

  params \"inventory\" {
    unmanaged = [{ kinds = [\"Secret\"], names = [\"root-*\"], reason = \"made at bootstrap\" }]
  }

No data of a Secret is looked at. `-` reads what is piped in.

Examples:
  kubectl get deploy,sts,ds,cronjob,svc,ingress,cm,secret,pvc,ns,pods -A -o json \\
    --show-managed-fields > live.json
  tautline drift inventory --kubectl live.json
  tautline drift inventory --kubectl apps.json --kubectl crds.json --format json
  tautline drift inventory --kubectl live.json --format hcl > adopt.tf";

/// The arguments of `drift inventory`.
#[derive(Args, Debug)]
pub(in crate::cli) struct InventoryArgs {
    /// What `kubectl get … -o json` wrote; repeat it for more
    #[arg(long = "kubectl", value_name = "FILE", required = true, num_args = 1..)]
    dumps: Vec<PathBuf>,

    /// How to print the inventory
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: InventoryFormat,

    /// Which repo.
    #[command(flatten)]
    repo: RepoArgs,
}

/// The formats of an inventory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum InventoryFormat {
    /// For people: what is dangerous first
    Text,
    /// For programs: docs/drift-inventory.md
    Json,
    /// `import` blocks and resources to start from, for what is in no code
    Hcl,
}

/// Takes the inventory that `args`, typed in the directory `here`, ask for.
pub(super) fn run(args: &InventoryArgs, here: &Path) -> Result<Verdict, Trouble> {
    for dump in args.dumps.iter().filter(|dump| dump.as_os_str() != "-") {
        if !here.join(dump).exists() {
            return Err(Trouble::new(format!("`{}` does not exist", dump.display()))
                .help("write it with `kubectl get KINDS --all-namespaces -o json > FILE`"));
        }
    }
    let ground = args.repo.ground(here)?;
    let files = ground.workspace.load()?;
    let taken = analysis::inventory(files, &ground.settings, &ground.rules, |inventory| {
        args.dumps.iter().for_each(|dump| read(dump, here, inventory));
    })?;
    Ok(print(args.format, &taken))
}

fn read(dump: &Path, here: &Path, inventory: &mut Inventory<'_, '_>) {
    let shown = dump.display().to_string();
    if shown == "-" {
        return inventory.read("-", io::stdin().lock());
    }
    match File::open(here.join(dump)) {
        Ok(file) => inventory.read(&shown, file),
        Err(error) => inventory.unread(Unread {
            file: shown,
            why: format!("it cannot be opened: {error}"),
            help: Some("see whether this user may read it".to_owned()),
            is_missing: true,
        }),
    }
}

fn print(format: InventoryFormat, taken: &Examined<InventoryReport>) -> Verdict {
    complain(&taken.failures);
    let code = Code { sources: &taken.sources, redacted: &taken.redacted, prefix: "" };
    let view = InventoryView { report: &taken.report, code };
    let text = match format {
        InventoryFormat::Text => inventory::text(&view, terminal::stdout_style()),
        InventoryFormat::Json => inventory::json(&view),
        InventoryFormat::Hcl => {
            // What limits the inventory is said where it does not end up in the code.
            terminal::complain(&inventory::text(&view, Style::default()));
            inventory::hcl(&view)
        }
    };
    printed(&text, where_sound(view.verdict(), &taken.failures))
}
