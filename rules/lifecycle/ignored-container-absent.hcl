summary    = "entry of `ignore_changes` names a container that the pod does not have, and has no effect"
severity   = "error"

select "resource" { types = ["kubernetes_*"] }

# Where a pod of this type has its containers.
each "field" { mutator = "set-image-pull-policy" }

let "pod" {
  path    = "field"
  capture = "^(?<value>.*)\\.container\\[\\*\\]"
}

each "blocks" { texts = ["container", "init_container"] }

each "number" { texts = ["0", "1", "2", "3", "4", "5", "6", "7"] }

where {
  ignored {
    field   = "{pod}.{blocks}[{number}].image"
    exactly = true
  }
}

# How many a `dynamic` block makes is another question.
unless {
  path    = "{pod}.dynamic"
  present = true
}

forbid "absent" {
  when {
    path    = "{pod}.{blocks}[{number}]"
    present = false
  }
  ignored {
    field   = "{pod}.{blocks}[{number}].image"
    exactly = true
  }
}

case "absent" {
  message = "Terraform accepts this entry and ignores nothing: `{name}` has no `{blocks}[{number}]`"
  help    = "take it out, or write the number that the container has, counted from 0"
}
