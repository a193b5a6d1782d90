summary    = "name of a claim does not show its storage class"
convention = "B09"
severity   = "info"

select "resource" {
  types = ["kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1"]
}

each "class" { texts = param.class_suffixes }

where {
  path   = "spec.storage_class_name"
  equals = "{class}"
}

require "hidden" {
  path    = "metadata.name"
  matches = "{class_value}$"
}

case "hidden" {
  message = "the name `{value}` does not show that the claim is on `{class}`"
  help    = "end the name of a new claim in `{class_value}`; an old one keeps its name, since another name is another volume"
}
