//! Rules that stand in a document, beside the prose that explains them.

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
    fails(&repo(&open).check(&[]), &["this fence is not closed", "AGENTS.md:1:1"]);
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
