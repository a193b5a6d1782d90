summary    = "list of stacks in a pipeline names one that does not exist"
convention = "C56"
severity   = "error"
facts      = "repo"

select "text" {
  files   = param.pipelines
  words   = ["PLATFORM_STACKS"]
  matches = "\\bPLATFORM_STACKS(?:=|: *)[\"'](?P<at>[\\w\\s\\\\-]+)[\"']"
  zones   = ["code", "string"]
}

each "listed" {
  path  = ""
  split = " "
}

# Where the list goes on in the next line.
where {
  path    = "listed"
  matches = "^[\\w-]+$"
}

require "unknown" {
  exists {
    in    = "stack_files"
    match = { module = "stacks/{listed}" }
  }
}

case "unknown" {
  message = "there is no stack `{listed}`: whatever the list is for, nothing comes of this word"
  help    = "take it out, or write the stack's name as in `stacks/`"
}
