summary = "shell in scripts and in Terraform code that does something else than it says"

applies_when {
  file { path = "**/*.{tf,tf.json,tofu,tofu.json}" }
  file { path = "**/*.{sh,bash}" }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "#!/"
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"-c\""
  }
}

applies_when {
  file {
    path     = "**/*.{tf,tf.json,tofu,tofu.json}"
    contains = "\"local-exec\""
  }
}

params {
  # Where scripts are, and those that whoever runs them ends at the first command that fails.
  script_files   = ["**/*.sh", "scripts/*", ".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}"]
  strict_runners = [".woodpecker.yml", ".woodpecker.yaml", ".woodpecker/*"]

  # What installs packages: a script that names none of these is not looked at command by command.
  installers = "apk|apt|apt-get|dnf|microdnf|tdnf|yum|zypper|pip3?|pipx|python3? -m pip|uv (?:pip|tool)|poetry|conda|mamba|npm|pnpm|yarn|gem|cargo|go"

  # Where a command begins, which is in no comment; what is said to them so that they install, behind options with and without
  # a word of their own; and what ends it.
  command_begins = "(?m)^(?:(?:[^#\\n]|\\S#)*?(?:[;&|({{`]|\\b(?:then|do|else|(?:if|while|until)(?:[ \\t]+!)?|(?:sudo|env|xargs)(?:[ \\t]+-\\S+)*|timeout(?:[ \\t]+-\\S+)*[ \\t]+\\d\\S*|exec)(?:[ \\t]|$)))?\\s*(?:\\w+=\\S*\\s+)*"
  install_words  = "(?:[ \\t]+(?:(?:-[acCFoptX]|--(?:arch|cache|cache-dir|cert|config-file|cwd|default-release|dir|disablerepo|enablerepo|filter|installroot|keys-dir|log|loglevel|option|prefix|proxy|python|registry|releasever|repo|repositories-file|repository|retries|root|setopt|target-release|timeout|trusted-host|userconfig|virtual|wait))[ \\t]+(?:\"[^\"\\n]*\"|'[^'\\n]*'|[^\\s;&|>\"']+)|-\\S+))*[ \\t]+(?:global[ \\t]+)?(?:add|install|i|ci)(?:[ \\t][^\\n;&|>]*[^\\n;&|>\\s\\\\])?"
  command_ends   = "(?:[\\s;&|>)`]|$)"

  # Scripts that are programs of their own, and how one says that it ends at the first command that fails.
  own_scripts     = ["**/*.{sh,bash}", "scripts/**"]
  other_languages = ["**/*.{md,py,js,mjs,php,json,yml,yaml,ini,service,timer,tmpl}"]
  strict_words    = ["set -e", "set -Ee", "set -ue", "set -xe"]

  # Programs that fail where they find nothing. Where what they find is kept and soon asked about, or is what a function ends with
  # (a pipeline, up to the brace, with no empty line in it) whose output is: no other script is read as one, which takes long. How a text says that
  # it ends at the first command that fails, also of those in front of a pipe; words by which it goes on all the same.
  searches     = ["grep", "egrep", "fgrep", "zgrep", "rg", "pgrep", "pidof", "which", "command"]
  kept_search  = "=\"?\\$\\$?\\((?:[^\\n#]|\\\\\\n)*?\\b(?:[efpz]?grep|rg|pidof|which|command)[ \\t](?:[^\\n|]|\\|[^|\\n])*\\)\"?[ \\t]*(?:\\r?\\n[^\\n]*){1,8}?[ \\t](?:-[zn][ \\t]+\"?\\$|\\$\\{?\\w+\\}?\"?[ \\t]*==?[ \\t]*\"\")"
  last_search  = "^[ \\t]*(?:function[ \\t]+)?(?<does>[A-Za-z_]\\w*)[ \\t]*\\(\\)[ \\t]*\\{[^\\n]*\\n(?:[^}\\n][^\\n]*\\n|\\n)*?[ \\t]*(?:\\|[ \\t]*)?(?:[efpz]?grep|rg|pidof|which|command)[ \\t][^\\n|]*\\|(?:[^|\\n][^\\n]*)?\\n(?:[ \\t]*[^\\n \\t}][^\\n]*\\n){0,24}?[ \\t]*\\}[ \\t]*$"
  says_strict  = "(?m)^[ \\t]*set[ \\t]+(?:-[a-zA-Z]+[ \\t]+)*-[a-zA-Z]*e"
  says_pipes   = "(?m)^[ \\t]*set[ \\t][^#\\n]*\\bpipefail"
  says_lenient = "^[ \\t]*set[ \\t]+\\+(?:[a-zA-Z]*e|o[ \\t]+(?:errexit|pipefail))"

  # Programs that write for long, by themselves or with one of these words; and what stops reading before it has read all.
  streams       = ["adb", "dmesg", "journalctl", "zcat", "gunzip"]
  asked_streams = ["kubectl", "docker", "podman", "crictl"]
  stream_words  = ["exec", "logs"]
  stop_options  = "^-[a-zA-Z]*[qm]"
  stop_programs = "(?:^|[;{])[ \\t]*exit[ \\t]*\\}"
  stop_words    = "\\b(?:adb|dmesg|journalctl|zcat|gunzip|kubectl|docker|podman|crictl)\\b(?:[^\\n|]|\\\\\\n)*\\|(?:\\s|\\\\\\n)*(?:head\\b|[efz]?grep[ \\t]+-[a-zA-Z]*[qm]|[gm]?awk\\b[^\\n]*\\bexit\\b)"

  # Programs that are called like functions.
  programs_with_underscores = ["pg_*", "mysql_*", "mariadb_*", "sqlite3_*", "crm_*", "xfs_*", "lsb_release", "sw_vers", "system_profiler", "aws_completer"]

  # Images of a shell and little more, without the registry that they come from: what they hold of the programs below.
  small_images = {
    "alpine"             = ""
    "alpine:*"           = ""
    "busybox"            = ""
    "busybox:*"          = ""
    "curlimages/curl"    = "curl openssl"
    "curlimages/curl:*"  = "curl openssl"
    "python:*-alpine*"   = "python python3 openssl"
    "node:*-alpine*"     = ""
    "redis:*-alpine*"    = ""
    "caddy:*-alpine*"    = ""
    "postgres:*-alpine*" = "bash psql pg_dump openssl"
    "nginx:*-alpine*"    = "curl openssl"

    "ghcr.io/project-osrm/osrm-backend:*" = ""
  }

  # What stands in all of their names: no other image is looked into.
  small_image_names = "alpine|busybox|curl|osrm"

  # Programs that are none of the shell's, and how packages are called that bring them: any may bring one that has nothing here.
  programs = {
    bash      = "bash"
    curl      = "curl"
    git       = "git"
    jq        = "jq"
    kubectl   = "kubectl"
    openssl   = "openssl"
    psql      = "postgresql"
    pg_dump   = "postgresql"
    mysql     = "mysql"
    mysqldump = "mysql"
    python    = ""
    python3   = ""
    rsync     = "rsync"
    ssh       = "openssh"
    scp       = "openssh"
    sqlite3   = "sqlite"
  }

  # It is installed or fetched first, or the script asks whether it is there.
  brings = "\\b(?:add|install)[ \\t](?:[^\\n;&|]|\\\\\\n)*{wanted_value}|(?:>|-\\w*[oO]|--output|\\b(?:mv|cp|ln)\\b[^\\n;&|]*|\\bchmod[ \\t]+\\S+)[ \\t=]*\\S*/{wanted}\\b|/bin/?[\"' \\t\\n;&|]|\\b(?:command -v|which|type|hash)[ \\t]+{wanted}\\b|\\b{wanted}[ \\t]*\\(\\)|\\bPATH="

  # What fetches programs, or asks for one.
  bringers = "apk|apt|apt-get|dnf|microdnf|yum|pip3?|npm|command|which|type|hash"

  # Those of them whose programs are all busybox's.
  busybox_images = "alpine|busybox|curlimages"

  # The programs that differ.
  gnu_programs = ["date", "df", "du", "find", "grep", "ls", "mktemp", "stat", "tar", "xargs"]

  # Words without which no script is read; what of a program, its words with a blank between, only GNU's understands; dates too.
  gnu_words   = "-printf|-regextype|--(?:perl-regexp|include|exclude|wildcards|transform|xform|sort=|format|output|delimiter|max-depth|suffix|time-style)|grep[^\\n]* -\\w*P|xargs -d|date [^\\n]*(?:-d|--date)[^\\n]*(?:day|week|month|year|hour|minute|ago|tomorrow)"
  gnu_options = "^(?:grep (?:-[EFGHhIiLlnoqRrsvwx]*P[A-Za-z]*|--perl-regexp|--(?:include|exclude|exclude-dir)(?:=.*)?)|find -(?:printf|regextype)|tar --(?:wildcards|(?:transform|xform|sort)(?:=.*)?|exclude-vcs)|stat --(?:printf|format)(?:=.*)?|df --output(?:=.*)?|du --max-depth(?:=.*)?|mktemp --suffix(?:=.*)?|ls --time-style(?:=.*)?)$"
  gnu_first   = "^xargs (?:-d|--delimiter)"
  gnu_dates   = "^date (?:--date=|-u?d)?(?:\\+\\d)?[^+%/]*\\b(?:(?:day|week|month|year|hour|minute)s?|ago|yesterday|tomorrow)(?: [^+%/]*)?$"

  # A package of GNU's programs is installed first.
  brings_gnu = "\\b(?:add|install)[ \\t](?:[^\\n;&|]|\\\\\\n)*(?:grep|findutils|coreutils|\\btar\\b)|/bin/?[\"' \\t\\n;&|]|\\bPATH="

  # A program that a shell gives to another one between single quotes, up to an apostrophe in a word.
  quoted_words   = ["python", "perl", "ruby", "node", "php", "awk", "jq", "sh ", "ssh", "su "]
  quoted_program = "\\b(?P<runs>python3?|perl|ruby|node|php|(?:ba|da|z)?sh|su|ssh|[gm]?awk|jq)(?:[ \\t]+[^'\\s|;&#]+)*[ \\t]+'[^']*?(?P<at>(?P<word>[A-Za-z]+'(?:t|s|re|ve|ll|d|m)))\\b"
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
  # What a document shows is many scripts.
  from {
    select "text" {
      files   = param.script_files
      except  = ["**/*.md"]
      words   = ["set -"]
      matches = "(?m)^[ \\t]*(?<at>set[ \\t]+(?:-[a-zA-Z]*e[a-zA-Z]*|-o[ \\t]+errexit\\b)(?<pipes>[ \\t]+(?:-o[ \\t]+)?pipefail)?)"
      zones   = ["code"]
    }
    let "script" { text = "{file}" }
    let "also" {
      path    = "pipes"
      default = "no"
    }
  }
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
        in      = "strict"
        match   = { script = "{file}" }
        differs = { also = "no" }
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
      matches = "(?m)(?<off>set[ \\t]+\\+e[^\\n]*\\n(?:[ \\t]*(?:[^s\\s][^\\n]*|s[^e\\n][^\\n]*|se[^t\\n][^\\n]*|se?)?\\n){0,60})?^[ \\t]*[A-Za-z_]\\w*=\\$\\([^\\n]*\\)[ \\t]*\\n[ \\t]*(?<at>(?<status>[A-Za-z_]\\w*)=\\$\\?)"
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

# What containers and steps of pipelines call in small images.
gather "small_calls" {
  label = "it is called here"
  from {
    select "selector" { of = "kubernetes.pod" }
    each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }
    let "image" {
      path    = "container.image"
      capture = "^(?:docker\\.io/)?(?:library/)?(?P<value>[^@]+)"
    }
    where {
      path    = "image"
      matches = param.small_image_names
    }
    each "holds" { texts = param.small_images }
    where {
      path = "image"
      like = "{holds}"
    }
    # What is looked for elsewhere is there from elsewhere.
    unless {
      any {
        all {
          path   = "container.env[*].name"
          equals = "PATH"
        }
        all {
          path    = "container.volumeMounts[*].mountPath"
          matches = "bin/?$"
        }
      }
    }
    each "text" { path = ["container.command[*]", "container.args[*]"] }
    # A script for a shell, or what starts the container.
    where {
      any {
        all {
          path    = ["container.command[0]", "container.args[0]"]
          matches = "(?:^|/)(?:ba|da|a)?sh$"
        }
        all {
          path   = "container.command[0]"
          equals = "{text}"
        }
      }
    }
    each "wanted" { texts = param.programs }
    where {
      path     = "text"
      contains = "{wanted}"
    }
    unless {
      text    = "{holds_value}"
      matches = "(?:^| ){wanted}(?: |$)"
    }
    unless {
      path    = ["container.command[*]", "container.args[*]"]
      matches = param.brings
    }
    each "script" {
      path  = "text"
      reads = "kubernetes_shell"
    }
    each "call" { path = "script.commands[*]" }
  }
  from {
    select "selector" { of = "ci.step" }
    let "image" {
      path    = "step.image"
      capture = "^(?:docker\\.io/)?(?:library/)?(?P<value>[^@]+)"
    }
    where {
      path    = "image"
      matches = param.small_image_names
    }
    each "holds" { texts = param.small_images }
    where {
      path = "image"
      like = "{holds}"
    }
    each "command" { path = ["step.commands", "step.commands[*]"] }
    each "wanted" { texts = param.programs }
    where {
      path     = "command"
      contains = "{wanted}"
    }
    unless {
      text    = "{holds_value}"
      matches = "(?:^| ){wanted}(?: |$)"
    }
    unless {
      path    = ["step.commands", "step.commands[*]"]
      matches = param.brings
    }
    each "script" {
      path  = "command"
      reads = "woodpecker_shell"
    }
    each "call" { path = "script.commands[*]" }
  }
  # A script that a step starts, and that fetches and copies nothing itself.
  from {
    select "file" {
      files  = param.own_scripts
      except = param.other_languages
      reads  = "text"
    }
    # Whether a step starts it comes first: to take a script apart takes longer.
    each "wanted" {
      in     = "step_scripts"
      match  = { script = "{file}" }
      column = "wanted"
    }
    let "image" {
      in     = "step_scripts"
      match  = { script = "{file}", wanted = "{wanted}" }
      column = "image"
    }
    let "whole" {
      path  = ""
      reads = "shell"
    }
    unless {
      any {
        all {
          path    = "whole.commands[*].name"
          matches = "^(?:${param.bringers})$"
        }
        certain {
          path    = ["whole.commands[*].words[*]", "whole.commands[*].redirects[*].target"]
          matches = "/bin(?:/{wanted})?$"
        }
        all {
          path   = "whole.functions[*].name"
          equals = "{wanted}"
        }
        all {
          path   = "whole.assignments[*].name"
          equals = "PATH"
        }
      }
    }
    each "call" { path = "whole.commands[*]" }
  }
  let "program" {
    path    = "call.name"
    capture = "^(?:/(?:usr/)?bin/)?(?P<value>[\\w-]+)$"
  }
  where {
    path   = "program"
    equals = "{wanted}"
  }
}

# The scripts that steps start from where the repo lies, in such an image: what it does not have, and the step does not bring.
gather "step_scripts" {
  label = "the step runs it here"
  select "selector" { of = "ci.step" }
  let "image" {
    path    = "step.image"
    capture = "^(?:docker\\.io/)?(?:library/)?(?P<value>[^@]+)"
  }
  where {
    path    = "image"
    matches = param.small_image_names
  }
  each "holds" { texts = param.small_images }
  where {
    path = "image"
    like = "{holds}"
  }
  each "command" { path = ["step.commands", "step.commands[*]"] }
  let "script" {
    path    = "command"
    capture = "(?m)^[ \\t]*(?:(?:/bin/)?(?:ba|da|a)?sh[ \\t]+(?:-[a-z]+[ \\t]+)*)?(?:\\./)?(?P<value>[\\w-][\\w./-]*\\.sh)(?:[ \\t]|$)"
  }
  where {
    path    = "script"
    present = true
  }
  unless {
    path    = ["step.commands", "step.commands[*]"]
    matches = "(?m)(?:^|[;&|])[ \\t]*cd[ \\t]"
  }
  each "wanted" { texts = param.programs }
  unless {
    text    = "{holds_value}"
    matches = "(?:^| ){wanted}(?: |$)"
  }
  unless {
    path    = ["step.commands", "step.commands[*]"]
    matches = param.brings
  }
}

# What containers and steps of pipelines say to a program of busybox that only GNU's understands.
gather "gnu_calls" {
  label = "it is called here"
  from {
    select "selector" { of = "kubernetes.pod" }
    each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }
    let "image" {
      path    = "container.image"
      capture = "^(?:docker\\.io/)?(?:library/)?(?P<value>[^@]+)"
    }
    where {
      path    = "image"
      matches = param.busybox_images
    }
    each "holds" { texts = param.small_images }
    where {
      path = "image"
      like = "{holds}"
    }
    unless {
      any {
        all {
          path   = "container.env[*].name"
          equals = "PATH"
        }
        all {
          path    = "container.volumeMounts[*].mountPath"
          matches = "bin/?$"
        }
      }
    }
    each "text" { path = ["container.command[*]", "container.args[*]"] }
    where {
      path    = ["container.command[0]", "container.args[0]"]
      matches = "(?:^|/)(?:ba|da|a)?sh$"
    }
    where {
      path    = "text"
      matches = param.gnu_words
    }
    unless {
      path    = ["container.command[*]", "container.args[*]"]
      matches = param.brings_gnu
    }
    each "script" {
      path  = "text"
      reads = "kubernetes_shell"
    }
    each "call" { path = "script.commands[*]" }
  }
  from {
    select "selector" { of = "ci.step" }
    let "image" {
      path    = "step.image"
      capture = "^(?:docker\\.io/)?(?:library/)?(?P<value>[^@]+)"
    }
    where {
      path    = "image"
      matches = param.busybox_images
    }
    each "holds" { texts = param.small_images }
    where {
      path = "image"
      like = "{holds}"
    }
    each "text" { path = ["step.commands", "step.commands[*]"] }
    where {
      path    = "text"
      matches = param.gnu_words
    }
    unless {
      path    = ["step.commands", "step.commands[*]"]
      matches = param.brings_gnu
    }
    each "script" {
      path  = "text"
      reads = "woodpecker_shell"
    }
    each "call" { path = "script.commands[*]" }
  }
  let "program" {
    path    = "call.name"
    capture = "^(?:/(?:usr/)?bin/)?(?P<value>[\\w-]+)$"
  }
  # Most calls are of none of these, and need not be looked at.
  where {
    path   = "program"
    one_of = param.gnu_programs
  }
  # After `--` there are no options.
  unless {
    path   = "call.words[*]"
    equals = "--"
  }
  # Who tries another form if this one fails knows that it may.
  unless {
    path    = "text"
    matches = "\\|\\|\\s*(?:\\w+=\"?\\$+\\()?{program}[ \\t]"
  }
  each "option" { path = "call.words[*]" }
  where {
    certain {
      any {
        all {
          text    = "{program} {option}"
          matches = param.gnu_options
        }
        # What follows the name of another program is for that one.
        all {
          all {
            text    = "{program} {option}"
            matches = param.gnu_first
          }
          all {
            path   = "call.words[1]"
            equals = "{option}"
          }
        }
        all {
          all {
            text    = "{program} {option}"
            matches = param.gnu_dates
          }
          all {
            path    = "call.words[*]"
            matches = "^(?:--date|-u?d)"
          }
        }
      }
    }
  }
}

# What a script does when it ends, by the function that does it.
gather "exit_traps" {
  label = "it runs when the script ends"
  select "text" {
    files   = param.script_files
    words   = ["trap "]
    matches = "(?m)^[ \\t]*trap[ \\t]+(?P<at>[\"']?(?P<named>[A-Za-z_]\\w*)[\"']?(?:[ \\t]+[A-Z0-9]+)*[ \\t]+(?:EXIT|0)\\b)"
    zones   = ["code"]
  }
  let "script" { text = "{file}" }
}

# Scripts that go on after a command that fails, here or there.
gather "lenient" {
  select "text" {
    files   = param.own_scripts
    words   = ["set +"]
    matches = "(?m)${param.says_lenient}"
    zones   = ["code"]
  }
  let "script" { text = "{file}" }
}

# Where a script keeps what a search finds, or a line of it may be what a function ends with.
gather "kept_searches" {
  select "text" {
    files   = param.own_scripts
    words   = param.searches
    matches = "(?m)${param.kept_search}"
    zones   = ["code"]
  }
  let "script" { text = "{file}" }
}

gather "last_searches" {
  select "text" {
    files   = param.own_scripts
    words   = param.searches
    matches = "(?m)${param.last_search}"
    zones   = ["code"]
  }
  let "script" { text = "{file}" }
}

# Scripts of their own that end at the first command that fails, as texts: `pipes` is `no` where that of a pipeline is the last one.
selector "strict_script" {
  select "file" {
    files  = param.own_scripts
    except = param.other_languages
    words  = param.strict_words
    reads  = "text"
  }
  where {
    exists {
      in    = "strict"
      match = { script = "{file}" }
    }
  }
  unless {
    exists {
      in    = "lenient"
      match = { script = "{file}" }
    }
  }
  let "pipes" {
    in      = "strict"
    match   = { script = "{file}" }
    differs = { also = "no" }
    column  = "script"
    default = "no"
  }
}

# What scripts keep of what a search finds, which they ask about in the next lines, and which ends them where it finds nothing.
gather "ending_searches" {
  label = "it ends here"
  from {
    select "selector" { of = "strict_script" }
    where {
      exists {
        in    = "kept_searches"
        match = { script = "{file}" }
      }
    }
    each "script" {
      path  = ""
      reads = "shell"
    }
    each "kept" { path = "script.assignments[*]" }
    let "does" { path = "kept" }
  }
  # By a function.
  from {
    select "selector" { of = "strict_script" }
    each "ends" {
      in     = "last_searches"
      match  = { script = "{file}" }
      column = "does"
    }
    where {
      path    = ""
      matches = "=\"?\\$\\({ends}\\b"
    }
    each "script" {
      path  = ""
      reads = "shell"
    }
    each "kept" { path = "script.assignments[*]" }
    where {
      path    = "kept.test"
      present = true
    }
    each "does" { path = "script.functions[*]" }
    where {
      path   = "kept.last.name"
      equals = { path = "does.name" }
    }
  }
  from {
    select "selector" { of = "kubernetes.pod" }
    each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }
    each "text" { path = ["container.command[*]", "container.args[*]"] }
    where {
      path    = "text"
      matches = "(?m)${param.kept_search}"
    }
    where {
      any {
        all {
          path    = "text"
          matches = param.says_strict
        }
        all {
          path    = ["container.command[*]", "container.args[*]"]
          matches = "^-[a-z]*e[a-z]*c?$"
        }
      }
    }
    let "pipes" {
      path    = "text"
      capture = param.says_pipes
      default = "no"
    }
    unless {
      certain {
        path    = "text"
        matches = "(?m)${param.says_lenient}"
      }
    }
    each "script" {
      path  = "text"
      reads = "kubernetes_shell"
    }
    each "kept" { path = "script.assignments[*]" }
    let "does" { path = "kept" }
  }
  # The runner of pipelines ends a step at the first command that fails.
  from {
    select "selector" { of = "ci.step" }
    each "text" { path = ["step.commands", "step.commands[*]"] }
    where {
      path    = "text"
      matches = "(?m)${param.kept_search}"
    }
    let "pipes" {
      path    = "text"
      capture = param.says_pipes
      default = "no"
    }
    unless {
      certain {
        path    = "text"
        matches = "(?m)${param.says_lenient}"
      }
    }
    each "script" {
      path  = "text"
      reads = "woodpecker_shell"
    }
    each "kept" { path = "script.assignments[*]" }
    let "does" { path = "kept" }
  }
  from {
    select "object" { kinds = ["ConfigMap"] }
    each "text" { path = "data[*]" }
    where {
      text    = "{text_key}"
      matches = "\\.(?:sh|bash)$"
    }
    where {
      path    = "text"
      matches = "(?m)${param.kept_search}"
    }
    where {
      path    = "text"
      matches = param.says_strict
    }
    let "pipes" {
      path    = "text"
      capture = param.says_pipes
      default = "no"
    }
    unless {
      certain {
        path    = "text"
        matches = "(?m)${param.says_lenient}"
      }
    }
    each "script" {
      path  = "text"
      reads = "shell"
    }
    each "kept" { path = "script.assignments[*]" }
    let "does" { path = "kept" }
  }
  where {
    path    = "kept.test"
    present = true
  }
  unless {
    path    = "kept.asked"
    present = true
  }
  where {
    any {
      all {
        path   = "does.last.name"
        one_of = param.searches
      }
      all {
        path   = "does.commands[*].name"
        one_of = param.searches
        not {
          text   = "{pipes}"
          equals = "no"
        }
      }
    }
  }
}

# Pipelines whose status ends the script and whose second command stops reading before the first has written all.
gather "cut_off_streams" {
  label = "it is cut off here"
  from {
    select "selector" { of = "strict_script" }
    unless {
      text   = "{pipes}"
      equals = "no"
    }
    where {
      path    = ""
      matches = param.stop_words
    }
    each "script" {
      path  = ""
      reads = "shell"
    }
    each "line" { path = ["script.assignments[*]", "script.pipelines[*]"] }
  }
  from {
    select "selector" { of = "kubernetes.pod" }
    each "container" { path = ["pod.containers[*]", "pod.initContainers[*]"] }
    each "text" { path = ["container.command[*]", "container.args[*]"] }
    where {
      path    = "text"
      matches = param.says_pipes
    }
    where {
      path    = "text"
      matches = param.says_strict
    }
    where {
      path    = "text"
      matches = param.stop_words
    }
    unless {
      certain {
        path    = "text"
        matches = "(?m)${param.says_lenient}"
      }
    }
    each "script" {
      path  = "text"
      reads = "kubernetes_shell"
    }
    each "line" { path = ["script.assignments[*]", "script.pipelines[*]"] }
  }
  unless {
    path    = "line.asked"
    present = true
  }
  each "stream" { path = "line.commands[0]" }
  where {
    any {
      all {
        path   = "stream.name"
        one_of = param.streams
      }
      all {
        all {
          path   = "stream.name"
          one_of = param.asked_streams
        }
        all {
          path   = "stream.words[*]"
          one_of = param.stream_words
        }
      }
    }
  }
  each "reader" { path = "line.commands[1]" }
  where {
    any {
      all {
        path   = "reader.name"
        equals = "head"
      }
      all {
        all {
          path   = "reader.name"
          one_of = ["grep", "egrep", "fgrep", "zgrep", "rg"]
        }
        all {
          path    = "reader.words[*]"
          matches = param.stop_options
        }
      }
      all {
        all {
          path   = "reader.name"
          one_of = ["awk", "gawk", "mawk"]
        }
        all {
          path    = "reader.words[*]"
          matches = param.stop_programs
        }
        not {
          path    = "reader.words[*]"
          matches = "\\bEND[ \\t]*\\{"
        }
      }
    }
  }
}
