summary = "what Kyverno changes behind Terraform's back"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "\"inject-ndots\""
  }
}

applies_when {
  file {
    path     = "**/*.tf"
    contains = "# KYVERNO_LIFECYCLE_V1"
  }
}
