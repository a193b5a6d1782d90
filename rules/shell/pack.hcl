summary = "shell that is written inside Terraform"

applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
}
