summary = "shell that is written inside Terraform"

applies_when {
  file {
    path     = "scripts/tg"
    contains = "TIER0_STACKS"
  }
}

params {
  # Where scripts are, and those that whoever runs them ends at the first command that fails.
  script_files   = ["**/*.sh", "scripts/*", ".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}"]
  strict_runners = [".woodpecker.yml", ".woodpecker.yaml", ".woodpecker/*"]

  # What installs packages: a script that names none of these is not looked at command by command.
  installers = "apk|apt|apt-get|dnf|microdnf|yum|zypper|pip3?|python3? -m pip|uv pip|npm|pnpm|yarn|gem"

  # Where a command begins, which is in no comment; what is said to them so that they install; and what ends it.
  command_begins = "(?m)^(?:(?:[^#\\n]|\\S#)*?(?:[;&|({{`]|\\b(?:then|do|else|if|while|sudo|exec)\\b))?\\s*(?:\\w+=\\S*\\s+)*"
  install_words  = "(?: -\\S+)* (?:add|install|i|ci)(?: [^\\n;&|>]*[^\\n;&|>\\s\\\\])?"
  command_ends   = "(?:[\\s;&|>)`]|$)"
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
  where {
    path    = "script"
    matches = "\\b(?:${param.installers})\\b"
  }
  let "run_by" { text = "*{script_key}*" }
  let "install" {
    path    = "script"
    capture = "${param.command_begins}(?P<value>(?:\\S*/)?(?:${param.installers})${param.install_words})${param.command_ends}"
  }
  where {
    path    = "install"
    present = true
  }
}

# Scripts that end at the first command that fails: because they say so, also of commands in front of a pipe, or because of who runs them.
gather "strict" {
  label = "the script says so here"
  from {
    select "text" {
      files   = param.script_files
      words   = ["set -"]
      matches = "(?m)^[ \\t]*(?<at>set[ \\t]+-[a-zA-Z]*e[a-zA-Z]*(?<pipes>[ \\t]+(?:-o[ \\t]+)?pipefail)?)"
      zones   = ["code"]
    }
    let "script" { text = "{file}" }
    let "also" {
      path    = "pipes"
      default = "no"
    }
  }
}

gather "strict_about_pipes" {
  label = "the script says so here"
  select "row" { of = "strict" }
  unless {
    path   = "also"
    equals = "no"
  }
  let "script" { path = "script" }
}

# What fails in them, and is not meant to.
gather "fragile" {
  label = "it ends here"
  # A count of what may not be there. What `local` says of a status, it hides.
  from {
    select "text" {
      files   = param.script_files
      words   = ["grep"]
      matches = "(?m)^[ \\t]*[A-Za-z_]\\w*=(?<at>\\$\\([^()]*?\\|\\s*(?<search>grep)\\b[^|()]*\\|\\s*wc[ \\t]+-l\\s*\\))[ \\t]*$"
      zones   = ["code"]
    }
    where {
      exists {
        in    = "strict_about_pipes"
        match = { script = "{file}" }
      }
    }
  }
  from {
    select "text" {
      files   = param.script_files
      words   = ["grep -c"]
      matches = "(?m)^[ \\t]*[A-Za-z_]\\w*=(?<at>\\$\\([^()|\\n]*(?:\\|[^()|\\n]*)*?(?<search>grep[ \\t]+-[a-zA-Z]*c)\\b[^|()\\n]*\\))[ \\t]*$"
      zones   = ["code"]
    }
    where {
      exists {
        in    = "strict"
        match = { script = "{file}" }
      }
    }
  }
  from {
    select "text" {
      files   = param.script_files
      words   = ["=$?"]
      matches = "(?m)(?<off>set[ \\t]+\\+e[^\\n]*\\n(?:[^\\n]*\\n){0,3})?^[ \\t]*[A-Za-z_]\\w*=\\$\\([^\\n]*\\)[ \\t]*\\n[ \\t]*(?<at>(?<status>[A-Za-z_]\\w*)=\\$\\?)"
      zones   = ["code"]
    }
    unless {
      path    = "off"
      present = true
    }
    where {
      any {
        exists {
          in    = "strict"
          match = { script = "{file}" }
        }
        all {
          text = "{file}"
          like = param.strict_runners
        }
      }
    }
  }
}
