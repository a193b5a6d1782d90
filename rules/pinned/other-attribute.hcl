summary    = "attribute that is pinned has another value"
convention = "B43"
severity   = "error"
facts      = "repo"

select "block" {
  type  = "resource"
  files = param.attribute_files
}

where {
  exists {
    in    = "attribute_pins"
    match = { block = "{stack} {address}" }
  }
}

each "pin" { texts = param.attributes }

let "block" {
  path    = "pin"
  capture = "^(?<value>\\S+ \\S+) "
}

where {
  text   = "{block}"
  equals = "{stack} {address}"
}

let "place" {
  path    = "pin"
  capture = "^\\S+ \\S+ (?<value>.+)$"
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

let "one_of_them" {
  path    = "expected"
  capture = "^has (?<value>.*)$"
}

require "changed" {
  when {
    all {
      path    = "least"
      present = false
    }
    all {
      path    = "one_of_them"
      present = false
    }
  }
  path  = "{place}"
  every = true
  like  = ["{expected}"]

  fix {
    when {
      not {
        path    = "expected"
        matches = "[*?]"
      }
    }
    set = { "{place}" = "{expected}" }
  }
}

require "lost" {
  when {
    path    = "one_of_them"
    present = true
  }
  path = "{place}"
  like = ["{one_of_them}"]
}

require "lower" {
  when {
    path    = "least"
    matches = "[0-9][smhd]$"
  }
  path     = "{place}"
  every    = true
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
  path     = "{place}"
  every    = true
  at_least = "{least}"
  as       = "quantity"
}

require "absent" {
  path    = "{place}"
  present = true
}

case "changed" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{value}` is pinned to `{expected}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "changed" {
  message = "`{value}` is pinned to `{expected}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lost" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{place}` of `{address}` is pinned to have `{one_of_them}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lost" {
  message = "`{place}` of `{address}` is pinned to have `{one_of_them}`: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lower" {
  severity = "warning"
  when {
    path    = "recommended"
    present = true
  }
  message = "`{value}` is below the `{least}` that it is pinned to: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "lower" {
  message = "`{value}` is below the `{least}` that it is pinned to: {reason}"
  help    = "restore it; if the reason is gone, change the pin in `params \"pinned\"`"
}

case "absent" {
  severity = "warning"
  message  = "`{place}` of `{address}` is pinned to `{expected}` and not there: {reason}"
  help     = "write it; if it moved, move the pin in `params \"pinned\"`"
}
