summary = "stacks, the order in which they come up, and where their state is kept"

applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
}

params {
  # The stacks that must come up before the state's database does: where the repo lists them.
  first_tier = [{ file = "terragrunt.hcl", local = "tier0_stacks" }]

  # The same list again, for programs that cannot read that one, and for people.
  first_tier_copies = [
    { file = "scripts/tg", variable = "TIER0_STACKS" },
    { file = "scripts/state-sync", variable = "TIER0_STACKS" },
    { file = "scripts/migrate-state-to-pg", variable = "TIER0_STACKS" },
    { file = ".claude/CLAUDE.md", sentence = "Stacks: `" },
    { file = "CONTEXT.md", sentence = "bootstrap Stacks (" },
  ]

  # Files of which there is one for each stack of the first tier; `*` stands for its name.
  first_tier_files = ["state/stacks/*/terraform.tfstate.enc"]

  # Dependencies that must not be, and why.
  forbidden_edges = [
    { from = "platform", to = "vault", reason = "`vault` runs on what `platform` brings up" },
  ]

  # Where the state is kept.
  first_tier_backend = "local"
  other_backend      = "pg"
  name_key           = "schema_name"

  # What makes a directory of code a stack that is applied, and that code. How many must have it before one without stands out.
  unit_code = ["stacks/*/*.{tf,tf.json}"]
  unit_file = "terragrunt.hcl"
  unit_many = 5

  # Files that hold a state, and must be encrypted.
  state_files = ["**/*.tfstate", "**/*.tfstate.*"]
}
