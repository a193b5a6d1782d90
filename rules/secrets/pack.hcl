summary = "credentials: where they come from, and who notices when they change"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"vault-database\""
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"external-secrets.io/v1"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "vault-database"
  }
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "apiVersion: external-secrets.io/v1"
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
  history_files = ["docs/plans/**", "docs/post-mortems/**", "**/archived/**", "**/20??-??-??-*", "CHANGELOG.md"]

  # The stores whose credentials are rotated behind everybody's back.
  rotating_stores = ["vault-database"]

  # How often a static role's password changes, in seconds.
  rotation_period = 604800

  # Where secrets are in Vault; a stack may have one of its own name, too.
  vault_mount = "secret"
  vault_names = ["viktor", "platform"]

  # What variables with secrets, and attributes of those with several, are called, marked or not.
  secret_variables = [
    "var.*password", "var.*_token", "var.token", "var.*.token", "var.*_api_key", "var.api_key", "var.*.api_key", "var.*_secret",
    "var.*_secret_key", "var.secret_key", "var.*.secret_key",
  ]

  # What is marked as sensitive, and only a name.
  sensitive_names = ["sensitive.var.*_name", "sensitive.var.*_namespace", "sensitive.var.*_host"]

  # What holds credentials by its name, the filter that encrypts it, and what is rightly readable.
  filtered_files = [
    "**/*.tfvars", "**/*.tfvars.json", "**/*.tfstate", "**/*.tfstate.backup", "**/*.tfstate.*.backup", "**/*.hujson", "**/kubeconfig",
    "**/*.kubeconfig", "**/kubeconfig*.{yaml,yml,conf}", "**/.kube/config", "**/.config", "**/admin.conf", "secrets/**", "**/secrets/**",
  ]
  filter           = "git-crypt"
  unfiltered_files = ["**/*.{tf,tf.json,hcl,md,sh,pub,example,sample}", "**/.gitattributes", "**/.gitignore", "**/.gitkeep"]

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

  # Where passwords are written down, and a word of their names in each such file.
  credential_files = ["**/*.{tf,hcl,tfvars,yaml,yml,json,tpl,tftpl,sh,py,go,js,ts,toml,ini,conf}", "**/.env*", "**/{Dockerfile,Dockerfile.*,*.Dockerfile}"]
  credential_words = [
    "password", "Password", "PASSWORD", "passwd", "Passwd", "PASSWD", "_pass", "_PASS", "Pass", "_pwd", "_PWD", "token", "Token", "TOKEN",
    "client_secret", "client-secret", "clientSecret", "CLIENT_SECRET", "app_secret", "app-secret", "appSecret", "APP_SECRET", "api_secret",
    "api-secret", "apiSecret", "API_SECRET", "jwt_secret", "jwt-secret", "jwtSecret", "JWT_SECRET", "session_secret", "session-secret",
    "sessionSecret", "SESSION_SECRET", "cookie_secret", "cookie-secret", "cookieSecret", "COOKIE_SECRET", "webhook_secret",
    "webhook-secret", "webhookSecret", "WEBHOOK_SECRET", "signing_secret", "signing-secret", "signingSecret", "SIGNING_SECRET",
    "shared_secret", "shared-secret", "sharedSecret", "SHARED_SECRET", "hmac_secret", "hmac-secret", "hmacSecret", "HMAC_SECRET",
    "oauth_secret", "oauth-secret", "oauthSecret", "OAUTH_SECRET",
    "secret_key", "SECRET_KEY", "api_key", "api-key", "apiKey", "API_KEY", "apikey", "APIKEY",
    "access_key", "access-key", "accessKey", "ACCESS_KEY", "private_key", "private-key", "privateKey", "PRIVATE_KEY", "auth_key", "auth-key",
    "authKey", "AUTH_KEY",
  ]

  # The data sources that read a secret, and what makes one.
  secret_values = [
    "data.kubernetes_secret.*", "data.kubernetes_secret_v1.*", "data.vault_*", "data.sops_file.*", "data.aws_secretsmanager_secret_version.*",
    "data.google_secret_manager_secret_version.*", "data.azurerm_key_vault_secret.*", "random_password.*", "random_bytes.*",
    "kubernetes_secret.*.data*", "kubernetes_secret_v1.*.data*", "tls_private_key.*.private_key_*",
  ]

  # What a name ends in that is one of a password: a regex.
  credential_key = "(?:[Pp]assword|PASSWORD|[Pp]asswd|PASSWD|_pass|_PASS|Pass|_pwd|_PWD|[Tt]oken|TOKEN|(?:client|app|api|jwt|session|cookie|webhook|signing|shared|hmac|oauth)(?:[_-]s|S)ecret|(?:CLIENT|APP|API|JWT|SESSION|COOKIE|WEBHOOK|SIGNING|SHARED|HMAC|OAUTH)_SECRET|secret_key|SECRET_KEY|(?:api|access|private|auth)(?:[_-]k|K)ey|(?:API|ACCESS|PRIVATE|AUTH)_KEY|apikey|APIKEY)"

  # And the whole of that name.
  whole_name = "(?P<value>[A-Za-z0-9_][A-Za-z0-9_.-]*)$"

  # The tests of programs: what they say of credentials is made up.
  tests_of_programs = "(?:^|/)(?:(?:tests?|testdata|fixtures)/(?:.*/)?[^/]*|test_[^/]*|[^/]*(?:_test|\\.test|\\.spec))\\.(?:py|go|js|ts)$"

  # What stands for a password, or leads to one: encrypted in place, a path in Vault, a file, an address, a reference (also of
  # 1Password and of vals), a name that ends in what it is of, a sample; and keys that are made to be public.
  no_credential = "^(?:ENC\\[|secret/|database/|static-creds/|(?:~|\\.{1,2})?/[a-z]+/|https?://[^@?]+$|(?:var|local|data|module|each)\\.|os\\.environ[/.]|(?:arn|urn|pulumi|op|ref\\+[a-z]+):|id_(?:rsa|ecdsa|ed25519)|phc_|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*_(?i:passw(?:or)?d|token|secret|key)$)|\\.(?:pem|key|crt|pub|txt)$|(?i)change[-_]?me|placeholder|example|redacted|dummy|your[-_]|xxxx"

  # What is a name, where no quotes say that it is a text: a word that names a secret, or plain words with hyphens.
  credential_name = "(?i)pass|secret|token|key|cred|^(?:[a-z]+[0-9]{0,2}|[a-z][0-9][a-z]|[0-9]{1,4})(?:[-_](?:[a-z]+[0-9]{0,2}|[a-z][0-9][a-z]|[0-9]{1,4}))+$"

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

  # The same names as whole words, with what stands before them in YAML.
  admin_token_pattern = "(?<property>\\bproperty:[ \\t]*[\"']?)?\\b(?<at>(?<token>github_pat))\\b"
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
    # A source may name a store of its own.
    let "store" {
      path = [
        "spec.secretStoreRef.name", "spec.data[*].sourceRef.storeRef.name", "spec.dataFrom[*].sourceRef.storeRef.name",
      ]
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
    path = [
      "metadata.annotations[\"secret.reloader.stakater.com/reload\"]",
      "spec.template.metadata.annotations[\"secret.reloader.stakater.com/reload\"]",
    ]
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
  from {
    select "selector" { of = "connection" }
    let "list" { path = "at.allowed_roles" }
    each "role" { path = "at.allowed_roles[*]" }
  }
  # Where nothing is listed, nothing is allowed.
  from {
    select "selector" { of = "connection" }
    unless {
      path           = "at.allowed_roles"
      items_at_least = 1
    }
    let "role" { text = "" }
  }
}

# The connections to databases: each a resource, or several blocks of a mount.
selector "connection" {
  select "resource" { types = ["vault_database_secret_backend_connection", "vault_database_secrets_mount"] }
  each "at" {
    path = [
      "", "cassandra", "couchbase", "elasticsearch", "hana", "influxdb", "mongodb", "mongodbatlas", "mssql", "mysql", "mysql_aurora",
      "mysql_legacy", "mysql_rds", "oracle", "postgresql", "redis", "redis_elasticache", "redshift", "snowflake",
    ]
  }
  where {
    path    = "at.name"
    present = true
  }
  let "connection" { path = "at.name" }
}

# What brings a pull secret into the cluster.
gather "pull_secret_makers" {
  label = "the pull secret is made here"
  select "object" { kinds = ["ExternalSecret"] }
  where {
    any {
      all {
        path   = "spec.target.template.type"
        equals = "kubernetes.io/dockerconfigjson"
      }
      all {
        path    = "spec.target.template.data[\".dockerconfigjson\"]"
        present = true
      }
    }
  }
  let "by" { text = "{module} {address}" }
}

# The locals that go into one.
gather "pull_secret_locals" {
  label = "it goes into a pull secret here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = [".dockerconfigjson"]
    matches = "\\blocal\\.(?<at>(?<named>[A-Za-z0-9_-]+))"
    zones   = ["code", "string"]
  }
  where {
    text     = "{keys}"
    contains = ".dockerconfigjson"
  }
  let "by" { text = "{module} locals {named}" }
}

# Those, and the locals that go into these.
gather "pull_secret_sources" {
  label = "it goes into a pull secret here"
  from {
    select "row" { of = "pull_secret_locals" }
    let "by" { path = "by" }
  }
  from {
    select "text" {
      files   = ["**/*.{tf,tf.json}"]
      words   = ["locals"]
      matches = "\\blocal\\.(?<at>(?<named>[A-Za-z0-9_-]+))"
      zones   = ["code", "string"]
    }
    let "outer" {
      path    = "keys"
      capture = "^[^.]+"
    }
    where {
      exists {
        in    = "pull_secret_locals"
        match = { by = "{module} {address} {outer}" }
      }
    }
    let "by" { text = "{module} locals {named}" }
  }
}

# Every place that reads the password of a role.
gather "role_readers" {
  label = "it is read here"
  from {
    select "text" {
      words   = ["static-creds/"]
      matches = "static-creds/(?<role>[A-Za-z0-9_-]+)"
    }
  }
  # Also where its name is built.
  from {
    select "object" { kinds = ["ExternalSecret"] }
    each "key" { path = ["spec.data[*].remoteRef.key", "spec.dataFrom[*].extract.key"] }
    let "role" {
      path    = "key"
      capture = "static-creds/(?<value>[A-Za-z0-9_-]+)$"
    }
  }
}

# Every password, token and key that is written as a literal without quotes.
gather "bare_credentials" {
  label = "it is written here"
  select "text" {
    files   = param.credential_files
    words   = param.credential_words
    matches = "(?m)(?<word>${param.credential_key})(?:=|(?<apart>\"?(?:[ \\t]*:[ \\t]+|[ \\t]+=[ \\t]*|[ \\t]*\\n[ \\t]*value:[ \\t]+)))(?<at>[A-Za-z0-9][A-Za-z0-9!@%^*+=_~-]{7,127})(?:[ \\t]*(?:[#;][^\\n]*)?$|(?<more>[\"'\\],);&|\\\\ ]))"
    zones   = ["string", "code"]
  }
  # As a word: of a script, a list of variables, a command, an address. Or as a whole line: of YAML, of settings.
  unless {
    all {
      path    = "apart"
      present = true
    }
    all {
      path    = "more"
      present = true
    }
  }
  let "credential" { path = "" }
  let "so_far" { text = "{before}{word}" }
  let "named" {
    path    = "so_far"
    capture = param.whole_name
  }
  let "number" { text = "{line}" }
  # What is bare in HCL is an expression.
  unless {
    text    = "{file}"
    matches = "\\.(?:tf|hcl|tfvars)$"
    all {
      text   = "{kind}"
      equals = "code"
    }
  }
  unless {
    path    = "credential"
    matches = param.credential_name
  }
}

# Every password, token and key that is written as a literal.
gather "written_credentials" {
  label = "it is written here"
  # In quotes: an attribute, the `value` below a `name`, the `default` of a variable; also in JSON inside a string.
  from {
    select "text" {
      files   = param.credential_files
      words   = param.credential_words
      matches = "(?<word>${param.credential_key})\\\\?[\"']?(?:\\s*[=:]\\s*|,?\\s*(?:\"?type\"?\\s*[=:]\\s*\"[a-z]+\",?\\s*)?\\\\?\"?value\\\\?\"?\\s*[=:]\\s*|\\s*\\{[^{}]*?\\bdefault\\s*=\\s*)(?:[\\w.]+(?: [!=]= (?:null|\"\"))? \\? (?:[\\w.]+ : )?|(?:coalesce|try)\\([\\w., ]+, )?(?:(?:base64encode|bcrypt|sensitive|tostring|trimspace)\\()?\\\\?[\"'](?<at>[^\"'$\\s{}<>]{8,}?)\\\\?[\"']"
      zones   = ["string", "code"]
    }
    unless {
      text    = "{file}"
      matches = param.tests_of_programs
    }
    let "credential" { path = "" }
    let "so_far" { text = "{before}{word}" }
    let "named" {
      path    = "so_far"
      capture = param.whole_name
    }
    let "number" { text = "{line}" }
  }
  # In front of the name.
  from {
    select "text" {
      files   = param.credential_files
      words   = param.credential_words
      matches = "(?m)^\\s*\"?value\"?\\s*[=:]\\s*\"(?<at>[^\"$\\s{}<>]{8,})\",?\\s*\\n\\s*\"?name\"?\\s*[=:]\\s*\"(?<word>[^\"\\n]*?${param.credential_key})\""
      zones   = ["string", "code"]
    }
    let "credential" { path = "" }
    let "named" { path = "word" }
    let "number" { text = "{line}" }
  }
  from {
    select "row" { of = "bare_credentials" }
    let "credential" { path = "credential" }
    let "named" { path = "named" }
    let "number" { path = "number" }
  }
  # A secret of Kubernetes has a name: plain words with hyphens.
  unless {
    all {
      path    = "named"
      matches = "(?i)secret$"
    }
    all {
      path    = "credential"
      matches = "^[a-z]+[0-9]{0,2}(?:-(?:v?[0-9]{1,4}|[a-z]+[0-9]{0,2}))+$"
    }
  }
  # What tests of programs make up.
  unless {
    text    = "{file}"
    matches = param.tests_of_programs
  }
  # Words are names of other things, or stand for a value; numbers are periods and sizes.
  where {
    all {
      path    = "credential"
      matches = "[0-9]"
    }
    all {
      path    = "credential"
      matches = "[A-Za-z]"
    }
  }
  unless {
    path    = "credential"
    matches = param.no_credential
  }
}

# Every token and key that its shape tells.
gather "written_tokens" {
  label = "it is written here"
  from {
    select "text" {
      words = [
        "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-", "AKIA", "AIza", "hvs.",
        "hooks.slack.com", "sk_live_", "sk-ant-", "sk-proj-", "dckr_pat_", "npm_", "tskey-", "SG.", "AGE-SECRET-KEY-1", "eyJ", ":AA",
        "client-key-data",
      ]
      matches = "(?<at>\\b(?:gh[opsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20,}|xox[abp]-[0-9]{8,}[0-9A-Za-z-]{10,}|xapp-[0-9]-[0-9A-Za-z-]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|hvs\\.[A-Za-z0-9_-]{24,}|sk_live_[A-Za-z0-9]{20,}|sk-(?:ant|proj)-[A-Za-z0-9_-]{24,}|dckr_pat_[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{36}|tskey-[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{16,}|SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{32,}|AGE-SECRET-KEY-1[0-9A-Z]{58}|eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{16,}|hooks\\.slack\\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})\\b|\\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}|client-key-data: *[A-Za-z0-9+/=]{40,})"
      zones   = ["string", "code", "comment", "prose"]
    }
    let "credential" { path = "" }
  }
  # A key goes over many lines.
  from {
    select "text" {
      words   = ["PRIVATE KEY-----"]
      matches = "-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\\\n|\\s)+[A-Za-z0-9+/=]{40,}(?:(?:\\\\n|\\s)*(?:[A-Za-z0-9+/=]+|\\.{3}|…|<[^<>\\n]{1,40}>|\\[[^\\[\\]\\n]{1,40}\\]))*"
      zones   = ["string", "code", "comment", "prose"]
    }
    let "credential" { path = "" }
  }
  # What is sent with a request, whatever it looks like; a word of a manual has no number in it.
  from {
    select "text" {
      words   = ["uthorization"]
      matches = "\\b[Aa]uthorization\\\\?[\"']?[ \\t]*[:=][ \\t]*\\\\?[\"']?(?:Bearer|Basic|[Tt]oken)[ \\t]+(?<at>[A-Za-z0-9+/=_.~-]{16,})"
      zones   = ["string", "code"]
    }
    unless {
      text    = "{file}"
      matches = param.tests_of_programs
    }
    let "credential" { path = "" }
    where {
      path    = "credential"
      matches = "[0-9]"
    }
    where {
      path    = "credential"
      matches = "[A-Za-z]"
    }
  }
  # The password of somebody in front of a server.
  from {
    select "text" {
      words   = ["curl "]
      matches = "\\bcurl\\b[^\\n|;&]*?[ \\t](?:-u|--user)[ \\t=]*\\\\?[\"']?[\\w.@-]+:(?<at>[^\\s\"'`$<>{}()\\\\]{8,})"
      zones   = ["string", "code"]
    }
    let "credential" { path = "" }
    unless {
      path    = "credential"
      matches = "(?i)pass|secret|token|changeme"
    }
  }
  let "number" { text = "{line}" }
  # A row of one letter stands for a token in a sample, manuals write `EXAMPLE` or `your-key`, and of a key they leave out the
  # middle: dots, or a word between brackets, are in its place.
  # The one web token that all of them have is of somebody whose number is 1234567890.
  unless {
    path    = "credential"
    matches = "(?i)x{8}|0{8}|\\.{3}|…|[<\\[]|EXAMPLE$|your[-_]|\\.eyJzdWIiOiIxMjM0NTY3ODkw"
  }
}

# Every password in an address.
gather "written_addresses" {
  label = "it is written here"
  select "text" {
    words = [
      "postgres", "mysql://", "mariadb://", "mongodb", "redis://", "rediss://", "amqp", "clickhouse://", "smtp://", "ftp://", "ldaps://",
      "http://", "https://",
    ]
    matches = "\\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|clickhouse|smtp|ftp|ldaps|https?)(?:\\+[a-z0-9]+)?://[^\\s:/@\"'`$<{}]*:(?<at>[^\\s/@\"'`$<>{}()*%]{6,})@[A-Za-z0-9]"
    zones   = ["string", "code", "comment", "prose"]
  }
  let "credential" { path = "" }
  let "number" { text = "{line}" }
  # What everybody writes where a password would stand.
  unless {
    path    = "credential"
    matches = "(?i)^(?:.*pass.*|.*secret.*|.*token.*|.*changeme.*|.*example.*|redacted|.*\\.\\.\\..*|.*xxx.*|postgres|your.*)$"
  }
}

# The lines that the repo's other scanner was told to leave alone.
gather "accepted_findings" {
  label = "it is accepted here"
  from {
    select "text" {
      files   = [".gitleaksignore", "**/.gitleaksignore"]
      words   = [":"]
      matches = "(?m)^(?<path>[^#:\\n]+):[a-z0-9-]+:(?<line>[0-9]+)$"
      zones   = ["code", "string", "prose"]
    }
    let "place" { path = "path" }
    let "number" { path = "line" }
  }
  # Behind the credential itself, as gitleaks and detect-secrets have it.
  from {
    select "text" {
      words   = ["gitleaks:allow", "pragma: allowlist secret", "pragma: whitelist secret"]
      matches = "(?<at>gitleaks:allow|pragma: (?:allow|white)list secret)\\b"
      zones   = ["comment"]
    }
    let "place" { text = "{file}" }
    let "number" { text = "{line}" }
  }
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
  # Most things have neither, and are asked no more.
  where { path = ["count", "for_each"] }
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
    files   = ["**/*.{tf,tf.json}"]
    words   = ["sealed-*.yaml"]
    matches = "(?<deep>/)?sealed-\\*\\.yaml"
    zones   = ["string"]
  }
  let "place" { text = "{stack}" }
  let "source" { text = "{file}" }
  # Beside the code, or as a longer path says.
  let "directory" {
    path    = "source"
    capture = "^(?<value>.*)/[^/]+$"
  }
  let "elsewhere" {
    path    = "deep"
    default = "no"
  }
}

# The environment variables that are made one by one, and what they are made of.
gather "env_loops" {
  label = "it becomes the value here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["dynamic \"env\"", "dynamic  "]
    matches = "\\bdynamic\\s+\"env\"\\s*\\{\\s*(?<at>for_each)\\s*=(?<over>(?:[^{}]|\\{(?:[^{}]|\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*\\})*\\})*?)\\bcontent\\s*\\{[^{}]*\\bvalue\\s*=[^\\n]*\\b\\w+\\.value\\b"
  }
  let "keys" { text = "{over}" }
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
      text = "var.{name}"
      like = param.secret_variables
    }
    let "place" { text = "{module}" }
    let "root" { text = "var" }
    let "named" { text = "{name}" }
  }
  from {
    select "block" { type = "locals" }
    # Most blocks have none, and need not be evaluated.
    where {
      refers_to = [param.secret_values, param.secret_variables, "sensitive.var.*"]
      through   = true
    }
    let "place" { text = "{module}" }
    let "root" { text = "local" }
    each "entry" { path = "[*]" }
    where {
      any {
        all {
          path      = "entry"
          refers_to = [param.secret_values, param.secret_variables]
          through   = true
          asked     = false
        }
        all {
          all {
            path      = "entry"
            refers_to = ["sensitive.var.*"]
            through   = true
            asked     = false
          }
          not {
            path      = "entry"
            refers_to = param.sensitive_names
            through   = true
          }
        }
      }
    }
    let "named" { text = "{entry_key}" }
  }
}

# Every variable of a container's environment.
gather "env_values" {
  label = "it is set here"
  select "selector" { of = "kubernetes.pod" }
  each "named" { path = ["pod.containers[*].env[*].name", "pod.initContainers[*].env[*].name"] }
}

# Those whose value holds a secret, whatever it goes through.
gather "env_secrets" {
  label = "it is set here"
  select "selector" { of = "kubernetes.pod" }
  each "variable" { path = ["pod.containers[*].env[*]", "pod.initContainers[*].env[*]"] }
  where {
    path      = "variable.value"
    refers_to = [param.secret_values, param.secret_variables, "sensitive.var.*"]
    through   = true
    asked     = false
  }
  unless {
    path      = "variable.value"
    refers_to = [param.sensitive_names, "data.*.metadata.*", "random_*.length"]
    through   = true
  }
  let "named" { path = "variable.name" }
}
