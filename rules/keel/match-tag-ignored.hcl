summary    = "annotation that makes Keel poll a tag's digest is declared and ignored"
convention = "C15"
severity   = "error"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

where {
  path    = "metadata.annotations[\"keel.sh/match-tag\"]"
  present = true
}

each "field" { mutator = "strip-match-tag" }

forbid "hidden" {
  ignored { field = "{field}" }
  related = { "metadata.annotations[\"keel.sh/match-tag\"]" = "declared here" }
}

case "hidden" {
  message = "`{name}` declares `keel.sh/match-tag` and ignores it: when admission strips it, deployments stop and no plan shows why"
  help    = "take the entry out of `ignore_changes`"
}
