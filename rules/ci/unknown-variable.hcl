summary    = "pipeline reads a variable that Woodpecker does not set"
severity   = "error"
facts      = "repo"

select "text" {
  files = param.pipelines
  words = ["CI_"]
  # A comment of the shell is passed over as a whole. What a condition evaluates has names without a dollar.
  matches = "(?m)(?:^|\\s)#[^\\n]*|(?:\\$\\{?|\\bevaluate:[^\\n]*?[^\\w$])(?P<at>(?P<named>CI_[A-Z0-9_]+))\\b"
  zones   = ["code", "string"]
}

where {
  text    = "{named}"
  matches = param.variable_families
}

unless {
  exists {
    in    = "assigned"
    match = { name = "{named}", file = "{file}" }
  }
}

unless {
  exists {
    in    = "given_variables"
    match = { name = "{named}", file = "{file}" }
  }
}

require "unknown" {
  text    = "{named}"
  matches = param.known_variables
}

case "unknown" {
  when {
    text    = "{named}"
    matches = "^CI_PIPELINE_VARIABLE_"
  }
  message = "nobody sets `{named}`: Woodpecker does not know it, and it is empty in every run"
  help    = "a variable that a run is started with has its own name, without what stands before it here"
}

case "unknown" {
  message = "nobody sets `{named}`: Woodpecker does not know it, and it is empty in every run"
  help    = "look for its name in the list of Woodpecker's built-in variables, or set it in `environment`"
}
