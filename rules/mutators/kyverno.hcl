# What Kyverno's mutating policies write into objects that Terraform manages.

mutator "inject-ndots" {
  summary = "the policy sets `ndots` in the DNS config of every pod that it creates"
  marker  = "KYVERNO_LIFECYCLE_V1"

  # Markers of other mutators, which are no misspelling of this one.
  other_markers = ["KYVERNO_LIFECYCLE_V2", "KEEL_LIFECYCLE_V1", "METALLB_LIFECYCLE_V1", "RELOADER_LIFECYCLE_V1"]

  paths = {
    kubernetes_deployment                = "spec[0].template[0].spec[0].dns_config"
    kubernetes_deployment_v1             = "spec[0].template[0].spec[0].dns_config"
    kubernetes_stateful_set              = "spec[0].template[0].spec[0].dns_config"
    kubernetes_stateful_set_v1           = "spec[0].template[0].spec[0].dns_config"
    kubernetes_daemonset                 = "spec[0].template[0].spec[0].dns_config"
    kubernetes_daemon_set                = "spec[0].template[0].spec[0].dns_config"
    kubernetes_daemon_set_v1             = "spec[0].template[0].spec[0].dns_config"
    kubernetes_job                       = "spec[0].template[0].spec[0].dns_config"
    kubernetes_job_v1                    = "spec[0].template[0].spec[0].dns_config"
    kubernetes_replication_controller    = "spec[0].template[0].spec[0].dns_config"
    kubernetes_replication_controller_v1 = "spec[0].template[0].spec[0].dns_config"
    kubernetes_cron_job                  = "spec[0].job_template[0].spec[0].template[0].spec[0].dns_config"
    kubernetes_cron_job_v1               = "spec[0].job_template[0].spec[0].template[0].spec[0].dns_config"
    kubernetes_pod                       = "spec[0].dns_config"
    kubernetes_pod_v1                    = "spec[0].dns_config"
  }

  # The policy leaves a pod alone that already has the option.
  unless_declared = [{ block = "option", attribute = "name", value = "ndots" }]

  # The namespaces that the policy in the repo excludes.
  excluded_namespaces = [{
    kind = "ClusterPolicy"
    name = "inject-ndots"
    path = "spec.rules[*].exclude.any[*].resources.namespaces"
  }]
}
