summary = "values that must stay as they are, each with its reason"

applies_when {
  file {
    path     = "stacks/traefik/modules/traefik/main.tf"
    contains = "respondingTimeouts.writeTimeout"
  }
}

# And where that is what was lost.
applies_when {
  file {
    path     = "stacks/dbaas/modules/dbaas/main.tf"
    contains = "\"pg_cluster\""
  }
}

# Each pin is an entry: where the value is = what it must be -- why. The reason ends up in the diagnostic, so it is written
# as the rest of a sentence. In what it must be `*` stands for anything; `>= 512Mi` means that or more, and `has x` that one of
# several is x. With `~ ` before it a change is a warning: for what the documents recommend, and do not demand.
params {
  # STACK ADDRESS PATH: an attribute of a resource; a path as in the rules, in which `[*]` means each of them.
  attributes = {
    "traefik helm_release.traefik values[*].podDisruptionBudget.enabled"                                     = "true -- without the budget a drained node may take every pod of it along"
    "authentik helm_release.authentik values[*].server.pdb.enabled"                                          = "true -- without the budget a drained node may take every pod of it along"
    "monitoring helm_release.prometheus wait"                                                                = "false -- an apply that waits for the replay of the WAL is killed by the next push, and the release stays pending"
    "kyverno helm_release.kyverno values[*].features.forceFailurePolicyIgnore.enabled"                       = "true -- without it no pod starts anywhere while Kyverno is down"
    "traefik helm_release.traefik values[*].ports.web.proxyProtocol.trustedIPs[*]"                           = "10.0.20.1 -- whoever else may send PROXY headers chooses the client address that CrowdSec sees"
    "traefik helm_release.traefik values[*].ports.websecure.proxyProtocol.trustedIPs[*]"                     = "10.0.20.1 -- whoever else may send PROXY headers chooses the client address that CrowdSec sees"
    "traefik helm_release.traefik values[*].ports.websecure.http3.enabled"                                   = "~ true -- the direct apps are reached over QUIC"
    "traefik kubernetes_manifest.middleware_retry manifest.spec.retry.attempts"                              = "~ 2 -- more attempts multiply the load on a backend that is failing"
    "traefik kubernetes_manifest.middleware_retry manifest.spec.retry.initialInterval"                       = "~ 100ms -- the retry must stay within what a reader waits for"
    "traefik kubernetes_manifest.middleware_rate_limit manifest.spec.rateLimit.average"                      = "~ 10 -- apps that need more have a limiter of their own"
    "traefik kubernetes_manifest.middleware_rate_limit manifest.spec.rateLimit.burst"                        = "~ 50 -- apps that need more have a limiter of their own"
    "dbaas kubernetes_stateful_set_v1.mysql_standalone spec.template.spec.container[*].image"                = "*mysql:8.4.8 -- on these disks the next release never finishes its upgrade of the data dictionary"
    "monitoring kubernetes_cron_job_v1.alert_digest spec.job_template.spec.template.spec.container[*].image" = "~ docker.io/library/python:* -- the digest needs nothing beyond the stock image, and no build"
    "technitium kubernetes_persistent_volume_claim.primary_config_encrypted spec.storage_class_name"         = "~ *-encrypted -- the zones and the API tokens of the house are on this volume"
    "ebooks kubernetes_deployment.audiobookshelf spec.template.spec.container[*].resources.limits.memory"    = ">= 512Mi -- idle use is low, and an import of new books needs this much or is killed"
    "authentik authentik_outpost.embedded config.kubernetes_replicas"                                        = "~ >= 2 -- every request of every app behind the login goes through it"
    "monitoring helm_release.alloy values[*].controller.tolerations[*].key"                                  = "~ has node-role.kubernetes.io/control-plane -- the audit log is on that node, and the security alerts have no other source"
    "nextcloud helm_release.nextcloud values[*].resources.limits.memory"                                     = "~ >= 8Gi -- a burst of requests needs this much, and the pod is killed in the middle of an upload"
    "dbaas kubernetes_stateful_set_v1.mysql_standalone spec.template.spec.affinity.**.match_expressions.key" = "~ has nvidia.com/gpu.present -- the database must stay off the node that is restarted for its driver"
    "kured helm_release.kured values[*].configuration.rebootSentinel"                                        = "/var/run/* -- the chart mounts the directory of this path from the node, and the gate writes there: from another one no node ever reboots"
  }

  # The files in which these resources are.
  attribute_files = ["stacks/{authentik,dbaas,ebooks,kured,kyverno,monitoring,nextcloud,technitium,traefik}/**/*.{tf,tf.json}"]

  # FILE SETTING, or FILE ADDRESS SETTING: `setting = value`, `setting: value` or `setting=value` in a file, and the value of
  # the environment variable of that name. The file must be in `setting_files` too.
  settings = {
    "stacks/traefik/modules/traefik/main.tf --entryPoints.websecure.transport.respondingTimeouts.writeTimeout" = "0s -- it is a cap on the whole response: a finite one cuts large downloads off"
    "stacks/traefik/modules/traefik/main.tf --entryPoints.websecure.transport.respondingTimeouts.idleTimeout"  = "600s -- clients keep their connections for that long"
    "stacks/monitoring/modules/monitoring/prometheus_chart_values.tpl send_resolved"                           = "~ true -- without it nobody learns that an alert is over"
    "stacks/crowdsec/modules/crowdsec/values.yaml max_items"                                                   = "~ 10000 -- without the flush the alerts fill the database"
    "stacks/crowdsec/modules/crowdsec/values.yaml max_age"                                                     = "~ 7d -- without the flush the alerts fill the database"
    "stacks/crowdsec/modules/crowdsec/main.tf DECISION_DURATION"                                               = "~ 168h -- the list is imported once a day: a few imports may fail before addresses are let in again"
    "stacks/monitoring/modules/monitoring/authentik_walloff_probe.tf no_follow_redirects"                      = "true -- a probe that follows the redirect arrives at the login page, and is content"
    "stacks/forgejo/cleanup.tf forgejo_cleanup_dry_run"                                                        = "true -- the cleanup deletes parts of images whose index it keeps: it must only say what it would delete"
    "stacks/dbaas/modules/dbaas/main.tf null_resource.pg_cluster podAntiAffinityType"                          = "~ required -- with a preference all instances end up on one node, and the database goes down with it"
    "stacks/dbaas/modules/dbaas/main.tf null_resource.pg_cluster instances"                                    = "~ 3 -- with fewer a drained node leaves no replica to switch to"
    "stacks/dbaas/modules/dbaas/main.tf null_resource.pg_cluster archive_timeout"                              = "~ 0 -- the segments are shipped nowhere, and only wear the disk"
    "stacks/dbaas/modules/dbaas/main.tf innodb_doublewrite"                                                    = "DETECT_ONLY -- full pages twice are more than the disk can write"
    "stacks/dbaas/modules/dbaas/main.tf innodb_flush_neighbors"                                                = "0 -- neighbours on an LVM thin pool are none on the platter: it only writes four times as much"
    "stacks/traefik/modules/traefik/main.tf --entryPoints.websecure.transport.respondingTimeouts.readTimeout"  = ">= 3600s -- it is a cap on the whole upload, which cannot be resumed; 0 would let slow clients hold every connection"
    "stacks/immich/main.tf MACHINE_LEARNING_MODEL_TTL"                                                         = ">= 1 -- with 0 the models are never unloaded, and nobody else gets the GPU's memory"
    "stacks/immich/main.tf module.nfs_thumbs_host nfs_path"                                                    = "~ /srv/nfs-ssd/* -- the thumbnails of a page are hundreds of reads, which the disks do not serve at once"
    "stacks/dbaas/modules/dbaas/main.tf null_resource.pg_cluster shared_buffers"                               = "~ 1024MB -- it goes together with the memory limit and the number of connections"
    "stacks/dbaas/modules/dbaas/main.tf null_resource.pg_cluster max_connections"                              = "~ 200 -- the apps together hold about ninety, and with the default of 100 the last one gets none"
  }

  # How a setting is found: the names from above as the groups `plain`, and `variable` for environment variables.
  setting_pattern = "(?:name\\s*=\\s*\"(?<variable>MACHINE_LEARNING_MODEL_TTL)\"\\s*\\n\\s*value\\s*=|(?<plain>(?:--[A-Za-z.]+\\.)?\\b(?:writeTimeout|readTimeout|idleTimeout|send_resolved|max_items|max_age|DECISION_DURATION|forgejo_cleanup_dry_run|podAntiAffinityType|instances|archive_timeout|innodb_doublewrite|innodb_flush_neighbors|nfs_path|shared_buffers|max_connections|no_follow_redirects))\\s*[=:])\\s*[\"']?(?<at>[^\\s\"',{}\\[\\]\\\\]+)"

  # The files that the settings are read from.
  setting_files = [
    "stacks/traefik/modules/traefik/main.tf",
    "stacks/monitoring/modules/monitoring/{prometheus_chart_values.tpl,authentik_walloff_probe.tf}",
    "stacks/crowdsec/modules/crowdsec/{values.yaml,main.tf}",
    "stacks/forgejo/cleanup.tf",
    "stacks/dbaas/modules/dbaas/main.tf",
    "stacks/immich/main.tf",
  ]

  # FILES TEXT: what must not stand in the code of these files; and how it is found.
  forbidden = {
    "modules/create-template-vm/* /etc/hosts" = "nodes resolve by DNS alone: a pinned host stays on old nodes for ever when its address moves"
    "stacks/calico/* flowLogsFileEnabled"     = "the open edition does not have it: the API refuses the whole object"
    "stacks/openclaw/* servers ="             = "the repair that runs at each start takes servers out of the file again: they are set by the command line"
    "stacks/vault/* pg-authentik"             = "it connects through a pool that keeps the old password: a rotation locks the login of everything out"
    "stacks/vault/* mysql-crowdsec"           = "the chart writes the password down when it is installed: a rotation locks it out"
    "stacks/vault/* pg-crowdsec"              = "the chart writes the password down when it is installed: a rotation locks it out"
  }
  forbidden_pattern = "(?:^|[^A-Za-z0-9_.-])(?<at>/etc/hosts|flowLogsFileEnabled|servers =|pg-authentik|(?:mysql|pg)-crowdsec)(?:$|[^A-Za-z0-9_.-])"
  forbidden_words   = ["/etc/hosts", "flowLogsFileEnabled", "servers =", "pg-authentik", "-crowdsec"]

  # FILE TEXT: what must stand in the code of a file, and how it is found. `2 times` before the reason: in two places or more.
  required = {
    "stacks/monitoring/modules/monitoring/prometheus_chart_values.tpl job_name: 'alertmanager'"              = "~ -- its service has no annotation to be found by, and without the job nobody sees how many notifications fail"
    "stacks/monitoring/modules/monitoring/prometheus_chart_values.tpl job_name: 'blackbox-authentik-walloff'" = "~ -- without the job nobody notices that a public path has gone behind the login"
    "stacks/monitoring/modules/monitoring/prometheus_chart_values.tpl __meta_kubernetes_endpoint_ready"      = "~ 2 times -- both jobs that find endpoints must keep the ready ones only: pods of finished cron jobs are scraped as targets that are down"
    "stacks/monitoring/modules/monitoring/authentik_walloff_probe.tf fail_if_header_matches"                 = "the probe is there to fail on a redirect to the login, whatever else answers"
    "stacks/monitoring/modules/monitoring/loki.yaml period: 2160h"                                           = "~ -- streams that an investigation needs are kept for 90 days, not for the 30 of the others"
    "modules/create-template-vm/cloud_init.yaml RuntimeMaxUse=200M"                                            = "~ -- the journal is in memory: it is shipped to Loki as it is written, and the disks are short of writes"
    "stacks/frigate/main.tf speed > 100"                                                                       = "~ -- a detector that has lost the GPU goes on slowly on the CPU, and only this probe restarts it"
    "stacks/traefik/modules/traefik/main.tf return 200 \"allowed\""                                            = "~ -- the check for bots fails open: every app asks it first, and without an answer none is reached"
  }
  required_pattern = "(?<at>job_name: 'alertmanager'|job_name: 'blackbox-authentik-walloff'|__meta_kubernetes_endpoint_ready|fail_if_header_matches|period: 2160h|RuntimeMaxUse=200M|speed > 100|return 200 \"allowed\")"
  required_words = [
    "job_name: '", "__meta_kubernetes_endpoint_ready", "fail_if_header_matches", "period: 2160h", "speed > 100",
    "RuntimeMaxUse=200M",
    "return 200 \"allowed\"",
  ]

  # The files that have them.
  required_files = [
    "stacks/monitoring/modules/monitoring/{prometheus_chart_values.tpl,authentik_walloff_probe.tf,loki.yaml}",
    "modules/create-template-vm/cloud_init.yaml",
    "stacks/frigate/main.tf",
    "stacks/traefik/modules/traefik/main.tf",
  ]

  # What stands in each of them whatever happens: other files are not searched.
  required_file_words = ["extraScrapeConfigs", "locals", "retention", "kubernetes_", "runcmd"]

  # The settings of the kubelet: what checks that nodes have them, and what gives them to new ones.
  setting_check  = ["scripts/check-node-kubelet-tune"]
  setting_script = ["**/k8s-node-post-join-tune.sh"]

  # Configuration that the app itself writes to.
  written_by_app = ["*/openclaw.json"]

  # The zones of the house in the configuration of CoreDNS, and the resolvers that know nothing of them.
  own_zones        = ["viktorbarzin.me", "viktorbarzin.lan"]
  public_resolvers = "(?:^|\\s)(?:(?:tls|dns|https)://)?\\[?(?:8\\.8\\.[48]\\.[48]|1\\.[01]\\.[01]\\.[123]|9\\.9\\.9\\.(?:9|1[01])|149\\.112\\.112\\.\\d+|208\\.67\\.22[02]\\.22[02]|2606:4700:4700::\\w+|2001:4860:4860::\\w+|2620:fe::\\w+)(?:$|[\\s:@\\]/])"
}

# The pins on attributes.
gather "attribute_pins" {
  label = "the pin"
  select "repo" {}
  each "pin" { texts = param.attributes }
  let "pinned_stack" {
    path    = "pin"
    capture = "^(?<value>\\S+) "
  }
  let "block" {
    path    = "pin"
    capture = "^(?<value>\\S+ \\S+) "
  }
}

# The pins on settings.
gather "setting_pins" {
  label = "the pin"
  select "repo" {}
  each "pin" { texts = param.settings }
  let "pinned_stack" {
    path    = "pin"
    capture = "^stacks/(?<value>[^/]+)/"
  }
  let "pinned_file" {
    path    = "pin"
    capture = "^(?<value>\\S+) "
  }
  let "setting" {
    path    = "pin"
    capture = "(?<value>\\S+)$"
  }
}

# Every setting of the files that settings are read from.
gather "settings" {
  label = "the setting is here"
  select "text" {
    files   = param.setting_files
    words   = ["=", ":"]
    matches = param.setting_pattern
    zones   = ["code", "string"]
  }
  let "setting" {
    path    = "plain"
    default = "{variable}"
  }
  where {
    exists {
      in    = "setting_pins"
      match = { pinned_file = "{file}", setting = "{setting}" }
    }
  }
  let "value" { path = "" }
}

# The resources that are pinned, as far as they are there.
gather "pinned_blocks" {
  label = "the resource is here"
  select "block" {
    type  = "resource"
    files = param.attribute_files
  }
  where {
    exists {
      in    = "attribute_pins"
      match = { block = "{stack} {address}" }
    }
  }
  let "block" { text = "{stack} {address}" }
}

# The texts that must be there, as far as they are.
gather "required_texts" {
  label = "it is here"
  select "text" {
    files   = param.required_files
    words   = param.required_words
    matches = param.required_pattern
  }
  let "found" { path = "" }
}

# The settings that nodes are checked for.
gather "checked_settings" {
  label = "it is checked here"
  select "text" {
    files   = param.setting_check
    words   = ["lambda"]
    matches = "(?m)^\\s+\"(?<at>(?<setting>[A-Za-z]+))\": *lambda"
  }
}

# The settings that new nodes get.
gather "written_settings" {
  label    = "it is set here"
  expected = true
  select "text" {
    files   = param.setting_script
    words   = [":", "="]
    matches = "(?m)(?:^|^cfg\\['|\\\\n|printf ')(?<at>(?<setting>[a-z][A-Za-z]+))(?:: ?|'\\] *= )"
  }
}
