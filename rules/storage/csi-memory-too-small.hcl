summary    = "node plugin has too little memory to derive the key of an encrypted volume"
convention = "B15"
severity   = "warning"

select "resource" {
  types = ["helm_release"]
}

where {
  path = "chart"
  like = param.encrypting_charts
}

let "least" { text = param.key_memory }

# The release as a whole, and each `set`, which wins over all values.
each "given" { path = ["chart", "set[*]", "set_sensitive[*]"] }

require "small" {
  when {
    path    = "given.name"
    present = false
  }
  when {
    path    = "values[*].node.resources"
    present = false
  }
  when {
    not {
      path    = ["set[*].name", "set_sensitive[*].name"]
      matches = "^node\\.(?:plugin\\.resources\\.limits\\.memory$|resources\\.)"
    }
  }
  path     = "values[*].node.plugin.resources.limits.memory"
  at_least = param.key_memory
  as       = "quantity"

  fix {
    when {
      path    = "values[*].node.plugin.resources.limits.memory"
      present = true
    }
    replace = "{least}"
  }
}

require "small" {
  when {
    path   = "given.name"
    equals = "node.plugin.resources.limits.memory"
  }
  path     = "given.value"
  at_least = param.key_memory
  as       = "quantity"

  fix { replace = "{least}" }
}

forbid "misplaced" {
  when {
    path    = "given.name"
    present = false
  }
  path      = "values[*].node.resources"
  present   = true
  underline = "key"
}

forbid "misplaced" {
  path    = "given.name"
  matches = "^node\\.resources\\."
}

case "small" {
  message = "release `{name}` does not give its node plugin the memory that deriving a key takes: it is killed while it opens an encrypted volume, and the pod waits"
  help    = "write `1280Mi` or more at `node.plugin.resources.limits.memory`"
}

case "misplaced" {
  message = "the chart of `{name}` does not read `node.resources`: the node plugin keeps its default, which is too little for encrypted volumes"
  help    = "move it to `node.plugin.resources`"
}
