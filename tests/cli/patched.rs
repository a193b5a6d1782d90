//! Wrappers that `hook tg` has patched are run: bash reads them, and Terragrunt is never started without a check that got the
//! same words in the same directory.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::repo::{Repo, Run};

const LOGGER: &str = "#!/bin/bash\nprintf '%s' \"${0##*/}\" >> \"$LOG\"\n\
                      [ \"${0##*/}\" = tautline ] && shift 3\n\
                      printf ' <%s>' \"$PWD\" \"$@\" >> \"$LOG\"\nprintf '\\n' >> \"$LOG\"\n\
                      [ \"${0##*/}\" = terragrunt ] || exit \"${VERDICT:-0}\"\n";

/// Wrappers, each with how often it starts Terragrunt.
const WRAPPERS: [(&str, usize); 17] = [
    ("./check.py || {\n  exit 1\n}\nterragrunt \"$@\"\n", 1),
    ("./check.py ||\n  exit 1\nterragrunt \"$@\"\n", 1),
    ("./check.py 2>&1 |\n  cat\nterragrunt \"$@\" |\n  cat\n", 1),
    ("./check.py <<-\"END-OF\"\n\tx\n\tEND-OF\nx=$((1 << 2))\nterragrunt \"$@\"\n", 1),
    ("x=(\n  a\n  $(./check.py)\n)\ny=\"\n./check.py\n\"\nterragrunt \"$@\"\n", 1),
    ("if false ||\n  terragrunt \"$@\"; then\n  :\nfi\n", 1),
    ("if false; then\n  :\nelse terragrunt \"$@\"\nfi\n", 1),
    ("./check.py\ncmd=$1\nshift\nterragrunt \"$cmd\" -x \"$@\"\n", 1),
    ("./check.py\nargs=(-x \"$@\")\ncd d\nterragrunt \"${args[@]}\"\n", 1),
    ("EXTRA=(a 'b c')\nTF_LOG= terragrunt plan \"${EXTRA[@]}\" \"$@\" >/dev/null\n", 1),
    ("terragrunt -x \"$@\"\nfor d in a b; do\n  terragrunt \"$d\" \"$@\"\ndone\n", 3),
    ("run() {\n  cd d\n  command terragrunt \"$@\"\n}\nrun \"$@\"\n", 1),
    ("case $1 in\n  plan)\n    terragrunt \"$@\" ;;\n  *)\n    :\n    ;;\nesac\n", 1),
    ("while [ $# -gt 1 ]; do\n  terragrunt \"$@\"\n  shift\ndone\n", 2),
    ("(\n  exec terragrunt \"$@\"\n)\n", 1),
    ("out=$(\n  terragrunt \"$@\"\n) || exit $?\n", 1),
    ("{\n  terragrunt \"$@\"\n} 2>&1 | cat\n", 1),
];

fn run(repo: &Repo, verdict: &str) -> (Run, Vec<String>) {
    let log = repo.path().join("log");
    let _ = fs::remove_file(&log);
    let path = format!("{}:/usr/bin:/bin", repo.path().join("bin").display());
    let mut command = Command::new("bash");
    command
        .args(["tg", "plan", "a b", ""])
        .current_dir(repo.path())
        .envs([("PATH", &*path), ("VERDICT", verdict)])
        .env("LOG", &log);
    let run = Run::from(command.output().unwrap());
    let called = fs::read_to_string(&log).unwrap_or_default();
    (run, called.lines().map(str::to_owned).collect())
}

#[test]
fn no_start_is_without_its_check() {
    for (text, starts) in WRAPPERS {
        let repo = Repo::new(&[("tg", text), ("d/x", ""), ("check.py", "#!/bin/sh\n")]);
        for path in ["bin/terragrunt", "bin/tautline"] {
            repo.write(path, LOGGER);
        }
        for path in ["bin/terragrunt", "bin/tautline", "check.py"] {
            fs::set_permissions(repo.path().join(path), Permissions::from_mode(0o755)).unwrap();
        }
        let written = repo.run_in("", &["hook", "tg", "--file", "tg", "--write"]);
        assert_eq!(written.code, 0, "{written:?}\n{text}");
        let patched = fs::read_to_string(repo.path().join("tg")).unwrap();
        let syntax =
            Command::new("bash").args(["-n", "tg"]).current_dir(repo.path()).output().unwrap();
        assert!(syntax.status.success(), "{syntax:?}\n{patched}");

        let (done, called) = run(&repo, "0");
        let mut seen = 0;
        for (at, line) in called.iter().enumerate() {
            let Some(words) = line.strip_prefix("terragrunt ") else { continue };
            seen += 1;
            let check = format!("tautline {words}");
            assert!(called[..at].contains(&check), "{line}\n{called:?}\n{patched}");
        }
        assert_eq!(seen, starts, "{done:?} {called:?}\n{patched}");

        let (stopped, called) = run(&repo, "1");
        assert_eq!(stopped.code, 1, "{stopped:?} {called:?}\n{patched}");
        assert!(!called.iter().any(|it| it.starts_with("terragrunt")), "{called:?}\n{patched}");
    }
}
