summary = "alerts that Prometheus, Loki or Alertmanager would refuse, or take for something else, in any repo"

# Alerts in files, and in code; also as generators write them, with every key in quotes, and what is only recorded.
applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl,rules,alerts}"
    contains = "- alert:"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl,rules,alerts}"
    contains = "- \"alert\":"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl,rules,alerts}"
    contains = "- record:"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl}"
    contains = "kind: PrometheusRule"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "- alert:"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"PrometheusRule\""
  }
}

# Configurations of Alertmanager: under its name, as part of values, as an object of the operator, and in code.
applies_when {
  file {
    path     = "**/*alertmanager*.{yaml,yml,tpl,tftpl,tmpl}"
    contains = "receivers:"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl}"
    contains = "inhibit_rules:"
  }
}

applies_when {
  file {
    path     = "**/*.{yaml,yml,tpl,tftpl,tmpl}"
    contains = "kind: AlertmanagerConfig"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"alertmanager.y"
  }
}

params {
  # How Prometheus writes durations.
  durations = "^(?:0|(?:\\d+y)?(?:\\d+w)?(?:\\d+d)?(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?(?:\\d+ms)?)$"

  # What Prometheus gives to the texts of an alert.
  template_variables = ["labels", "value", "externalLabels", "externalURL"]

  # The functions that these texts can call: those of Go's templates, and those of Prometheus.
  template_functions = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or", "print", "printf", "println", "slice",
    "urlquery",
    "args", "externalURL", "first", "graphLink", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage",
    "humanizeTimestamp", "label", "match", "now", "parseDuration", "pathPrefix", "query", "reReplaceAll", "safeHtml", "sortByLabel",
    "stripDomain", "stripPort", "strvalue", "tableLink", "title", "tmpl", "toDuration", "toLower", "toTime", "toUpper",
    "urlQueryEscape", "value",
  ]

  # What is evidence of a language that takes more than that of Prometheus: what evaluates or keeps series. Those who have its logs, or its
  # collector, may have Prometheus beside it.
  other_languages = [
    "victoria-metrics", "vmalert", "vmsingle", "vmcluster", "vmselect", "VMAlert", "VMRule", "VMSingle", "VMCluster",
  ]

  # Functions and aggregations whose result is 1, or none.
  one_or_nothing = ["absent", "absent_over_time", "group", "present_over_time"]

  # Labels that series have only where several places are put together.
  labels_of_many = ["cluster"]

  # What people are to write something else for.
  placeholder = "^\\s*<[^<>]*>\\s*$"

  # Where alerts are defined: files of any name, and the ways that lead to groups of rules there: in a file of rules, an object, the values
  # of a chart, or a text in one of these. Some charts take rules without a group, as one.
  alert_files  = ["**/*.{yaml,yml,tpl,tftpl,tmpl,rules,alerts}"]
  alert_groups = [
    "**.groups[*]", "data[*].groups[*]", "**.directories[*][*].groups[*]",
  ]
  alert_groups_of_charts = ["**.prometheusRule", "**.prometheusRules", "**.rules"]

  # Those at which there is nothing else: what is filled in there is a group that is not known. So are texts in config maps of such names.
  usual_alert_groups = [
    "groups[*]",
    "spec.groups[*]",
    "serverFiles[*].groups[*]",
    "additionalPrometheusRulesMap[*].groups[*]",
  ]
  usual_alert_groups_in_values = [
    "values[*].serverFiles[*].groups[*]",
    "values[*].additionalPrometheusRulesMap[*].groups[*]",
  ]
  alert_config_maps = "(?:^|-)alert(?:s|ing)?(?:-rules)?$"

  # Where Alertmanager is configured: files of any name, and the ways to what is configured there, in a file of its own or the values of
  # a chart. And in values of a chart that is part of another one or is told to an operator, and in texts in objects.
  alertmanager_files   = ["**/*.{yaml,yml,tpl,tftpl,tmpl}"]
  alertmanager_configs = ["", "alertmanager.config"]
  other_alertmanager_configs = [
    "config",
    "alertmanager_config",
    "alertmanagerFiles[*]",
    "[*].alertmanager.config",
    "spec.values.**.alertmanager.config",
    "spec.source.helm.**.alertmanager.config",
    "spec.source.helm.values.alertmanager.config",
    "data[\"alertmanager.yml\"]",
    "data[\"alertmanager.yaml\"]",
    "stringData[\"alertmanager.yml\"]",
    "stringData[\"alertmanager.yaml\"]",
  ]

  # Files that only say what objects may look like.
  schemas = ["**/{crd,crds}/**", "**/{crd-*,*-crd-*}"]

  # By what routes and inhibitions tell alerts apart, in such a configuration; in the older spelling, `match = { alertname = … }`; and
  # there with a regex.
  alertmanager_matchers = [
    "config.route.**.matchers[*]",
    "config.inhibit_rules[*].source_matchers[*]",
    "config.inhibit_rules[*].target_matchers[*]",
  ]
  alertmanager_matches = [
    "config.route.**.match.alertname",
    "config.inhibit_rules[*].source_match.alertname",
    "config.inhibit_rules[*].target_match.alertname",
  ]
  alertmanager_match_regexes = [
    "config.route.**.match_re[*]",
    "config.inhibit_rules[*].source_match_re[*]",
    "config.inhibit_rules[*].target_match_re[*]",
  ]

  # Charts that bring alerts of their own, which are written in the chart; and charts that evaluate alerts.
  charts_with_alerts = ["kube-prometheus-stack", "prometheus-operator", "rancher-monitoring", "victoria-metrics-k8s-stack"]
  alerting_charts = [
    "*kube-prometheus*", "prometheus", "prometheus-operator", "rancher-monitoring", "victoria-metrics-*", "loki", "loki-*",
    "mimir-distributed", "thanos*",
  ]
}

# Values of charts that stand in the code themselves.
selector "written_values" {
  select "resource" { types = ["helm_release"] }
  unless {
    path    = "values"
    calls   = ["file", "templatefile"]
    through = true
  }
}

# Every rule of Prometheus and of Loki: an alert, or what is recorded.
gather "rules" {
  label    = "a rule is defined here"
  expected = true
  from {
    select "file" {
      files = param.alert_files
      words = ["alert: ", "\"alert\"", "record: ", "\"record\""]
      reads = "yaml_template"
    }
    each "group" { path = param.alert_groups }
    # What is filled in may be anything, and is no group for that.
    where {
      certain {
        path    = "group.rules"
        present = true
      }
    }
  }
  # Charts take rules without a group, too.
  from {
    select "file" {
      files = param.alert_files
      words = ["prometheusRule"]
      reads = "yaml_template"
    }
    each "group" { path = param.alert_groups_of_charts }
    where {
      certain {
        path    = "group.rules[*].expr"
        present = true
      }
    }
  }
  # But where groups stand in every file of rules, there they are: their alerts are not known.
  from {
    select "file" {
      files = param.alert_files
      words = ["alert: ", "\"alert\"", "record: ", "\"record\""]
      reads = "yaml_template"
    }
    each "group" { path = param.usual_alert_groups }
    unless {
      certain {
        path    = "group.rules"
        present = true
      }
    }
  }
  from {
    select "object" { kinds = ["ConfigMap"] }
    each "text" { path = "data[*]" }
    # What is filled in may be anything: it has to do with alerts where the name says so.
    where {
      any {
        certain {
          path     = "text"
          contains = "alert:"
        }
        certain {
          path    = "metadata.name"
          matches = param.alert_config_maps
        }
      }
    }
    each "group" { path = "text.groups[*]" }
  }
  from {
    select "object" { kinds = ["PrometheusRule", "VMRule"] }
    each "group" { path = "spec.groups[*]" }
  }
  # Values of charts that stand in the code: those that are read from files are among the files.
  from {
    select "selector" { of = "written_values" }
    each "group" { path = "values[*].**.groups[*]" }
    where {
      certain {
        path    = "group.rules"
        present = true
      }
    }
  }
  from {
    select "selector" { of = "written_values" }
    each "group" { path = param.usual_alert_groups_in_values }
    unless {
      certain {
        path    = "group.rules"
        present = true
      }
    }
  }
  # The service of a cloud, which is given a file of rules.
  from {
    select "resource" { types = ["aws_prometheus_rule_group_namespace"] }
    each "group" { path = "data.groups[*]" }
  }
  each "rule" { path = "group.rules[*]" }
  let "group_name" { path = "group.name" }
  let "called" { path = ["rule.alert", "rule.record"] }
  let "expr" { path = "rule.expr" }
  let "query" {
    path  = "rule.expr"
    reads = "query"
  }
}

# Every alert: who it is, what it asks, for how long, and what it is labelled.
gather "alerts" {
  label    = "an alert is defined here"
  expected = true
  select "row" { of = "rules" }
  each "alert" { path = "rule.alert" }
  let "rule" { path = "rule" }
  let "group_name" { path = "group_name" }
  let "expr" { path = "expr" }
  let "query" { path = "query" }
  let "waits" {
    path    = "rule.for"
    default = "0s"
  }
  let "severity" { path = "rule.labels.severity" }
  let "lane" { path = "rule.labels.lane" }
  let "labels" { path = "rule.labels" }
  let "annotations" { path = "rule.annotations" }
  let "runbook" { path = ["rule.annotations.runbook", "rule.annotations.runbook_url"] }
}

# Configurations of Alertmanager: in files, and in the code, in the values of a chart, in a config map or in a secret.
gather "alertmanagers" {
  label = "Alertmanager is configured here"
  from {
    select "file" {
      files  = param.alertmanager_files
      except = param.schemas
      words  = ["receiver:", "receivers:", "inhibit_rules:"]
      reads  = "yaml_template"
    }
    each "config" { path = param.alertmanager_configs }
  }
  from {
    select "file" {
      files  = param.alertmanager_files
      except = param.schemas
      words  = ["receiver:", "receivers:", "inhibit_rules:"]
      reads  = "yaml_template"
    }
    each "config" { path = param.other_alertmanager_configs }
    # What is filled in may be anything.
    where {
      certain {
        path    = "config.receivers[*].name"
        present = true
      }
    }
  }
  from {
    select "selector" { of = "written_values" }
    each "config" { path = ["values[*].alertmanager.config", "values[*].alertmanagerFiles[*]"] }
  }
  from {
    select "object" { kinds = ["ConfigMap", "Secret"] }
    each "config" { path = ["data[\"alertmanager.yml\"]", "data[\"alertmanager.yaml\"]"] }
  }
  # The service of a cloud.
  from {
    select "resource" { types = ["aws_prometheus_alert_manager_definition"] }
    each "config" { path = "definition.alertmanager_config" }
  }
  where {
    path    = ["config.route", "config.receivers", "config.inhibit_rules"]
    present = true
  }
}

# What the operator makes parts of such a configuration of: `AlertmanagerConfig`.
gather "alertmanager_objects" {
  label = "Alertmanager is configured here"
  from {
    select "object" { kinds = ["AlertmanagerConfig"] }
    each "config" { path = "spec" }
  }
  from {
    select "file" {
      files  = param.alertmanager_files
      except = param.schemas
      words  = ["AlertmanagerConfig"]
      reads  = "yaml_template"
    }
    where {
      path   = "kind"
      equals = "AlertmanagerConfig"
    }
    each "config" { path = "spec" }
  }
}

# By what they tell alerts apart: label and value, and whether that is a regex, in the newer spelling or in the older one.
gather "object_matchers" {
  label = "the matcher is here"
  select "row" { of = "alertmanager_objects" }
  each "matcher" { path = ["config.route.**.matchers[*]", "config.inhibitRules[*].sourceMatch[*]", "config.inhibitRules[*].targetMatch[*]"] }
  let "label" { path = "matcher.name" }
  let "value" { path = "matcher.value" }
  let "operator" {
    path    = "matcher.matchType"
    default = "="
  }
  let "old_regex" {
    path    = "matcher.regex"
    default = false
  }
}

# Inhibitions of Alertmanager, wherever they stand.
gather "inhibitions" {
  label = "the inhibition is here"
  from {
    select "row" { of = "alertmanagers" }
    each "inhibition" { path = "config.inhibit_rules[*]" }
  }
  from {
    select "row" { of = "alertmanager_objects" }
    each "inhibition" { path = "config.inhibitRules[*]" }
  }
}

# What routes and inhibitions of Alertmanager tell alerts by.
gather "matchers" {
  label = "the matcher is here"
  select "row" { of = "alertmanagers" }
  each "text" {
    path  = param.alertmanager_matchers
    reads = "matchers"
  }
  each "matcher" { path = "text[*]" }
}

# Every regex by which something is picked, that is more than words between bars: of alerts, and of what alerts ask about. Brackets
# around all of it are left out.
gather "regexes" {
  label = "the regex is here"
  from {
    select "row" { of = "matchers" }
    where {
      path   = "matcher.operator"
      equals = "=~"
    }
    unless {
      path    = "matcher.words"
      present = true
    }
    let "label" { path = "matcher.label" }
    let "whole" { path = "matcher.value" }
    let "inner" {
      path    = "whole"
      capture = "^\\^?\\((?:\\?:)?(?<value>[^()]*)\\)\\$?$"
    }
    let "regex" { path = ["inner", "whole"] }
    let "about" { text = "alerts" }
  }
  from {
    select "row" { of = "alertmanagers" }
    each "whole" { path = param.alertmanager_match_regexes }
    let "label" { text = "{whole_key}" }
    let "inner" {
      path    = "whole"
      capture = "^\\^?\\((?:\\?:)?(?<value>[^()]*)\\)\\$?$"
    }
    let "regex" { path = ["inner", "whole"] }
    let "about" { text = "alerts" }
  }
  from {
    select "row" { of = "object_matchers" }
    where {
      any {
        all {
          path   = "operator"
          equals = "=~"
        }
        all {
          path   = "old_regex"
          equals = true
        }
      }
    }
    let "label" { path = "label" }
    let "whole" { path = "value" }
    let "inner" {
      path    = "whole"
      capture = "^\\^?\\((?:\\?:)?(?<value>[^()]*)\\)\\$?$"
    }
    let "regex" { path = ["inner", "whole"] }
    let "about" { text = "alerts" }
  }
  # Kured looks for its regex anywhere in the name: without `^(` and `)$` around, only names that are written out can be told.
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path   = "chart"
      equals = "kured"
    }
    let "regex" {
      path    = "values[*].configuration.alertFilterRegexp"
      capture = "^\\^\\((?:\\?:)?(?<value>[\\w|]*\\.[\\w|.*+]*)\\)\\$$"
    }
    where {
      path    = "regex"
      present = true
    }
    let "label" { text = "alertname" }
    let "about" { text = "alerts" }
  }
  from {
    select "row" { of = "alerts" }
    each "matcher" { path = "query.selectors[*].matchers[*]" }
    where {
      path   = "matcher.operator"
      equals = "=~"
    }
    unless {
      path    = "matcher.words"
      present = true
    }
    let "label" { path = "matcher.label" }
    let "whole" { path = "matcher.value" }
    let "inner" {
      path    = "whole"
      capture = "^\\^?\\((?:\\?:)?(?<value>[^()]*)\\)\\$?$"
    }
    let "regex" { path = ["inner", "whole"] }
    let "about" { text = "series" }
  }
}

# Each part between the bars of such a regex: a word, or a wildcard pattern, with what all that it matches begins with, and a text
# that stands in all of it. What cannot be said like that is `*`, which is anything.
gather "wildcards" {
  label = "the regex is here"
  from {
    select "row" { of = "regexes" }
    unless {
      path    = "regex"
      matches = "[()\\[\\]{}?\\\\]"
    }
    each "branch" {
      path  = "regex"
      split = "|"
    }
    let "label" { path = "label" }
    let "about" { path = "about" }
    let "word" {
      path    = "branch"
      capture = "^\\^?(?<value>[\\w-]+)\\$?$"
    }
    let "form" {
      path    = "branch"
      capture = "^\\^?(?<value>[\\w-]*\\.[*+](?:[\\w-]+\\.[*+])?[\\w-]*)\\$?$"
    }
    let "beginning" {
      path    = "form"
      capture = "^(?<value>[\\w-]*)"
    }
    let "middle" {
      path    = "form"
      capture = "\\.[*+](?<value>[\\w-]+)\\.[*+]"
    }
    let "tail" {
      path    = "form"
      capture = "(?<value>[\\w-]*)$"
    }
    let "between" {
      path    = "middle"
      default = ""
    }
    let "joined" { text = "{beginning}*{between}*{tail}" }
    let "pattern" {
      path    = ["word", "joined"]
      default = "*"
    }
  }
  # With one list in the middle: `Pod(Stuck|Lost).*`.
  from {
    select "row" { of = "regexes" }
    where {
      path    = "regex"
      matches = "[()\\[\\]{}?\\\\]"
    }
    let "branch" { path = "regex" }
    let "label" { path = "label" }
    let "about" { path = "about" }
    let "beginning" {
      path    = "branch"
      capture = "^\\^?(?<value>[\\w-]+)\\([\\w|.*+-]*\\)(?:[\\w-][\\w.*+-]*|\\.[*+][\\w.*+-]*)?\\$?$"
    }
    let "joined" { text = "{beginning}*" }
    let "pattern" {
      path    = "joined"
      default = "*"
    }
  }
}

# Who is told of what, in each of these configurations.
gather "receivers" {
  label    = "the receivers are here"
  expected = true
  from {
    select "row" { of = "alertmanagers" }
    each "receiver" { path = "config.receivers[*].name" }
  }
  from {
    select "row" { of = "alertmanager_objects" }
    each "receiver" { path = "config.receivers[*].name" }
  }
}

# Those of which the name is known. What is filled in elsewhere in the repo keeps nobody from judging what is written out here.
gather "receiver_names" {
  label = "the receivers are here"
  select "row" { of = "receivers" }
  where {
    certain {
      path    = "receiver"
      matches = "."
    }
  }
  let "receiver" { path = "receiver" }
}

# The receivers that routes lead to, each beside those of its configuration, and what reads it. Where a configuration has none, they are
# added to it from elsewhere.
gather "led_to" {
  label = "a route leads there"
  from {
    select "row" { of = "alertmanagers" }
    let "route" { path = "config.route" }
    let "known" { path = "config.receivers" }
    let "reader" { text = "Alertmanager" }
  }
  from {
    select "row" { of = "alertmanager_objects" }
    let "route" { path = "config.route" }
    let "known" { path = "config.receivers" }
    let "reader" { text = "the operator" }
  }
  where {
    path    = "known"
    present = true
  }
  each "receiver" { path = ["route.receiver", "route.**.routes[*].receiver"] }
  # A route that names none leads where the one above it does.
  unless {
    path  = "receiver"
    empty = true
  }
}

# What routes tell alerts apart by.
gather "routed" {
  label = "the route is here"
  from {
    select "row" { of = "alertmanagers" }
    each "text" {
      path  = "config.route.**.matchers[*]"
      reads = "matchers"
    }
    each "matcher" { path = "text[*]" }
    let "label" { path = "matcher.label" }
    each "value" { path = "matcher.words[*]" }
  }
  from {
    select "row" { of = "alertmanagers" }
    each "value" { path = "config.route.**.match[*]" }
    let "label" { text = "{value_key}" }
  }
  from {
    select "row" { of = "object_matchers" }
    where {
      path   = "operator"
      equals = "="
    }
    unless {
      path   = "old_regex"
      equals = true
    }
    let "label" { path = "label" }
    let "value" { path = "value" }
  }
  from {
    select "row" { of = "wildcards" }
    where {
      path   = "about"
      equals = "alerts"
    }
    let "label" { path = "label" }
    let "pattern" { path = "pattern" }
  }
}

# Charts that bring alerts of their own: they are written in the chart, so nobody can read them here.
gather "charts_with_alerts" {
  label = "this chart brings alerts of its own"
  from {
    select "resource" { types = ["helm_release"] }
    each "chart" { path = "chart" }
  }
  # Flux, Argo CD, Kustomize and charts that are made of charts name theirs in YAML.
  from {
    select "file" {
      files = ["**/*.{yaml,yml}"]
      words = ["chart:", "chartRef:", "helmCharts:", "dependencies:"]
      reads = "yaml_template"
    }
    each "chart" {
      path = [
        "spec.chart.spec.chart", "spec.chartRef.name", "spec.source.chart", "spec.sources[*].chart",
        "helmCharts[*].name", "dependencies[*].name",
      ]
    }
  }
  where {
    path = "chart"
    like = param.charts_with_alerts
  }
}

# What evaluates alerts. A repo that has it knows the cluster that they are about; one that does not may only bring alerts to it.
gather "evaluators" {
  label = "alerts are evaluated here"
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path = "chart"
      like = param.alerting_charts
    }
  }
  from {
    select "object" { kinds = ["Prometheus", "VMAlert"] }
  }
}

# Where a language is asked that takes more than that of Prometheus.
gather "other_languages" {
  label = "VictoriaMetrics is used here"
  select "text" {
    except  = param.schemas
    files   = ["**/*.{yaml,yml,tpl,tftpl,tmpl,tf,tofu}"]
    words   = param.other_languages
    matches = "(?i)\\bvictoria-metrics\\b|\\bvm(?:alert|rule|single|cluster|select)\\b"
  }
}
