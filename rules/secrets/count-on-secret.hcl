summary    = "number of objects depends on a secret that is not known before the apply"
convention = "B30"
severity   = "error"
facts      = "repo"

select "row" {
  of = "counted_by_secret"
}

forbid "counted" {
  text    = "{address}"
  matches = "."
  at      = "counted"
}

case "counted" {
  message = "`{address}` is counted by a secret: where the secret does not exist yet the plan fails, and what it holds decides what is made or destroyed"
  help    = "count by a variable or a literal"
}
