summary    = "`import`, `moved` or `removed` block has done its work"
convention = "B36"
severity   = "info"

check "adopted_block" {}

case "import" {
  message = "`{address}` is declared, so this `import` has done its work once it was applied"
  help    = "delete the block after the apply"
}

case "moved" {
  message = "`{address}` is declared, so this `moved` has done its work once it was applied"
  help    = "delete the block after every copy of the state was applied"
}

case "removed" {
  message = "this `removed` block of `{address}` has done its work once it was applied"
  help    = "delete the block after the apply"
}
