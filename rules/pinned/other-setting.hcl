summary    = "setting that is pinned has another value"
convention = "E27"
severity   = "error"
facts      = "repo"

select "row" { of = "settings" }

each "pin" { texts = param.settings }

where {
  any {
    all {
      text   = "{pin}"
      equals = "{file} {setting}"
    }
    all {
      text   = "{pin}"
      equals = "{file} {address} {setting}"
    }
  }
}

unknown {
  because = "`{setting}` is made of something else"
  path    = "value"
  matches = "^(?:\\$|(?:var|local|each|data|module)\\.|[a-z]\\w*\\()"
}

let "reason" {
  path    = "pin_value"
  capture = " -- (?<value>.*)$"
}

let "expected" {
  path    = "pin_value"
  capture = "^(?:~ )?(?<value>.*?) -- "
}

let "recommended" {
  path    = "pin_value"
  capture = "^~ "
}

let "least" {
  path    = "expected"
  capture = "^>= (?<value>.*)$"
}

# A time is the same in seconds and in minutes.
let "time" {
  path    = "expected"
  capture = "^[0-9.]+[smhd]$"
}

require "changed" {
  when {
    path    = "time"
    present = true
  }
  any {
    all {
      path     = "value"
      as       = "duration"
      at_least = "{time}"
      at_most  = "{time}"
    }
    all {
      all {
        path   = "value"
        equals = "0"
      }
      all {
        path    = "time"
        matches = "^0[smhd]$"
      }
    }
  }
  at = "value"

  fix { replace = "{expected}" }
}

require "changed" {
  when {
    path    = ["least", "time"]
    present = false
  }
  path = "value"
  like = ["{expected}"]

  fix {
    when {
      not {
        path    = "expected"
        matches = "[*?]"
      }
    }
    replace = "{expected}"
  }
}

require "lower" {
  when {
    path    = "least"
    matches = "[0-9][smhd]$"
  }
  path     = "value"
  at_least = "{least}"
  as       = "duration"
}

require "lower" {
  when {
    all {
      path    = "least"
      present = true
    }
    not {
      path    = "least"
      matches = "[0-9][smhd]$"
    }
  }
  path     = "value"
  at_least = "{least}"
  as       = "quantity"
}

case "changed" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{setting}` is `{value}` and pinned to `{expected}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "changed" {
  message = "`{setting}` is `{value}` and pinned to `{expected}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lower" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{setting}` is `{value}`, below the `{least}` that it is pinned to: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lower" {
  message = "`{setting}` is `{value}`, below the `{least}` that it is pinned to: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}
