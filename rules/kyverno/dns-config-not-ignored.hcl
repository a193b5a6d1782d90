summary    = "workload's `dns_config` is mutated by Kyverno and not ignored by Terraform"
convention = "A02"
severity   = "error"
facts      = "stack"
reads      = ["**/kyverno/**/*.tf"]

check "ignored_path_unless_declared" {
  mutator = "inject-ndots"
}

case "missing" {
  message = "Kyverno sets `dns_config` on `{kind}.{name}`, and `ignore_changes` does not cover it"
  help    = "add `{path}, # {marker}` to `lifecycle {{ ignore_changes = [ … ] }}`"
}

case "ineffective" {
  message = "the `ignore_changes` entry for `dns_config` of `{kind}.{name}` has no effect"
  help    = "write exactly `{path}, # {marker}`"
}

case "declared" {
  severity = "info"
  message  = "`{kind}.{name}` declares `ndots` itself, so Kyverno leaves it alone for now"
  help     = "`{path}, # {marker}` in `ignore_changes` keeps it clean if the declaration goes"
}
