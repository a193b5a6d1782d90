summary    = "resource has two `lifecycle` blocks, or two `timeouts`"
convention = "E11"
severity   = "error"

select "resource" { types = ["*"] }

forbid "second" {
  path      = "lifecycle[1]"
  present   = true
  underline = "subject"
  derive    = false
}

forbid "timeouts" {
  path    = "timeouts[1]"
  present = true
  derive  = false
}

case "second" {
  message = "`{address}` has two `lifecycle` blocks, and may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "timeouts" {
  message = "`{address}` has two `timeouts` blocks where it may have one: no plan of the stack comes about"
  help    = "merge them into one"
}
