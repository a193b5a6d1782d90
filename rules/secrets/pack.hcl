summary = "credentials: where they come from, and who notices when they change"

applies_when {
  file {
    path     = "**/*.tf"
    contains = "\"vault-database\""
  }
  file {
    path     = "**/*.tf"
    contains = "\"external-secrets.io/v1"
  }
}

params {
  # The chart of the operator, and the versions of its API, the best first: from which release of the chart each is served, and
  # from which no more.
  external_secrets_charts = ["external-secrets"]
  external_secrets_apis = [
    "external-secrets.io/v1 0.16.0 never",
    "external-secrets.io/v1beta1 0.5.0 0.17.0",
    "external-secrets.io/v1alpha1 0.1.0 0.16.0",
  ]

  # Where documentation is about the past.
  history_files = ["docs/plans/*", "docs/post-mortems/*", "*/archived/*", "*/20??-??-??-*", "CHANGELOG.md"]

  # The stores whose credentials are rotated behind everybody's back.
  rotating_stores = ["vault-database"]

  # How often a static role's password changes, in seconds.
  rotation_period = 604800

  # Where secrets are in Vault; a stack may have one of its own name, too.
  vault_mount = "secret"
  vault_names = ["viktor", "platform"]

  # What variables with secrets are called, marked or not.
  secret_variables = ["*password", "*_token", "*_api_key", "*_secret", "*_secret_key"]

  # What is marked as sensitive, and only a name.
  sensitive_names = ["*_name", "*_namespace", "*_host"]

  # What holds credentials by its name, the filter that encrypts it, and what is rightly readable.
  filtered_files   = ["**/*.tfvars", "**/*.tfstate", "**/*.hujson", "**/kubeconfig", "**/*.kubeconfig", "**/.config", "**/admin.conf", "secrets/**", "**/secrets/**"]
  filter           = "git-crypt"
  unfiltered_files = ["**/*.{tf,hcl,md,sh,example,sample}", "**/.gitattributes", "**/.gitignore", "**/.gitkeep"]

  # State that SOPS encrypts: for whom, and with which key of Vault beside that.
  sealed_state = ["state/**/*.enc"]
  sops_rules   = ".sops.yaml"
  sops_key     = "sops-state-{directory}"

  # Exceptions of the scanner for secrets.
  fingerprints = [".gitleaksignore"]

  # What is on the line that a rule of the scanner finds. Of other rules, only a line without text is told.
  fingerprint_signs = {
    "curl-auth-user"       = "(?:^|\\s)(?:-u|--user)\\b"
    "curl-auth-header"     = "(?:^|\\s)(?:-H|--header)\\b"
    "private-key"          = "PRIVATE KEY"
    "generic-api-key"      = "[0-9A-Za-z_=/+.-]{10}"
    "jfrog-identity-token" = "[0-9A-Za-z]{64}"
    "jwt"                  = "\\bey[0-9A-Za-z]"
  }

  # How files with sealed secrets are named, so that the stack finds them.
  sealed_files = ["sealed-*.yaml", "*/sealed-*.yaml"]

  # Modules that read certificates in the directory of the stack, and the inputs with which they do not.
  certificate_modules = ["**/setup_tls_secret"]
  certificate_inputs  = ["tls_crt", "tls_key"]

  # The link that leads them to where the certificates are kept, from the root of the repo.
  certificate_link   = "secrets"
  certificate_target = "secrets"

  # Tokens that can do more than pull images.
  admin_tokens = ["github_pat"]

  # The key of the one that only reads packages.
  pull_token = "ghcr_pull_token"

  # The same names as whole words.
  admin_token_pattern = "\\b(?<token>github_pat)\\b"
}

# The versions of its API that the operator serves, by the release of it that the tree installs.
gather "served_apis" {
  label    = "this release of the operator is installed"
  expected = true
  select "resource" { types = ["helm_release"] }
  where {
    path   = "chart"
    one_of = param.external_secrets_charts
  }
  let "release" { path = "version" }
  each "entry" { texts = param.external_secrets_apis }
  let "since" {
    path    = "entry"
    capture = "^[^ ]+ (?<value>[^ ]+)"
  }
  let "until" {
    path    = "entry"
    capture = "(?<value>[^ ]+)$"
  }
  where {
    path     = "release"
    as       = "version"
    at_least = "{since}"
  }
  where {
    any {
      all {
        text   = "{until}"
        equals = "never"
      }
      all {
        path  = "release"
        as    = "version"
        below = "{until}"
      }
    }
  }
  let "api" {
    path    = "entry"
    capture = "^[^ ]+"
  }
}

# The stores they may come from.
gather "secret_stores" {
  label = "the store is declared here"
  select "object" {
    kinds = ["ClusterSecretStore", "SecretStore"]
    api   = ["external-secrets.io/*"]
  }
  let "named" { path = "metadata.name" }
}

# Every secret and config map: the store it comes from, and whether the reloader's search may match it.
gather "reload_targets" {
  label = "it is made here"
  from {
    select "object" { kinds = ["ExternalSecret"] }
    let "resource" { path = "metadata.name" }
    let "of" { text = "Secret" }
    let "named" {
      path    = "spec.target.name"
      default = "{resource}"
    }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    let "matched" {
      path    = "spec.target.template.metadata.annotations[\"reloader.stakater.com/match\"]"
      default = "false"
    }
    let "store" {
      path    = "spec.secretStoreRef.name"
      default = "none"
    }
    let "target" { path = "spec.target" }
  }
  from {
    select "object" { kinds = ["Secret"] }
    let "of" { text = "Secret" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    let "matched" {
      path    = "metadata.annotations[\"reloader.stakater.com/match\"]"
      default = "false"
    }
  }
  from {
    select "object" { kinds = ["ConfigMap"] }
    let "of" { text = "ConfigMap" }
    let "named" { path = "metadata.name" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    let "matched" {
      path    = "metadata.annotations[\"reloader.stakater.com/match\"]"
      default = "false"
    }
  }
}

# The secrets and config maps that Reloader is told to restart a workload for, by name.
gather "reloads" {
  label = "it is listed here"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  let "by" { text = "{stack} {address}" }
  each "named" {
    path  = "metadata.annotations[\"secret.reloader.stakater.com/reload\"]"
    split = ","
  }
}

# Every secret and config map that a workload which runs for long uses, place by place.
gather "uses" {
  label = "it is used here"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
    let "by" { text = "{stack} {address}" }
    let "of" { text = "Secret" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "named" {
      path = [
        "spec.template.spec.containers[*].env[*].valueFrom.secretKeyRef.name",
        "spec.template.spec.containers[*].envFrom[*].secretRef.name",
        "spec.template.spec.initContainers[*].env[*].valueFrom.secretKeyRef.name",
        "spec.template.spec.initContainers[*].envFrom[*].secretRef.name",
        "spec.template.spec.volumes[*].secret.secretName",
        "spec.template.spec.volumes[*].projected.sources[*].secret.name",
      ]
    }
    let "store" {
      in      = "reload_targets"
      match   = { of = "{of}", named = "{named}", namespace = "{namespace}" }
      column  = "store"
      default = "none"
    }
    let "matched" {
      in      = "reload_targets"
      match   = { of = "{of}", named = "{named}", namespace = "{namespace}" }
      column  = "matched"
      default = "undeclared"
    }
    let "listed" {
      in      = "reloads"
      match   = { by = "{by}", named = "{named}" }
      column  = "named"
      default = "no"
    }
  }
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
    let "by" { text = "{stack} {address}" }
    let "of" { text = "ConfigMap" }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "named" {
      path = [
        "spec.template.spec.containers[*].env[*].valueFrom.configMapKeyRef.name",
        "spec.template.spec.containers[*].envFrom[*].configMapRef.name",
        "spec.template.spec.initContainers[*].env[*].valueFrom.configMapKeyRef.name",
        "spec.template.spec.initContainers[*].envFrom[*].configMapRef.name",
        "spec.template.spec.volumes[*].configMap.name",
        "spec.template.spec.volumes[*].projected.sources[*].configMap.name",
      ]
    }
    let "store" {
      in      = "reload_targets"
      match   = { of = "{of}", named = "{named}", namespace = "{namespace}" }
      column  = "store"
      default = "none"
    }
    let "matched" {
      in      = "reload_targets"
      match   = { of = "{of}", named = "{named}", namespace = "{namespace}" }
      column  = "matched"
      default = "undeclared"
    }
    let "listed" {
      in      = "reloads"
      match   = { by = "{by}", named = "{named}" }
      column  = "named"
      default = "no"
    }
  }
}

# The database roles whose passwords are rotated.
gather "static_roles" {
  label = "the role is declared here"
  select "resource" { types = ["vault_database_secret_backend_static_role"] }
  let "named" { path = "name" }
  let "user" { path = "username" }
  let "connection" { path = "db_name" }
}

# The roles that each database connection may be used for.
gather "allowed_roles" {
  label = "the connection allows these"
  select "resource" { types = ["vault_database_secret_backend_connection"] }
  let "connection" { path = "name" }
  let "list" { path = "allowed_roles" }
  each "role" { path = "allowed_roles[*]" }
}

# Every place that reads the password of a role.
gather "role_readers" {
  label = "it is read here"
  select "text" {
    words   = ["static-creds/"]
    matches = "static-creds/(?<role>[A-Za-z0-9_-]+)"
  }
}

# The findings of its kind that the repo's other scanner was told to leave alone.
gather "accepted_findings" {
  label = "it is accepted here"
  select "text" {
    files   = [".gitleaksignore", "**/.gitleaksignore"]
    words   = [":"]
    matches = "(?m)^(?<path>[^#:\\n]+):(?:private-key|generic-api-key|(?:github|gitlab|slack|aws|gcp|hashicorp|vault|stripe)-[a-z-]+):[0-9]+$"
    zones   = ["code", "string", "prose"]
  }
  let "place" { path = "path" }
}

# What is counted by a secret.
gather "counted_by_secret" {
  label = "it is counted here"
  from {
    select "resource" {}
  }
  from {
    select "data" {}
  }
  from {
    select "module" { source = ["**", "*"] }
  }
  let "counted" { path = ["count", "for_each"] }
  where {
    any {
      # What Vault holds is there when the stack is planned; it is told where it decides in plain sight.
      all {
        path      = ["count", "for_each"]
        refers_to = ["data.vault_*"]
      }
      # What an operator makes is not there before the first apply.
      all {
        path      = ["count", "for_each"]
        refers_to = ["data.kubernetes_secret.*", "data.kubernetes_secret_v1.*"]
        through   = true
      }
    }
  }
}

# The stacks that apply the sealed secrets in their directory.
gather "sealed_stacks" {
  label = "they are applied here"
  select "text" {
    files   = ["**/*.tf"]
    words   = ["sealed-*.yaml"]
    matches = "sealed-\\*\\.yaml"
    zones   = ["string"]
  }
  let "place" { text = "{stack}" }
}

# The variables and locals of each module that hold secrets.
gather "secret_names" {
  label = "the secret comes from here"
  from {
    select "block" { type = "variable" }
    where {
      path   = "sensitive"
      equals = true
    }
    let "place" { text = "{module}" }
    let "root" { text = "var" }
    let "named" { text = "{name}" }
  }
  from {
    select "block" { type = "variable" }
    where {
      text = "{name}"
      like = param.secret_variables
    }
    let "place" { text = "{module}" }
    let "root" { text = "var" }
    let "named" { text = "{name}" }
  }
  from {
    select "block" { type = "locals" }
    let "place" { text = "{module}" }
    let "root" { text = "local" }
    each "entry" { path = "[*]" }
    where {
      path      = "entry"
      refers_to = ["data.kubernetes_secret.*", "data.kubernetes_secret_v1.*", "data.vault_*"]
    }
    let "named" { text = "{entry_key}" }
  }
}
