summary    = "something on the way of every request can go down with one node"
convention = "B45"
severity   = "error"

select "block" {
  type  = "resource"
  files = param.critical_files
}

each "critical" { texts = param.critical }

where {
  text = "{critical}"
  like = ["{address} *"]
}

let "place" {
  path    = "critical"
  capture = "^\\S+ (?<value>.+)$"
}

# The same for `set`, which wins over all values.
let "setting" {
  path    = "critical"
  capture = "^\\S+ values\\[\\*\\]\\.(?<value>.+)$"
  default = "none"
}

# What stands once in each of them, and each `set`.
each "given" { path = ["name", "spec", "set[*]", "set_sensitive[*]"] }

require "few" {
  when {
    path    = "given.name"
    present = false
  }
  when {
    not {
      path   = ["set[*].name", "set_sensitive[*].name"]
      equals = "{setting}"
    }
  }
  path     = "{place}"
  present  = true
  every    = true
  at_least = "{critical_value}"
  as       = "number"

  fix {
    set = { "{place}" = "{critical_value}" }
  }
}

require "few" {
  when {
    path   = "given.name"
    equals = "{setting}"
  }
  path     = "given.value"
  at_least = "{critical_value}"
  as       = "number"

  fix { replace = "{critical_value}" }
}

case "few" {
  message = "`{place}` of `{address}` is not at least {critical_value}: it is on the way of every request, and a drained node takes it down"
  help    = "write {critical_value} or more"
}
