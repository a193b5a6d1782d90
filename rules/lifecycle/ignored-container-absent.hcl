summary    = "entry of `ignore_changes` names a container that the pod does not have, and has no effect"
severity   = "error"

select "resource" { types = ["kubernetes_*"] }

# Where a pod of this type has its containers.
each "field" { mutator = "set-image-pull-policy" }

let "pod" {
  path    = "field"
  capture = "^(?<value>.*)\\.container\\[\\*\\]"
}

# How many a `dynamic` block makes is another question.
unless {
  path    = "{pod}.dynamic"
  present = true
}

each "blocks" { texts = ["container", "init_container"] }

each "attribute" { texts = ["image", "image_pull_policy"] }

each "number" { texts = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] }

where {
  path    = "{pod}.{blocks}[{number}]"
  present = false
}

forbid "absent" {
  ignored {
    field   = "{pod}.{blocks}[{number}].{attribute}"
    exactly = true
  }
}

case "absent" {
  message = "Terraform accepts this entry and ignores nothing: `{name}` has no `{blocks}[{number}]`"
  help    = "take it out, or write the number that the container has, counted from 0"
}
