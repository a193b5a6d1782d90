summary    = "Keel stamps the pod template, and each apply takes the stamp off and rolls the pods"
convention = "C12"
severity   = "warning"
facts      = "repo"

select "selector" { of = "updated" }

each "field" { mutator = "keel-update-time" }

require "missing" {
  ignored { field = "{field}" }
  related = { enrolment = "Keel updates what runs in this namespace" }
}

case "missing" {
  message = "Keel stamps `keel.sh/update-time` on the pods of `{name}`, and `ignore_changes` does not cover it: each apply rolls them"
  help    = "add `{field}, # {field_marker}` to `ignore_changes`"
}
