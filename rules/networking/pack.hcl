summary = "addresses and networks that several places must agree on"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"metallb.io/loadBalancerIPs\""
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "KYVERNO_LIFECYCLE_V1"
  }
}

params {
  # The annotation by which a service asks for an address, in its old and its new spelling.
  address_annotations = ["metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"]

  # The releases whose values ask for one.
  address_charts = ["traefik"]

  # An address of the pool, as the group `at`; a range is none. What is called there: by `scheme`, on `port`, or both.
  pool_address = "(?:^|[^0-9.-])(?<at>10\\.0\\.20\\.2(?:0[0-9]|1[0-9]|20))(?:$|[^0-9.-])"
  pool_word    = "10.0.20.2"
  pool_port    = "(?:^|[^0-9.-])(?:(?<scheme>https?)://)?(?<at>(?<ip>10\\.0\\.20\\.2(?:0[0-9]|1[0-9]|20))(?::(?<port>[0-9]{1,5}))?)(?:$|[^0-9.-])"

  # Code in which an address must be somebody's.
  address_files = ["stacks/**/*.{tf,tf.json,tpl,yaml,yml,py,sh}", "modules/**/*.{tf,tf.json,tpl,yaml,yml,sh}", "scripts/*", "**/*.go"]

  # Tests make names and addresses up.
  test_files = ["**/*_test.*", "**/test_*"]

  # The document that lists who has which address, and how it writes a service: `namespace/name`, an arrow, ports.
  checklist         = ["docs/architecture/networking.md"]
  checklist_word    = "→"
  checklist_service = "(?<at>(?<listed>[a-z0-9-]+/[a-z0-9-]+))→"

  # How it writes the files that name an address: a path, or one with `...` for what is left out.
  checklist_path_word  = "`"
  checklist_path       = "`(?<at>(?<path>[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+))/?`"
  checklist_short_path = "`(?<at>(?<head>[A-Za-z0-9_/-]+)/\\.\\.\\./(?<tail>[A-Za-z0-9_./-]+))`"

  # The variable that defines the trusted networks, and the environment variables that repeat it.
  trusted_networks         = ["trusted_local_cidrs"]
  trusted_networks_mirrors = ["TRUSTED_CIDRS"]

  # The network of the pods, and the settings that trust it to name the client.
  pod_network         = "10.10.0.0/16"
  proxy_setting_words = ["rustedProxyCIDRs", "x_forwarded_for_authorized_addrs"]
  proxy_setting       = "(?:[tT]rustedProxyCIDRs\"?\\s*[=:]\\s*(?:\\[\\]string)?\\s*[\\[{]|x_forwarded_for_authorized_addrs\\s*=)\\s*(?<at>\"[^\\]}\\n]*(?:\\n\\s*\"[^\\]}\\n]*)*)"

  # The wrapper by which a repo says that it plans and applies all that there is.
  wrapper       = ["scripts/tg"]
  wrapper_words = ["TIER0_STACKS"]

  # Plugins that Traefik interprets.
  plugin_files = ["**/traefik/**/*-plugin/**/*.go"]

  # What is on the way of every request: RESOURCE PATH, and the least that must be there.
  critical = {
    "helm_release.traefik values[*].deployment.replicas"              = "3"
    "helm_release.traefik values[*].podDisruptionBudget.minAvailable" = "2"
    "helm_release.authentik values[*].server.replicas"                = "3"
    "helm_release.authentik values[*].server.pdb.minAvailable"        = "2"
    "helm_release.crowdsec values[*].lapi.replicas"                   = "3"
    "kubernetes_deployment.pgbouncer spec.replicas"                   = "3"
    "kubernetes_deployment_v1.pgbouncer spec.replicas"                = "3"
    "kubernetes_deployment.cloudflared spec.replicas"                 = "3"
    "kubernetes_deployment_v1.cloudflared spec.replicas"              = "3"
  }

  # Their types and labels, in the files where they are.
  critical_files = ["stacks/{traefik,authentik,crowdsec,cloudflared}/**/*.{tf,tf.json}"]
}

# Every address that a service or a chart asks for.
gather "assigned" {
  label = "the address is asked for here"
  from {
    select "object" { kinds = ["Service"] }
    each "annotation" { texts = param.address_annotations }
    each "ip" {
      path  = "metadata.annotations[\"{annotation}\"]"
      split = ","
    }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  # What Kubernetes itself has for it, which MetalLB heeds as well.
  from {
    select "object" { kinds = ["Service"] }
    each "ip" { path = ["spec.loadBalancerIP", "spec.load_balancer_ip"] }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
  }
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path   = "name"
      one_of = param.address_charts
    }
    each "annotation" { texts = param.address_annotations }
    each "ip" {
      path  = ["values[*].service.annotations[\"{annotation}\"]", "values[*].*.service.annotations[\"{annotation}\"]"]
      split = ","
    }
    let "named" { path = "name" }
    let "namespace" { path = "namespace" }
  }
}

# What tells that the repo makes the whole cluster.
gather "whole_clusters" {
  label = "everything is applied with this"
  select "file" {
    files = param.wrapper
    words = param.wrapper_words
    reads = "text"
  }
}

# The services on the checklist.
gather "checklist" {
  label = "the list of addresses is here"
  select "text" {
    files   = param.checklist
    words   = [param.checklist_word]
    matches = param.checklist_service
    zones   = ["prose", "code"]
  }
  let "service" { text = "{listed}" }
}

# The files and directories on the checklist, as patterns.
gather "consumers" {
  label = "the list of addresses is here"
  from {
    select "text" {
      files   = param.checklist
      words   = [param.checklist_path_word]
      matches = param.checklist_path
      zones   = ["prose", "code"]
    }
    let "pattern" { text = "{path}*" }
  }
  from {
    select "text" {
      files   = param.checklist
      words   = [param.checklist_path_word]
      matches = param.checklist_short_path
      zones   = ["prose", "code"]
    }
    let "pattern" { text = "{head}/*{tail}" }
  }
}

# Who names which address of the pool.
gather "mentions" {
  label = "the address is named here"
  select "text" {
    files   = param.address_files
    except  = param.test_files
    words   = [param.pool_word]
    matches = param.pool_address
  }
  let "mentioned_in" { text = "{file}" }
  let "ip" { path = "" }
}

# The files that Terragrunt writes anew at each run: they say so at their head.
gather "generated" {
  label = "Terragrunt writes this file"
  select "text" {
    files   = ["**/*.tf"]
    words   = ["Generated by Terragrunt"]
    matches = "(?m)^# (?<at>Generated by Terragrunt)"
    zones   = ["comment"]
  }
}

# The trusted networks, where they are defined.
gather "trusted" {
  label = "the trusted networks are defined here"
  select "block" {
    type   = "variable"
    labels = param.trusted_networks
  }
  each "network" { path = "default[*]" }
}

# And where they are repeated.
gather "repeated" {
  label = "the trusted networks are repeated here"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  each "variable" { path = "spec.template.spec.containers[*].env[*]" }
  where {
    path   = "variable.name"
    one_of = param.trusted_networks_mirrors
  }
  each "network" {
    path  = "variable.value"
    split = ","
  }
}

# Files in which HAProxy is told for all servers how to look names up.
gather "resolving_defaults" {
  label = "it is said here for all servers"
  select "text" {
    files   = ["**/*.{tf,tf.json,yaml,yml,tpl,tftpl,cfg}"]
    words   = ["default-server"]
    zones   = ["code", "string"]
    matches = "(?m)^[\\t ]*(?<at>default-server[\\t ][^\\n]*\\bresolvers[\\t ])"
  }
  let "script" { text = "{file}" }
}
