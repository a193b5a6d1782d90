summary = "whether what is to be watched can be reached, and whether somebody is told in time"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"prometheus.io/port\""
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
}

# And where there are alerts, some of them in a lane of their own.
applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl}"
    contains = "- alert:"
  }
  file {
    path     = "**/*.tf"
    contains = "lane = \"security\""
  }
}

params {
  # The annotations by which Prometheus finds a port.
  port_annotation   = "prometheus.io/port"
  scrape_annotation = "prometheus.io/scrape"

  # The same for a job that asks less often.
  slow_scrape_annotation = "prometheus.io/scrape_slow"

  # Where Alertmanager is configured, and the paths to the first route, in a file of its own or in a chart's values.
  alertmanager_files  = ["**/*prometheus*values*.{yaml,yml,tpl}", "**/*alertmanager*.{yaml,yml,tpl}"]
  alertmanager_routes = ["route", "alertmanager.config.route"]

  # Files in which a comment beside an alert may give a reason.
  explained_files = ["**/*.{yaml,yml,tpl}"]

  # Alerts that others may name although nobody defines them here: they come from elsewhere, or are a convention.
  external_alerts = ["InfoInhibitor", "KuredNodeWasNotDrained", "RebootRequired", "Watchdog"]

  # How scripts name the alerts that they pass over: several, with bars between.
  ignored_alerts = "\\b[A-Z_]*IGNORE=[\"'](?<at>[A-Z][A-Za-z0-9]+(?:\\|[A-Z][A-Za-z0-9]+)+)[\"']"

  # Alerts about whole nodes.
  node_alerts = "^Node"

  # How scripts name the job that they push metrics as, and metrics that say when something last happened.
  pushed_job = "(?:/metrics/job/|\\b[A-Z_]*JOB(?:_NAME)?=[\"']?)(?<at>(?<value>[A-Za-z0-9][A-Za-z0-9_.-]*))"
  age_metric = "\\b(?<at>(?<value>[a-z][a-z0-9_]*_(?:timestamp|last_run|last_success|last_push)[a-z0-9_]*))\\b"

  # What a script in a config map says where it pushes metrics, and how a line begins that only comments.
  pushes        = "/metrics/job/"
  script_remark = "^\\s*(?:#|//)"

  # How a metric is written, and not only asked for: a value stands behind it.
  written_metric = "\\b{metric}(?:\\{[^ ]*\\})? +[\\w%$\"'(\\{]"

  # Where scripts are: in files of their own, and in cron jobs.
  producer_files = ["**/*.{tf,tf.json,sh,py,go}", "**/{scripts,bin}/**"]

  # The units of systemd that run scripts at times.
  timer_files   = ["**/*.timer"]
  service_files = ["**/*.service"]

  # What sets the labels of log streams.
  shipper_files = ["**/*{promtail,alloy,fluent,vector}*.{yaml,yml,tpl,conf,alloy,river,toml}"]
  stream_source = "(?:\\bjob\\s*[:=]\\s*|target_label: job\\s+replacement: *)[\"']?(?<at>[A-Za-z0-9][A-Za-z0-9_.-]*)"

  # How a shipper makes the same label of the namespace that a pod is in.
  stream_from_namespace = "\\[[^\\]]*__meta_kubernetes_namespace[^{}\\]]*\\][^{}]{0,200}?\\btarget_label\\s*[:=]\\s*[\"']?(?<at>job)\\b"

  # The labels that say in which namespace and container something runs, and the series of Prometheus that have the first of
  # them from Kubernetes. In others it may be anything.
  namespace_label   = "namespace"
  container_label   = "container"
  namespaced_series = "^(?:kube|container)_"

  # The series about workloads: whose kind they have in their name, as in the label that names one. Those of how many pods there are, and of
  # how many there should be.
  workload_series = "^kube_(?P<value>deployment|statefulset|daemonset)_"
  running_series  = "^kube_(?:deployment|statefulset)_status_replicas(?:_available|_ready)?$"
  wanted_series   = "^kube_(?:deployment|statefulset)_(?:spec_)?replicas$"

  # Namespaces that every cluster has, or that an operator makes.
  foreign_namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"]

  # Namespaces, by the addresses of what declares them, that no alert is about although their names cannot be read here: those of
  # people, made for each of them. As long as there is one that is not listed, any name may be meant.
  unread_namespaces = ["kubernetes_namespace.user_namespace*"]

  # Containers that every pod has.
  foreign_containers = ["POD"]

  # The resources of Terraform that hold a whole object of Kubernetes.
  manifest_types = ["kubernetes_manifest", "kubectl_manifest"]

  # What alerts may call their severity, and what some of them are marked as.
  severities     = ["critical", "warning", "info"]
  security_lane  = "security"
  security_group = "(?i)security"

  # What every list of networks in an alert about addresses must allow: the house, and its VPN. Some allow more.
  allowed_sources = ["10\\.0\\.2[0-3]\\.", "192\\.168\\.1\\.", "100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\."]

  # Where alerts are documented, one in a row of a table: its code, and its severity in the last column. The code stands
  # in the alert's annotation too, in front of a dash.
  alert_tables     = ["docs/**/security*.md"]
  alert_severities = ["critical", "warning", "info"]
  alert_table_row  = "(?m)^(?:\\|[ \\t]*)?(?<at>(?<code>[A-Z][0-9]{1,2}))[ \\t]*\\|[^\\n]*\\|[ \\t]*(?<severity>critical|warning|info)[ \\t]*\\|?[ \\t\\r]*$"

  # How a heading says that what stands below it is still to come.
  planned_heading = "(?i)\\b(?:planned|proposed|proposal|draft|not yet|to[ -]do|future)\\b"

  # What an alert's annotation may lead to in this repo: a path, or an address at which the repo shows its files.
  runbook_path = "^[\"'`(<]*(?:https?://(?:forgejo\\.viktorbarzin\\.me/viktor|github\\.com/ViktorBarzin)/infra/(?:blob|raw|src|tree)/(?:branch/)?[^/]+/|https?://raw\\.githubusercontent\\.com/ViktorBarzin/infra/(?:refs/heads/)?[^/]+/)?(?<value>docs/[\\w./-]*\\.[a-z]+)"

  # Where the dashboards of Grafana are, and the local that puts each into a folder.
  dashboard_files   = ["**/dashboards/*.json"]
  dashboard_folders = "dashboard_folders"

  # How often Alertmanager may say the same again.
  quiet_repeat    = "8760h"
  critical_repeat = "6h"

  # Jobs of which somebody must hear when they stop.
  watched_jobs = "(?i)backup|probe|monitor|check|sync"
}

# The alerts with a comment beside them, which may say why they do not wait: above or behind `alert`, between it and `for`, or
# behind that.
gather "explained_alerts" {
  label = "a comment stands beside the alert"
  from {
    select "text" {
      files   = param.explained_files
      words   = ["alert: ", "alert\": ", "alert': "]
      matches = "\\n *#[^\\n]*\\n *- *\\{? *[\"']?alert[\"']?: *[\"']?(?<at>(?<named>\\w+))"
    }
  }
  from {
    select "text" {
      files   = param.explained_files
      words   = ["alert: ", "alert\": ", "alert': "]
      matches = "[\"']?alert[\"']?: *[\"']?(?<at>(?<named>\\w+))[\"']?[^\\n]* #"
    }
  }
  from {
    select "text" {
      files   = param.explained_files
      words   = ["alert: ", "alert\": ", "alert': "]
      matches = "[\"']?alert[\"']?: *[\"']?(?<at>(?<named>\\w+))[^\\n]*\\n(?: +[^\\s-][^\\n]*\\n)*? +#[^\\n]*\\n(?: +[^\\s-][^\\n]*\\n)*? +[\"']?for[\"']?:"
    }
  }
  from {
    select "text" {
      files   = param.explained_files
      words   = ["alert: ", "alert\": ", "alert': "]
      matches = "[\"']?alert[\"']?: *[\"']?(?<at>(?<named>\\w+))[^\\n]*\\n(?: +[^\\s-][^\\n]*\\n)*? +[\"']?for[\"']?:[^\\n#]* #"
    }
  }
  let "alert" { text = "{named}" }
}

# Every alert that routes, inhibitions and others name.
gather "named_alerts" {
  label = "the alert is named here"
  from {
    select "row" { of = "prometheus.matchers" }
    where {
      path   = "matcher.label"
      equals = "alertname"
    }
    where {
      path   = "matcher.operator"
      one_of = ["=", "=~"]
    }
    each "alert" { path = "matcher.words[*]" }
  }
  from {
    select "row" { of = "prometheus.alertmanagers" }
    each "alert" { path = param.prometheus.alertmanager_matches }
  }
  from {
    select "row" { of = "prometheus.object_matchers" }
    where {
      path   = "label"
      equals = "alertname"
    }
    where {
      path   = "operator"
      equals = "="
    }
    unless {
      path   = "old_regex"
      equals = true
    }
    let "alert" { path = "value" }
  }
  # Alerts about alerts: `ALERTS{alertname="…"}`.
  from {
    select "row" { of = "prometheus.alerts" }
    each "matcher" { path = "query.selectors[*].matchers[*]" }
    where {
      path   = "matcher.label"
      equals = "alertname"
    }
    where {
      path   = "matcher.operator"
      one_of = ["=", "=~"]
    }
    each "alert" { path = "matcher.words[*]" }
    unless {
      path  = "alert"
      empty = true
    }
  }
  # What is more than words between bars: each part by itself, where no bar stands in brackets.
  from {
    select "row" { of = "prometheus.regexes" }
    where {
      path   = "label"
      equals = "alertname"
    }
    unless {
      path    = "regex"
      matches = "[()\\[\\]\\\\]"
    }
    each "branch" {
      path  = "regex"
      split = "|"
    }
    let "alert" {
      path    = "branch"
      capture = "^\\^?(?<value>[\\w-]+)\\$?$"
    }
    let "part" { path = "branch" }
  }
  from {
    select "row" { of = "prometheus.regexes" }
    where {
      path   = "label"
      equals = "alertname"
    }
    where {
      path    = "regex"
      matches = "[()\\[\\]\\\\]"
    }
    let "part" { path = "regex" }
  }
  # Kured waits while any other alert is firing.
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path   = "chart"
      equals = "kured"
    }
    let "list" {
      path    = "values[*].configuration.alertFilterRegexp"
      capture = "^\\^?\\(?(?<value>[\\w|]+)\\)?\\$?$"
    }
    each "alert" {
      path  = "list"
      split = "|"
    }
  }
  # Scripts that go on although these are firing.
  from {
    select "text" {
      files   = param.producer_files
      words   = ["IGNORE="]
      matches = param.ignored_alerts
    }
    let "list" { path = "" }
    each "alert" {
      path  = "list"
      split = "|"
    }
  }
}

# Alerts that come from elsewhere, as rows.
gather "outside_alerts" {
  label = "the alert comes from elsewhere"
  select "repo" {}
  each "alert" { texts = param.external_alerts }
}

# Every lane that a route leads to by its name.
gather "lanes" {
  label = "the route is here"
  select "row" { of = "prometheus.routed" }
  where {
    path   = "label"
    equals = "lane"
  }
  let "lane" { path = "value" }
  where {
    path    = "lane"
    present = true
  }
}

# Every schedule: what runs, when, and how many seconds are between two runs. Each timer also says which service it starts.
gather "schedules" {
  label = "this is when it runs"
  from {
    select "object" { kinds = ["CronJob"] }
    each "schedule" { path = "spec.schedule" }
    unless {
      path   = "spec.suspend"
      equals = true
    }
    let "period" {
      path = "schedule"
      as   = "period"
    }
    let "runner" { text = "CronJob" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  from {
    select "file" {
      files = param.timer_files
      reads = "systemd"
    }
    let "schedule" { path = "Timer.OnCalendar" }
    where {
      path    = "schedule"
      present = true
    }
    # Whichever comes first: how often that is, nobody can tell.
    unless {
      path    = ["Timer.OnUnitActiveSec", "Timer.OnUnitInactiveSec"]
      present = true
    }
    let "period" {
      path = "schedule"
      as   = "period"
    }
    let "runner" { text = "timer" }
    let "path" { text = "{file}" }
    let "named" {
      path    = "path"
      capture = "(?<value>[^/]+?)@?\\.timer$"
    }
    let "unit" {
      path    = "Timer.Unit[0]"
      capture = "^(?<value>[^@]+)(?:@[^.]*)?\\.service$"
    }
    let "starts" { path = ["unit", "named"] }
    let "namespace" { text = "" }
  }
  # So long after the last run, as systemd writes it. What is due after boot (`OnBootSec`) begins the chain, and is no part of it.
  from {
    select "file" {
      files = param.timer_files
      reads = "systemd"
    }
    unless {
      path    = "Timer.OnCalendar"
      present = true
    }
    unless {
      path    = ["Timer.OnUnitActiveSec[1]", "Timer.OnUnitInactiveSec[1]"]
      present = true
    }
    unless {
      all {
        path    = "Timer.OnUnitActiveSec"
        present = true
      }
      all {
        path    = "Timer.OnUnitInactiveSec"
        present = true
      }
    }
    let "schedule" { path = ["Timer.OnUnitActiveSec[0]", "Timer.OnUnitInactiveSec[0]"] }
    let "period" {
      path = "schedule"
      as   = "period"
    }
    let "runner" { text = "timer" }
    let "path" { text = "{file}" }
    let "named" {
      path    = "path"
      capture = "(?<value>[^/]+?)@?\\.timer$"
    }
    let "unit" {
      path    = "Timer.Unit[0]"
      capture = "^(?<value>[^@]+)(?:@[^.]*)?\\.service$"
    }
    let "starts" { path = ["unit", "named"] }
    let "namespace" { text = "" }
  }
}

# Which script each service of systemd runs.
gather "services" {
  label = "the service is here"
  select "file" {
    files = param.service_files
    reads = "systemd"
  }
  each "command" { path = "Service.ExecStart[*]" }
  let "script" {
    path    = "command"
    capture = "^[-@:+!]*(?:\\S*/)?(?<value>[^/\\s]+?)(?:\\.(?:sh|py))?(?:\\s|$)"
  }
  let "path" { text = "{file}" }
  let "named" {
    path    = "path"
    capture = "(?<value>[^/]+?)@?\\.service$"
  }
}

# What each cron job runs, and the config maps that are mounted there.
gather "runs" {
  label = "it is run here"
  select "object" { kinds = ["CronJob"] }
  unless {
    path   = "spec.suspend"
    equals = true
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "schedule" { path = "spec.schedule" }
  let "period" {
    path = "schedule"
    as   = "period"
  }
  let "pod" { path = "spec.jobTemplate.spec.template.spec" }
  each "config_map" { path = "pod.volumes[*].configMap.name" }
  each "command" {
    path = [
      "pod.containers[*].command[*]", "pod.containers[*].args[*]",
      "pod.initContainers[*].command[*]", "pod.initContainers[*].args[*]",
    ]
  }
  let "runner_address" { text = "{address}" }
  let "runner_file" { text = "{file}" }
}

# The scripts in config maps that push metrics, line by line, each with the one cron job that runs it. The text is taken apart in
# two steps, so that a long one has not too many parts.
gather "mounted_lines" {
  label = "the script is here"
  select "object" { kinds = ["ConfigMap"] }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  let "config_map" { path = "metadata.name" }
  each "script" { path = "data[*]" }
  where {
    path     = "script"
    contains = param.pushes
  }
  let "run" { text = "/{script_key}" }
  let "schedule" {
    in       = "runs"
    match    = { config_map = "{config_map}", namespace = "{namespace}" }
    contains = { command = "{run}" }
    column   = "schedule"
  }
  where {
    path    = "schedule"
    present = true
  }
  # One that several run at different times says of none of them when it ran.
  unless {
    exists {
      in       = "runs"
      match    = { config_map = "{config_map}", namespace = "{namespace}" }
      contains = { command = "{run}" }
      differs  = { schedule = "{schedule}" }
    }
  }
  let "period" {
    in       = "runs"
    match    = { config_map = "{config_map}", namespace = "{namespace}" }
    contains = { command = "{run}" }
    column   = "period"
  }
  let "runner_address" {
    in       = "runs"
    match    = { config_map = "{config_map}", namespace = "{namespace}" }
    contains = { command = "{run}" }
    column   = "runner_address"
  }
  let "runner_file" {
    in       = "runs"
    match    = { config_map = "{config_map}", namespace = "{namespace}" }
    contains = { command = "{run}" }
    column   = "runner_file"
  }
  each "paragraph" {
    path  = "script"
    split = "\n\n"
  }
  where {
    any {
      all {
        path    = "paragraph"
        matches = param.pushed_job
      }
      all {
        path    = "paragraph"
        matches = param.age_metric
      }
    }
  }
  each "line" {
    path  = "paragraph"
    split = "\n"
  }
  unless {
    path    = "line"
    matches = param.script_remark
  }
}

# Whatever runs at times and says so in a metric: the job that it pushes as, or the metric, with the schedule.
gather "producers" {
  label = "what is watched says so here"
  from {
    select "text" {
      files   = param.producer_files
      words   = ["/metrics/job/", "JOB=", "JOB_NAME="]
      matches = param.pushed_job
    }
    let "job" { path = "" }
    let "path" { text = "{file}" }
  }
  from {
    select "text" {
      files   = param.producer_files
      words   = ["_timestamp", "_last_run", "_last_success", "_last_push"]
      matches = param.age_metric
    }
    let "metric" { path = "" }
    let "path" { text = "{file}" }
  }
  from {
    select "row" { of = "mounted_lines" }
    let "job" {
      path    = "line"
      capture = param.pushed_job
    }
    where {
      path    = "job"
      present = true
    }
  }
  from {
    select "row" { of = "mounted_lines" }
    let "metric" {
      path    = "line"
      capture = param.age_metric
    }
    where {
      path    = "metric"
      present = true
    }
    where {
      path    = "line"
      matches = param.written_metric
    }
  }
  # Of a mounted script its row says when it runs; a file is run by the cron job around it, or by the timer of a unit.
  let "script" {
    path    = "path"
    capture = "(?<value>[^/]+?)(?:\\.[a-z]+)?$"
  }
  # A timer without a service here runs what is called like it.
  let "service" {
    in      = "services"
    match   = { script = "{script}" }
    column  = "named"
    default = "{script}"
  }
  let "of_timer" {
    in     = "schedules"
    match  = { starts = "{service}", runner = "timer" }
    column = "schedule"
  }
  let "of_cronjob" {
    in     = "schedules"
    match  = { address = "{address}", file = "{file}", runner = "CronJob" }
    column = "schedule"
  }
  let "schedule" { path = ["schedule", "of_cronjob", "of_timer"] }
  where {
    path    = "schedule"
    present = true
  }
  let "period_of_timer" {
    in     = "schedules"
    match  = { starts = "{service}", runner = "timer" }
    column = "period"
  }
  let "period_of_cronjob" {
    in     = "schedules"
    match  = { address = "{address}", file = "{file}", runner = "CronJob" }
    column = "period"
  }
  let "period" { path = ["period", "period_of_cronjob", "period_of_timer"] }
  let "runner_address" {
    path    = "runner_address"
    default = "{address}"
  }
  let "runner_file" {
    path    = "runner_file"
    default = "{file}"
  }
}

# The label by which shippers tell their streams apart.
gather "streams" {
  label    = "a shipper sets it here"
  expected = true
  select "text" {
    files   = param.shipper_files
    words   = ["job"]
    matches = param.stream_source
  }
  let "value" { path = "" }
}

# The shippers that tell streams apart by the namespace.
gather "streams_by_namespace" {
  label = "a shipper takes the namespace for it here"
  select "text" {
    files   = param.shipper_files
    words   = ["__meta_kubernetes_namespace"]
    matches = param.stream_from_namespace
  }
  let "label" { path = "" }
}

# Every namespace of which anything here says that it is there.
gather "known_namespaces" {
  label = "a namespace is named here"
  from {
    select "object" { kinds = ["Namespace"] }
    unless {
      text = "{address}"
      like = param.unread_namespaces
    }
    let "namespace" { path = "metadata.name" }
  }
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod", "Service", "ServiceAccount"] }
    let "namespace" { path = "metadata.namespace" }
    # Whoever is in a namespace does not make it: one whose name is not known says nothing.
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
  from {
    select "object" { carriers = ["manifest"] }
    each "named" { path = param.kubernetes.namespace_paths }
    let "namespace" { path = "named" }
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
  from {
    select "resource" { types = ["helm_release"] }
    each "namespace" { path = "namespace" }
  }
  from {
    select "file" {
      files = param.kubernetes.manifest_files
      words = ["namespace:", "targetNamespace:"]
      reads = "yaml_template"
    }
    where {
      path    = "apiVersion"
      present = true
    }
    each "named" { path = param.kubernetes.namespace_paths }
    let "namespace" { path = "named" }
    where {
      certain {
        path    = "namespace"
        matches = "."
      }
    }
  }
  from {
    select "file" {
      files = param.kubernetes.manifest_files
      words = ["kind: Namespace"]
      reads = "yaml_template"
    }
    where {
      path   = "kind"
      equals = "Namespace"
    }
    each "namespace" { path = "metadata.name" }
  }
}

# Rows of tables below a heading that promises nothing yet.
gather "planned_rows" {
  label = "it is planned here"
  select "file" {
    files = param.alert_tables
    words = param.alert_severities
    reads = "markdown"
  }
  each "row" { path = "statements[*]" }
  where {
    path   = "row.kind"
    equals = "row"
  }
  where {
    path    = "row.sections[*]"
    matches = param.planned_heading
  }
  let "code" {
    path    = "row.text"
    capture = "^\\|?[ \\t]*(?<value>[A-Z][0-9]{1,2})[ \\t]*\\|"
  }
}

# Every container that something here runs, and in which namespace.
gather "containers" {
  label = "a container of the namespace is here"
  select "selector" { of = "kubernetes.pod" }
  each "running" { path = ["pod.containers[*]", "pod.initContainers[*]"] }
  let "container" { path = "running.name" }
}

# Every workload that runs for long, with the word that kube-state-metrics has for its kind.
gather "counted_workloads" {
  label = "the workload is declared here"
  from {
    select "object" { kinds = ["Deployment"] }
    let "sort" { text = "deployment" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  from {
    select "object" { kinds = ["StatefulSet"] }
    let "sort" { text = "statefulset" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  from {
    select "object" { kinds = ["DaemonSet"] }
    let "sort" { text = "daemonset" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
}

# Deployments of which the code says that none is to run, and nothing else has a say in it.
gather "stopped_workloads" {
  label = "it is stopped here"
  select "object" { kinds = ["Deployment", "StatefulSet"] }
  where {
    certain {
      path   = "spec.replicas"
      equals = 0
    }
  }
  unless {
    ignored { field = "spec[0].replicas" }
  }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
}

# The stacks of which not all is written here: what is open there may be in any of their namespaces.
gather "unread_homes" {
  label = "what is made here is not known"
  # A manifest whose namespace is filled in later.
  from {
    select "file" {
      files = param.kubernetes.manifest_files
      words = ["namespace:", "targetNamespace:"]
      reads = "yaml_template"
    }
    where {
      path    = "apiVersion"
      present = true
    }
    each "named" { path = param.kubernetes.namespace_paths }
    unless {
      certain {
        path    = "named"
        matches = "."
      }
    }
    let "home" { text = "{stack}" }
  }
  # One of which not even the kind is known.
  from {
    select "resource" { types = param.manifest_types }
    unless {
      certain {
        path    = ["manifest.kind", "yaml_body.kind"]
        matches = "."
      }
    }
    let "home" { text = "{stack}" }
  }
  # A module whose code is elsewhere.
  from {
    select "selector" { of = "kubernetes.foreign_module" }
    let "home" { text = "{stack}" }
  }
}

# Every document that an annotation may lead to.
gather "documents" {
  label    = "the documents are here"
  expected = true
  select "file" {
    files = ["docs/**/*.md"]
    reads = "text"
  }
  let "document" { text = "{file}" }
}

# What alerts ask of jobs: by the name of the cron job, or by the job that metrics are pushed as.
gather "asked_about" {
  label = "the alert is here"
  from {
    select "row" { of = "prometheus.alerts" }
    each "matcher" { path = "query.selectors[*].matchers[*]" }
    where {
      path   = "matcher.label"
      one_of = ["cronjob", "job", "job_name"]
    }
    where {
      path   = "matcher.operator"
      one_of = ["=", "=~"]
    }
    each "job" { path = "matcher.words[*]" }
  }
  from {
    select "row" { of = "prometheus.alerts" }
    each "job" { path = "query.selectors[*].name" }
  }
  from {
    select "row" { of = "prometheus.wildcards" }
    where {
      path   = "about"
      equals = "series"
    }
    # `job_name` is that of one run: which of them fail says nothing of a job that has none.
    where {
      path   = "label"
      one_of = ["cronjob", "job"]
    }
    let "pattern" { path = "pattern" }
  }
}

# The cron jobs that some alert asks about, by what they push.
gather "watched_jobs" {
  label = "an alert asks about it"
  select "row" { of = "producers" }
  let "job_name" {
    path    = "job"
    default = "-"
  }
  let "metric_name" {
    path    = "metric"
    default = "-"
  }
  let "runner_address" { path = "runner_address" }
  let "runner_file" { path = "runner_file" }
  where {
    any {
      exists {
        in    = "asked_about"
        match = { job = "{job_name}" }
      }
      exists {
        in     = "asked_about"
        covers = { pattern = "{job_name}" }
      }
      exists {
        in    = "asked_about"
        match = { job = "{metric_name}" }
      }
    }
  }
}

# Every port that a pod or a service has, by stack.
gather "ports" {
  label = "a port of the stack is here"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"] }
    each "port" { path = "spec.template.spec.containers[*].ports[*].containerPort" }
    let "number" { path = "port" }
  }
  from {
    select "object" { kinds = ["Service"] }
    each "port" { path = ["spec.ports[*].port", "spec.ports[*].targetPort"] }
    let "number" { path = "port" }
  }
}

# Every stack of which something is scraped.
gather "watched" {
  label = "the stack is watched here"
  from {
    select "object" { kinds = ["ServiceMonitor", "PodMonitor"] }
    let "how" { text = "monitor" }
  }
  from {
    select "object" { kinds = ["Service", "Deployment", "StatefulSet", "DaemonSet"] }
    each "switch" { texts = [param.scrape_annotation, param.slow_scrape_annotation] }
    where {
      path   = ["metadata.annotations[\"{switch}\"]", "spec.template.metadata.annotations[\"{switch}\"]"]
      equals = "true"
    }
    let "how" { text = "annotation" }
  }
}

# The lists that put dashboards into folders, by the module that they are in.
gather "dashboard_lists" {
  label = "dashboards are put into folders here"
  select "block" { type = "locals" }
  let "named" { text = param.dashboard_folders }
  let "list" { path = "{named}" }
  where {
    path    = "list"
    present = true
  }
  let "home" { text = "{module}" }
}

# Where targets of Alloy get a pattern for their path.
gather "path_patterns" {
  label = "the path is a pattern"
  select "text" {
    files   = ["**/*.{alloy,river,tf,tf.json,yaml,yml,tpl,tftpl}"]
    words   = ["__path__"]
    zones   = ["code", "string"]
    matches = "\\brule[ \\t]*\\{(?<rule>[^{}]*\"__path__\"[^{}]*)\\}"
  }
  let "config" { text = "{file}" }
  where {
    path    = "rule"
    matches = "\\btarget_label[ \\t]*=[ \\t]*\"__path__\""
  }
  where {
    path    = "rule"
    matches = "\\breplacement[ \\t]*=[ \\t]*\"(?<at>[^\"\\n]*\\*[^\"\\n]*)\""
  }
}

# What jobs push about how they went, where they say what kind of metric it is.
gather "pushed_outcomes" {
  label = "it is pushed here"
  select "text" {
    files   = param.producer_files
    except  = ["**/*_test.*", "**/test_*"]
    words   = ["_success gauge"]
    zones   = ["code", "string", "comment"]
    matches = "# TYPE[ \\t]+(?<at>(?<outcome>(?<about>[a-z][a-z0-9_]*)_success))[ \\t]+gauge\\b"
  }
}
