summary  = "script calls a program that its image does not have"
severity = "error"
facts    = "repo"

select "row" { of = "small_calls" }

forbid "absent" {
  path    = "call.name"
  present = true
  derive  = false
}

case "absent" {
  message = "`{wanted}` is not in `{image}`: the call fails with `not found`"
  help    = "install it first (`apk add {wanted}`), take an image that has it, or do without"
}
