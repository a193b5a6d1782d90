//! What stands below the help of commands: what to know of them, and examples.

pub(super) const EXAMPLES: &str = "\
Examples:
  tautline check                    the whole repo; inside a stack, that stack
  tautline check --stack dns        one stack, judged with what is known of the whole repo
  tautline explain RULE             what a rule wants, why, and how to do it right
  tautline check --since origin/main  what a branch brings, whatever was there before
  tautline rules list               every rule, and which packs they come from
  tautline hook tg --file scripts/tg   a check before every plan, in the wrapper that starts it";

pub(super) const CHECK: &str = "\
Examples:
  tautline check                                   the whole repo; inside a stack, that stack
  tautline check modules stacks/dns/main.tf        only what is found there
  tautline check --stack dns --facts stack         load only what the stack needs
  tautline check --rule image --severity warning   the rules of one pack, without the infos
  tautline check --packs ./rules                   by packs in the making, without compiling them
  tautline check --since origin/main               in a pull request: what the branch brings
  tautline check --range BEFORE..AFTER             after a push: what it brought
  tautline check --staged                          before a commit: what it would bring
  tautline check --message .git/COMMIT_EDITMSG     in git's commit-msg: judge the message
  tautline check --diff --unsafe-fixes             what fixes would change
  tautline check --fix                             apply those that keep the meaning
  tautline check --watch --stack dns               again whenever a file changes
  tautline check --plan plan.json --stack dns      before an apply: what the plan must not do
  tautline check --format json | jq '.diagnostics[].rule'
  tautline check --output-file sarif=tautline.sarif --output-file junit=tautline.xml
  tautline check --stdin --stdin-filename stacks/dns/main.tf < buffer
  tautline check --fix --stdin --stdin-filename stacks/dns/main.tf < buffer

Exit codes:
  0  clean
  1  diagnostics at or above --fail-on; a file that is not valid HCL is one; with --diff, fixes
     would change something
  2  tautline, its configuration, a pack or reading the files failed, or the arguments are wrong
  3  nothing to check: nothing is read there, or neither Terraform, Terragrunt, YAML, a Dockerfile
     nor anything else that a rule looks at";

pub(super) const STACKS: &str = "\
A stack is affected by a change in its own directory, in a module that it calls, in what its
terragrunt.hcl includes, in its variable files, and in files that its code reads.

Examples:
  tautline stacks                                  the stacks, one per line
  tautline stacks --affected-by origin/main        those to plan for a branch
  tautline stacks --affected-by BEFORE..AFTER      those to plan after a push
  tautline stacks --affected-by HEAD               those that what is not committed reaches
  tautline stacks --format json --affected-by main  by which way each is affected";

pub(super) const RULES: &str = "\
Examples:
  tautline rules list                              every rule, as the settings here have it
  tautline rules list image                        those of one pack
  tautline rules show image/untrusted-registry     its files, severity, params and messages
  tautline rules test                              the cases on the rules' pages
  tautline rules test image/untrusted-registry     those of one rule
  tautline rules new alerts/missing-severity       a new rule, to start from
  tautline rules mutate --rule image/untrusted-registry  whether it would notice";

pub(super) const DOCTOR: &str = "\
It never fails, and shows nothing of what is in a file.

Examples:
  tautline doctor                                  of the repo around
  tautline doctor > doctor.txt                     for a report of a bug";

pub(super) const LIST: &str = "\
Examples:
  tautline rules list                              every rule, as the settings here have it
  tautline rules list image                        those of one pack
  tautline rules list C17                          those of one convention
  tautline rules list --for stacks/new/main.tf     what to keep in a file, before it is written
  tautline rules list --format json | jq -r '.rules[] | select(.enabled) | .rule'";

pub(super) const COVERAGE: &str = "\
A place is kept, or open, or known to the baseline, or silenced by a comment or a waiver; or it is
unknown, where a value is. The share is that of the places that are kept, of all that are known.

Examples:
  tautline rules coverage                            where something is left to do
  tautline rules coverage --since v1.4               what has become of it
  tautline rules coverage --since \"$(git rev-list -1 --before=4.weeks HEAD)\"
  tautline rules coverage kyverno lifecycle --all    the rules of two packs
  tautline rules coverage --format openmetrics       for Prometheus, to draw over time";

pub(super) const SHOW: &str = "\
Examples:
  tautline rules show image/untrusted-registry     its files, severity, params and messages
  tautline rules show image/untrusted-registry --format json
  tautline rules show alerts/missing-severity --packs ./tautline/rules";

pub(super) const NEW: &str = "\
Nothing is ever overwritten. A repo's own packs are used where tautline.hcl lists their
directory:

  pack_dirs = [\"tautline/rules\"]

Where a convention is written down in a document already, a rule may stand there, in a fence:
`pack_documents` (docs/configuration.md).

Examples:
  tautline rules new alerts/missing-severity       a rule of this repo
  tautline rules new alerts/too-noisy --dir ./x    in another directory of packs
  tautline rules test ./tautline/rules             what to type next";

pub(super) const LEARN: &str = "\
Counted are attributes, blocks and keys that are set, values, entries of `ignore_changes`, and words
like NO_BACKUP in comments beside them: of resources and data sources of one type, and calls of one
module. What is told is what the rule says of this repo.

Examples:
  tautline rules learn                               what nearly all do, and who does not
  tautline rules learn kubernetes_deployment         only about these
  tautline rules learn --share 100                   what all do, before somebody forgets it
  tautline rules learn --write NAME --pack pods      writes the rule, to go on from";

pub(super) const TEST: &str = "\
A page is the `<rule>.md` beside a rule's `<rule>.hcl`. Its cases are small repos, with carets
under what must be reported. They run with the packs' own params, whatever tautline.hcl says, as
of 2026-01-01. `base=NAME` in a case adds the files of `fixtures/bases/NAME`, a folder beside the
directory of packs. tautline/stale-baseline alone has no cases: a baseline can stand in none.

Examples:
  tautline rules test                              all packs: built in, and of this repo
  tautline rules test image ingress                two packs
  tautline rules test ./rules                      the packs in a directory
  tautline rules test ./rules image                one pack, as it stands in that directory
  tautline rules test rules/image/frozen-registry.md
  tautline check --packs ./rules                   the same packs, on a real repo

Exit codes:
  0  every case holds
  1  some do not, or a page has no good or no bad case
  2  a pack is broken, or the arguments are wrong";

pub(super) const MUTATE: &str = "\
A mutant is the repo without one comment, entry or value that a rule is content with. A rule
that does not notice is of no use there; a fix that restores the block can be trusted.

Examples:
  tautline rules mutate                            every rule that is on, on the repo around
  tautline rules mutate --rule lifecycle ./infra   the rules of one pack, on another repo";
pub(super) const LSP: &str = "\
Editors start this by themselves; docs/editors.md has the set-up for each. The repo is the one
around the first folder that the editor has opened, or else around the working directory.

Examples:
  nvim --cmd 'luafile editors/neovim/tautline.lua' stacks/dns/main.tf
  hx stacks/dns/main.tf                            with editors/helix/languages.toml";

pub(super) const COMPLETIONS: &str = "\
Examples:
  tautline completions bash > ~/.local/share/bash-completion/completions/tautline
  tautline completions zsh > ~/.zfunc/_tautline
  tautline completions fish > ~/.config/fish/completions/tautline.fish";

pub(super) const MAN: &str = "\
Examples:
  tautline man > ~/.local/share/man/man1/tautline.1
  tautline man check | man -l -";

pub(super) const EXPLAIN: &str = "\
Examples:
  tautline explain ingress/missing-auth-comment    what the rule wants, why, and its exceptions
  tautline explain --cases ingress/missing-auth-comment    with its examples
  tautline explain C17                             the rules of a convention, or of a pack
  tautline explain --at stacks/dns/main.tf:12      why this line is reported, or is not
  tautline explain --at stacks/dns/main.tf:12 image/untrusted-registry    what one rule made of it";
