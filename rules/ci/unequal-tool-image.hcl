summary    = "stacks are planned and applied with different tools"
convention = "E21"
severity   = "warning"

select "row" { of = "appliers" }

forbid "differs" {
  exists {
    in      = "appliers"
    differs = { image = "{image}" }
    earlier = true
  }
  at = "image"
}

case "differs" {
  message = "another pipeline plans or applies the same stacks in another image: its versions differ, and one reports what the other does not see"
  help    = "write the same image in both"
}
