summary    = "what a module may say once stands in it twice"
convention = "E11"
severity   = "error"

select "row" { of = "repeated" }

forbid "lifecycle" {
  text   = "{what}"
  equals = "lifecycle"
}

forbid "generated" {
  text    = "{what}"
  matches = "^var\\."
}

case "lifecycle" {
  message = "`{address}` has two `lifecycle` blocks, and may have one: no plan of the stack comes about"
  help    = "merge them into one"
}

case "generated" {
  message = "`{what}` is declared by Terragrunt beside every stack: with this one it is there twice, and no plan of the stack comes about"
  help    = "delete this one"
}
