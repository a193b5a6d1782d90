//! Directories of code of which each has a file that says how the code is run, but for one.

use std::collections::BTreeMap;

use crate::model::{Repo, has_backend};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::text::{Globs, dir_of, path_in};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "missing_sibling",
    outcomes: &[Outcome { name: "missing", placeholders: &["dir"] }],
    build,
};

struct MissingSibling {
    /// The code.
    code: Globs,
    /// What the file beside it is called.
    name: String,
    /// How many must have it before one without stands out.
    many: f64,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(MissingSibling {
        code: options.globs("code")?,
        name: options.string("name")?,
        many: options.number("many")?,
    }))
}

impl Check for MissingSibling {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let mut dirs: BTreeMap<&str, Vec<&SourceFile>> = BTreeMap::new();
        for file in repo.sources.iter().filter(|file| self.code.is_match(&file.path)) {
            dirs.entry(dir_of(&file.path)).or_default().push(file);
        }
        let all = dirs.len();
        dirs.retain(|dir, files| {
            let own = path_in(dir, &self.name);
            // Terragrunt's may be written in JSON.
            !is_there(repo, &own)
                && !is_there(repo, &format!("{own}.json"))
                && !files.iter().any(|it| has_backend(it))
        });
        // Where others do without as well, it is how the repo does things.
        let (1, Some((dir, files))) = (dirs.len(), dirs.pop_first()) else { return };
        let Some(file) = files.first().filter(|file| (context.is_wanted)(file.id)) else { return };
        if u32::try_from(all).is_ok_and(|all| f64::from(all) > self.many) {
            let span = file.span(file.lines().range_of(&file.text, 0));
            out.site_at(context, span);
            out.report(Finding::new("missing", span).arg("dir", dir));
        }
    }
}

/// Whether there is something at `path`, be it through a symbolic link, or something that is not read.
fn is_there(repo: &Repo<'_>, path: &str) -> bool {
    repo.sources.iter().any(|file| *file.path == *path)
        || repo.skipped.iter().any(|file| *file.path == *path)
        || repo.has_link_on_way(path)
}
