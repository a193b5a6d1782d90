summary = "container images and the registries they come from"

applies_when {
  file {
    path     = "**/*.{tf,tf.json}"
    contains = "\"require-trusted-registries\""
  }
}

applies_when {
  file {
    path     = "**"
    contains = "forgejo.viktorbarzin.me"
  }
}

applies_when {
  file {
    path     = "**"
    contains = "registry.viktorbarzin.me"
  }
}

params {
  # Pipelines whose steps run as pods of the cluster.
  pipelines = [".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}"]

  # Gone for good: nothing answers there. The `registry` pack reads this list too.
  retired_registries = [
    { host = "registry.viktorbarzin.me", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin/{name}" },
    { host = "10.0.20.10:5050", since = "2026-05-07", replacement = "ghcr.io/viktorbarzin/{name}" },
  ]

  # Emptied, and alive as a git host.
  frozen_registries = [
    { host = "forgejo.viktorbarzin.me", since = "2026-06-13", replacement = "ghcr.io/viktorbarzin/{name}" },
  ]

  # The name of an image there, with its tag and without a scheme: no address of a repository of code looks so.
  frozen_words = ["forgejo.viktorbarzin.me/"]
  frozen_image = "(?:^|[^/@\\w.:-])(?<at>(?<registry>forgejo\\.viktorbarzin\\.me/[\\w.-]+)/(?<image>[\\w.-]+(?:/[\\w.-]+)*)):[\\w$]"

  # Files of code in which such a name is handed on.
  passing_files  = ["**/*.{tf,tf.json,tpl,tftpl,yaml,yml,json,py,sh,bash,env,go,ini,conf,cfg}", "scripts/**"]
  passing_except = ["docs/**", "**/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*", "scripts/forgejo-migrate-orphan-images.sh", "**/*.example"]

  # Where old names may stand: the settings that list them, what says of itself that it is history, the runbooks for
  # working without the replacement, one-shot migrations that name the old place and the new one, and samples that
  # nothing reads.
  exempt_files = [
    "tautline.hcl",
    "docs/plans/**",
    "docs/post-mortems/**",
    "**/20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]-*",
    "CHANGELOG.md",
    "docs/runbooks/forgejo-registry-breakglass.md",
    "scripts/forgejo-migrate-orphan-images.sh",
    "**/*.example",
  ]

  # The admission policies whose patterns say which images may run.
  trust_policies = ["require-trusted-registries"]

  # Of the registries above, the hosts.
  dead_registries = ["registry.viktorbarzin.me", "forgejo.viktorbarzin.me"]

  # Images that are our own, wherever they were pushed to, and the registry they belong on.
  own_images   = ["viktorbarzin/*", "*/viktorbarzin/*"]
  own_registry = "ghcr.io/viktorbarzin"

  # The files of our builds, and how they name that registry.
  own_build_files   = [".github/workflows/*", ".github/actions/**"]
  own_build_pattern = "ghcr\\.io/(?i:viktorbarzin)\\b"

  # The same of the registry that they went to before it was frozen: what a pipeline pushes.
  frozen_build_files   = [".github/workflows/*", ".github/actions/**", ".woodpecker/*"]
  frozen_build_words   = ["forgejo.viktorbarzin.me/viktor/"]
  frozen_build_pattern = "(?m)^\\s*forgejo\\.viktorbarzin\\.me/viktor/"

  # Images that float on purpose: a client that has no other tag any more, and what our own pipelines roll by digest.
  floating_images = ["bitnami/kubectl:*", "*/bitnami/kubectl:*", "ghcr.io/passionprojectsanca/*"]

  # Tags that say which branch was built, and not which version.
  moving_tags = "latest|edge|nightly|canary|rolling|unstable|snapshot|dev|devel|develop|development|main|master|trunk"

  # The annotation of a pod that has somebody watch its floating tag, as a key of an object.
  watch_annotation = "diun.include_tags"

  # Where packages may be private, the secret that pulls those, and the policies that clone it into namespaces.
  package_registries   = ["ghcr.io/*"]
  pull_secret          = "ghcr-credentials"
  pull_secret_policies = ["sync-ghcr-credentials"]

  # The local that lists those namespaces, where the policy does not list them itself.
  pull_secret_list = "ghcr_private_namespaces"

  # The secret for the frozen registry, and what that registry served.
  frozen_pull_secret = "registry-credentials"
  frozen_images      = ["forgejo.viktorbarzin.me/*"]

  # Images that change the owner of everything that is mounted and install more when they start, and what tells them not to.
  chowning_images   = ["lscr.io/*", "linuxserver/*", "*/linuxserver/*"]
  mods_variable     = "DOCKER_MODS"
  no_chown_variable = "NO_CHOWN"

  # The storage classes of volumes that a file server holds.
  nfs_classes = ["nfs-truenas"]

  # Apps whose image is built here on somebody else's: the image it is built on, and how its release is named elsewhere.
  built_on        = { authentik = "ghcr.io/goauthentik/server" }
  built_on_files  = ["stacks/*/Dockerfile"]
  release_charts  = ["authentik"]
  release_files   = ["stacks/authentik/**/*.{yaml,yml,tpl}", ".github/workflows/*authentik*.yml", ".claude/*.md", "docs/architecture/*.md"]
  release_words   = ["authentik"]
  release_pattern = "(?m)(?:\\bauthentik-server:|^\\s*repository: \\S*authentik-server\\s+tag: \"?|\\|\\s*Authentik (?:Server|Worker)\\s*\\|\\s*)(?<at>(?<release>\\d+\\.\\d+\\.\\d+))(?<after>[^\\n]*)$"
}

# The policies that say which images may run, each at its list.
gather "trust_policies" {
  label = "required here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.trust_policies
  }
  let "policy" { path = "metadata.name" }
  each "list" { path = "spec.rules[*].validate.pattern.spec.containers[*].image" }
}

# What they admit.
gather "trusted_images" {
  label = "admitted here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.trust_policies
  }
  each "pattern" {
    path  = "spec.rules[*].validate.pattern.spec.containers[*].image"
    split = "|"
  }
}

# The namespaces that they leave alone.
gather "trust_exclusions" {
  label = "the namespace is left out here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.trust_policies
  }
  each "namespace" {
    path = ["spec.rules[*].exclude[*].resources.namespaces[*]", "spec.rules[*].exclude.resources.namespaces[*]"]
  }
}

# The images that run where they are checked.
gather "checked_images" {
  label = "refused here"
  select "image" { roles = ["container", "init_container"] }
  let "home" {
    path    = "namespace"
    default = "default"
  }
  unless {
    exists {
      in     = "trust_exclusions"
      covers = { namespace = "{home}" }
    }
  }
  let "declared_at" { text = "{module} {address}" }
  each "image" { possible = "" }
}

# Those that only tell, and refuse nothing yet.
gather "auditing_policies" {
  label = "it does not enforce here"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.trust_policies
  }
  # What a rule says wins over what the policy says.
  let "action" {
    path    = "spec.rules[*].validate.failureAction"
    default = { path = "spec.validationFailureAction" }
  }
  where {
    path    = "action"
    present = true
  }
  unless {
    path   = "action"
    one_of = ["Enforce", "enforce"]
  }
  let "policy" { path = "metadata.name" }
}

# Every image that a pod runs, as it is written.
gather "images" {
  label = "used here"
  from {
    select "image" { roles = ["container", "init_container", "helm_values"] }
    each "image" { possible = "" }
  }
  # The steps of pipelines are pods, too.
  from {
    select "file" { files = param.pipelines }
    each "image" { path = ["steps[*].image", "clone[*].image", "services[*].image"] }
  }
}

# The builds that push to the registry of our own images.
gather "own_builds" {
  label = "it is built here"
  select "text" {
    files   = param.own_build_files
    words   = ["ghcr.io/"]
    zones   = ["code", "string"]
    matches = param.own_build_pattern
  }
}

# What they push there, by its name.
gather "own_pushes" {
  label = "it is pushed here"
  select "text" {
    files   = param.own_build_files
    words   = [param.own_registry]
    zones   = ["code", "string"]
    matches = "(?P<package>${param.own_registry}/[A-Za-z0-9._/-]*[A-Za-z0-9])"
  }
}

# What runs from there.
gather "own_pulls" {
  label = "it is pulled here"
  select "image" { roles = ["container", "init_container", "helm_values"] }
  each "image" { possible = "" }
  where {
    path = "image"
    like = ["${param.own_registry}/*"]
  }
  let "package" {
    path    = "image"
    capture = "^[^:@]+"
  }
}

# Our builds that go to a registry that is frozen now.
gather "frozen_builds" {
  label = "it is built here"
  select "file" {
    files = param.frozen_build_files
    words = param.frozen_build_words
  }
  each "pushed" { path = ["**.settings.repo", "**.settings.repo[*]", "**.with.tags"] }
  where {
    path    = "pushed"
    matches = param.frozen_build_pattern
  }
}

# Claims on volumes that a file server holds.
gather "nfs_claims" {
  label = "the claim is declared here"
  select "object" { kinds = ["PersistentVolumeClaim"] }
  where {
    path   = "spec.storageClassName"
    one_of = param.nfs_classes
  }
  let "named" { path = "metadata.name" }
}

# Containers that mount one of those, or a directory of a file server by itself.
gather "nfs_mounts" {
  label = "mounted here"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  each "volume" { path = "spec.template.spec.volumes" }
  where {
    any {
      all {
        path    = "volume.nfs"
        present = true
      }
      all {
        path   = "volume.csi.driver"
        equals = param.nfs.driver
      }
      all {
        path = "volume.persistentVolumeClaim.claimName"
        in   = "nfs_claims.named"
      }
    }
  }
  each "container" { path = "spec.template.spec.containers" }
  let "of_container" { text = "{module} {address} {container_index}" }
  where {
    path   = "container.volumeMounts[*].name"
    equals = { path = "volume.name" }
  }
}

# Containers that are told to leave the owner of files as it is.
gather "not_chowning" {
  label = "told here"
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
    each "container" { path = "spec.template.spec.containers" }
    let "of_container" { text = "{module} {address} {container_index}" }
    each "variable" { path = "container.env" }
    where {
      path   = "variable.name"
      equals = param.no_chown_variable
    }
    where {
      path   = "variable.value"
      equals = true
    }
  }
  # By a ConfigMap, unless another variable wins over it.
  from {
    select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
    let "namespace" {
      path    = "metadata.namespace"
      default = "default"
    }
    each "container" { path = "spec.template.spec.containers" }
    let "of_container" { text = "{module} {address} {container_index}" }
    unless {
      path   = "container.env[*].name"
      equals = param.no_chown_variable
    }
    each "config" { path = "container.envFrom[*].configMapRef.name" }
    let "wanted" { text = param.no_chown_variable }
    let "given" {
      in     = "kubernetes.config_values"
      match  = { namespace = "{namespace}", config = "{config}", key = "{wanted}" }
      column = "value"
    }
    where {
      path   = "given"
      equals = true
    }
  }
}

# Workloads whose floating tag is watched.
gather "watched_workloads" {
  label = "the tag is watched"
  select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }
  let "annotation" { text = param.watch_annotation }
  let "declared_at" { text = "{module} {address}" }
  where {
    any {
      all {
        path    = "spec.template.metadata.annotations[\"{annotation}\"]"
        matches = "latest"
      }
      all {
        path    = "metadata.annotations[\"{annotation}\"]"
        matches = "latest"
      }
    }
  }
}

# The namespaces that get the credentials for private packages.
gather "credential_namespaces" {
  label = "the list of namespaces that get the pull secret"
  select "object" { kinds = ["ClusterPolicy"] }
  where {
    path   = "metadata.name"
    one_of = param.pull_secret_policies
  }
  each "list" { path = "spec.rules[*].match.any[*].resources.names" }
  each "namespace" { path = "list[*]" }
}

# The local that the policy takes them from.
gather "pull_secret_lists" {
  label = "the list of namespaces that get the pull secret"
  select "block" { type = "locals" }
  let "list_name" { text = param.pull_secret_list }
  let "list" { path = "{list_name}" }
  where {
    path    = "list"
    present = true
  }
}

# Pull secrets that a stack declares by itself. A secret of another type, such as a certificate, is none, whatever its name may be.
gather "own_pull_secrets" {
  label = "the pull secret is declared here"
  from {
    select "object" { kinds = ["Secret"] }
    where {
      path    = "type"
      default = "Opaque"
      one_of  = ["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"]
    }
    where {
      path   = "metadata.name"
      equals = param.pull_secret
    }
  }
  from {
    select "object" { kinds = ["ExternalSecret"] }
    let "resource" { path = "metadata.name" }
    where {
      path    = "spec.target.name"
      default = "{resource}"
      equals  = param.pull_secret
    }
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
}

# The service accounts whose pods all pull with the secret, without naming it.
gather "pulling_accounts" {
  label = "every pod of this account pulls with the secret"
  from {
    select "object" { kinds = ["ServiceAccount"] }
    where {
      path   = "imagePullSecrets.name"
      equals = param.pull_secret
    }
    let "account" { path = "metadata.name" }
  }
  from {
    select "resource" { types = ["kubernetes_default_service_account*"] }
    where {
      path   = "image_pull_secret.name"
      equals = param.pull_secret
    }
    let "account" { text = "default" }
  }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
}

# The pods that pull with the secret.
gather "private_pulls" {
  label = "pulled with the secret here"
  from {
    select "selector" { of = "kubernetes.pod" }
    where {
      path   = "pod.imagePullSecrets.name"
      equals = param.pull_secret
    }
  }
  from {
    select "row" { of = "pulling_accounts" }
    let "namespace" { path = "namespace" }
  }
}

# The packages that need the secret: each the only one of its pod that could. Beside a private package, a public one needs
# none.
gather "private_packages" {
  label = "pulled with the secret here"
  select "selector" { of = "kubernetes.pod" }
  where {
    path   = "pod.imagePullSecrets.name"
    equals = param.pull_secret
  }
  each "image" { path = ["pod.containers.image", "pod.initContainers.image"] }
  where {
    path = "image"
    like = param.package_registries
  }
  let "package" {
    path    = "image"
    capture = "^[^:@]+"
  }
  # The same package, or none of `ghcr.io`.
  where {
    path    = ["pod.containers.image", "pod.initContainers.image"]
    every   = true
    matches = "^({package}([:@]|$)|[^g]|g[^h]|gh[^c]|ghc[^r])"
  }
}

# The releases that images are built on.
gather "release_bases" {
  label = "the image is built on this"
  select "file" {
    files = param.built_on_files
    reads = "dockerfile"
  }
  each "product" { texts = param.built_on }
  let "base" { path = "stages[*].image" }
  where {
    path    = "base"
    matches = "^{product_value}:"
  }
  let "release" {
    path    = "base"
    capture = ":(?<value>\\d+(?:\\.\\d+)+)$"
  }
}

# Where else a release is named.
gather "release_copies" {
  label = "the release is named here"
  from {
    select "text" {
      files   = param.release_files
      words   = param.release_words
      zones   = ["code", "string", "prose"]
      matches = param.release_pattern
    }
    unless {
      text    = "{after}"
      matches = "\\b(?:until|was|were|before)\\b"
    }
    let "product" { text = "authentik" }
    let "at" { path = "release" }
    let "rest" {
      path    = "after"
      default = ""
    }
  }
  from {
    select "resource" { types = ["helm_release"] }
    where {
      path   = "chart"
      one_of = param.release_charts
    }
    let "product" { path = "chart" }
    let "at" { path = "version" }
    let "release" { path = "version" }
  }
}

# Of these, the parts that run: neither what pipelines push nor what documents say.
gather "running_releases" {
  label = "this part runs"
  select "row" { of = "release_copies" }
  unless {
    text = "{file}"
    like = ["*.md", ".github/*"]
  }
  let "product" { path = "product" }
  let "release" { path = "release" }
  let "line" {
    path    = "release"
    capture = "^\\d+\\.\\d+"
  }
}

# The registries that nodes are told to pull from elsewhere: containerd has a directory for each, by the name in the image.
gather "mirrors" {
  label = "the nodes are told here"
  select "text" {
    files   = ["**/*.{sh,tf,tf.json,yaml,yml,tpl,tftpl,j2}", "scripts/**"]
    except  = ["**/*.md"]
    words   = ["certs.d/"]
    matches = "certs\\.d/(?<at>(?<mirrored>[a-z0-9][a-z0-9-]*(?:\\.[a-z0-9-]+)+(?::[0-9]+)?))(?:[/\"'\\s]|$)"
    zones   = ["code", "string"]
  }
}

# The images of containers, of charts and of steps and services of pipelines whose registry has a port.
gather "ports_in_images" {
  label = "pulled here"
  from {
    select "image" {}
    each "image" { possible = "" }
  }
  from {
    select "file" { files = param.ci.pipelines }
    each "image" { path = ["steps[*].image", "services[*].image"] }
  }
  let "registry" {
    path    = "image"
    capture = "^(?<value>[a-z0-9.-]+:[0-9]+)/"
  }
  where {
    path    = "registry"
    present = true
  }
}
