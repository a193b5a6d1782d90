summary = "pipelines, and the shell in them"

applies_when {
  file {
    path = ".woodpecker/*.{yml,yaml}"
  }
}

applies_when {
  file {
    path = ".woodpecker.{yml,yaml}"
  }
}

params {
  # The pipelines, in which `$${NAME}` is filled in before a shell reads it.
  pipelines = [".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}"]

  # Where else shell stands that decides what is applied.
  scripts = ["scripts/**"]

  # Where commands stand that run by themselves, and those that change the cluster behind Terraform's back.
  automation = ["scripts/**", ".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}", ".github/workflows/*.{yml,yaml}", "ci/**"]

  # The image of the pipelines, and how a pipeline fetches a tool of its own.
  tool_images   = ["ci/Dockerfile"]
  tool_words    = ["dl.k8s.io/release/", "releases.hashicorp.com/"]
  tool_download = "(?:dl\\.k8s\\.io/release/v|releases\\.hashicorp\\.com/[a-z]+/)(?<at>(?<release>\\d+(?:\\.\\d+)+))/(?:bin/[a-z]+/[a-z0-9]+/)?(?<tool>kubectl|kubeadm|terraform|vault)\\b"
}

# What the shell of a pipeline sets by itself. `X="$${X:-…}"` only takes over what the pipeline sets.
gather "assigned" {
  label = "the shell sets it here"
  from {
    select "text" {
      files   = param.pipelines
      words   = ["="]
      matches = "(?m)(?:^|[;&|(]|- [\"']?|\\b(?:then|do|else)\\b)\\s*(?:(?:export|local|readonly) +)?(?P<at>(?P<named>[A-Za-z_]\\w*)=)(?P<value>[^\\n;]*)"
      zones   = ["code", "string"]
    }
    unless {
      text     = "{value}"
      contains = "$${{{named}"
    }
    let "name" { text = "{named}" }
  }
  from {
    select "text" {
      files   = param.pipelines
      words   = ["for ", "read "]
      matches = "\\b(?:for|while +(?:IFS=\\S* +)?read(?: +-\\w+)*) +(?P<at>(?P<named>[A-Za-z_]\\w*))(?: +in\\b| *;|\\n)"
      zones   = ["code", "string"]
    }
    let "name" { text = "{named}" }
  }
}

# The tools that the image of the pipelines is built with.
gather "tools" {
  label = "the image of the pipelines has it from here"
  select "file" {
    files = param.tool_images
    reads = "dockerfile"
  }
  each "argument" { path = "arguments[*]" }
  each "known" {
    texts = { kubectl = "KUBECTL_VERSION", terraform = "TERRAFORM_VERSION", vault = "VAULT_VERSION", terragrunt = "TERRAGRUNT_VERSION" }
  }
  where {
    path   = "argument.name"
    equals = "{known_value}"
  }
  let "tool" { text = "{known}" }
  let "release" { path = "argument.value" }
}
