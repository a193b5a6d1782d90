summary  = "directory of a stack has no `terragrunt.hcl`, and nothing ever applies it"
severity = "error"
facts    = "repo"

select "row" { of = "unitless" }

# Where others do without as well, it is how the repo does things.
where {
  exists {
    in       = "units"
    at_least = param.unit_many
  }
}

unless {
  exists {
    in      = "unitless"
    differs = { home = "{home}" }
  }
}

# Of several files, the first.
unless {
  exists {
    in      = "unitless"
    match   = { home = "{home}" }
    earlier = true
  }
}

forbid "left_out" {
  path    = "home"
  present = true
  derive  = false
}

case "left_out" {
  message = "`{home}` has no `terragrunt.hcl`, as every other stack has: what is written here is never applied"
  help    = "add a `terragrunt.hcl` that includes the root's"
}
