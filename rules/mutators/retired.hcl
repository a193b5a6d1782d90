# Mutators that are gone: their entries in `ignore_changes` hide what nobody writes any more.

mutator "goldilocks" {
  summary = "the recommender labelled namespaces"
  marker  = "KYVERNO_LIFECYCLE_V1"

  paths = {
    kubernetes_namespace    = "metadata[0].labels[\"goldilocks.fairwinds.com/vpa-update-mode\"]"
    kubernetes_namespace_v1 = "metadata[0].labels[\"goldilocks.fairwinds.com/vpa-update-mode\"]"
  }

  retired = "2026-06-12"
}
