//! Rules that stand in a document, beside the prose that explains them.

use std::fs;

use crate::repo::{Repo, Run};

const DOCUMENT: &str = "\
# How we work here

Größe: nothing of this is a rule.

## Jobs say how often they are retried

A migration was tried seven times.

```hcl rule=house/unbounded-retries
summary  = \"job does not say how often it is retried\"
severity = \"warning\"

select \"object\" { kinds = [\"Job\"] }

require \"unsaid\" {
  path    = \"spec.backoffLimit\"
  present = true
}

case \"unsaid\" {
  message = \"job `{name}` does not say how often it is retried\"
}
```

So it is wrong:

```hcl case=unsaid path=stacks/blog/main.tf
resource \"kubernetes_job_v1\" \"migrate\" {
  spec {
  ^^^^ warning: does not say how often
    template {}
  }
}
```

And so it is right:

```hcl case=said path=stacks/blog/main.tf
resource \"kubernetes_job_v1\" \"migrate\" {
  spec {
    backoff_limit = 0
    template {}
  }
}
```

## What follows is no rule

```hcl
resource \"kubernetes_job_v1\" \"migrate\" {}
```
";

fn repo(document: &str) -> Repo {
    Repo::new(&[
        ("tautline.hcl", "pack_documents = [\"AGENTS.md\"]\n"),
        ("AGENTS.md", document),
        (
            "stacks/blog/main.tf",
            "resource \"kubernetes_job_v1\" \"migrate\" {\n  spec {\n    template {}\n  }\n}\n",
        ),
    ])
}

fn fails(run: &Run, parts: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    for part in parts {
        assert!(run.stderr.contains(part), "no {part:?} in {run:?}");
    }
}

#[test]
fn a_rule_in_a_document_is_one_like_any_other() {
    let repo = repo(DOCUMENT);
    let run = repo.check(&["--format", "concise"]);
    let said = "stacks/blog/main.tf:2:3: warning house/unbounded-retries job `migrate` does not";
    assert!(run.stdout.contains(said), "{run:?}");
    let tested = repo.run_in("", &["rules", "test", "house"]);
    assert_eq!((tested.code, &*tested.stdout), (0, "2 cases of 1 rule hold, 0 do not\n"));
    let page = repo.run_in("stacks/blog", &["explain", "house/unbounded-retries"]);
    let told = "## Jobs say how often they are retried\n\nA migration was tried seven times.\n";
    assert!(page.stdout.starts_with(told) && !page.stdout.contains("wrong"), "{page:?}");
    let list = repo.run_in("", &["rules", "list", "house"]);
    assert!(list.stdout.starts_with("house: what `AGENTS.md` asks for\n"), "{list:?}");
    let show = repo.run_in("", &["rules", "show", "house/unbounded-retries"]);
    assert!(show.stdout.contains("  entry       AGENTS.md\n"), "{show:?}");
}

#[test]
fn a_document_may_say_more_of_its_pack() {
    let pack =
        "```hcl pack=house\nsummary = \"our jobs\"\nparams {\n  kinds = [\"CronJob\"]\n}\n```\n";
    let document = DOCUMENT
        .replace("[\"Job\"]", "param.kinds")
        .replace("## What follows", &format!("{pack}\n## What follows"));
    let repo = repo(&document);
    let list = repo.run_in("", &["rules", "list", "house"]);
    assert!(list.stdout.starts_with("house: our jobs\n"), "{list:?}");
    // Of what it selects, a param decides, and the settings may set that.
    repo.write(
        "tautline.hcl",
        "pack_documents = [\"AGENTS.md\"]\npacks { house = \"always\" }\nparams \"house\" { kinds = [\"Job\"] }\n",
    );
    let run = repo.check(&["--format", "concise"]);
    assert!(run.stdout.contains("house/unbounded-retries"), "{run:?}");
}

#[test]
fn what_is_wrong_in_a_document_is_said_where_it_stands_there() {
    let wrong = |from: &str, to: &str| repo(&DOCUMENT.replace(from, to)).check(&[]);
    fails(&wrong("present = true", "presnt = true"), &["unknown key `presnt`", "AGENTS.md:17:3"]);
    let id = "rule=house/unbounded-retries";
    for name in ["rule=House/retries", "rule=retries", "rule=house/pack", "rule=mutators/a", id] {
        let other = format!("{name} more");
        let name = if name == id { &other } else { name };
        fails(&wrong(id, name), &["this opens no rule", "AGENTS.md:9:4", "`hcl rule=PACK/NAME`"]);
    }
    let twice = format!("{DOCUMENT}\n```hcl {id}\n```\n");
    fails(&repo(&twice).check(&[]), &["a second `rule=house/unbounded-retries`", "AGENTS.md:53:4"]);
    let lone = "```hcl case=a path=a.tf\n```\n";
    fails(&repo(lone).check(&[]), &["a case without a rule", "AGENTS.md:1:4"]);
    let open = format!("```hcl {id}\nsummary = \"x\"\n");
    fails(&repo(&open).check(&[]), &["this fence is not closed", "AGENTS.md:1:4"]);
}

#[test]
fn a_document_without_a_rule_is_an_error_in_the_settings() {
    fails(
        &repo("# prose\n\n````markdown\n```hcl rule=house/shown\n```\n````\n").check(&[]),
        &["there is no rule in `AGENTS.md`", "tautline.hcl:1:19", "```hcl rule=PACK/NAME"],
    );
    let repo = repo(DOCUMENT);
    for (written, said) in [
        ("NOTES.md", "`NOTES.md` does not exist"),
        ("stacks", "`stacks` cannot be read for rules"),
        ("../AGENTS.md", "`../AGENTS.md` is not below the root"),
        (".", "the root is no document"),
    ] {
        repo.write("tautline.hcl", format!("pack_documents = [\"{written}\"]\n"));
        fails(&repo.check(&[]), &[said, "tautline.hcl:1:19"]);
    }
}

#[test]
fn a_case_that_does_not_hold_is_named_by_its_line_of_the_document() {
    let windows = DOCUMENT.replace('\n', "\r\n");
    for document in [DOCUMENT, &windows] {
        let repo = repo(&document.replace("warning: does", "error: does"));
        let run = repo.run_in("", &["rules", "test", "house"]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("AGENTS.md:27: unsaid\n  line 30: not reported"), "{run:?}");
    }
    // A rule is shown both ways, wherever it stands.
    let repo = repo(&DOCUMENT.replace("case=said", "x=said"));
    let run = repo.run_in("", &["rules", "test", "house"]);
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn the_first_line_of_a_document_may_open_a_rule() {
    let from = DOCUMENT.find("```hcl rule").unwrap();
    let repo = repo(&DOCUMENT[from..]);
    let tested = repo.run_in("", &["rules", "test", "house"]);
    assert_eq!((tested.code, &*tested.stdout), (0, "2 cases of 1 rule hold, 0 do not\n"));
    assert_eq!(repo.run_in("", &["explain", "house/unbounded-retries"]).code, 0);
}

/// A rule about a word, with a fix, in a document.
const MARKER: &str = "\
## Markers

`OLD_MARKER` is outside of the rule, and is judged.

```hcl rule=house/outdated-marker
summary  = \"marker has another name\"
severity = \"warning\"

select \"text\" {
  words   = [\"OLD_MARKER\"]
  matches = \"(?<at>OLD_MARKER)\\\\b\"
  zones   = [\"comment\", \"code\", \"string\", \"prose\"]
}

forbid \"old\" {
  path    = \"at\"
  present = true

  fix {
    replace = \"NEW_MARKER\"
    safety  = \"safe\"
  }
}

case \"old\" {
  message = \"`OLD_MARKER` has another name\"
}
```

```hcl case=old path=main.tf
# OLD_MARKER
  ^^^^^^^^^^ warning: another name
```

```hcl case=new path=main.tf
# NEW_MARKER
```
";

#[test]
fn a_rule_does_not_report_itself_or_its_cases() {
    let repo = repo(MARKER);
    repo.write("stacks/blog/main.tf", "# OLD_MARKER\n");
    let run = repo.check(&["--format", "concise"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 2, "{run:?}");
    assert!(lines[0].starts_with("AGENTS.md:3:2: ") && lines[1].starts_with("stacks/"), "{run:?}");
    let at = |line: &str| repo.run_in("", &["explain", "--at", line]).stdout;
    assert!(at("AGENTS.md:3").contains("house/outdated-marker: reported"));
    assert!(!at("AGENTS.md:10").contains("house/outdated-marker"));
    repo.check(&["--fix"]);
    let read = |path: &str| fs::read_to_string(repo.path().join(path)).unwrap();
    assert_eq!(read("AGENTS.md"), MARKER.replacen("`OLD_MARKER`", "`NEW_MARKER`", 1));
    assert_eq!(read("stacks/blog/main.tf"), "# NEW_MARKER\n");
}

#[test]
fn a_pack_is_on_for_its_document_also_where_that_is_excluded() {
    let repo = repo(DOCUMENT);
    let settings = "pack_documents = [\"AGENTS.md\"]\nexclude = [\"AGENTS.md\"]\n";
    repo.write("tautline.hcl", settings);
    for options in [&["--format", "concise"][..], &["--stack", "blog", "--facts", "stack"]] {
        let run = repo.check(options);
        assert!(run.stdout.contains("house/unbounded-retries"), "{run:?}");
    }
    // Its own evidence counts, however that is written; a comment is none.
    for (applies, is_on) in [
        ("applies_when { \n file { path = \"nothing\" }\n}\nsummary = \"x\"", false),
        ("summary = \"x\"\n/*\napplies_when {\n*/", true),
    ] {
        let pack = format!("\n```hcl pack=house\n{applies}\n```\n");
        repo.write("AGENTS.md", DOCUMENT.to_owned() + &pack);
        let run = repo.check(&["--format", "concise"]);
        assert_eq!(run.stdout.contains("house/unbounded-retries"), is_on, "{run:?}");
    }
}

#[test]
fn a_fence_that_looks_like_a_rule_and_is_none_is_told() {
    let after = DOCUMENT.lines().count() + 2;
    let entry = "summary = \"x\"\nseverity = \"error\"\n";
    for (open, close, column) in [
        ("   ```hcl rule=house/listed", "   ```", 7),
        ("> ```hcl rule=house/quoted", "> ```", 6),
        ("~~~hcl rule=house/tilde", "~~~", 4),
        ("```hcl rule=house/two case=a", "```", 4),
        ("```hcl rule = house/spaced", "```", 4),
        ("```hcl {rule=house/braced}", "```", 4),
        ("```hcl rule=\"house/quoted\"", "```", 4),
    ] {
        let run = repo(&format!("{DOCUMENT}\n{open}\n{entry}{close}\n")).check(&[]);
        fails(&run, &["rule", &format!("AGENTS.md:{after}:{column}")]);
    }
    // What people do not see, and what is shown to them, is no rule.
    for shown in [
        "<!--\n```hcl rule=house/hidden\n```\n-->",
        "- so:\n\n    ````markdown\n    ```hcl rule=house/shown\n    ```\n    ````",
        "```hcl rule=a/b``` opens one",
    ] {
        let run = repo(&format!("{DOCUMENT}\n{shown}\n")).check(&["--format", "concise"]);
        assert!(run.stdout.contains("house/unbounded-retries"), "{run:?}");
    }
}

#[test]
fn what_a_fence_lacks_is_said_at_its_first_line() {
    let bare = format!("{DOCUMENT}\n```hcl rule=house/bare\nsummary = \"x\"\n```\n");
    let line = DOCUMENT.lines().count() + 2;
    let at = format!("AGENTS.md:{line}:4");
    fails(&repo(&bare).check(&[]), &["`severity` is missing", &at, "```hcl rule=house/bare"]);
    let taken = DOCUMENT.replace("rule=house/", "rule=image/");
    let said = ["a pack `image` comes with tautline", "AGENTS.md:9:4", "give the pack another"];
    fails(&repo(&taken).check(&[]), &said);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_document_says_to_name_the_document() {
    let repo = repo(DOCUMENT);
    std::os::unix::fs::symlink("AGENTS.md", repo.path().join("CLAUDE.md")).unwrap();
    repo.write("tautline.hcl", "pack_documents = [\"CLAUDE.md\"]\n");
    fails(&repo.check(&[]), &["it is a symbolic link", "name the document itself"]);
}
