summary    = "argument has the name that Kubernetes gives it, and not the provider's"
convention = "E11"
severity   = "error"

select "resource" { types = param.misnamed_types }

each "argument" { texts = param.misnamed_arguments }

let "type" {
  path    = "argument"
  capture = "^[^ ]+"
}

where {
  text = "{kind}"
  like = ["{type}"]
}

let "place" {
  path    = "argument"
  capture = "^[^ ]+ (?<value>.+)$"
}

let "written" {
  path    = "argument"
  capture = "[^.]+$"
}

let "parent" {
  path    = "place"
  capture = "^(?<value>.+)\\.[^.]+$"
}

forbid "misnamed" {
  path      = "{place}"
  present   = true
  underline = "key"

  fix {
    title  = "call it `{argument_value}`"
    delete = "{place}"
    copy   = { "{parent}.{argument_value}" = "{place}" }
  }
}

case "misnamed" {
  message = "`{type}` has no `{written}`: no plan of the stack comes about"
  help    = "write `{argument_value}`"
}
