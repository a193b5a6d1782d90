summary    = "object is declared twice"
convention = "D16"
severity   = "error"

select "row" { of = "named" }

forbid "duplicate" {
  exists {
    in      = "named"
    match   = { what = "{what}", group = "{group}", namespace = "{namespace}", named = "{named}" }
    other   = true
    earlier = true
  }
}

case "duplicate" {
  message = "the {what} `{named}` in namespace `{namespace}` is declared twice: the second apply takes it from the first, and each plan differs"
  help    = "delete one, or give it another name"
}
