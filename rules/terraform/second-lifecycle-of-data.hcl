summary    = "data source has two `lifecycle` blocks"
convention = "E11"
severity   = "error"

select "data" { types = ["*"] }

forbid "second" {
  path      = "lifecycle[1]"
  present   = true
  underline = "subject"
  derive    = false
}

case "second" {
  message = "`{address}` has two `lifecycle` blocks, and may have one: no plan of the stack comes about"
  help    = "merge them into one: it may have several conditions"
}
