summary    = "stacks are planned and applied with different tools"
convention = "E21"
severity   = "warning"
facts      = "repo"

select "row" { of = "appliers" }

# What the first of them runs.
let "first" {
  in     = "appliers"
  column = "image"
}

forbid "differs" {
  exists {
    in      = "appliers"
    differs = { image = "{image}" }
    earlier = true
  }
  at = "image"

  fix {
    # One against one says nothing about which is right.
    when {
      all {
        not {
          text   = "{first}"
          equals = "{image}"
        }
        exists {
          in       = "appliers"
          match    = { image = "{first}" }
          at_least = 2
        }
      }
    }
    replace = "{first}"
  }
}

case "differs" {
  message = "another pipeline plans or applies the same stacks in another image: its versions differ, and one reports what the other does not see"
  help    = "write the same image in both"
}
