summary  = "container sets an environment variable twice"
severity = "warning"

select "row" { of = "variables" }

forbid "again" {
  exists {
    in      = "variables"
    match   = { of = "{of}", runs = "{runs}", variable = "{variable}" }
    differs = { entry_index = "{entry_index}" }
    earlier = true
  }
  at = "variable"
}

case "again" {
  message = "container `{runs}` sets `{variable}` twice: Kubernetes keeps one, so every plan moves all that stand behind it, and no apply ends that"
  help    = "delete the other one, which the last one hides"
}
