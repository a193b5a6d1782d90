//! What scripts are read as.

use super::{parse, parse_kubernetes, parse_woodpecker};
use crate::syntax::language::testing::show;
use crate::syntax::yaml::Node;

fn part(text: &str, node: &Node, key: &str) -> String {
    show(text, node.get(key).unwrap())
}

/// What each command's words are, a command a line.
fn words(text: &str) -> String {
    lines(text, &parse(text).unwrap())
}

fn lines(text: &str, node: &Node) -> String {
    let commands = node.get("commands").unwrap().items();
    let words: Vec<_> = commands.iter().map(|it| part(text, it, "words")).collect();
    words.join("\n")
}

#[test]
fn words_are_what_the_command_gets() {
    for (text, expected) in [
        ("a b  c # d\n", "[a, b, c]"),
        ("a 'b c'\"d $e f\"g\\ h", "[a, b cd «$e» fg h]"),
        ("a \"x \\\"y\\\" \\z\" $'t\\tn' $\"tr\"", "[a, x \"y\" \\z, t\tn, tr]"),
        ("a --x=${Y:-z}/q 5 -n -- =", "[a, --x=«${Y:-z}»/q, 5, -n, --, =]"),
        ("a {b,c} {} x{1..3} {d}", "[a, «{b,c}», {}, x«{1..3}», {d}]"),
        ("a \\\n  b\r\n", "[a, b]"),
        ("a > f b 2>&1 c", "[a, b, c]"),
        ("X=1 Y= sudo a", "[sudo, a]"),
        ("a `b c` $(d \"$(e)\")", "[a, «`b c`», «$(d \"$(e)\")»]\n[b, c]\n[d, «$(e)»]\n[e]"),
        ("if a; then b && ! c; else while d; do e; done; fi", "[a]\n[b]\n[c]\n[d]\n[e]"),
        ("case x in y) a;; *) b;; esac", "[a]\n[b]"),
        ("f() { a; }; f", "[a]\n[f]"),
        ("echo ${{ github.sha }} \"v${{ x }}\"", "[echo, «${{ github.sha }}», v«${{ x }}»]"),
        ("", ""),
        ("# nothing\n", ""),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn a_redirection_is_the_last_command_s() {
    for (text, expected) in [
        ("a | b > f", "-\n> f"),
        ("a && b >> f", "-\n>> f"),
        ("a || b | c 2> f", "-\n-\n2> f"),
        ("! a > f", "> f"),
        ("a > f | b && c", "> f\n-\n-"),
        ("a && cat <<E > f\nx\nE\n", "-\n> f"),
        ("(a; b) > f", "-\n-"),
    ] {
        let root = parse(text).unwrap();
        let shown = |command: &Node| {
            command
                .get("redirects")
                .map_or("-", |it| &text[it.items()[0].range.indices()])
                .to_owned()
        };
        let redirects: Vec<_> = root.get("commands").unwrap().items().iter().map(shown).collect();
        assert_eq!(redirects.join("\n"), expected, "{text}");
    }
    let text = "a && cat <<E\nx\nE\n";
    let root = parse(text).unwrap();
    assert_eq!(part(text, &root.get("heredocs").unwrap().items()[0], "words"), "[cat]");
}

/// Its here-documents, each with its command, and its commands.
fn documents(text: &str) -> String {
    let root = parse(text).unwrap();
    let document = |it: &Node| {
        let words = it.get("words").map_or("-".to_owned(), |words| show(text, words));
        format!("{words} {:?}", part(text, it, "body"))
    };
    let heredocs: Vec<_> = root.get("heredocs").unwrap().items().iter().map(document).collect();
    format!("{} / {}", heredocs.join(", "), lines(text, &root).replace('\n', " "))
}

#[test]
fn a_line_goes_on_behind_a_here_document() {
    for (text, expected) in [
        ("a <<A; b\nx\nA\nc\n", r#"[a] "x\n" / [a] [b] [c]"#),
        ("a <<A &\nx\nA\nc\n", r#"[a] "x\n" / [a] [c]"#),
        ("if a <<A; then\nx\nA\nc; fi\n", r#"[a] "x\n" / [a] [c]"#),
        ("a <<A |\nx\nA\nb | while c; do d; done\n", r#"[a] "x\n" / [a] [b] [c] [d]"#),
        ("a <<A | while b; do\nx\nA\nc; done\n", r#"[a] "x\n" / [a] [b] [c]"#),
        ("a <<A 2>&1 | b\nx\nA\n", r#"[a] "x\n" / [a] [b]"#),
        ("a <<A <<B\nx\nA\ny\nB\n", r#"[a] "x\n", [a] "y\n" / [a]"#),
        ("a <<A; b <<-'B C'\nx\nA\n\ty $z\n\tB C\n", r#"[a] "x\n", [b] "y $z\n" / [a] [b]"#),
        ("a <<A \\\n  b\nx\nA\n", r#"[a, b] "x\n" / [a, b]"#),
        ("a <<A > f \\\n  2> g\nx\nA\n", r#"[a] "x\n" / [a]"#),
        ("f() { a; } <<A\nx\nA\n", r#"- "x\n" / [a]"#),
        ("a && b <<A || c\nx\nA\n", r#"[b] "x\n" / [a] [b] [c]"#),
        ("while a; do b; done <<A\nx\nA\n", r#"- "x\n" / [a] [b]"#),
        ("a \"$(b <<A\nx\"y\nA\n)\" c\n", r#"[b] "x\"y\n" / [a, «$(b <<A x"y A )», c] [b]"#),
        (
            "case a in\n a) b <<A ;;\nx)\nA\nesac\nc <<B\ny\nB\n",
            r#"[b] "x)\n", [c] "y\n" / [b] [c]"#,
        ),
        ("a=$(case b in c) d <<A;; esac\nx\nA\n)\n", r#"[d] "x\n" / [d]"#),
        ("a <<A\r\nx\r\nA\r\nb\r\n", r#"[a] "x\r\n" / [a] [b]"#),
        ("a <<!\nx $y\n!\nb\n", r#"[a] "x «$y»\n" / [a] [b]"#),
        ("a <<''\nx\n\nb\n", r#"[a] "x\n" / [a] [b]"#),
        ("a <<A\nA\nb\n", r#"[a] "" / [a] [b]"#),
        ("a <<A\nx\nA", r#"[a] "x\n" / [a]"#),
    ] {
        assert_eq!(documents(text), expected, "{text}");
    }
}

#[test]
fn commands_in_a_here_document_are_commands() {
    for (text, expected) in [
        ("a <<A; d\nx $(b c) \"$y\nA\n", r#"[a] "x «$(b c)» \"«$y»\n" / [a] [b, c] [d]"#),
        (
            "a <<A\n$(b <<B; c\ny\nB\n)\nA\n",
            r#"[a] "«$(b <<B; c\ny\nB\n)»\n", [b] "y\n" / [a] [b] [c]"#,
        ),
        (
            "a <<-A\n\t$(b ${c:-$(d)})\n  ${e:+\"`f`\"} $1$$ $ $@\n\tA\n",
            r#"[a] "«$(b ${c:-$(d)})»\n  «${e:+\"`f`\"}» «$1»«$$» $ «$@»\n" / [a] [b, «${c:-$(d)}»] [d] [f]"#,
        ),
        (
            "a <<A\n$((1 + $(b))) \\$(c) \\`c\\` $'c' $\"\nA\n",
            r#"[a] "«$((1 + $(b)))» $(c) `c` $'c' $\"\n" / [a] [b]"#,
        ),
        ("a <<'A'\n$(b)\nA\n", r#"[a] "$(b)\n" / [a]"#),
        ("K=a\nb <<A\n${K:=c}\nA\n$K d\n", r#"[b] "«${K:=c}»\n" / [b] [«$K», d]"#),
    ] {
        assert_eq!(documents(text), expected, "{text}");
    }
    let text = "cat <<E\na `b` c\n\\`d\\`\nE\n";
    let root = parse(text).unwrap();
    assert_eq!(part(text, &root.get("heredocs").unwrap().items()[0], "body"), "a «`b`» c\n`d`\n");
    assert_eq!(lines(text, &root), "[cat]\n[b]");
    // In a function, and at their own place.
    let text = "f() {\n  a <<A\n$(b \"c\")\nA\n}\n";
    let node = parse(text).unwrap();
    let b = &node.get("commands").unwrap().items()[1];
    assert_eq!(show(text, b), "{name: b, words: [b, c], function: f}");
    assert_eq!(&text[b.range.indices()], "b \"c\"");
}

#[test]
fn two_less_thans_that_begin_no_here_document() {
    for text in [
        "a \"<<A\" '<<A' \\<\\<A $'\\'<<A' # <<A\nb\n",
        "a $((1 << 2)) ${b:-\"<<A\"} <<<\"<<A\"\nb\n",
        "((a = 1 << 2)); b\nfor ((i = 1; i << 2; i++)); do b; done\n",
        "a \"${b:-'<<A'}\" $#\nb\n",
        "a `b \"<<A\"`\n((a << 1)) && ( (b) )\n",
    ] {
        let root = parse(text).unwrap();
        assert_eq!(part(text, &root, "heredocs"), "[]", "{text}");
    }
}

#[test]
fn a_here_document_that_is_not_understood_is_said() {
    for (text, message, underlined) in [
        ("a\ncat <<EOF\nnever ends", "no line ends this here-document: none is EOF", "<<EOF"),
        ("a <<-'E F'\n E F\n", "no line ends this here-document: none is 'E F'", "<<-'E F'"),
        ("a <<A\nb\n  $(c\nA\n", "what this here-document expands is not understood", "$(c"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.message, message, "{text}");
        assert_eq!(&text[error.range.indices()], underlined, "{text}");
    }
}

#[test]
fn the_words_of_a_constant_stand_where_it_does() {
    let text = "K=\"kubectl -n x\"; $K get\n";
    let root = parse(text).unwrap();
    let words = root.get("commands").unwrap().items()[0].get("words").unwrap();
    for word in &words.items()[..3] {
        assert!(text[word.range.indices()].ends_with('K'), "{word:?}");
    }
}

#[test]
fn a_variable_that_is_certainly_a_constant_is_its_words() {
    for (text, expected) in [
        ("K=\"kubectl -n x\"; $K set image", "[kubectl, -n, x, set, image]"),
        ("K='kubectl -n x'\n${K} get $K", "[kubectl, -n, x, get, «$K»]"),
        ("export K=kubectl\n\"$K\" get", "[kubectl, get]"),
        ("A=1\nB='a b'\n\"$B\" $A", "[a b, «$A»]"),
        ("E=''\n$E a", "[a]"),
        ("K=a\nf() { $K b; }\nf", "[a, b]\n[f]"),
        ("K=a\nexport K\n$K b", "[a, b]"),
        ("K=a\n$K <<E b\nx\nE\n", "[a, b]"),
        // A part of a word stays open, and so does what is not certain.
        ("K=a\n$K/b ${K:-c}", "[«$K»/b, «${K:-c}»]"),
        ("$K a\nK=b", "[«$K», a]"),
        ("f() { $K b; }\nK=a\nf", "[«$K», b]\n[f]"),
        ("K=a\nK=b\n$K c", "[«$K», c]"),
        ("K=a\nK+=b\n$K c", "[«$K», c]"),
        ("if a; then K=b; fi\n$K c", "[a]\n[«$K», c]"),
        ("a && K=b\n$K c", "[a]\n[«$K», c]"),
        ("K=a & $K c", "[«$K», c]"),
        ("K=a\nunset K\n$K c", "[«$K», c]"),
        ("K=a\nread -r K\n$K c", "[read, -r, K]\n[«$K», c]"),
        ("K=a\nfor K in b; do $K c; done", "[«$K», c]"),
        ("K=a\nK=b f\nf() { $K c; }", "[f]\n[«$K», c]"),
        ("K=a\nf() { local K; $K c; }", "[«$K», c]"),
        ("K=1\n((K++))\n$K c", "[«$K», c]"),
        ("K=1\necho $((K += 1))\n$K c", "[echo, «$((K += 1))»]\n[«$K», c]"),
        ("K=\n: \"${K:=b}\"\n$K c", "[:, «${K:=b}»]\n[«$K», c]"),
        ("K=a\n. ./env\n$K c", "[., ./env]\n[«$K», c]"),
        ("K=a\neval \"$X\"\n$K c", "[eval, «$X»]\n[«$K», c]"),
        ("K=$X\n$K c", "[«$K», c]"),
        ("K=~/a\n$K c", "[«$K», c]"),
        ("K='a*'\n$K c", "[«$K», c]"),
        ("IFS=:\nK='a b'\n$K c", "[«$K», c]"),
        ("K=(a b)\n$K c", "[«$K», c]"),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn a_quoted_word_is_where_its_text_is() {
    let text = "rsync --exclude='/vzdump/' \"żółć\"";
    let node = parse(text).unwrap();
    let words = node.get("commands").unwrap().items()[0].get("words").unwrap().items();
    let written: Vec<_> = words.iter().map(|word| &text[word.range.indices()]).collect();
    assert_eq!(written, ["rsync", "--exclude='/vzdump/'", "żółć"]);
    assert_eq!(words[1].as_str(), Some("--exclude=/vzdump/"));
}

#[test]
fn assignments_loops_and_functions() {
    let text = "A='x y'\nexport B=$C D=1\nE=(a 'b' # c\n  $d)\nE+=(f)\ng() { local h=; i=1 j; }\nfor s in a \"b\"; do :; done\n";
    let node = parse(text).unwrap();
    assert_eq!(
        part(text, &node, "assignments"),
        "[{name: A, value: x y, operator: =}, {name: B, value: «$C», operator: =}, \
         {name: D, value: 1, operator: =}, {name: E, values: [a, b, «$d»], operator: =}, \
         {name: E, values: [f], operator: +=}, {name: h, value: , operator: =, function: g}]"
    );
    assert_eq!(part(text, &node, "loops"), "[{variable: s, words: [a, b]}]");
    assert!(part(text, &node, "functions").starts_with("[{name: g, last: {name: j, "));
    let j = &node.get("commands").unwrap().items()[0];
    assert_eq!(
        show(text, j),
        "{name: j, words: [j], assignments: [{name: i, value: 1, operator: =}], function: g}"
    );
}

#[test]
fn here_documents() {
    let text = "cat <<'EOF' > /etc/x\na $b \\$\nEOF\ncat <<-E | tee f\n\tv: $V\\$\n\t w\n\tE\n";
    let node = parse(text).unwrap();
    assert_eq!(
        part(text, &node, "heredocs"),
        "[{delimiter: EOF, body: a $b \\$\n, words: [cat]}, {delimiter: E, body: v: «$V»$\n w\n, words: [cat]}]"
    );
    assert_eq!(
        part(text, &node, "pipelines"),
        "[{commands: [{name: cat, words: [cat]}, {name: tee, words: [tee, f]}]}]"
    );
    let first = &node.get("commands").unwrap().items()[0];
    assert_eq!(
        show(text, first),
        "{name: cat, words: [cat], redirects: [{operator: >, target: /etc/x}]}"
    );
}

#[test]
fn escapes_of_the_shell_say_bytes() {
    let text = "A=$'a\\040b\\x41\\u00e9\\303\\251\\e[0m' B=$'\\cA' C=$'\\xff' D=$'a\\0b'\n";
    assert_eq!(
        part(text, &parse(text).unwrap(), "assignments"),
        "[{name: A, value: a bAéé\u{1b}[0m, operator: =}, {name: B, value: «$'\\cA'», operator: =}, \
         {name: C, value: «$'\\xff'», operator: =}, {name: D, value: «$'a\\0b'», operator: =}]"
    );
}

#[test]
fn a_file_that_is_read_and_written() {
    let text = "exec 3<>/dev/tcp/h/80 4< f\necho 'a<>b' \"$(c 5<> d)\"\n";
    let node = parse(text).unwrap();
    let commands = node.get("commands").unwrap().items();
    assert_eq!(
        show(text, &commands[0]),
        "{name: exec, words: [exec], redirects: [{operator: <>, target: /dev/tcp/h/80}, {operator: <, target: f}]}"
    );
    assert_eq!(show(text, &commands[1]), "{name: echo, words: [echo, a<>b, «$(c 5<> d)»]}");
    assert_eq!(
        show(text, &commands[2]),
        "{name: c, words: [c], redirects: [{operator: <>, target: d}]}"
    );
}

#[test]
fn pipelines_are_whole() {
    let text = "a | b 2>&1 | { c; } | d > f";
    let node = parse(text).unwrap();
    let pipelines = node.get("pipelines").unwrap().items();
    let [one] = pipelines else { panic!("{}", show(text, &node)) };
    let names: Vec<_> = one
        .get("commands")
        .unwrap()
        .items()
        .iter()
        .map(|it| it.get("name").and_then(Node::as_str).unwrap_or("-").to_owned())
        .collect();
    assert_eq!(names, ["a", "b", "-", "d"]);
}

/// Each assignment of a command's output: its name, the commands, whether its status is asked for, the test behind it.
fn fates(text: &str) -> String {
    let node = parse(text).unwrap();
    let fate = |it: &Node| {
        let commands = it.get("commands")?;
        let named = |it: &Node| it.get("name").and_then(Node::as_str).unwrap_or("-").to_owned();
        let names: Vec<_> = commands.items().iter().map(named).collect();
        let asked = if it.get("asked").is_some() { " asked" } else { "" };
        let test = it.get("test").map_or("", |it| &text[it.range.indices()]);
        Some(format!("{}: {}{asked} {test}\n", part(text, it, "name"), names.join("|")))
    };
    let all: String = node.get("assignments").unwrap().items().iter().filter_map(fate).collect();
    all.replace(" \n", "\n").trim_end().to_owned()
}

#[test]
fn a_status_that_something_asks_for_does_not_end_the_script() {
    for (text, expected) in [
        ("X=$(a | b)", "X: a|b"),
        ("X=\"$(a; b | c 2>/dev/null)\"", "X: b|c"),
        ("X=$(a | b) || true", "X: a|b asked"),
        ("X=$(a) && b", "X: a asked"),
        ("a && X=$(b)", "X: b"),
        ("if X=$(a); then Y=$(b); elif Z=$(c); then d; fi", "X: a asked\nY: b\nZ: c asked"),
        ("while X=$(a); do Y=$(b); done", "X: a asked\nY: b"),
        // The condition around it has made the same.
        (
            "if a b >/dev/null 2>&1; then X=$(a b); elif a c; then X=$(a b); Y=$(a c); fi",
            "X: a asked\nX: a\nY: a asked",
        ),
        ("if [ -f x ] && a b; then X=\"$(a b)\"; else Y=$(a b); fi", "X: a asked\nY: a"),
        ("if ! a; then X=$(a); fi; if b || a; then Y=$(a); fi", "X: a\nY: a"),
        ("! X=$(a)", "X: a asked"),
        ("{ X=$(a); Y=$(b); } || c", "X: a asked\nY: b asked"),
        ("(X=$(a)) | b; c | while d; do X=$(e); done", "X: a asked\nX: e"),
        ("X=$(Y=$(a); b)", "X: b\nY: a asked"),
        // What the last command is, no status tells: `local` has its own, `||` takes it.
        ("f() { local X=$(a); export Y=$(b); }; f; X=$(a || b) Y=$(c)d Z=\"$(e) \"", ""),
        ("cat <<E\n$(X=$(a); b)\nE\nY=$(c)\n", "X: a asked\nY: c"),
    ] {
        assert_eq!(fates(text), expected, "{text}");
    }
}

#[test]
fn a_function_is_asked_for_where_one_of_its_calls_is() {
    for (text, expected) in [
        ("f() { X=$(a); }; f", "X: a"),
        ("f() { X=$(a); }; f; f || b", "X: a asked"),
        ("f() { X=$(a); }; b \"$(f)\"", "X: a asked"),
        ("f() { X=$(a); }; g() { f; }; if g; then b; fi", "X: a asked"),
        // Nothing here calls it: who does is not known.
        ("f() { X=$(a); }", "X: a asked"),
        ("if a; then f() { X=$(a); }; fi; f", "X: a"),
    ] {
        assert_eq!(fates(text), expected, "{text}");
    }
    let text = "f() { a; b | c; }\ng() { if d; then e; fi; }\nh() { i || j; }\nf | k && l\n";
    let node = parse(text).unwrap();
    assert!(part(text, &node, "functions").contains("words: [c], function: f}"));
    let functions = node.get("functions").unwrap().items();
    assert!(functions[1].get("commands").is_none() && functions[2].get("last").is_none());
    let pipelines = node.get("pipelines").unwrap().items();
    let asked: Vec<_> = pipelines.iter().map(|it| it.get("asked").is_some()).collect();
    assert_eq!(asked, [true, true]);
}

#[test]
fn a_test_behind_an_assignment_asks_whether_it_is_empty() {
    for (text, expected) in [
        ("X=$(a)\n[ -z \"$X\" ]", "X: a [ -z \"$X\" ]"),
        ("X=$(a)\nif [[ -n ${X:-} && b == c ]]; then d; fi", "X: a [[ -n ${X:-} && b == c ]]"),
        ("X=$(a)\ntest -z \"$X\" && b", "X: a test -z \"$X\""),
        ("X=$(a)\n[ \"$X\" = \"\" ]", "X: a [ \"$X\" = \"\" ]"),
        ("X=$(a)\n[ -z \"$XY\" ]; [ -f \"$X\" ]; [ \"$X\" = b ]", "X: a"),
        // It is set again before, or the test is of another function, or in front.
        ("X=$(a)\nX=$(b)\n[ -z \"$X\" ]", "X: a\nX: b [ -z \"$X\" ]"),
        ("f() { X=$(a); }; f; [ -z \"$X\" ]", "X: a"),
        ("[ -z \"$X\" ] || X=$(a)", "X: a"),
    ] {
        assert_eq!(fates(text), expected, "{text}");
    }
}

#[test]
fn woodpecker_reads_first() {
    let text = "echo \"${CI_X}-$Y\" $${Z} $$Q 'it $$ is'\nX=${A}b\n";
    let node = parse_woodpecker(text).unwrap();
    assert_eq!(lines(text, &node), "[echo, «${CI_X}»-«$Y», «${Z}», «$Q», it $ is]");
    assert_eq!(part(text, &node, "assignments"), "[{name: X, value: «${A}»b, operator: =}]");
    // The second of two dollars is the one that stays.
    let unescaped = parse("echo $$").unwrap();
    assert_eq!(lines("echo $$", &unescaped), "[echo, «$$»]");
}

#[test]
fn kubernetes_reads_first() {
    let text = "X=$$(a \"$$Y\" | b)\necho $(c) ${Z} $$$$\n";
    let node = parse_kubernetes(text).unwrap();
    assert_eq!(lines(text, &node), "[a, «$Y»]\n[b]\n[echo, «$(c)», «${Z}», «$$$»]\n[c]");
    assert!(part(text, &node, "assignments").starts_with("[{name: X, value: «$(a "));
}

#[test]
fn what_the_parser_does_not_know_is_read_all_the_same() {
    for (text, commands, redirects) in [
        (
            "a >/dev/null <<<\"$x\"\n",
            "[a]",
            "[{operator: >, target: /dev/null}, {operator: <<<, target: «$x»}]",
        ),
        ("((10#$n <= 255)) || a $((10#$n + 1))\n", "[a, «$((10#$n + 1))»]", ""),
        (
            "a \"x${u:+ (r ${u:0:8} $(b; (c)))}\" >f\n",
            "[a, x«${u:+ (r ${u:0:8} $(b; (c)))}»]\n[b]\n[c]",
            "[{operator: >, target: f}]",
        ),
        ("a /proc/$/io b$.c\n", "[a, /proc/$/io, b$.c]", ""),
        ("a \"${u:-(r $u)} (s)\"\n", "[a, «${u:-(r $u)}» (s)]", ""),
    ] {
        let node = parse(text).unwrap();
        assert_eq!(lines(text, &node), commands, "{text}");
        let first = &node.get("commands").unwrap().items()[0];
        let shown = first.get("redirects").map_or(String::new(), |it| show(text, it));
        assert_eq!(shown, redirects, "{text}");
    }
}

#[test]
fn loops_over_the_arguments_and_over_nothing() {
    for (text, commands) in [
        ("for x do a \"$x\"; done\n", "[a, «$x»]"),
        ("if b; then for  x \t do\n  a é; done; fi\n", "[b]\n[a, é]"),
        ("for x; do a; done\n", "[a]"),
        ("for x\ndo a; done\n", "[a]"),
        ("for x in; do a; done\n", "[a]"),
        ("b() { for x in \ndo a; done; }\n", "[a]"),
        (
            "b 'for y do' for z in; c for y do\nfor x do a; done # for z do\n",
            "[b, for y do, for, z, in]\n[c, for, y, do]\n[a]",
        ),
    ] {
        let node = parse(text).unwrap();
        assert_eq!(lines(text, &node), commands, "{text}");
        let loops = node.get("loops").unwrap();
        let variable = loops.items()[0].get("variable").unwrap();
        assert_eq!(&text[variable.range.indices()], "x", "{text}");
        assert_eq!(loops.items()[0].get("words").unwrap().items().len(), 0, "{text}");
    }
    for text in ["for x do\n", "for", "for x", "for x d"] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_no_shell_is_an_error_with_its_line() {
    for (text, line) in [
        ("a\nb 'c\n", "b 'c"),
        ("a\nif b; then c\n", ""),
        ("a )\n", "a )"),
        ("\u{0}\u{1}\u{2}(((", "\u{0}\u{1}\u{2}((("),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.message, "this is no shell, or one that is not understood", "{text}");
        if !line.is_empty() {
            assert_eq!(&text[error.range.indices()], line, "{text}");
        }
    }
}

#[test]
fn hostile_scripts_are_read_or_refused() {
    let unclosed = "a \"b\nc 'd\n".repeat(20_000);
    let heredocs = "cat <<A <<B\n".repeat(20_000);
    let inner = "cat <<A\n$(\n".repeat(20_000);
    let instead = "${x:-(10#$".repeat(20_000) + "((10#$";
    let (deep, braces, longest) = ("$(".repeat(20_000), "{ ".repeat(20_000), "x".repeat(3 << 20));
    for text in [deep, unclosed, instead, heredocs, inner, braces, longest] {
        assert!(parse(&text).is_err(), "{text:.40}");
        assert!(parse_woodpecker(&text).is_err(), "{text:.40}");
    }
    let ended = "cat <<A; b\n$x\nA\n".repeat(20_000);
    let nested = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    let chain = "a && ".repeat(20_000) + "a";
    for text in [ended, nested, chain, "a ".repeat(100_000)] {
        assert!(parse(&text).is_ok(), "{text:.40}");
        assert!(parse_woodpecker(&text).is_ok(), "{text:.40}");
    }
}
