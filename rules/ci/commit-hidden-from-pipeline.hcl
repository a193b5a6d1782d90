summary    = "commit is hidden from the pipeline by somebody who may not do that"
convention = "C58"
severity   = "warning"

select "commit" {}

where {
  path    = "message"
  matches = param.skip_marker
}

let "marker" {
  path    = "message"
  capture = param.skip_marker
}

# Whoever applies by hand, and the pipeline itself.
unless {
  path = "author.email"
  like = param.may_skip
}

let "who" { path = "author.email" }

forbid "hidden" {
  path    = "marker"
  present = true
}

# Of one that is being made, there is nothing to amend yet.
case "hidden" {
  when {
    text   = "{file}"
    equals = ".git/commits/message"
  }
  message = "`{marker}` by `{who}`: no pipeline applies this commit, and nobody is told of it"
  help    = "write the message without it; whoever may use it is in the param `may_skip`"
}

case "hidden" {
  message = "`{marker}` by `{who}`: no pipeline applies this commit, and nobody is told of it"
  help    = "write the message without it (`git commit --amend`); whoever may use it is in the param `may_skip`"
}
