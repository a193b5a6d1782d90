//! Which modules are for a Terraform before 1.0, of which the checks know nothing.

use crate::model::{Module, ModuleId, Repo};

use super::version_range::Range;

/// Whether the module, or one that leads to it, says that no Terraform from 1.0 on runs it.
pub(super) fn is_for_old_release(repo: &Repo<'_>, id: ModuleId) -> bool {
    let module = repo.module(id);
    let roots = module.instances.iter().map(|&it| repo.instance(repo.instance(it).root).module);
    says_old(module) || roots.into_iter().any(|root| root != id && says_old(repo.module(root)))
}

fn says_old(module: &Module<'_>) -> bool {
    let bodies = module.files.iter().filter_map(|file| Some(&file.hcl.as_ref()?.body));
    let settings = bodies.flat_map(|body| body.blocks_of("terraform"));
    let mut versions = settings.filter_map(|it| it.body.attribute("required_version"));
    versions.any(|it| it.value.as_literal().is_some_and(|it| is_below_one(&it)))
}

/// Whether `constraint` holds of no version from 1.0 on: `= 0.11.15`, `~> 0.12`, `< 1.0`.
fn is_below_one(constraint: &str) -> bool {
    Range::of(constraint).is_some_and(|range| range.and(Range::from([1, 0, 0])).is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_below_one;

    #[test]
    fn only_what_excludes_every_later_release_is_old() {
        for old in
            ["= 0.11.15", "0.12.31", "~> 0.12", "~> 0.12.0", "< 1.0", " < 1", "<1.0.0", "<= 0.15"]
        {
            assert!(is_below_one(old), "{old}");
        }
        for new in [">= 0.12", "~> 1.0", "< 1.1", "< 2.0", "!= 0.13", "= 1.0", "<= 1.0", "", "x"] {
            assert!(!is_below_one(new), "{new}");
        }
    }
}
