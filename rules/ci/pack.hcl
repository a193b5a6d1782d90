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
