summary  = "a plan destroys what keeps data"
severity = "error"

select "change" {
  actions = ["create-then-delete", "delete", "delete-then-create"]
}

where {
  path = "type"
  like = param.data_types
}

# Of an instance that is replaced, each value that differs is a change of its own.
where {
  any {
    all {
      path    = "path"
      present = false
    }
    all {
      path   = "forces_replacement"
      equals = true
    }
  }
}

forbid "destroyed" {
  path    = "address"
  present = true
}

case "destroyed" {
  message = "the plan would destroy `{address}`, and what is in it"
  help    = "take it out of the state with a `removed` block to keep it, or make a copy of its data first"
}
