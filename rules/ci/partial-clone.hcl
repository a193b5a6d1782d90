summary  = "pipeline fetches its files one by one, where others have to fetch all at once"
severity = "warning"
facts    = "repo"

select "file" { files = param.pipelines }

where {
  path    = "steps"
  present = true
}

unless {
  path   = "skip_clone"
  equals = true
}

# One may have its own reason.
where {
  exists {
    in       = "whole_clones"
    at_least = 2
  }
}

require "partial" {
  path   = ["clone.git.settings.partial", "clone[*].settings.partial"]
  equals = false
  derive = false

  at        = "steps"
  underline = "key"
}

case "partial" {
  message = "this pipeline clones in part, and other ones say that they must not: what is missing is fetched later, without the credentials of the first time"
  help    = "write `clone: {{ git: {{ image: woodpeckerci/plugin-git, settings: {{ partial: false }} }} }}`, or `skip_clone: true` where no step needs a file"
}
