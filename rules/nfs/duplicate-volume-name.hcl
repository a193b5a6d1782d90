summary    = "two NFS volumes have the same name"
convention = "C32"
severity   = "error"
facts      = "repo"

select "module" {
  source = [param.volume_module]
}

# What no stack calls makes no volume.
where {
  text   = "{live}"
  equals = "true"
}

let "named" { path = "name" }

forbid "taken" {
  at = "name"
  exists {
    in    = "volumes"
    match = { named = "{named}" }
    other = true
  }
}

case "taken" {
  message = "another volume is named `{named}`: volumes belong to no namespace, so the two stacks take it from each other"
  help    = "write a name with the namespace in it"
}
