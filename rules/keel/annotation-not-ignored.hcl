summary    = "Kyverno adds a Keel annotation, and Terraform takes it away on each apply"
convention = "C11"
severity   = "warning"
facts      = "repo"

select "selector" { of = "updated" }

each "field" { mutator = "inject-keel-annotations" }

let "key" {
  path    = "field"
  capture = "annotations\\[\"(?<value>[^\"]+)\"\\]$"
}

require "missing" {
  when {
    path    = "metadata.annotations[\"{key}\"]"
    present = false
  }
  ignored { field = "{field}" }
  related = { enrolment = "Keel updates what runs in this namespace" }
}

forbid "declared" {
  when {
    path    = "metadata.annotations[\"{key}\"]"
    present = true
  }
  ignored { field = "{field}" }
}

case "missing" {
  message = "Kyverno adds `{key}` to `{name}`, and `ignore_changes` does not cover it: each apply takes it away"
  help    = "add `{field}, # {field_marker}` to `ignore_changes`, or declare the annotation"
}

case "declared" {
  message = "`{name}` declares `{key}` and ignores it: the value in the code is never applied again"
  help    = "take the entry out of `ignore_changes`, or the annotation out of the code"
}
