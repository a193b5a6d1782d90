summary = "pipelines, and the shell in them"

# Pipelines that apply with the wrapper, and workflows outside of the cluster that build the images.
applies_when {
  file {
    path     = "scripts/tg"
    contains = "terragrunt"
  }
  file {
    path     = ".woodpecker/*.{yml,yaml}"
    contains = "scripts/tg"
  }
  file {
    path     = ".github/workflows/*.{yml,yaml}"
    contains = "ghcr.io/"
  }
}

params {
  # The pipelines, in which `$${NAME}` is filled in before a shell reads it.
  pipelines = [".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}"]

  # Where else shell stands that decides what is applied.
  scripts = ["scripts/**"]

  # Where commands stand that run by themselves, and those that change the cluster behind Terraform's back.
  automation = [
    "scripts/**", ".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}", ".github/workflows/*.{yml,yaml}",
    ".github/actions/**/action.{yml,yaml}", "ci/**",
  ]

  # What lies beside scripts and only tells of commands: settings and documents.
  telling_files = ["**/*.{json,md,txt}"]

  # Where images are built.
  workflows = [".github/workflows/*.{yml,yaml}"]

  # Steps that workflows share: composite actions.
  actions = [".github/actions/**/action.{yml,yaml}", "action.{yml,yaml}"]

  # The branches from which images are built where no pipeline says for which branch it is, and the platform of the cluster.
  main_branches = ["main", "master"]
  platform      = "linux/amd64"

  # What only starts another program, which stands among its words.
  starters = ["sudo", "env", "timeout", "nice", "nohup", "time", "exec", "command", "xargs", "ssh", "doas", "flock", "setsid", "stdbuf", "ionice", "parallel", "retry"]

  # What is given the text of a command.
  shells = ["sh", "bash", "ash", "dash", "su", "eval"]

  # A change of the cluster, behind another program: `sudo kubectl apply`, `ssh host "helm upgrade x"`.
  given_change = "(?:^|[\\s;&|(/])(?:kubectl(?: +-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)* +(?:apply|edit|patch|set|scale|delete)|helm(?: +-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)* +(?:upgrade|install))(?:\\s|$)"

  # What builds images, as the image of a step and as a command.
  build_plugins  = "(?:^|/)(?:plugins/(?:docker|kaniko)|plugin-docker-buildx|plugin-kaniko|kaniko(?:-project/executor)?|buildah|moby/buildkit|drone-docker)(?:[:@/]|$)"
  build_commands = ["docker", "docker-compose", "podman", "buildah", "nerdctl", "img", "executor", "buildctl", "buildctl-daemonless.sh", "ko", "pack"]
  build_programs = "(?:^|/)(?:docker|docker-compose|podman|buildah|nerdctl|img|executor|buildctl|buildctl-daemonless\\.sh|ko|pack)$"
  build_words    = ["build", "buildx", "bake", "bud", "commit", "--build", "--destination", "--destination=*"]

  # What else they do, whatever is said to the program that they start.
  build_others = ["run", "exec", "create", "imagetools", "inspect", "ls", "prune", "use", "rm", "version"]

  # Actions that delete old images, each with the input that says how many stay; and how many must.
  clean_ups     = { "actions/delete-package-versions" = "min-versions-to-keep" }
  kept_versions = 10

  # Templates of workflows that build images.
  build_templates = ["scripts/**/build.{yml,yaml}.tmpl"]

  # Templates of pipelines that roll out what was built elsewhere.
  deploy_templates = ["scripts/**/deploy.{yml,yaml}.tmpl"]

  # The repository that only mirrors: what is pushed there is overwritten.
  mirror = "(?i)github\\.com[:/]+ViktorBarzin/infra(?:\\.git)?/?$"

  # What an address has in it that leads there, whatever stands before that.
  mirror_parts = ["@github.com/ViktorBarzin/infra.git", "@github.com/viktorbarzin/infra.git"]

  # Where it is pushed to instead.
  canonical = "https://forgejo.viktorbarzin.me/viktor/infra.git"

  # What calls Terragrunt with the address of the state, from the root of the repo.
  wrapper = "scripts/tg"

  # What Woodpecker says of the repo, the commit, the pipeline and the step, in any of its versions; other names of these families are
  # nobody's.
  variable_families = "^CI_(?:REPO|COMMIT|PIPELINE|WORKFLOW|STEP)_"
  known_variables   = "^CI_(?:REPO_(?:OWNER|NAME|REMOTE_ID|REMOTE|SCM|LINK|URL|CLONE_URL|CLONE_SSH_URL|DEFAULT_BRANCH|PRIVATE|TRUSTED(?:_NETWORK|_VOLUMES|_SECURITY)?)|COMMIT_(?:SHA|REF|REFSPEC|URL|LINK|BRANCH|SOURCE_BRANCH|TARGET_BRANCH|TAG|PULL_REQUEST(?:_LABELS|_MILESTONE)?|MESSAGE|AUTHOR(?:_EMAIL|_AVATAR|_NAME)?|PRERELEASE)|PIPELINE_(?:NUMBER|PARENT|EVENT|EVENT_REASON|URL|LINK|FORGE_URL|DEPLOY_TARGET|DEPLOY_TASK|STATUS|CREATED|STARTED|FINISHED|FILES|AUTHOR|AVATAR|TITLE)|WORKFLOW_(?:NAME|NUMBER)|STEP_(?:NAME|NUMBER|TYPE|STATUS|STARTED|FINISHED|URL))$"

  # What makes the pipeline pass over a commit, and whose commits may say so, as globs on addresses.
  skip_marker = "(?i)\\[(?:ci[ -]skip|skip[ -]ci)\\]"
  may_skip    = ["vbarzin@gmail.com", "viktorbarzin@meta.com", "*@*.woodpecker.svc.cluster.local", "ci@viktorbarzin.me", "me@viktorbarzin.me", "viktor@viktorbarzin.me", "*[bot]@users.noreply.github.com"]

  # The documents that list every pipeline.
  rosters = ["docs/architecture/ci-cd.md"]

  # Kinds of objects whose operator rolls their workloads, by the names of the objects.
  operated      = ["Cluster", "InnoDBCluster", "Prometheus", "Alertmanager", "RedisFailover", "Kafka", "Elasticsearch"]
  operated_apis = ["postgresql.cnpg.io/*", "mysql.oracle.com/*", "monitoring.coreos.com/*", "databases.spotahome.com/*", "kafka.strimzi.io/*", "elasticsearch.k8s.elastic.co/*"]

  # The same APIs as they begin in YAML that a command applies.
  operated_groups = ["postgresql.cnpg.io", "mysql.oracle.com", "monitoring.coreos.com", "databases.spotahome.com", "kafka.strimzi.io", "elasticsearch.k8s.elastic.co"]

  # Where somebody is told to restart something by hand.
  runbooks = ["docs/runbooks/*.md"]

  # What kubectl does to the cluster, and what else it may do.
  kubectl_changes = ["apply", "edit", "patch", "set", "scale", "delete"]
  kubectl_other   = ["exec", "get", "wait", "logs", "cp", "run", "describe", "rollout", "create", "annotate", "label", "taint", "cordon", "uncordon", "drain", "config", "auth", "port-forward"]

  # The image of the pipelines, and how a pipeline fetches a tool of its own.
  tool_images   = ["ci/Dockerfile"]
  tool_words    = ["dl.k8s.io/", "kubernetes-release/", "releases.hashicorp.com/", "/releases/download/"]
  tool_download = "(?:(?:dl\\.k8s\\.io|storage\\.googleapis\\.com/kubernetes-release)/(?:release/)?v|releases\\.hashicorp\\.com/[a-z]+/|gruntwork-io/terragrunt/releases/download/v)(?<at>(?<release>\\d+(?:\\.\\d+)+))/(?:bin/[a-z]+/[a-z0-9]+/)?(?<tool>kubectl|kubeadm|terraform|terragrunt|vault)(?:_|\\b)"
}

# What decides whether a pipeline runs: `when` is one condition, or a list of them. `[0]` of the one is itself.
selector "condition" {
  select "file" { files = param.pipelines }
  each "condition" { path = ["when[0]", "when[1]", "when[2]", "when[3]", "when[4]", "when[5]"] }
}

selector "step" {
  select "file" { files = param.pipelines }
  each "step" { path = "steps[*]" }
}

# Every command that a step gives, wherever in its scripts: its `commands` are a list of them, or one text.
selector "command" {
  select "file" { files = param.pipelines }
  each "step" { path = "steps[*]" }
  each "lines" { path = ["step.commands", "step.commands[*]"] }
  where {
    path    = "lines"
    matches = "\\S"
  }
  each "script" {
    path  = "lines"
    reads = "woodpecker_shell"
  }
  each "command" { path = "script.commands[*]" }
}

# The commands in what one of them gives to another shell, here or on another host: `sh -c "…"`, `ssh host "…"`.
selector "given_command" {
  select "file" { files = param.pipelines }
  each "step" { path = "steps[*]" }
  each "lines" { path = ["step.commands", "step.commands[*]"] }
  where {
    path    = "lines"
    matches = "\\S"
  }
  each "script" {
    path  = "lines"
    reads = "woodpecker_shell"
  }
  each "outer" { path = "script.commands[*]" }
  where {
    path    = "outer.name"
    matches = "(?:^|/)(?:(?:ba|da|a)?sh|ssh|su|eval)$"
  }
  # One word is no command that is asked about: the host, and options.
  each "given" { path = "outer.words[*]" }
  unless {
    certain {
      path    = "given"
      matches = "^\\S*$"
    }
  }
  each "inner" {
    path  = "given"
    reads = "shell"
  }
  each "command" { path = "inner.commands[*]" }
}

# Every command that is run, with the name of its program without the way to it. One that only starts another (`sudo`, `env`) has the
# words of that.
gather "calls" {
  label = "it is called here"
  from {
    select "selector" { of = "command" }
  }
  from {
    select "selector" { of = "given_command" }
  }
  let "program" {
    path    = "command.name"
    capture = "[^/]+$"
  }
  let "command" { path = "command" }
  let "step" { path = "step" }
}

# Templates that say when their pipeline starts, or in which something that is filled in above the steps may say it.
gather "timed_templates" {
  label = "it says when it starts"
  from {
    select "text" {
      files   = param.deploy_templates
      words   = ["when"]
      matches = "(?m)^(?P<at>when) *:"
    }
  }
  from {
    select "text" {
      files   = param.deploy_templates
      words   = ["{{"]
      matches = "\\A(?s:.)*?(?P<at>\\{\\{)(?s:.)*?\\nsteps *:"
    }
  }
}

# Commands as the pipeline has them, each with its text; and what was to be one, and is a key with a value to YAML.
gather "commands" {
  label = "the command stands here"
  from {
    select "file" { files = param.pipelines }
    each "script" { path = ["steps[*].commands", "steps[*].commands[*]"] }
    where {
      path    = "script"
      matches = "\\S"
    }
    let "text" { path = "script" }
  }
  from {
    select "file" { files = param.pipelines }
    each "entry" { path = "steps[*].commands[*][*]" }
    let "text" { text = "{entry_key}: {entry}" }
  }
}

# Where something is pushed to, as it is written: each word of the command, without quotes and what marks a variable.
gather "push_words" {
  label = "it is pushed here"
  select "text" {
    files   = param.automation
    words   = ["push"]
    matches = "\\bgit(?:(?:[ \\t]|\\\\\\r?\\n)+-{1,2}[\\w-]+(?:[= ][^\\s-]\\S*)?)*(?:[ \\t]|\\\\\\r?\\n)+push\\b(?P<at>(?P<words>(?:\\\\\\r?\\n|[^\\n|;&#])*))"
    zones   = ["code", "string"]
  }
  each "word" {
    path  = "words"
    split = " "
  }
  let "pushed" {
    path    = "word"
    capture = "^[\"']?(?:\\$+\\{?)?(?<value>[A-Za-z_][\\w.-]*)"
  }
}

# Where pipelines name the repository that only mirrors as what is pushed to: in the command, as a remote, or in a variable.
gather "mirror_pushes" {
  label = "it is pushed here"
  from {
    select "row" { of = "calls" }
    where {
      path   = "program"
      equals = "git"
    }
    where {
      any {
        all {
          path   = ["command.words[1]", "command.words[2]"]
          one_of = ["push", "set-url"]
        }
        all {
          all {
            path   = "command.words[1]"
            one_of = ["-C", "-c"]
          }
          all {
            path   = ["command.words[3]", "command.words[4]"]
            one_of = ["push", "set-url"]
          }
        }
        # As a setting: `git config remote.NAME.url …`.
        all {
          all {
            path   = ["command.words[1]", "command.words[3]"]
            equals = "config"
          }
          all {
            path    = "command.words[*]"
            matches = "^remote\\.[^=]+\\.(?:push)?url$"
          }
        }
      }
    }
    each "target" { path = "command.words[*]" }
  }
  from {
    select "row" { of = "calls" }
    where {
      path   = "program"
      equals = "git"
    }
    where {
      path   = ["command.words[1]", "command.words[3]"]
      equals = "remote"
    }
    where {
      path   = ["command.words[2]", "command.words[4]"]
      equals = "add"
    }
    each "target" { path = "command.words[*]" }
    each "remote" { path = "command.words[*]" }
    where {
      exists {
        in    = "push_words"
        match = { file = "{file}", pushed = "{remote}" }
      }
    }
  }
  from {
    select "selector" { of = "step" }
    each "lines" { path = ["step.commands", "step.commands[*]"] }
    where {
      path    = "lines"
      matches = "\\S"
    }
    each "script" {
      path  = "lines"
      reads = "woodpecker_shell"
    }
    each "assignment" { path = "script.assignments[*]" }
    let "remote" { path = "assignment.name" }
    let "target" { path = "assignment.value" }
    where {
      exists {
        in    = "push_words"
        match = { file = "{file}", pushed = "{remote}" }
      }
    }
  }
  from {
    select "selector" { of = "step" }
    each "entry" { path = "step.environment[*]" }
    let "remote" { text = "{entry_key}" }
    let "target" { path = "entry" }
    where {
      exists {
        in    = "push_words"
        match = { file = "{file}", pushed = "{remote}" }
      }
    }
  }
  where {
    any {
      all {
        path    = "target"
        matches = param.mirror
      }
      # Also behind a token that a variable holds.
      all {
        path     = "target"
        contains = param.mirror_parts
      }
    }
  }
}

# The pipelines that roll out an image.
gather "rollouts" {
  label = "the image is rolled out here"
  select "row" { of = "calls" }
  where {
    path   = "program"
    one_of = ["kubectl", param.starters]
  }
  where {
    path    = "command.words[*]"
    matches = "(?:^|/)kubectl$"
  }
  where {
    path   = "command.words[*]"
    equals = "set"
  }
  where {
    path   = "command.words[*]"
    equals = "image"
  }
  # The step itself runs by hand only.
  unless {
    path     = "step.when.event"
    contains = "manual"
  }
  let "step" { path = "step.name" }
}

# The image in which stacks are planned and applied.
gather "appliers" {
  label = "this step runs the same tools"
  select "selector" { of = "command" }
  where {
    path    = "command.name"
    matches = "(?:^|/)(?:tg|terragrunt)$"
  }
  let "image" { path = "step.image" }
}

# The wrapper, where the repo has it.
gather "wrapper" {
  label = "the wrapper is here"
  select "text" {
    files   = [param.wrapper]
    words   = ["terragrunt"]
    matches = "\\bterragrunt\\b"
  }
}

# The branches that pipelines are for.
gather "pipeline_branches" {
  label = "the pipeline is for this branch"
  select "file" { files = param.pipelines }
  each "branch" { path = ["when.branch", "when.branch[*]", "when[*].branch", "when[*].branch[*]"] }
  where {
    path   = "branch"
    one_of = param.main_branches
  }
}

# The branch of the repo: that of its pipelines, or else one of the usual.
gather "main_branches" {
  label = "the pipelines are for this branch"
  from {
    select "row" { of = "pipeline_branches" }
    let "branch" { path = "branch" }
  }
  from {
    select "repo" {}
    unless {
      exists { in = "pipeline_branches" }
    }
    each "branch" { texts = param.main_branches }
  }
}

# What builds images outside of the cluster.
gather "outside_builds" {
  label = "this builds an image outside of the cluster"
  select "file" { files = [param.workflows, param.actions] }
  each "action" { path = ["jobs.*.steps[*].uses", "runs.steps[*].uses"] }
  where {
    path    = "action"
    matches = "^docker/build-push-action@"
  }
}

# Where images can be built: what a build reads first.
gather "dockerfiles" {
  label = "an image can be built here"
  select "file" {
    files = ["**/Dockerfile*", "**/*.{Dockerfile,dockerfile}", "**/Containerfile*"]
    reads = "text"
  }
  let "path" { text = "{file}" }
}

# The pipelines that somebody has listed.
gather "roster" {
  label    = "the list of pipelines"
  expected = true
  select "text" {
    files   = param.rosters
    words   = [".woodpecker/"]
    matches = "(?P<at>(?P<listed>\\.woodpecker/[\\w.-]+\\.ya?ml))"
    zones   = ["prose", "code"]
  }
}

gather "stack_files" {
  label = "the stack stands here"
  select "file" { files = ["stacks/*/terragrunt.{hcl,hcl.json}"] }
}

gather "operated" {
  label = "its operator rolls it"
  from {
    select "object" {
      kinds = param.operated
      api   = param.operated_apis
    }
    let "named" { path = "metadata.name" }
  }
  # What its operator calls by the kind as well.
  from {
    select "object" {
      kinds = ["Prometheus"]
      api   = param.operated_apis
    }
    let "object" { path = "metadata.name" }
    let "named" { text = "prometheus-{object}" }
  }
  from {
    select "object" {
      kinds = ["Alertmanager"]
      api   = param.operated_apis
    }
    let "object" { path = "metadata.name" }
    let "named" { text = "alertmanager-{object}" }
  }
  # Applied by a command.
  from {
    select "text" {
      files   = ["**/*.tf", "**/*.{tpl,tftpl,yaml,yml,sh}"]
      words   = param.operated_groups
      matches = "apiVersion:[ \\t]*[\"']?(?<group>[\\w.-]+)/\\w+[\"']?[ \\t]*\\n[ \\t]*kind:[ \\t]*(?<kind>\\w+)[ \\t]*\\n[ \\t]*metadata:[ \\t]*\\n[ \\t]*name:[ \\t]*[\"']?(?<at>(?<named>[\\w.-]+))"
    }
    where {
      text   = "{group}"
      one_of = param.operated_groups
    }
    where {
      text   = "{kind}"
      one_of = param.operated
    }
    let "named" { text = "{named}" }
  }
}

# What a pipeline is started by, goes through and copies: `place` says which.
gather "synced" {
  label = "it stands here"
  from {
    select "file" { files = param.pipelines }
    each "path" { path = "when.path.include[*]" }
    let "file_name" {
      path    = "path"
      capture = "[^/]+$"
    }
    let "place" { text = "trigger" }
  }
  from {
    select "file" { files = param.pipelines }
    each "lines" { path = ["steps[*].commands", "steps[*].commands[*]"] }
    where {
      path    = "lines"
      matches = "\\S"
    }
    each "script" {
      path  = "lines"
      reads = "woodpecker_shell"
    }
    each "file_name" { path = "script.loops[*].words[*]" }
    let "place" { text = "loop" }
  }
  from {
    select "selector" { of = "command" }
    where {
      path   = "command.name"
      one_of = ["scp", "rsync"]
    }
    each "path" { path = "command.words[*]" }
    where {
      path    = "path"
      matches = "^[\\w.][^:=]*/[^:]*$"
    }
    let "file_name" {
      path    = "path"
      capture = "[^/]+$"
    }
    let "place" { text = "copy" }
  }
}

# What the shell of a pipeline sets by itself. `X="$${X:-…}"` only takes over what the pipeline sets.
gather "assigned" {
  label = "the shell sets it here"
  from {
    select "text" {
      files   = param.pipelines
      words   = ["="]
      matches = "(?m)(?:^|[;&|()!]|\\{\\s|- [\"']?|\\b(?:then|do|else|if|elif|while|until)\\b)\\s*(?:(?:let|export|local|readonly|declare|typeset)(?: +-\\w+)* +)?(?P<at>(?P<named>[A-Za-z_]\\w*)(?:\\[[^\\]\\n]*\\])?[-+*/]?=)(?P<value>[^\\n;&|]*)"
      zones   = ["code", "string"]
    }
    unless {
      text     = "{value}"
      contains = "$${{{named}"
    }
    let "name" { text = "{named}" }
  }
  # Behind another one.
  from {
    select "text" {
      files   = param.pipelines
      words   = ["="]
      matches = "(?m)(?:^|[;&|()!]|\\{\\s|- [\"']?|\\b(?:then|do|else|if|elif|while|until)\\b)\\s*(?:(?:let|export|local|readonly|declare|typeset)(?: +-\\w+)* +)?(?:[A-Za-z_]\\w*=(?:\"[^\"\\n]*\"|'[^'\\n]*'|[^\\s;&|\"'$]*) +)+(?P<at>(?P<named>[A-Za-z_]\\w*)=)(?P<value>[^\\n;&|]*)"
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
      words   = ["for ", "read ", "getopts ", "select "]
      matches = "\\b(?:for|select|getopts +\\S+|(?:while|until) +(?:IFS=\\S* +)?read(?: +-\\w+)*(?: +[A-Za-z_]\\w*)*) +(?P<at>(?P<named>[A-Za-z_]\\w*))(?: +in\\b| *;|\\n|$)"
      zones   = ["code", "string"]
    }
    let "name" { text = "{named}" }
  }
  # What is read or printed into a variable, where a command begins.
  from {
    select "text" {
      files   = param.pipelines
      words   = ["read ", "mapfile ", "readarray ", "printf "]
      matches = "(?m)(?:^|[;&|({]|- [\"']?|\\b(?:then|do|else|if|while|until)\\b)\\s*(?:IFS=\\S* +)?(?:(?:read|mapfile|readarray)(?: +-\\w+)*|printf +-v) +(?P<at>(?P<named>[A-Za-z_]\\w*))(?: *[<;\"']| +[^\\n]|$)"
      zones   = ["code", "string"]
    }
    let "name" { text = "{named}" }
  }
}

# What a pipeline gives its steps itself.
gather "given_variables" {
  label = "it is given here"
  from {
    select "file" { files = param.pipelines }
    each "entry" { path = ["environment[*]", "steps[*].environment[*]", "matrix[*]", "matrix.include[*][*]"] }
    let "name" { text = "{entry_key}" }
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

# The pipelines that hold what they fetch against a checksum.
gather "checksums" {
  label = "it is checked here"
  select "text" {
    files   = param.pipelines
    words   = ["sum"]
    matches = "\\b(?:sha\\d+sum|md5sum|shasum|checksum)\\b"
    zones   = ["code", "string"]
  }
  let "checked" { text = "{file}" }
}

# The statuses that steps of pipelines keep of commands, and those that they end with or compare once more.
gather "kept_statuses" {
  label = "the status is kept here"
  select "text" {
    files   = param.pipelines
    words   = ["=$?"]
    matches = "(?m)(?<at>\\b(?<status>[A-Za-z_]\\w*)=\\$\\?)"
    zones   = ["code"]
  }
  let "pipeline" { text = "{file}" }
}

gather "passed_statuses" {
  label = "the status is passed on here"
  select "text" {
    files   = param.pipelines
    words   = ["exit ", "return "]
    matches = "(?m)(?:^|[;&|{]|\\b(?:then|else|do))[ \\t]*(?:exit|return)[ \\t]+\"?\\$\\{?(?<status>[A-Za-z_]\\w*)"
    zones   = ["code"]
  }
  let "pipeline" { text = "{file}" }
}

# Pipelines that fetch all of the commit at once.
gather "whole_clones" {
  label = "another pipeline fetches all at once"
  select "file" {
    files = param.pipelines
    words = ["partial"]
  }
  let "partial" { path = ["clone.git.settings.partial", "clone[*].settings.partial"] }
  where {
    path   = "partial"
    equals = false
  }
}
