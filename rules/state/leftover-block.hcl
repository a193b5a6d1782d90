summary    = "`import`, `moved` or `removed` block has done its work"
convention = "B36"
severity   = "warning"

check "adopted_block" {
  days = 14
}

case "old_import" {
  message = "`{address}` is declared, and this `import` was there {days} days before the commit already"
  help    = "delete the block: what was to be adopted is adopted"
}

case "import" {
  severity = "info"
  message  = "`{address}` is declared, so this `import` has done its work once it was applied"
  help     = "delete the block after the apply"
}

case "moved" {
  severity = "info"
  message  = "`{address}` is declared, so this `moved` has done its work once it was applied"
  help     = "delete the block after every copy of the state was applied"
}

case "removed" {
  severity = "info"
  message  = "this `removed` block of `{address}` has done its work once it was applied"
  help     = "delete the block after the apply"
}
