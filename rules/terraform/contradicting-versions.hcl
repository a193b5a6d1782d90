summary    = "modules of one run require versions that no version is"
convention = "E11"
severity   = "error"

check "contradicting_versions" {}

case "modules" {
  message = "no version of {what} is both `{written}` and `{other}`: `init` fails"
  help    = "widen one of the two: a module that others call says the least that it needs, `>= …`"
}

case "itself" {
  message = "no version of {what} is `{written}`: `init` fails"
  help    = "write a lower bound that is below the upper one"
}
