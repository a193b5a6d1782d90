//! What Terraform's exit code says, and what it does not: outputs, checks, errors, locks and interrupts.

use std::io::{BufRead as _, BufReader};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::rows::{self, Row};
use super::stage::{self, Planned, Stack, Stage};

const NOTE: &str = "resource \"terraform_data\" \"note\" {\n  input = \"one\"\n}\n";
const OTHER_NOTE: &str = "resource \"terraform_data\" \"note\" {\n  input = \"two\"\n}\n";

/// The other note, whose block goes on.
fn open_note() -> String {
    OTHER_NOTE.trim_end_matches("}\n").to_owned()
}

fn after(stack: &Stack, before: &str, after: &str) -> Planned {
    stack.apply(before);
    stack.write("main.tf", after);
    stack.plan(&[])
}

const CONFIG_MAP: &str = "\
resource \"kubernetes_config_map\" \"settings\" {
  metadata {
    name      = \"settings\"
    namespace = \"shop\"
  }
  data = { mode = \"slow\" }
}
";

/// A copy of the world's object under another name: a replacement that creates before it destroys.
fn settings_named(name: &str) -> String {
    CONFIG_MAP
        .replace("\"settings\"\n", &format!("\"{name}\"\n"))
        .replace("  data", "  lifecycle {\n    create_before_destroy = true\n  }\n  data")
}

/// A clock that is replaced every time, and what hangs on it.
const FOLLOWERS: &str = "\
resource \"terraform_data\" \"clock\" {
  triggers_replace = timestamp()
}

resource \"terraform_data\" \"hand\" {
  input = \"${terraform_data.clock.id}-x\"
}

resource \"terraform_data\" \"shadow\" {
  input = terraform_data.hand.output
}
";

const UPSTREAM: &str = "\
data \"terraform_remote_state\" \"platform\" {
  backend = \"local\"
  config  = { path = \"../platform/terraform.tfstate\" }
}

output \"address\" {
  value = data.terraform_remote_state.platform.outputs.address
}
";

/// A stack that reads an output of another, which moves on.
fn with_upstream(stack: &Stack) {
    let platform = stack.stage.stack("platform");
    platform.apply("output \"address\" {\n  value = \"10.0.0.1\"\n}\n");
    stack.apply(UPSTREAM);
    platform.apply("output \"address\" {\n  value = \"10.0.0.2\"\n}\n");
}

const ROWS: &[Row] = &[
    Row { name: "clean", make: |stack| after(stack, NOTE, NOTE), exit: 0, says: &[] },
    Row {
        name: "clean-refresh-only",
        make: |stack| {
            stack.apply(NOTE);
            stack.plan(&["-refresh-only"])
        },
        exit: 0,
        says: &[],
    },
    // Terraform says that nothing differs, and exits as if something did: it compares how precise the numbers are that it got
    // from the provider and from the state.
    Row {
        name: "clean-refresh-only-with-numbers",
        make: |stack| {
            stack.apply(CONFIG_MAP);
            let planned = stack.plan(&["-refresh-only"]);
            assert!(planned.text.contains("No changes."), "{}", planned.text);
            planned
        },
        exit: 2,
        says: &[],
    },
    Row {
        name: "no-refresh",
        make: |stack| {
            stack.apply(CONFIG_MAP);
            let fast = serde_json::json!("fast");
            stack.world().set("kubernetes_config_map", "shop/settings", "/data/mode", fast);
            stack.plan(&["-refresh=false"])
        },
        exit: 0,
        says: &[],
    },
    Row {
        name: "update",
        make: |stack| after(stack, NOTE, OTHER_NOTE),
        exit: 2,
        says: &[
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
        ],
    },
    Row {
        name: "create",
        make: |stack| after(stack, "", NOTE),
        exit: 2,
        says: &["change create terraform_data.note"],
    },
    Row {
        name: "delete",
        make: |stack| after(stack, NOTE, ""),
        exit: 2,
        says: &["change delete terraform_data.note (delete_because_no_resource_config)"],
    },
    Row {
        name: "moved",
        make: |stack| {
            let moved = "moved {\n  from = terraform_data.note\n  to   = terraform_data.memo\n}\n";
            after(stack, NOTE, &(NOTE.replace("note", "memo") + moved))
        },
        exit: 2,
        says: &["change no-op terraform_data.memo from terraform_data.note"],
    },
    Row {
        name: "import",
        make: |stack| {
            stack.apply(CONFIG_MAP);
            std::fs::remove_file(stack.dir.join("terraform.tfstate")).expect("it was applied");
            let import =
                "import {\n  to = kubernetes_config_map.settings\n  id = \"shop/settings\"\n}\n";
            stack.write("main.tf", &(CONFIG_MAP.to_owned() + import));
            stack.plan(&[])
        },
        exit: 2,
        says: &["change no-op kubernetes_config_map.settings importing shop/settings"],
    },
    Row {
        name: "forget",
        make: |stack| {
            let removed = "removed {
  from = terraform_data.note
  lifecycle {
    destroy = false
  }
}
";
            after(stack, NOTE, removed)
        },
        exit: 2,
        says: &["change forget terraform_data.note (delete_because_no_resource_config)"],
    },
    Row {
        name: "deposed",
        make: |stack| {
            stack.apply(&settings_named("settings"));
            // The successor is there, and its predecessor does not go.
            stack.world().refuse("delete kubernetes_config_map shop/settings", "it is in use");
            stack.write("main.tf", &settings_named("settings-2"));
            let run = stack.terraform(&["apply", "-auto-approve", "-input=false", "-no-color"]);
            assert!(!run.status.success());
            stack.plan(&[])
        },
        exit: 2,
        says: &["change delete kubernetes_config_map.settings deposed"],
    },
    Row {
        name: "deposed-refresh-only",
        make: |stack| {
            let note = |value, rest| {
                format!(
                    "resource \"terraform_data\" \"note\" {{
  triggers_replace = \"{value}\"
  lifecycle {{
    create_before_destroy = true
  }}
{rest}}}
"
                )
            };
            let failing = "  provisioner \"local-exec\" {\n    command = \"false\"\n  }\n";
            stack.apply(&note("one", ""));
            stack.write("main.tf", &note("two", failing));
            let run = stack.terraform(&["apply", "-auto-approve", "-input=false", "-no-color"]);
            assert!(!run.status.success());
            stack.plan(&["-refresh-only"])
        },
        exit: 0,
        says: &[],
    },
    Row {
        name: "output-only",
        make: |stack| {
            let output = |value| format!("output \"address\" {{\n  value = \"{value}\"\n}}\n");
            let planned = after(stack, &output("10.0.0.1"), &output("10.0.0.2"));
            assert!(!planned.text.contains("Plan:"), "{}", planned.text);
            planned
        },
        exit: 2,
        says: &["output update address"],
    },
    Row {
        name: "deferred-read",
        make: |stack| {
            let reader = "
data \"terraform_remote_state\" \"platform\" {
  backend = \"local\"
  config  = { path = \"../${terraform_data.note.output}/terraform.tfstate\" }
}
";
            let platform = stack.stage.stack("one");
            platform.apply("output \"address\" {\n  value = \"10.0.0.1\"\n}\n");
            after(stack, &(NOTE.to_owned() + reader), &(OTHER_NOTE.to_owned() + reader))
        },
        exit: 2,
        says: &[
            "change read data.terraform_remote_state.platform (read_because_config_unknown)",
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
        ],
    },
    Row {
        name: "perpetual",
        make: |stack| {
            let always = "\
resource \"null_resource\" \"readiness\" {
  triggers = { always = timestamp() }
}

resource \"kubernetes_config_map\" \"users\" {
  metadata {
    name      = \"users\"
    namespace = \"shop\"
  }
  data = { htpasswd = bcrypt(\"letmein\") }
}
";
            stack.apply(always);
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "change update kubernetes_config_map.users",
            "  data.htpasswd: \"$2a$10$00000000000000000000000000000000000000000000000000000\" -> unknown",
            "change delete,create null_resource.readiness (replace_because_cannot_update)",
            "  id: \"1\" -> unknown",
            "  triggers.always: \"2026-11-26T00:00:00Z\" -> unknown",
            "  replaced because of triggers",
        ],
    },
    Row {
        name: "perpetual-followed",
        make: |stack| {
            // One that follows the same clock, and has a cause of its own besides.
            let both = "\
resource \"terraform_data\" \"both\" {
  input = \"${terraform_data.clock.id}-${terraform_data.note.output}\"
}
";
            let rest = FOLLOWERS.to_owned() + both;
            after(stack, &(rest.clone() + NOTE), &(rest + OTHER_NOTE))
        },
        exit: 2,
        says: &[
            "change update terraform_data.both",
            "  input: \"00000000-0000-4000-8000-000000000004-one\" -> unknown",
            "  output: \"00000000-0000-4000-8000-000000000004-one\" -> unknown",
            "change delete,create terraform_data.clock (replace_because_cannot_update)",
            "  id: \"00000000-0000-4000-8000-000000000004\" -> unknown",
            "  triggers_replace: \"2026-11-26T00:00:00Z\" -> unknown",
            "  replaced because of triggers_replace",
            "change update terraform_data.hand",
            "  input: \"00000000-0000-4000-8000-000000000004-x\" -> unknown",
            "  output: \"00000000-0000-4000-8000-000000000004-x\" -> unknown",
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
            "change update terraform_data.shadow",
            "  input: \"00000000-0000-4000-8000-000000000004-x\" -> unknown",
            "  output: \"00000000-0000-4000-8000-000000000004-x\" -> unknown",
        ],
    },
    Row {
        name: "targeted",
        make: |stack| {
            stack.apply(&(NOTE.to_owned() + "resource \"terraform_data\" \"other\" {}\n"));
            stack.write("main.tf", OTHER_NOTE);
            stack.stream(&["-target=terraform_data.note"])
        },
        exit: 2,
        says: &[
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
            "warning Resource targeting is in effect",
        ],
    },
    Row {
        name: "destroy",
        make: |stack| {
            stack.apply(NOTE);
            stack.plan(&["-destroy"])
        },
        exit: 2,
        says: &["change delete terraform_data.note"],
    },
    Row {
        name: "failing-check",
        make: |stack| {
            let check = "
check \"certificate\" {
  assert {
    condition     = terraform_data.note.output == \"valid\"
    error_message = \"the certificate is not valid\"
  }
}
";
            let config = NOTE.to_owned() + check;
            after(stack, &config, &config)
        },
        exit: 0,
        says: &["check fail check.certificate"],
    },
    Row {
        name: "failing-precondition",
        make: |stack| {
            stack.apply(NOTE);
            let condition = "  lifecycle {
    precondition {
      condition     = path.module == \"\"
      error_message = \"the node is not ready\"
    }
  }
}
";
            let second = "resource \"terraform_data\" \"second\" {}\n";
            let note = open_note() + condition;
            stack.write("main.tf", &(note + second));
            stack.stream(&[])
        },
        exit: 1,
        says: &[
            "errored",
            "change create terraform_data.second",
            "check fail terraform_data.note",
            "error Resource precondition failed at main.tf:5",
        ],
    },
    Row {
        name: "failing-postcondition",
        make: |stack| {
            stack.apply(NOTE);
            let condition = "  lifecycle {
    postcondition {
      condition     = self.input == \"three\"
      error_message = \"the note is not the third\"
    }
  }
}
";
            let note = open_note() + condition;
            stack.write("main.tf", &note);
            stack.stream(&[])
        },
        exit: 1,
        says: &[
            "errored",
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
            "check fail terraform_data.note",
            "error Resource postcondition failed at main.tf:5",
        ],
    },
    Row {
        name: "read-error",
        make: |stack| {
            stack.apply(CONFIG_MAP);
            let call = "read kubernetes_config_map shop/settings";
            stack.world().refuse(call, "the server is currently unable to handle the request");
            stack.stream(&[])
        },
        exit: 1,
        says: &[
            "errored",
            "error the server is currently unable to handle the request at main.tf:1",
        ],
    },
    // What could be planned is in the plan, beside the error.
    Row {
        name: "read-error-in-part",
        make: |stack| {
            stack.apply(&(CONFIG_MAP.to_owned() + NOTE));
            let call = "read kubernetes_config_map shop/settings";
            stack.world().refuse(call, "the server is currently unable to handle the request");
            stack.write("main.tf", &(CONFIG_MAP.to_owned() + OTHER_NOTE));
            stack.plan(&[])
        },
        exit: 1,
        says: &[
            "errored",
            "change update terraform_data.note",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
        ],
    },
    Row {
        name: "bad-argument",
        make: |stack| {
            stack.write("main.tf", "resource \"terraform_data\" \"note\" {\n  inptu = 1\n}\n");
            stack.stream(&[])
        },
        exit: 1,
        says: &["error Unsupported argument at main.tf:2"],
    },
    Row {
        name: "missing-variable",
        make: |stack| {
            stack.write("main.tf", "variable \"zone\" {\n  type = string\n}\n");
            stack.stream(&[])
        },
        exit: 1,
        says: &["error No value for required variable at main.tf:1"],
    },
    Row {
        name: "upstream-output",
        make: |stack| {
            with_upstream(stack);
            stack.plan(&[])
        },
        exit: 2,
        says: &["output update address"],
    },
    Row {
        name: "upstream-output-refresh-only",
        make: |stack| {
            with_upstream(stack);
            stack.plan(&["-refresh-only"])
        },
        exit: 2,
        says: &["output update address"],
    },
    Row {
        name: "locked",
        make: |stack| locked(stack, |stack| stack.stream(&[])),
        exit: 1,
        says: &["error Error acquiring the state lock"],
    },
    // An apply is on its way: what it has not written yet looks like drift.
    Row {
        name: "no-lock",
        make: |stack| locked(stack, |stack| stack.plan(&["-lock=false"])),
        exit: 2,
        says: &["change create kubernetes_config_map.settings"],
    },
];

/// What `plan` gives while an apply holds the lock.
fn locked(stack: &Stack, plan: impl FnOnce(&Stack) -> Planned) -> Planned {
    stack.write("main.tf", CONFIG_MAP);
    stack.world().hang("create kubernetes_config_map shop/settings");
    let mut apply = stack.start(&["apply", "-auto-approve", "-input=false"]);
    wait(|| stack.dir.join(".terraform.tfstate.lock.info").exists());
    let planned = plan(stack);
    apply.kill().expect("it still runs");
    apply.wait().expect("it was killed");
    planned
}

fn wait(mut until: impl FnMut() -> bool) {
    let start = Instant::now();
    while !until() {
        assert!(start.elapsed() < Duration::from_secs(50), "it takes too long");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn live() {
    rows::live("exits", ROWS);
}

#[test]
fn recorded() {
    rows::recorded("exits", ROWS);
}

/// Terraform, started with `arguments`, and what became of it after `signal` while it waited for a lock.
fn interrupted(stack: &Stack, arguments: &[&str], signal: Signal) -> Output {
    let mut child = stack.start(arguments);
    let mut said = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let waits = said.any(|line| line.is_ok_and(|it| it.contains("Acquiring state lock")));
    assert!(waits, "it does not wait");
    let id = Pid::from_child(&child);
    kill_process(id, signal).expect("it still runs");
    child.wait_with_output().expect("it ends")
}

/// An interrupted run looks as if somebody held the lock: who sent the signal has to remember it.
#[test]
fn interrupted_while_it_waits_for_the_lock() {
    let Some(_) = stage::terraform("exits") else { return };
    let stage = Stage::new();
    locked(&stage.stack("stack"), |stack| {
        let arguments = ["plan", "-input=false", "-no-color", "-out=plan", "-lock-timeout=60s"];
        let run = interrupted(stack, &arguments, Signal::INT);
        assert_eq!(run.status.code(), Some(1));
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(said.contains("Error acquiring the state lock"), "{said}");
        assert!(!stack.dir.join("plan").exists());
        Planned { exit: 1, text: said, plan: None }
    });
}

/// A provider that does not answer is only left behind by a kill.
#[test]
fn interrupted_while_a_provider_does_not_answer() {
    use std::os::unix::process::ExitStatusExt as _;
    let Some(_) = stage::terraform("exits") else { return };
    let stage = Stage::new();
    let stack = stage.stack("stack");
    stack.apply(CONFIG_MAP);
    stage.world.hang("read kubernetes_config_map shop/settings");
    let child = stack.start(&["plan", "-input=false", "-no-color", "-out=plan"]);
    wait(|| stage.world.is_hanging());
    let id = Pid::from_child(&child);
    kill_process(id, Signal::TERM).expect("it still runs");
    thread::sleep(Duration::from_millis(700));
    kill_process(id, Signal::KILL).expect("a polite signal did not end it");
    let run = child.wait_with_output().expect("it ends");
    assert_eq!(run.status.signal(), Some(Signal::KILL.as_raw()));
    assert!(!stack.dir.join("plan").exists());
}
