//! A fix that Terraform accepts and does not heed is a wrong fix: what it plans before and after is asked of Terraform
//! itself, where there is one.

#![expect(
    clippy::disallowed_methods,
    reason = "the test writes a configuration and runs terraform"
)]
#![expect(clippy::unwrap_used, reason = "what cannot be made is a failed test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PACK: &str = "summary = \"what a controller changes\"\n";
const RULE: &str = "\
summary  = \"field is changed by a controller and not ignored\"
severity = \"error\"

select \"resource\" { types = [\"terraform_data\"] }

each \"field\" { texts = [\"input\", \"triggers_replace\"] }

where {
  path    = \"{field}\"
  present = true
}

require \"tracked\" {
  ignored { field = \"{field}\" }
}

case \"tracked\" {
  message = \"`{field}` of `{name}` is changed by a controller\"
}
";

/// Every shape that a `lifecycle` block has before the fix.
const MAIN: &str = "\
resource \"terraform_data\" \"none\" {
  input = \"declared\"
}

resource \"terraform_data\" \"empty\" {
  input = \"declared\"
  lifecycle {}
}

resource \"terraform_data\" \"other\" {
  input            = { size = \"declared\" }
  triggers_replace = \"declared\"

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [output] # the app's own
  }
}

resource \"terraform_data\" \"lines\" {
  input = [\"declared\"]

  lifecycle {
    ignore_changes = [
      output # the app's own
    ]
  }
}
";

fn terraform(directory: &Path, arguments: &[&str]) -> Output {
    Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", directory.join("empty.tfrc"))
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap()
}

/// The exit code of a plan: 0 without changes, 2 with some.
fn plan(directory: &Path) -> (Option<i32>, String) {
    let run = terraform(directory, &["plan", "-detailed-exitcode", "-no-color", "-input=false"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    (run.status.code(), said + &String::from_utf8_lossy(&run.stderr))
}

#[test]
fn a_plan_is_clean_after_a_lifecycle_fix() {
    if Command::new("terraform").arg("version").output().is_err() {
        println!("skipped: there is no terraform here");
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  world = true\n}\n");
    write("rules/world/pack.hcl", PACK);
    write("rules/world/tracked.hcl", RULE);
    write("stacks/app/empty.tfrc", "");
    write("stacks/app/main.tf", MAIN);
    let stack = root.path().join("stacks/app");
    for arguments in [&["init", "-input=false"][..], &["apply", "-auto-approve", "-input=false"]] {
        let run = terraform(&stack, arguments);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    assert_eq!(plan(&stack).0, Some(0));

    // A controller changes what it owns.
    let state = fs::read_to_string(stack.join("terraform.tfstate")).unwrap();
    write("stacks/app/terraform.tfstate", &state.replace("\"declared\"", "\"changed\""));
    let (code, said) = plan(&stack);
    assert_eq!(code, Some(2), "{said}");

    let check = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
        command.arg("check").args(arguments).current_dir(root.path()).output().unwrap()
    };
    let run = check(&["--fix", "--unsafe-fixes", "--format", "concise"]);
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert_eq!((run.status.code(), said.as_str()), (Some(0), ""));
    let (code, said) = plan(&stack);
    let main = fs::read_to_string(stack.join("main.tf")).unwrap();
    assert_eq!(code, Some(0), "{said}\n{main}");
    let laid_out = terraform(&stack, &["fmt", "-check", "-diff"]);
    assert!(laid_out.status.success(), "{}", String::from_utf8_lossy(&laid_out.stdout));
}
