summary    = "value stands under a key that the chart does not read"
convention = "C48"
severity   = "error"

select "resource" { types = ["helm_release"] }

each "inert" { texts = param.inert_values }

let "of_chart" {
  path    = "inert"
  capture = "^[^ ]+"
}

let "written" {
  path    = "inert"
  capture = "^[^ ]+ (?<value>.+)$"
}

# What it stands in: nothing, at the top.
let "outer" {
  path    = "written"
  capture = "^(?<value>.+)\\.[^.]+$"
  default = ""
}

# Where the chart looks instead.
let "right_outer" {
  path    = "inert_value"
  capture = "^(?<value>.+)\\.[^.]+$"
}

let "right_inner" {
  path    = "inert_value"
  capture = "[^.]+$"
}

# Also with its repository before it.
where {
  path    = "chart"
  matches = "(^|/){of_chart}$"
}

forbid "inert" {
  path      = "values[*].{written}"
  present   = true
  underline = "key"

  # Deeper in the tree more has to be written.
  fix {
    when {
      text   = "{right_outer}"
      equals = "{outer}"
    }
    replace = "{right_inner}"
  }
}

forbid "inert" {
  path    = ["set[*].name", "set_list[*].name", "set_sensitive[*].name"]
  matches = "^{written}($|[.\\[])"
}

case "inert" {
  message = "chart `{of_chart}` does not read `{written}`: what stands here changes nothing"
  help    = "move it to `{inert_value}`"
}
