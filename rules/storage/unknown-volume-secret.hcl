summary    = "storage class takes its key from a secret that nothing makes"
convention = "E31"
severity   = "error"
facts      = "repo"

select "resource" {
  types = [
    "kubernetes_storage_class", "kubernetes_storage_class_v1", "helm_release", "kubernetes_manifest", "kubectl_manifest",
  ]
}

each "parameters" {
  path = [
    "parameters", "values[*].storageClass[*].extraParameters", "values[*].storageClass.parameters",
    "values[*].storageClass[*].parameters", "values[*].storageClasses[*].parameters", "values[*].storageClasses[*].extraParameters",
    "manifest.parameters", "yaml_body.parameters",
  ]
}

each "secret" {
  path = "parameters[*]"
}

let "purpose" {
  path    = "secret_key"
  capture = "^(?<value>.*)-secret-name$"
  default = "none"
}

where {
  text    = "{secret_key}"
  matches = "-secret-name$"
}

let "namespace" {
  path = "parameters[\"{purpose}-secret-namespace\"]"
}

require "unknown" {
  any {
    exists {
      in    = "key_secrets"
      match = { named = "{secret}", namespace = "{namespace}" }
    }
    # Of another kind: a wrong one, and there.
    certain {
      exists {
        in    = "secrets.reload_targets"
        match = { of = "Secret", named = "{secret}", namespace = "{namespace}" }
      }
    }
  }
}

case "unknown" {
  message = "nothing makes secret `{secret}` in namespace `{namespace}`: volumes of this class can be neither opened nor grown"
  help    = "write the name and namespace that the ExternalSecret's target has"
}
