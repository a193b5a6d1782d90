//! Where lines come in wrappers of many shapes, and which wrappers are refused.

use super::*;

const CHECKED: &str = r#"#!/usr/bin/env bash
set -euo pipefail
usage() {
  cat <<EOF
terragrunt "$@"
check-nothing.py
EOF
}
# terragrunt "$@"
if $is_plan; then
  if ! "$root/scripts/check-names.py" "$root/stacks/$stack"; then
    exit 1
  fi
  python3 "$root/scripts/check-groups.py"
fi

lock
terragrunt "${args[@]}"
scripts/check-afterwards.py
"#;

#[track_caller]
fn patched(text: &str) -> String {
    match plan(text) {
        Ok(Plan::Add(insertions)) => apply(&insertions, text),
        other => panic!("{other:?}\n{text}"),
    }
}

/// The lines of `text` in which checks are made, counted from 1 as they are without them, and what they are given.
#[track_caller]
fn checks(text: &str) -> Vec<(usize, String)> {
    let after = patched(text);
    let lines: Vec<&str> = after.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some((_, rest)) = line.split_once("tautline hook run -- ") {
            let words = rest.split_once(" >&2 || exit").unwrap().0;
            found.push((at - 3 * found.len(), words.to_owned()));
        }
    }
    found
}

#[track_caller]
fn expect(text: &str, line: usize, words: &str) {
    assert_eq!(checks(text), [(line, words.to_owned())], "{text}");
}

#[track_caller]
fn refused(text: &str, says: &str) {
    let refusal = plan(text).unwrap_err();
    assert!(refusal.message.contains(says), "{refusal:?}\n{text}");
}

#[test]
fn the_lines_come_behind_the_checkers() {
    let after = patched(CHECKED);
    let own = LINES.replace(ARGUMENTS, "\"${args[@]}\"");
    let expected = format!("check-groups.py\"\nfi\n\n{own}\nlock\n");
    assert!(after.contains(&expected), "{after}");
    assert_eq!(plan(&after), Ok(Plan::Nothing(Vec::new())));
}

#[test]
fn without_checkers_they_come_before_terragrunt() {
    let start = "exec terragrunt \"$@\"\n";
    let after = patched(&format!("#!/bin/sh\nterragrunt --version\n{start}"));
    assert_eq!(after, format!("#!/bin/sh\nterragrunt --version\n{LINES}{start}"));
    let inside = "main() {\n  terragrunt \"$@\"\n}\nmain \"$@\"\n";
    assert!(patched(inside).starts_with("main() {\n  # tautline hook tg:"));
}

#[test]
fn they_come_before_the_whole_statement() {
    expect("TF_LOG=x \\\n  terragrunt \\\n    \"$@\"\n", 1, "\"$@\"");
    expect("lock ||\n  exit 1\nterragrunt \"$@\" ||\n  rc=$?\n", 3, "\"$@\"");
    expect("lock &&\n  terragrunt \"$@\"\n", 1, "\"$@\"");
    expect("yes |\n  terragrunt \"$@\" |\n  tee log\n", 1, "\"$@\"");
    expect("if lock ||\n  terragrunt \"$@\"; then\n  x\nfi\n", 1, "\"$@\"");
    expect("if lock; then\n  :\nelse terragrunt \"$@\"\nfi\n", 1, "\"$@\"");
    expect("cat <<\"END-OF\" | terragrunt \"$@\"\nyes\nEND-OF\n", 1, "\"$@\"");
    expect("cat <<-\"END-OF\"\n\tterragrunt \"$@\"\n\tEND-OF\nterragrunt \"$@\"\n", 4, "\"$@\"");
    expect("x=$((1 << 2))\nterragrunt \"$@\"\n", 2, "\"$@\"");
    expect("out=\"$(\n  terragrunt \"$@\"\n)\"\n", 1, "\"$@\"");
    expect("x='\nterragrunt \"$@\"\n'\nterragrunt \"$@\"\n", 4, "\"$@\"");
    expect("case $1 in\n  a) ;;\n  *) terragrunt \"$@\" ;;\nesac\n", 1, "\"$@\"");
}

#[test]
fn a_check_gets_what_terragrunt_gets() {
    expect("cmd=$1\nshift\nterragrunt \"$cmd\" \"$@\"\n", 3, "\"$cmd\" \"$@\"");
    expect("time terragrunt plan \"${EXTRA[@]}\" 2>&1\n", 1, "plan \"${EXTRA[@]}\"");
    expect("env -u X nice -n 5 /opt/bin/terragrunt >log $*\n", 1, "$*");
    expect("exec \"${TG:-/opt/terragrunt}\" \"$@\"\n", 1, "\"$@\"");
    expect("aws-vault exec \"$p\" -- terraform -chdir=x \"$@\"\n", 1, "-chdir=x \"$@\"");
    expect(
        "terragrunt run --all -- \"${@:2}\" \\\n  -no-color\n",
        1,
        "run --all -- \"${@:2}\" -no-color",
    );
}

#[test]
fn every_start_has_a_check() {
    let text = "if $ci; then\n  terragrunt -no-color \"$@\"\nelse\n  terragrunt \"$@\"\nfi\n";
    let expected = [(2, "-no-color \"$@\"".to_owned()), (4, "\"$@\"".to_owned())];
    assert_eq!(checks(text), expected);
    // What only looks needs none.
    expect("terragrunt init \"$@\"\nterragrunt \"$@\"\n", 2, "\"$@\"");
    expect(
        "./check.py\nif $ci; then\n  terragrunt \"$@\"\nelse\n  exec terragrunt \"$@\"\nfi\n",
        3,
        "\"$@\"",
    );
}

#[test]
fn a_checker_is_followed_only_by_a_statement_of_the_script() {
    let text = "check() {\n  scripts/check-names.py\n}\ncheck\nterragrunt \"$@\"\n";
    assert!(patched(text).contains(&format!("check\n{LINES}terragrunt")));
    for line in ["scripts/check-a.py || exit 1", "if ! ./lint.py; then exit 1; fi"] {
        let after = patched(&format!("{line}\nlock\nterragrunt \"$@\"\n"));
        assert!(after.starts_with(&format!("{line}\n\n{LINES}")), "{after}");
    }
    for checker in [
        "./check.py || {\n  exit 1\n}\n",
        "./check.py ||\n  exit 1\n",
        "./check.py &&\n  a |\n b\n",
        "./check.py <<EOF\nx\nEOF\n",
        "./check.py; cat <<EOF\nx\nEOF\n",
        "x=(\n  $(./check.py)\n)\n",
        "./check.py \"\na\n\"\n",
    ] {
        let after = patched(&format!("{checker}\nlock\nterragrunt \"$@\"\n"));
        assert!(after.starts_with(&format!("{checker}\n{LINES}\nlock")), "{after}");
    }
}

#[test]
fn behind_checkers_nothing_may_change_any_more() {
    for change in [
        "shift",
        "set -- plan",
        "cd x",
        "eval \"$y\"",
        ". ./lib.sh",
        "go() { cd x; }; go",
        "export TG_WORKING_DIR=x",
        "while [ $# -gt 0 ]; do shift; done",
    ] {
        let text = format!("./check.py\n{change}\nterragrunt \"$@\"\n");
        expect(&text, 3, "\"$@\"");
    }
    for change in ["args+=(-x)", "read -r args", "for args in a; do :; done", "args[0]=plan"] {
        let text = format!("args=(\"$@\")\n./check.py\n{change}\nterragrunt \"${{args[@]}}\"\n");
        expect(&text, 4, "\"${args[@]}\"");
    }
    expect("./check.py\nb=1\nterragrunt \"$@\"\n", 3, "\"$@\"");
}

#[test]
fn what_is_made_of_the_arguments_alone_is_them() {
    let real = "./check.py\nargs=(\"$@\")\nout=()\nfor arg in \"${args[@]}\"; do\n  out+=(\"$arg\")\n  if [ $arg = apply ]; then\n    \
                out+=(\"-auto-approve\")\n  fi\ndone\nout+=(\"-lock-timeout=$T\")\nterragrunt \"${out[@]}\"\n";
    expect(real, 3, "\"$@\"");
    for (makes, words) in [
        ("args=(plan \"${@:2}\")", "\"${args[@]}\""),
        ("args=(\"$@\"); args+=(\"$EXTRA\")", "\"${args[@]}\""),
        ("args=(-chdir=x \"$@\")", "\"${args[@]}\""),
        ("args=(\"$@\"); shift", "\"${args[@]}\""),
        ("args=(-x)", "\"${args[@]}\""),
        ("for a in \"$@\"; do args+=(\"$a\"); a=plan; done", "\"${args[@]}\""),
    ] {
        expect(&format!("./check.py\n{makes}\nterragrunt \"${{args[@]}}\"\n"), 3, words);
    }
}

#[test]
fn what_calls_tautline_already_is_left_alone() {
    let own = "tautline hook run --facts stack -- \"$@\" || exit\nterragrunt \"$@\"\n";
    assert_eq!(plan(own), Ok(Plan::Nothing(Vec::new())));
    let other = "set -e\n\"$TL\" hook run -- \"$@\"\nterragrunt \"$@\"\n";
    assert_eq!(plan(other), Ok(Plan::Nothing(Vec::new())));
    expect("# tautline hook run\necho 'tautline hook run'\nterragrunt \"$@\"\n", 3, "\"$@\"");
}

#[test]
fn a_call_that_stops_nothing_is_told_with_its_line() {
    for (line, how) in [
        ("tautline hook run -- \"$@\" || true", "`|| true` takes"),
        ("tautline hook run -- \"$@\"; :", "nothing looks at"),
        ("if tautline hook run -- \"$@\"; then :; fi", "whichever way the `if` goes"),
        ("tautline hook run -- \"$@\" | tee log", "a pipe has"),
        ("tautline hook run -- \"$@\" &", "`&` does not wait"),
    ] {
        let text = format!("#!/bin/sh\n{line}\nterragrunt \"$@\"\n");
        refused(&text, &format!("goes on whatever that finds, in line 2: {how}"));
        let help = plan(&text).unwrap_err().help;
        assert!(help.contains("`tautline hook run -- \"$@\" >&2 || exit $?`"), "{help}");
    }
    // One that only shows, in front of one that stops, is only named.
    let text = "tautline hook run --fail-on warning -- \"$@\" || true\ntautline hook run -- \"$@\" || exit\n";
    let Ok(Plan::Nothing(dropped)) = plan(text) else { panic!("{:?}", plan(text)) };
    assert_eq!(dropped.iter().map(|it| it.0).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_script_that_starts_nothing_has_no_place() {
    for text in
        ["", "echo terragrunt \"$@\"\n", "#!/bin/sh\n# terragrunt \"$@\"\n", "terragrunt plan\n"]
    {
        refused(text, "has no line that starts terragrunt");
        assert!(!is_wrapper(text));
    }
    assert!(is_wrapper("#!/bin/bash\nif x; then exec terraform \"$@\"; fi\n"));
    assert!(!is_wrapper("#!/usr/bin/env python3\nterragrunt \"$@\"\n"));
    assert!(!is_wrapper("#!/bin/sh\ncat <<E\nterragrunt \"$@\"\nE\n"));
}

#[test]
fn where_no_line_is_right_it_is_said() {
    refused("terragrunt \"$(stack)\" \"$@\"\n", "line 1 with `$(stack)`");
    refused("terragrunt \"$@\" 'a\nb'\n", "a word of several lines");
    refused(
        "cd \"$d\" && terragrunt \"$@\"\n",
        "no room between `cd \"$d\"` in line 1 and terragrunt in line 1",
    );
    refused("(\n  cd x\n  terragrunt \"$@\"\n)\n", "`cd x` in line 2");
    refused("for a in x; do terragrunt \"$a\" \"$@\"; done\n", "`for a in x;");
    refused("f() { terragrunt \"$@\"; }\nf \"$@\"\n", "no room in front of terragrunt in line 1");
    refused(
        "case $1 in\n  p) terragrunt plan \"$@\" ;;\nesac\n",
        "line 2, behind what decides on it",
    );
    for change in ["unset 'args[0]'", "unset \"args[$n]\"", "unset \"$name\""] {
        let text = format!("if {change} && terragrunt \"${{args[@]}}\"; then\n  :\nfi\n");
        refused(&text, &format!("no room between `{change}` in line 1 and terragrunt in line 1"));
    }
    refused("TG_WORKING_DIR=x terragrunt \"$@\"\n", "by `TG_WORKING_DIR`");
    refused("env -C x terragrunt \"$@\"\n", "by `-C`");
    refused("if x; then\n  terragrunt \"$@\"\n", "not understood as shell");
    refused("if )\nterragrunt \"$@\"\n", "not understood as shell");
    let help = plan("cd x && terragrunt \"$@\"\n").unwrap_err().help;
    assert!(help.contains("`tautline hook run -- \"$@\" >&2 || exit $?`"), "{help}");
}

#[test]
fn half_a_script_is_no_surprise() {
    let text =
        format!("{CHECKED}case $1 in\n  a) x=\"é$(terragrunt \"$@\")\" ;;\nesac\ncat <<E | y\nE\n");
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let (before, after) = text.split_at(at);
        for part in [before, after] {
            if let Ok(Plan::Add(insertions)) = plan(part) {
                assert_eq!(
                    plan(&apply(&insertions, part)),
                    Ok(Plan::Nothing(Vec::new())),
                    "{part}"
                );
            }
        }
    }
}
