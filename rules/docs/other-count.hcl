summary    = "number in a document is not the number in the code"
convention = "D25"
severity   = "info"
facts      = "repo"

select "row" { of = "count_claims" }

require "fewer" {
  sum {
    in       = "counted"
    match    = { of = "{of}" }
    column   = "one"
    at_least = "{count}"
  }
  at = "place"

  fix {
    safety  = "safe"
    replace = "{value}"
  }
}

require "more" {
  sum {
    in      = "counted"
    match   = { of = "{of}" }
    column  = "one"
    at_most = "{count}"
  }
  at = "place"

  fix {
    safety  = "safe"
    replace = "{value}"
  }
}

case "fewer" {
  when {
    text   = "{is}"
    equals = "object"
  }
  message = "the code declares {value} `{of}`, not {count}"
  help    = "write `{value}`, or no number"
}

case "fewer" {
  message = "{value} stacks call `{of}`, not {count}"
  help    = "write `{value}`, or no number"
}

case "more" {
  when {
    text   = "{is}"
    equals = "object"
  }
  message = "the code declares {value} `{of}`, not {count}"
  help    = "write `{value}`, or no number"
}

case "more" {
  message = "{value} stacks call `{of}`, not {count}"
  help    = "write `{value}`, or no number"
}
