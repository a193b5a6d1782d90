//! With real Terraform: every way in which a stack can stand, and Terragrunt's way of printing in each of its eras.

use std::net::TcpListener;
use std::process::Stdio;

use super::house::{House, Killed, has_terraform, state};

const CODE: &str = "\
resource \"terraform_data\" \"a\" {
  input = \"declared\"
}
output \"name\" {
  value = terraform_data.a.output
}
";

/// A stack as it was applied.
fn applied(house: &House, name: &str, code: &str, input: &str) {
    house.write(&format!("stacks/{name}/main.tf"), code);
    let state = state(input, &[("name", input)]);
    house.write(&format!("stacks/{name}/terraform.tfstate"), &state);
}

/// Code that reads the state of the stack `of`.
fn reading(of: &str) -> String {
    format!(
        "data \"terraform_remote_state\" \"of\" {{\n  backend = \"local\"\n  config  = {{ path = \"../{of}/terraform.tfstate\" }}\n}}\n\
         resource \"terraform_data\" \"a\" {{\n  input = data.terraform_remote_state.of.outputs.name\n}}\n\
         output \"name\" {{\n  value = terraform_data.a.output\n}}\n"
    )
}

/// Somebody who holds the lock of a stack's state.
fn holder(house: &House, name: &str) -> Killed {
    let dir = house.path().join("stacks").join(name);
    let mut command = std::process::Command::new("terraform");
    command.args(["apply", "-auto-approve", "-input=false"]).current_dir(dir);
    house.surround(&mut command);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let held = Killed(child);
    house.wait_for(&format!("stacks/{name}/.terraform.tfstate.lock.info"));
    held
}

const SLEEPS: &str = "\
resource \"terraform_data\" \"b\" {
  provisioner \"local-exec\" { command = \"sleep 60\" }
}
";

#[test]
fn every_kind_of_stack_is_told_apart() {
    if !has_terraform() {
        return;
    }
    let house = House::new();
    // Five levels of eight, each reading the one before.
    for at in 0..40 {
        let name = format!("s{at:02}");
        let code = if at < 8 { CODE.to_owned() } else { reading(&format!("s{:02}", at - 8)) };
        applied(&house, &name, &code, "declared");
    }
    applied(&house, "ahead", CODE, "something else");
    applied(&house, "moved", &CODE.replace("declared", "renamed"), "renamed");
    applied(&house, "reads-moved", &reading("moved"), "declared");
    applied(
        &house,
        "broken",
        "resource \"terraform_data\" \"a\" {\n  input = local.nowhere\n}\n",
        "x",
    );
    applied(&house, "unset", &format!("{CODE}variable \"v\" {{}}\n"), "declared");
    applied(&house, "held", &format!("{CODE}{SLEEPS}"), "declared");
    // Its state has no such output: that is its own error, and not one of what it reads.
    applied(
        &house,
        "reads-broken",
        &reading("broken").replace("outputs.name", "outputs.gone"),
        "x",
    );
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let hanging = format!(
        "data \"terraform_remote_state\" \"of\" {{\n  backend = \"http\"\n  config  = {{ address = \"http://{}\" }}\n}}\n",
        deaf.local_addr().unwrap()
    );
    applied(&house, "hanging", &format!("{CODE}{hanging}"), "declared");
    house.write("stacks/scaffold/main.tf.example", CODE);
    let _holder = holder(&house, "held");
    let run = house.run(&[
        "drift",
        "run",
        "--jobs",
        "4",
        // Enough for all others, however slow the machine is.
        "--timeout",
        "30s",
        "--lock-timeout",
        "0s",
        "--retries",
        "0",
    ]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let mut expected: std::collections::BTreeMap<String, String> =
        (0..40).map(|at| (format!("s{at:02}"), "clean".to_owned())).collect();
    for (name, status) in [
        ("ahead", "pending"),
        ("broken", "error"),
        ("hanging", "timeout"),
        ("held", "locked"),
        ("moved", "clean"),
        ("reads-broken", "not-measured"),
        ("reads-moved", "pending"),
        ("unset", "error"),
    ] {
        expected.insert(name.to_owned(), status.to_owned());
    }
    assert_eq!(house.statuses(".tautline/drift"), expected, "{run:?}");
    let kept = house.kept(".tautline/drift");
    let unset = &kept["unset"]["measured"]["problems"][0];
    assert_eq!(unset["summary"], "No value for required variable");
    assert_eq!(unset["place"], serde_json::json!(["main.tf", 7]));
    let evidence = kept["reads-broken"]["measured"]["evidence"][0].as_str().unwrap();
    assert!(evidence.contains("`broken`"), "{evidence}");
    assert!(run.stderr.contains("there are no Terraform files in: scaffold\n"), "{run:?}");
    // A level is never before the one that it reads.
    let done = |name: &str| run.stderr.find(&format!("] {name}: ")).unwrap();
    assert!(done("s00") < done("s08") && done("s24") < done("s32"), "{run:?}");
    let plans = house.path().join(".tautline/drift/plans").read_dir().unwrap().count();
    assert_eq!(plans, 0, "a plan stays on the disk");
}

/// How Terragrunt of some version prints what Terraform says. Arguments with `-json` are handed through untouched since 0.67;
/// before that nothing was touched at all.
const ERAS: [(&str, &str, &str); 5] = [
    ("0.66", "time=2026-11-26T05:00:00Z level=info msg=Executing", ""),
    ("0.67", "05:00:00.000 INFO   Executing", "05:00:00.000 STDOUT terraform: "),
    (
        "0.68 key-value",
        "time=05:00:00Z level=info prefix=. msg=Executing",
        "time=05:00:00Z level=stdout prefix=. tf-path=terraform msg=",
    ),
    (
        "0.73 json",
        r#"{"time":"05:00:00","level":"info","msg":"Executing"}"#,
        r#"{"level":"stdout","msg":" "#,
    ),
    // Not known to have happened, but cheap to bear: JSON wrapped as text is.
    ("all wrapped", "05:00:00.000 INFO   Executing", "05:00:00.000 STDOUT terraform: "),
];

#[test]
fn whatever_terragrunt_puts_around_it_the_plan_is_read() {
    if !has_terraform() {
        return;
    }
    for (era, own, prefix) in ERAS {
        let house = House::new();
        for (name, code, input) in [
            ("base", CODE.to_owned(), "declared"),
            ("ahead", CODE.to_owned(), "other"),
            (
                "broken",
                "resource \"terraform_data\" \"a\" {\n  input = local.nowhere\n}\n".to_owned(),
                "x",
            ),
        ] {
            applied(&house, name, &code, input);
            let unit = match name {
                "base" => "",
                _ => {
                    "dependency \"base\" {\n  config_path  = \"../base\"\n  skip_outputs = true\n}\n"
                }
            };
            house.write(&format!("stacks/{name}/terragrunt.hcl"), unit);
        }
        let through = if era == "all wrapped" { "never" } else { "-json" };
        house.program(
            "scripts/tg",
            &format!(
                "#!/bin/bash\n# Prints as Terragrunt {era} does.\necho '{own}' >&2\necho 'tg: a word of its own'\n\
                 case \" $* \" in *' {through} '*)\n  exec terraform \"$@\"\n;; esac\nset -o pipefail\n\
                 terraform \"$@\" 2> >(sed 's|^|{prefix}|' >&2) | sed 's|^|{prefix}|'\n"
            ),
        );
        let run = house.run(&["drift", "run", "--jobs", "2", "--results", "out"]);
        assert!(run.stderr.contains("with `scripts/tg` (it starts Terragrunt"), "{era}: {run:?}");
        let statuses: Vec<(String, String)> = house.statuses("out").into_iter().collect();
        let expected = [("ahead", "pending"), ("base", "clean"), ("broken", "error")];
        let expected = expected.map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(statuses, expected, "{era}: {run:?}");
        let summary = &house.kept("out")["broken"]["measured"]["problems"][0]["summary"];
        assert_eq!(summary, "Reference to undeclared local value", "{era}");
    }
}
