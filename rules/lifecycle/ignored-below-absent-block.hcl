summary    = "entry of `ignore_changes` goes into a block that is not in the code, and has no effect"
severity   = "error"

select "resource" { types = ["kubernetes_*"] }

each "field" { mutator = "inject-ndots" }

where {
  path    = "{field}"
  present = false
}

each "below" { texts = ["option", "option[0]", "option[0].name", "option[0].value", "nameservers", "searches"] }

forbid "below" {
  ignored {
    field   = "{field}[0].{below}"
    exactly = true
  }
}

case "below" {
  message = "Terraform accepts this entry and ignores nothing: there is no `{field}` in the code to look into"
  help    = "write `{field}`"
}
