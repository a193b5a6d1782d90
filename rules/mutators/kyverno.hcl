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

  condition = {
    namespace_policy = "inject-ndots"
    unless_values    = ["option[*].name=ndots"]
  }

  signature = {
    action  = "adds"
    matches = "\"name\":\"ndots\",\"value\":\"2\""
  }

  # A job cannot change its template: the drift is a replacement, and the job runs again.
  replaces = ["kubernetes_job", "kubernetes_job_v1"]
}

mutator "sync-tier-label" {
  summary = "the policy copies the `tier` label of a namespace to its workloads that have none"

  paths = {
    kubernetes_deployment      = "metadata[0].labels[\"tier\"]"
    kubernetes_deployment_v1   = "metadata[0].labels[\"tier\"]"
    kubernetes_stateful_set    = "metadata[0].labels[\"tier\"]"
    kubernetes_stateful_set_v1 = "metadata[0].labels[\"tier\"]"
    kubernetes_daemonset       = "metadata[0].labels[\"tier\"]"
    kubernetes_daemon_set      = "metadata[0].labels[\"tier\"]"
    kubernetes_daemon_set_v1   = "metadata[0].labels[\"tier\"]"
  }

  condition = {
    namespace_policy = "sync-tier-label-from-namespace"
    namespace_labels = ["tier"]
    unless_declared  = true
  }

  signature = {
    action          = "adds"
    matches         = "^[0-4]-[a-z]+$"
    namespace_label = "tier"
  }
}

mutator "inject-keel-annotations" {
  summary = "the policy enrols every workload of a namespace that carries the label `keel.sh/enrolled`"
  marker  = "KYVERNO_LIFECYCLE_V2"

  paths = {
    kubernetes_deployment = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_deployment_v1 = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_stateful_set = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_stateful_set_v1 = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_daemonset = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_daemon_set = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
    kubernetes_daemon_set_v1 = [
      "metadata[0].annotations[\"keel.sh/policy\"]",
      "metadata[0].annotations[\"keel.sh/trigger\"]",
      "metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    ]
  }

  condition = {
    namespace_policy   = "inject-keel-annotations"
    namespace_labels   = ["keel.sh/enrolled=true"]
    unless_annotations = ["keel.sh/policy=never"]
    unless_declared    = true
  }

  signature = {
    action  = "adds"
    matches = "^(patch|poll|@every 1h)$"
  }

  never_ignore = {
    when_declared = true
    reason        = "the value in the code is never applied again"
  }
}

mutator "strip-match-tag" {
  summary = "the same policy takes the annotation away when a workload is created"
  marker  = "KEEL_LIFECYCLE_V1"

  paths = {
    kubernetes_deployment      = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_deployment_v1   = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_stateful_set    = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_stateful_set_v1 = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_daemonset       = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_daemon_set      = "metadata[0].annotations[\"keel.sh/match-tag\"]"
    kubernetes_daemon_set_v1   = "metadata[0].annotations[\"keel.sh/match-tag\"]"
  }

  condition = {
    namespace_policy = "inject-keel-annotations"
    namespace_labels = ["keel.sh/enrolled=true"]
    if_declared      = true
    after            = "the workload is made anew"
  }

  signature = {
    action  = "removes"
    matches = "^true$"
  }

  never_ignore = {
    when_declared = true
    reason        = "where the annotation is wanted, its loss stops every deployment of the app: the plan must show it"
  }
}

mutator "keel-never-when-another-owner" {
  summary = "the policy opts out workloads that say that something else manages them"
  marker  = "KYVERNO_LIFECYCLE_V2"

  paths = {
    kubernetes_deployment      = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_deployment_v1   = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_stateful_set    = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_stateful_set_v1 = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_daemonset       = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_daemon_set      = "metadata[0].annotations[\"keel.sh/policy\"]"
    kubernetes_daemon_set_v1   = "metadata[0].annotations[\"keel.sh/policy\"]"
  }

  condition = {
    namespace_policy = "inject-keel-annotations"
    namespace_labels = ["keel.sh/enrolled=true"]
    labels           = ["app.kubernetes.io/managed-by=Helm", "app.kubernetes.io/managed-by=terraform", "app.kubernetes.io/managed-by=goauthentik.io"]
  }

  signature = {
    action  = "changes"
    matches = "^never$"
  }
}

mutator "set-image-pull-policy" {
  summary = "the policy sets how often the image of a pod is pulled: `Always` for `:latest` and no tag, else `IfNotPresent`"

  paths = {
    kubernetes_deployment                = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_deployment_v1             = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_stateful_set              = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_stateful_set_v1           = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_daemonset                 = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_daemon_set                = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_daemon_set_v1             = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_job                       = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_job_v1                    = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_replication_controller    = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_replication_controller_v1 = "spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_cron_job                  = "spec[0].job_template[0].spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_cron_job_v1               = "spec[0].job_template[0].spec[0].template[0].spec[0].container[*].image_pull_policy"
    kubernetes_pod                       = "spec[0].container[*].image_pull_policy"
    kubernetes_pod_v1                    = "spec[0].container[*].image_pull_policy"
  }

  condition = {
    namespace_policy = "set-image-pull-policy"
    if_declared      = true
  }

  signature = {
    action  = "changes"
    matches = "^(Always|IfNotPresent)$"

    # As the policy has it: a colon is a tag.
    cases = [
      { beside = "image", matches = ":latest$|^[^:]*$", value = "Always" },
      { beside = "image", matches = ":", value = "IfNotPresent" },
    ]
  }

  advice = "write the pull policy that Kyverno sets, or none"
}

mutator "clone-secret" {
  summary = "the clone policies label the secrets that they copy, and the copies"
  marker  = "KYVERNO_LIFECYCLE_V1"

  paths = {
    kubernetes_secret    = "metadata[0].labels"
    kubernetes_secret_v1 = "metadata[0].labels"
  }

  condition = {
    names = ["tls-secret", "registry-credentials", "ghcr-credentials"]
  }

  signature = {
    action  = "adds"
    matches = "\"generate\\.kyverno\\.io/"
  }
}

# Pods that Terraform declares itself are few; the live pods of workloads show the same in an inventory.

mutator "inject-priority-class" {
  summary = "the policies give pods the priority of their namespace's tier, or that of a GPU"

  paths = {
    kubernetes_pod    = ["spec[0].priority_class_name", "spec[0].priority", "spec[0].preemption_policy"]
    kubernetes_pod_v1 = ["spec[0].priority_class_name", "spec[0].priority", "spec[0].preemption_policy"]
  }

  condition = {
    namespace_policy = "inject-priority-class-from-tier"
  }

  signature = {
    action  = "changes"
    matches = "^(tier-[0-4]-[a-z]+|gpu-workload|\\d+|Never|PreemptLowerPriority)$"
  }
}

mutator "strip-cpu-limits" {
  summary = "the policy takes CPU limits off pods"

  paths = {
    kubernetes_pod = [
      "spec[0].container[*].resources[0].limits[\"cpu\"]",
      "spec[0].init_container[*].resources[0].limits[\"cpu\"]",
    ]
    kubernetes_pod_v1 = [
      "spec[0].container[*].resources[0].limits[\"cpu\"]",
      "spec[0].init_container[*].resources[0].limits[\"cpu\"]",
    ]
  }

  condition = {
    namespace_policy = "strip-cpu-limits"
    if_declared      = true
  }

  signature = {
    action = "removes"
  }

  advice = "leave CPU limits out of the code"
}

mutator "wait-for-dependencies" {
  summary = "the policy puts containers first that wait for what a pod says it depends on"

  paths = {
    kubernetes_pod    = "spec[0].init_container"
    kubernetes_pod_v1 = "spec[0].init_container"
  }

  condition = {
    namespace_policy = "inject-dependency-init-containers"
    annotations      = ["dependency.kyverno.io/wait-for"]
  }

  signature = {
    action  = "adds"
    matches = "\"wait-for-"
  }
}

mutator "crowdsec-agent-register" {
  summary = "the policy makes the registration of CrowdSec's agents repeatable"

  paths = {
    kubernetes_pod    = ["spec[0].init_container[*].command", "spec[0].init_container[*].args"]
    kubernetes_pod_v1 = ["spec[0].init_container[*].command", "spec[0].init_container[*].args"]
  }

  condition = {
    namespace_policy = "crowdsec-agent-idempotent-register"
    labels           = ["k8s-app=crowdsec", "type=agent"]
  }

  signature = {
    action  = "changes"
    matches = "cscli lapi register"
  }
}

mutator "tier-limits" {
  summary = "the policies make a limit range and a quota in every namespace with a tier"

  paths = {
    kubernetes_limit_range       = "spec"
    kubernetes_limit_range_v1    = "spec"
    kubernetes_resource_quota    = "spec"
    kubernetes_resource_quota_v1 = "spec"
  }

  condition = {
    names = ["tier-defaults", "tier-quota"]
    after = "the policy runs in a namespace that does not opt out"
  }

  signature = {
    action = "changes"
  }

  never_ignore = {
    reason = "the policy owns the whole object: the code must not declare it"
  }

  advice = "take the object out of the code, and give the namespace the label `resource-governance/custom-quota=true` where it needs its own"
}
