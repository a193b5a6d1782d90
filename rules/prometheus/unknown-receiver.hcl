summary    = "route leads to a receiver that does not exist"
convention = "E17"
severity   = "error"
facts      = "repo"

select "row" { of = "led_to" }

# No configuration has one of this name, or one that looks like it.
require "unknown" {
  when {
    not {
      path   = "receiver"
      one_of = { path = "known[*].name" }
    }
  }
  path   = "receiver"
  in     = "receiver_names.receiver"
  derive = false
  fix {
    when {
      path   = "known[*].name"
      equals = "{near}"
    }
    title   = "write `{near}`"
    replace = "{near}"
  }
}

# Only another one has it.
require "elsewhere" {
  when {
    exists {
      in    = "receiver_names"
      match = { receiver = "{receiver}" }
    }
  }
  path   = "receiver"
  one_of = { path = "known[*].name" }
}

case "unknown" {
  when {
    all {
      path   = "reader"
      equals = "the operator"
    }
    all {
      path   = "known[*].name"
      equals = "{near}"
    }
  }
  message = "no receiver is called `{receiver}`: the operator leaves this object out, with all of its routes"
  help    = "write `{near}` if that is meant, or add it to `receivers`"
}

case "unknown" {
  when {
    path   = "reader"
    equals = "the operator"
  }
  message = "no receiver is called `{receiver}`: the operator leaves this object out, with all of its routes"
  help    = "add it to `receivers`"
}

case "unknown" {
  when {
    path   = "known[*].name"
    equals = "{near}"
  }
  message = "no receiver is called `{receiver}`: Alertmanager refuses the whole configuration and goes on with the old one"
  help    = "write `{near}` if that is meant, or add it to `receivers`"
}

case "unknown" {
  message = "no receiver is called `{receiver}`: Alertmanager refuses the whole configuration and goes on with the old one"
  help    = "add it to `receivers`"
}

case "elsewhere" {
  when {
    path   = "reader"
    equals = "the operator"
  }
  message = "no receiver of this object is called `{receiver}`: the operator leaves it out, with all of its routes"
  help    = "add it to `receivers` here too, or write one that stands there"
}

case "elsewhere" {
  message = "no receiver of this configuration is called `{receiver}`: Alertmanager refuses the whole of it and goes on with the old one"
  help    = "add it to `receivers` here too, or write one that stands there"
}
