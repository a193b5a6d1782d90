//! What scripts over the text of a plan lose: odd keys, replacements of what is tainted, imports beside other words; and every
//! reason that Terraform gives. Leftovers, what is forgotten and outputs alone are among the exit codes.

use super::rows::{self, Row};
use super::stage::Stack;

/// `main.tf`, over a module that holds one note.
fn with_module(stack: &Stack, main: &str, module: &str) {
    let inner = stack.stage.stack("stack/notes");
    inner.write("main.tf", module);
    stack.write("main.tf", main);
}

const MODULES: &str = "\
module \"notes\" {
  for_each = toset([\"y z\", \"a.b[0]\", \"<&>\"])
  source   = \"./notes\"
}
";
const NOTES: &str = "\
resource \"terraform_data\" \"note\" {
  for_each = toset([\"x\", \"it's \\\"quoted\\\" $${now}\"])
  input    = each.key
}
";

/// One resource for each reason.
const BEFORE: &str = "\
resource \"terraform_data\" \"gone\" {}

resource \"terraform_data\" \"counted\" {
  count = 2
}

resource \"terraform_data\" \"keyed\" {
  for_each = toset([\"kept\", \"left out\"])
}

resource \"terraform_data\" \"rebuilt\" {
  for_each = toset([\"a\"])
}

resource \"terraform_data\" \"fixed\" {
  triggers_replace = \"one\"
}

resource \"terraform_data\" \"trigger\" {
  input = \"one\"
}

resource \"terraform_data\" \"triggered\" {
  lifecycle {
    replace_triggered_by  = [terraform_data.trigger]
    create_before_destroy = true
  }
}

resource \"terraform_data\" \"tainted\" {}

resource \"terraform_data\" \"requested\" {}

resource \"terraform_data\" \"from\" {
  input = \"one\"
}
";
const AFTER: &str = "\
resource \"terraform_data\" \"counted\" {
  count = 1
}

resource \"terraform_data\" \"keyed\" {
  for_each = toset([\"kept\"])
}

resource \"terraform_data\" \"rebuilt\" {
  count = 1
}

resource \"terraform_data\" \"fixed\" {
  triggers_replace = \"two\"
}

resource \"terraform_data\" \"trigger\" {
  input = \"two\"
}

resource \"terraform_data\" \"triggered\" {
  lifecycle {
    replace_triggered_by  = [terraform_data.trigger]
    create_before_destroy = true
  }
}

resource \"terraform_data\" \"tainted\" {}

resource \"terraform_data\" \"requested\" {}

moved {
  from = terraform_data.from
  to   = terraform_data.to
}

resource \"terraform_data\" \"to\" {
  input = \"two\"
}
";

const ROWS: &[Row] = &[
    Row {
        name: "odd-keys",
        make: |stack| {
            with_module(stack, MODULES, NOTES);
            stack.reapply();
            let module = NOTES.replace("\"x\", ", "");
            with_module(stack, &MODULES.replace("\"y z\", ", ""), &module);
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "change delete module.notes[\"<&>\"].terraform_data.note[\"x\"] (delete_because_each_key)",
            "change delete module.notes[\"a.b[0]\"].terraform_data.note[\"x\"] (delete_because_each_key)",
            "change delete module.notes[\"y z\"].terraform_data.note[\"it's \\\"quoted\\\" $${now}\"] (delete_because_no_module)",
            "change delete module.notes[\"y z\"].terraform_data.note[\"x\"] (delete_because_no_module)",
        ],
    },
    Row {
        name: "tainted",
        make: |stack| {
            with_module(stack, MODULES, NOTES);
            stack.reapply();
            stack.must(&["taint", "module.notes[\"y z\"].terraform_data.note[\"x\"]"]);
            stack.plan(&[])
        },
        exit: 2,
        says: &[
            "change delete,create module.notes[\"y z\"].terraform_data.note[\"x\"] (replace_because_tainted)",
            "  id: \"00000000-0000-4000-8000-000000000005\" -> unknown",
            "  output: \"x\" -> unknown",
        ],
    },
    Row {
        name: "reasons",
        make: |stack| {
            stack.apply(BEFORE);
            stack.must(&["taint", "terraform_data.tainted"]);
            stack.write("main.tf", AFTER);
            stack.plan(&["-replace=terraform_data.requested"])
        },
        exit: 2,
        says: &[
            "change delete terraform_data.counted[1] (delete_because_count_index)",
            "change delete,create terraform_data.fixed (replace_because_cannot_update)",
            "  id: \"00000000-0000-4000-8000-000000000005\" -> unknown",
            "  triggers_replace: \"one\" -> \"two\"",
            "  replaced because of triggers_replace",
            "change delete terraform_data.gone (delete_because_no_resource_config)",
            "change delete terraform_data.keyed[\"left out\"] (delete_because_each_key)",
            "change create terraform_data.rebuilt[0]",
            "change delete terraform_data.rebuilt[\"a\"] (delete_because_wrong_repetition)",
            "change delete,create terraform_data.requested (replace_by_request)",
            "  id: \"00000000-0000-4000-8000-000000000009\" -> unknown",
            "change delete,create terraform_data.tainted (replace_because_tainted)",
            "  id: \"00000000-0000-4000-8000-000000000010\" -> unknown",
            "change update terraform_data.to from terraform_data.from",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
            "change update terraform_data.trigger",
            "  input: \"one\" -> \"two\"",
            "  output: \"one\" -> unknown",
            "change create,delete terraform_data.triggered (replace_by_triggers)",
            "  id: \"00000000-0000-4000-8000-000000000011\" -> unknown",
        ],
    },
    Row {
        name: "imports",
        make: |stack| {
            let object = |name: &str| {
                format!(
                    "resource \"kubernetes_namespace\" \"{name}\" {{
  metadata {{
    name = \"{name}\"
  }}
}}
"
                )
            };
            stack.apply(&(object("shop") + &object("blog")));
            stack.must(&["state", "rm", "kubernetes_namespace.shop", "kubernetes_namespace.blog"]);
            let import = |name: &str| {
                format!("import {{\n  to = kubernetes_namespace.{name}\n  id = \"{name}\"\n}}\n")
            };
            stack.write("main.tf", &(object("shop") + &import("shop") + &import("blog")));
            let planned = stack.plan(&["-generate-config-out=generated.tf"]);
            let summary = "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.";
            assert!(planned.text.contains(summary), "{}", planned.text);
            planned
        },
        exit: 2,
        says: &[
            "change no-op kubernetes_namespace.blog importing blog generated",
            "change no-op kubernetes_namespace.shop importing shop",
        ],
    },
];

#[test]
fn live() {
    rows::live("regressions", ROWS);
}

#[test]
fn recorded() {
    rows::recorded("regressions", ROWS);
}
