summary = "shell that is written inside Terraform"

applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
}

params {
  # A command that installs packages: where a command begins, and in no comment.
  install_command = "(?m)^(?:(?:[^#\\n]|\\S#)*?(?:[;&|({{`]|\\b(?:then|do|else|if|while|sudo|exec)\\b))?\\s*(?:\\w+=\\S*\\s+)*(?P<value>(?:\\S*/)?(?:apk|apt|apt-get|dnf|microdnf|yum|zypper|pip|pip3|python3? -m pip|uv pip|npm|pnpm|yarn|gem)(?: -\\S+)* (?:add|install|i|ci)(?: [^\\n;&|>]*[^\\n;&|>\\s\\\\])?)(?:[\\s;&|>)`]|$)"
}

# The scripts in config maps that install packages, each at the command that does.
gather "installing_scripts" {
  label = "installed here"
  select "object" { kinds = ["ConfigMap"] }
  let "named" { path = "metadata.name" }
  let "namespace" {
    path    = "metadata.namespace"
    default = "default"
  }
  each "script" { path = "data[*]" }
  where {
    text    = "{script_key}"
    matches = "\\.(?:sh|bash|ash)$"
  }
  let "run_by" { text = "*{script_key}*" }
  let "install" {
    path    = "script"
    capture = param.install_command
  }
  where {
    path    = "install"
    present = true
  }
}
