//! Where lines can be added to scripts, and what changes on the way to a command.

use super::{Change, Changed, Command, Lost, Outline};

/// The last command `x` of the script.
fn marked<'o>(outline: &'o Outline<'_>) -> Command<'o> {
    let is_marked = |it: &Command<'_>| it.words.first().is_some_and(|word| word.source == "x");
    outline.commands().into_iter().rfind(is_marked).unwrap()
}

/// The number of the line in front of which something can be added that is run before `x`, counted from 1.
fn place(text: &str) -> Option<usize> {
    let outline = Outline::of(text).unwrap();
    assert_eq!(outline.first_error(), None, "{text}");
    outline.place_before(&marked(&outline)).map(|place| place.line + 1)
}

#[test]
fn a_place_is_in_front_of_a_whole_statement() {
    for (text, line) in [
        ("a\nx\n", 2),
        ("a\n  Y=1 x >f\n", 2),
        ("a ||\n  x\n", 1),
        ("a &&\n  b |\n x\n", 1),
        ("b <<E\nx\nE\nx\n", 4),
        ("b <<-\"E-F\"\n\tx\n\tE-F\nx\n", 4),
        ("y=$((1 << 2))\nx\n", 2),
        ("cat <<E | x\nx\nE\n", 1),
        ("b <<E; c\nx\nE\nx\n", 4),
        ("y=\"\n$(\nx\n)\"\n", 1),
        ("y=(\n  a\n  $(x)\n)\n", 1),
        ("if a ||\n  x; then\n  b\nfi\n", 1),
        ("if a; then\n  x\nfi\n", 2),
        ("if a; then\n  b\nelif c; then\n  x\nfi\n", 4),
        ("if a; then\n  b\nelif\n  x\nthen\n  c\nfi\n", 1),
        ("if a; then\n  b\nelse x\nfi\n", 1),
        ("if a; then\n  b\nelse\n  x\nfi\n", 4),
        ("case a in\n  b)\n    x ;;\nesac\n", 3),
        ("case a in\n  b) x ;;\nesac\n", 1),
        ("for a in b; do\n  x\ndone\n", 2),
        ("while a; do\n  x\ndone < f\n", 2),
        ("while\n  x\ndo\n  b\ndone\n", 1),
        ("f() {\n  x\n}\n", 2),
        ("f() (\n  x\n)\n", 2),
        ("(\n  x\n)\n", 1),
        ("{\n  x\n} | b\n", 1),
        ("a && {\n  x\n}\n", 1),
        ("{\n  x\n} >f\n", 2),
        ("y=$(\n  x\n)\n", 1),
        ("x &\n", 1),
        ("! x\n", 1),
        ("a\nx \\\n  b\n", 2),
    ] {
        assert_eq!(place(text), Some(line), "{text}");
    }
    for text in ["f() { x; }\n", "a; x\n", "f() {\n  a; x\n}\n", "a; if b; then x; fi\n"] {
        assert_eq!(place(text), None, "{text}");
    }
}

#[test]
fn behind_a_statement_nothing_is_open() {
    let behind = |text: &str| {
        let outline = Outline::of(text).unwrap();
        outline.behind_outermost(&marked(&outline)).map(|(line, _)| line + 1)
    };
    for (text, line) in [
        ("x\na\n", 2),
        ("x || {\n  exit\n}\na\n", 4),
        ("x ||\n  exit\na\n", 3),
        ("x \\\n  b\na\n", 3),
        ("x; b <<E\ntext\nE\na\n", 4),
        ("if x; then\n  b\nfi\na\n", 4),
        ("x <<E\ntext\nE\n\na\n", 4),
        ("x <<E <<F | b\n$(text)\nE\ntext\nF\na\n", 6),
    ] {
        assert_eq!(behind(text), Some(line), "{text}");
    }
    for text in ["x\n", "x", "f() {\n  x\n}\na\n"] {
        assert_eq!(behind(text), None, "{text}");
    }
}

/// What changes before `x` is run.
fn changes(text: &str) -> String {
    let outline = Outline::of(text).unwrap();
    let changes = outline.changes_before(0, &marked(&outline));
    let shown = |change: &Change<'_>| match &change.what {
        Changed::Value { name, words, keeps } => {
            let words: Vec<&str> = words.iter().map(|word| word.source).collect();
            format!("{name}{}={}", if *keeps { "+" } else { "" }, words.join(" "))
        }
        Changed::Variable(name) => (*name).to_owned(),
        Changed::Arguments => "@".to_owned(),
        Changed::Directory => "/".to_owned(),
        Changed::Anything => "?".to_owned(),
    };
    changes.iter().map(shown).collect::<Vec<_>>().join(", ")
}

#[test]
fn what_changes_on_the_way_is_told() {
    for (text, expected) in [
        ("a\nx\n", ""),
        ("y=1\nz+=(\"$@\" -v)\nx\n", "y=1, z+=\"$@\" -v"),
        ("y[0]=1\nY=1 a\nx\nz=1\n", "y"),
        ("for a in \"$@\"; do b; done\nx\n", "a=\"$@\""),
        ("for a; do b; done\nx\n", "a"),
        ("shift\nset -- a\nset -euo pipefail\nset -e\nset a\nx\n", "@, @, @"),
        ("cd a && b\npushd c\nx\n", "/, /"),
        ("(cd a)\ny=$(cd b)\nx\n", "y=$(cd b)"),
        ("(cd a && x)\n", "/"),
        ("f() {\n  cd a\n  shift\n  y=1\n}\nf\nx\n", "/, y=1"),
        ("f() {\n  f\n  cd a\n}\nx\n", ""),
        (". ./lib\neval b\nx\n", "?, ?"),
        ("read -r y z\nx\n", ", y, z"),
        ("if unset 'y[0]' && x; then\n  :\nfi\n", "y"),
        ("unset -v y 'z[0]' \"w[1]\"\nx\n", ", y, z, w"),
        ("unset \"$y\" \"z[$i]\" && x\n", "?, z"),
        ("declare \"$y=1\"\nexport -n y\nx\n", "?, , y"),
        (": \"${y[0]:=1}\"\nx\n", "y"),
        ("unset y\nlocal z\nexport w=1\nx\n", "y, z, w=1"),
        ("((y++))\n: $((z += 1)) ${w:=1}\nx\n", "y, z, w"),
        ("while a; do\n  x\n  shift\ndone\n", "@"),
        ("if a; then\n  shift\nfi\nx\n", "@"),
    ] {
        assert_eq!(changes(text), expected, "{text}");
    }
}

#[test]
fn an_exit_code_is_lost_where_nothing_can_stop_for_it() {
    let lost = |text: &str| {
        let outline = Outline::of(text).unwrap();
        let lost = outline.lost_status(&marked(&outline));
        lost.map(|it| format!("{it:?}"))
    };
    for (text, how) in [
        ("x || true\na\n", Lost::Swallowed("true")),
        ("x >&2 || { echo no; }\na\n", Lost::Swallowed("{ echo no; }")),
        ("x || : && a\n", Lost::Swallowed(":")),
        ("set -e\nx && echo yes || echo no\na\n", Lost::Swallowed("echo no")),
        ("x; a\n", Lost::Unread),
        ("trap b EXIT\nx\n# why\na\n", Lost::Unread),
        ("set -e\nx && echo yes\na\n", Lost::Unread),
        ("if b; then\n  x\nelse\n  c\nfi\na\n", Lost::Unread),
        ("b || {\n  x\n}\na\n", Lost::Unread),
        ("f() {\n  x\n  a\n}\nf\n", Lost::Unread),
        ("set -e\nif x; then :; fi\na\n", Lost::Undecided),
        ("if ! x; then\n  echo no\nelse\n  :\nfi\na\n", Lost::Undecided),
        ("set -e\nx | tee log\na\n", Lost::Piped),
        ("x | tee log || exit 1\na\n", Lost::Piped),
        ("set -e\nx &\na\n", Lost::Background),
        ("x & a\n", Lost::Background),
        ("set -e\n! x\na\n", Lost::Negated),
    ] {
        assert_eq!(lost(text), Some(format!("{how:?}")), "{text}");
    }
    for text in [
        "x || exit $?\na\n",
        "x || die\na\n",
        "x || { echo no; exit 1; }\na\n",
        "x && a\n",
        "x\n",
        "x\nrc=$?\na\n",
        "x || rc=$?\na\n",
        "if x; then a; fi\n",
        "if ! x; then exit 1; fi\na\n",
        "! x && exit 1\na\n",
        "set -euo pipefail\nx | tee log\na\n",
        "x | tee log; [ ${PIPESTATUS[0]} = 0 ] || exit\na\n",
        "#!/bin/sh -e\nx\na\n",
        "set -o errexit\nx\na\n",
        "b() { set -e; }\nx\na\n",
        ". ./lib\nx\na\n",
        "trap 'exit 1' ERR\nx\na\n",
        "x &\nwait $! || exit\na\n",
        "f() { x; }\nf || exit\na\n",
        "y=$(x) || exit\na\n",
        "until x; do b; done\na\n",
        "if b; then\n  x\nfi || exit\na\n",
    ] {
        assert_eq!(lost(text), None, "{text}");
    }
}

#[test]
fn words_say_what_they_rest_on() {
    let text = "x 'a b' \"$@\" \"${y[@]}\" --z=\"$w\" \"$(b)\" $((1+c)) \"${@:2}\" >f \"$1\"\n";
    let outline = Outline::of(text).unwrap();
    let command = marked(&outline);
    let shown = command.words.iter().skip(1).map(|word| {
        let list = if word.is_list { "*" } else { "" };
        format!("{:?} {} {list}", word.text.as_deref(), word.variables.join("+"))
    });
    let shown: Vec<String> = shown.map(|it| it.trim_end().to_owned()).collect();
    let expected =
        ["Some(\"a b\")", "None @ *", "None y *", "None w", "None", "None c", "None @ *", "None 1"];
    assert_eq!(shown, expected);
    assert_eq!(command.words[5].computes, Some("$(b)"));
    assert!(Outline::of("a\nif b\n").unwrap().first_error().is_some());
}
