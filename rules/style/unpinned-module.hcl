summary  = "module is taken from a repo without saying which version"
severity = "warning"
facts    = "repo"

select "row" { of = "sources" }

let "repo" {
  path    = "written"
  capture = "^(?<value>git::.+|hg::.+|(?:github\\.com|bitbucket\\.org)/.+|git@.+)$"
}

let "ref" {
  path    = "written"
  capture = "[?&](?:ref|rev)=(?<value>[^&]+)"
}

require "unpinned" {
  when {
    path    = "repo"
    present = true
  }
  path    = "ref"
  present = true
  at      = "written"
}

forbid "moving" {
  when {
    path    = "repo"
    present = true
  }
  path   = "ref"
  one_of = param.moving_refs
  at     = "written"
}

case "unpinned" {
  message = "the module is taken from whatever the repo has on the day of the `init`"
  help    = "write `?ref=` and a tag or a commit behind it"
}

case "moving" {
  message = "`{ref}` moves: the module is another one with the next commit there"
  help    = "write a tag or a commit behind `ref=`"
}
