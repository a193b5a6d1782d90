summary    = "entry makes room for a mutator that is gone"
convention = "C23"
severity   = "info"

select "resource" {
  types = ["kubernetes_namespace", "kubernetes_namespace_v1"]
}

each "field" { mutator = "goldilocks" }

forbid "retired" {
  ignored {
    field   = "{field}"
    exactly = true
  }
}

case "retired" {
  message = "nobody writes `{field}` any more: the entry hides whoever does next"
  help    = "take the entry out, and the `lifecycle` block with it if nothing else is in there"
}
