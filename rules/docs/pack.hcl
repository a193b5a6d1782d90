summary = "what documents say about the code, where the code can be asked"

applies_when {
  file {
    path = "docs/architecture/*.md"
  }
  file {
    path = ".claude/reference/service-catalog.md"
  }
}

applies_when {
  file {
    path     = ".claude/CLAUDE.md"
    contains = "scripts/tg"
  }
}

params {
  # Documents that say how things are.
  documents = ["*.md", ".claude/*.md", ".claude/reference/*.md", "docs/**/*.md", "stacks/**/*.md", "modules/**/*.md"]

  # Those, and the instructions that agents follow to the letter.
  followed = [
    "*.md", ".claude/*.md", ".claude/reference/*.md", ".claude/{agents,skills}/**/*.md", "docs/**/*.md", "stacks/**/*.md",
    "modules/**/*.md",
  ]

  # Documents that say how things were, or were to be.
  history = [
    "docs/plans/**", "docs/post-mortems/**", "docs/superpowers/**", "docs/research/**", "docs/adr/**", "docs/benchmarks/**",
    "**/archived/**", "**/CHANGELOG*",
  ]

  # What a path from the root begins with, and those that other repos have under such a name.
  roots     = ["stacks/", "modules/", "scripts/", "docs/", "cli/", "ci/", "playbooks/", "secrets/", "state/", ".woodpecker/", ".github/", ".claude/"]
  elsewhere = [".github/workflows/build.yml", ".github/workflows/release.yml", ".woodpecker/deploy.yml", ".woodpecker/build.yml"]

  # What tells that documents are pages of a site, made by MkDocs or Docusaurus; and plugins of MkDocs that make pages themselves, or lead
  # addresses elsewhere.
  mkdocs_files     = ["**/mkdocs.{yml,yaml}"]
  docusaurus_files = ["**/docusaurus.config.{js,ts,mjs,cjs}"]
  page_makers      = ["gen-files", "monorepo", "multirepo", "multi-repo", "redirects", "mkdocstrings", "blog", "i18n", "macros"]

  # What a sentence says about something that is not there, and is right about it.
  gone = "(?i)\\b(?:never existed|no longer|not exist|there (?:is|are) no|removed|retired|deleted|dropped|decommissioned|replaced|renamed|superseded|was|were|used to|until|before|former(?:ly)?|legacy|stale|planned|not yet|todo|would|will)\\b"

  # Repos of ours that documents quote paths of, and how a sentence says that one is of another repo.
  other_repos    = "terminal-lobby|realestate-crawler|portal-immich-frame"
  of_other_repos = "\\b(?:that|another|its own|their own) repo(?:'s)?\\b|\\bin the `?[a-z0-9]+(?:[/-][a-z0-9]+)+`? repo\\b"
  path_of_other_repo = "\\b(?:[a-z0-9]+(?:-[a-z0-9]+)+ `?|[a-z0-9-]+ repo(?:'s)? `?|tripit `?)(?:docs|scripts|\\.github)/|\\bin the app(?:'s)? repo\\b"

  # Documents with a list of the alerts, and how alerts are called.
  alert_documents = ["docs/architecture/monitoring.md"]
  alert_name = "^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+$"

  # Names that no longer work, with what happened to them, at the end perhaps the name that works, between backticks; and how they
  # are found, with what stands behind them as `after`, and as `beside` what compares them with another name.
  dead_names = {
    "nfs-proxmox"                   = "there is no such storage class, the one for NFS is `nfs-truenas`"
    "redis.redis.svc.cluster.local" = "the service selects nothing, write `redis-master.redis.svc.cluster.local`"
    "10.0.10.15"                    = "that file server is gone, and `192.168.1.127` serves `/srv/nfs` in its place"
  }
  dead_words   = ["nfs-proxmox", "redis.redis.svc", "10.0.10.15"]
  dead_pattern = "(?:(?<before>\\b(?:from|[Nn]ot|NOT|no|former|old) `?)|(?<beside>\\b(?:identical to|same as|like|than) `?))?(?<at>(?<dead>nfs-proxmox|redis\\.redis\\.svc\\.cluster\\.local|10\\.0\\.10\\.15))\\b(?<after>[^\\n]{0,48})"

  # Documents with lists of what the code has. Users whose passwords Vault rotates, by the connection: in a sentence, or one to a
  # line. Sites behind a wall; groups that are parked; packages that need a pull secret: in a sentence, or in a cell. A number of entries beside
  # the list is `counted`.
  list_documents    = [".claude/CLAUDE.md", "docs/architecture/*.md"]
  user_sentences    = "(?<connection>MySQL|PostgreSQL):\\s+(?<at>[a-z0-9_]+(?:,\\s+[a-z0-9_]+)+)\\."
  user_lists        = "\\*\\*(?<connection>MySQL|PostgreSQL) (?:databases|Rotation)\\*\\*(?: \\((?<counted>[0-9]+)\\))?[^\\n]*\\n(?<at>(?:- [^\\n]+\\n)+)"
  wall_sentences    = "Active on (?<counted>[0-9]+) stacks:\\s+(?<at>[^\\n]+(?:\\n[ \\t]*[a-z0-9`(][^\\n]*)*)"
  group_sentences   = "Enrolled so far\\s+(?<at>[^\\n]+(?:\\n[ \\t]*[a-z0-9`(][^\\n]*)*)"
  package_sentences = "\\*\\*PRIVATE ghcr:\\*\\* (?<at>[^.]+)\\."
  package_cells     = "\\| \\*\\*Private\\*\\* \\| (?<at>[^|\\n]+) \\|"

  # Lists beside these of what is said not to be of the kind: packages that anybody may pull.
  public_sentences = "\\*\\*PUBLIC ghcr packages:\\*\\* (?<at>[^.]+)\\."
  public_cells     = "\\| \\*\\*Public\\*\\* \\| (?<at>[^|\\n]+) \\|"

  # What nobody may be told to do, with the reason; and how it is found.
  forbidden_reasons = {
    "systemctl restart nfs" = "every pod of the cluster loses its volumes when the file server restarts"
    "terraform import"      = "what is adopted by command is in no commit: write an `import` block"
    "terragrunt import"     = "what is adopted by command is in no commit: write an `import` block"
  }
  forbidden_words        = ["restart nfs", "terraform import", "terragrunt import"]
  forbidden_instructions = "(?m)^(?<before>[^\\n]*?)(?<at>(?<instruction>systemctl restart nfs-(?:kernel-)?server|(?:terraform|terragrunt) import))(?<after>[^\\n]*)$"

  # The glossary.
  glossary = ["CONTEXT.md"]

  # Shared modules of which documents say how many stacks call them.
  counted_modules = ["ingress_factory", "setup_tls_secret", "nfs_volume", "anubis_instance"]

  # Objects of Kubernetes that documents say the number of: how many there are in all.
  counted_kinds = ["ExternalSecret"]
  counted_words = ["total ExternalSecrets"]

  # The script that gives new nodes their settings, and how the document ends that goes into the kubelet's.
  setting_script   = ["**/k8s-node-post-join-tune.sh"]
  setting_document = "KUBELET_PATCH"

  # The list of everything that runs, and the column that names the stack.
  catalog = [".claude/reference/service-catalog.md"]

  # Where each stack takes what all have.
  stack_files = ["stacks/*/terragrunt.{hcl,hcl.json}"]

  # Directories of stacks that are none: what new ones are copied from.
  no_stacks = ["_template"]

  # Stacks that the catalog may name by another word.
  no_stack_words = ["-", "—", "n/a"]
}

# What documents say, sentence by sentence.
selector "statement" {
  select "file" {
    files  = param.documents
    except = param.history
    reads  = "markdown"
  }
  each "statement" { path = "statements[*]" }
  let "said" { path = "statement.text" }
}

# Each stack, by its name.
gather "stacks" {
  label = "the stack is here"
  select "stack" {}
  let "named" { text = "{stack}" }
}

# Each row of the list of everything that runs: the stack that it is in.
gather "catalog" {
  label = "the list is here"
  select "file" {
    files = param.catalog
    reads = "markdown"
  }
  each "service" { path = "tables[*].rows[*]" }
  each "listed" {
    path  = "service.Stack"
    split = ","
  }
  let "service_name" { path = "service.Service" }
}

# What documents say about how often something runs: its name, and the words behind it.
gather "schedule_claims" {
  label = "the document says so here"
  from {
    # "every" alone stands in nearly each of them: what runs every so often has a number behind it.
    select "text" {
      files   = param.documents
      except  = param.history
      words   = ["ourly", "aily", "eekly", "very 1", "very 2", "very 3", "very 4", "very 5", "very 6", "very 7", "very 8", "very 9"]
      zones   = ["prose", "code"]
      matches = "(?<new>\\bnew (?:\\*\\*)?)?(?:`(?:[^`\\s]*/)?|\\*\\*)(?<named>[a-z][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)+)(?:@[^`\\s]*?)?(?:\\.(?:timer|service|sh|py))?(?:`|\\*\\*)[^`.\\n]*?\\b(?<at>(?<word>(?i:hourly|daily|weekly))|(?i:every )(?<number>\\d+) ?(?<unit>m|h)(?:in(?:utes)?|ours)?)\\b(?<after>[^\\n]{0,40})"
    }
    let "claimed" {
      path    = "word"
      default = "{number}{unit}"
    }
  }
  # As the schedule has it, too.
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = ["* * *`", "1 * *`", " * * 0`", " * * 1`", " * * 2`", " * * 3`", " * * 4`", " * * 5`", " * * 6`", " * * 7`", " * * 1-"]
      zones   = ["prose", "code"]
      matches = "(?<new>\\bnew (?:\\*\\*)?)?(?:`(?:[^`\\s]*/)?|\\*\\*)(?<named>[a-z][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)+)(?:`|\\*\\*)[^`.\\n]*?`(?<at>(?<cron>[0-9*/,-]+(?: [0-9*/,-]+){4}))`(?<after>[^\\n]{0,40})"
    }
    let "claimed" { path = "cron" }
  }
  let "how" { path = "" }
}

# Each row of the tables that say what a tier gets.
gather "tier_rows" {
  label = "the document says so here"
  select "file" {
    files = param.documents
    words = ["Default Mem", "Default mem", "Max Mem", "Max mem", "lim Mem", "Memory Limit", "Memory limit"]
    reads = "markdown"
  }
  each "row" { path = "tables[*].rows[*]" }
  each "tier" {
    path  = "row.Tier"
    split = " / "
  }
  let "usual" {
    path = ["row[\"Default Memory\"]", "row[\"Default memory\"]", "row[\"Default Mem\"]", "row[\"Default mem\"]"]
  }
  let "most" { path = ["row[\"Max Memory\"]", "row[\"Max memory\"]", "row[\"Max Mem\"]", "row[\"Max mem\"]"] }
  let "usual_cpu" { path = "row[\"Default CPU\"]" }
  let "most_cpu" { path = "row[\"Max CPU\"]" }
  let "all_memory" { path = ["row[\"lim Mem\"]", "row[\"Memory Limit\"]", "row[\"Memory limit\"]"] }
  let "all_cpu" { path = ["row[\"lim CPU\"]", "row[\"CPU Limit\"]", "row[\"CPU limit\"]"] }
  let "all_pods" { path = ["row.Pods", "row[\"Max Pods\"]", "row[\"Max pods\"]"] }
}

# The words that the glossary has others for, each as a pattern of a sentence that uses it, with the word that its entry is about:
# in bold where the paragraph begins, or the heading above. What is avoided only in some of its uses (`bare "user"`, `"the tunnel"
# without …`) is left out: nobody can tell them apart.
gather "avoided" {
  label = "the glossary says so here"
  from {
    select "text" {
      files   = param.glossary
      words   = ["_Avoid_: "]
      zones   = ["prose", "code"]
      matches = "(?m)^(?:[-*] )?\\*\\*(?<entry>[^*\\n]+)\\*\\*(?:[^\\n]*[^\\r\\n]\\r?\\n)*?[^\\n]*?_Avoid_: (?<at>(?:[^\\n]|\\n[^\\r\\n])+)"
    }
    let "list" { path = "" }
  }
  from {
    select "text" {
      files   = param.glossary
      words   = ["_Avoid_: "]
      zones   = ["prose", "code"]
      matches = "(?m)^#{1,6} (?<entry>[^\\n]+)\\n(?:\\r?\\n|[^-#*_\\n][^\\n]*\\n)*[^-#*\\n]*?_Avoid_: (?<at>(?:[^\\n]|\\n[^\\r\\n])+)"
    }
    let "list" { path = "" }
  }
  let "preferred" {
    path    = "entry"
    capture = "^[`\\s]*(?<value>[^`]*[^`:\\s])"
  }
  each "some" {
    path  = "list"
    split = ";"
  }
  each "piece" {
    path  = "some"
    split = ","
  }
  let "term" {
    path    = "piece"
    capture = "^\\s*\"(?<value>[^\"\\n*?]{3,40})\"\\s*(?:$|[(/.—–-])"
  }
  where {
    path    = "term"
    present = true
  }
  let "pattern" { text = "* {term} *" }
}

# The words that the glossary explains, each as a pattern of a text that has it.
gather "explained" {
  label = "the glossary explains it here"
  select "text" {
    files   = param.glossary
    words   = ["**"]
    zones   = ["prose", "code"]
    matches = "(?m)^(?:[-*] )?[^\\n:]*?\\*\\*(?<at>[^*\\n:]+):?\\*\\*"
  }
  let "word" { path = "" }
  let "having" { text = "*{word}*" }
}

# The stacks that call each of the modules that are counted, once for each.
gather "module_users" {
  label = "the stack calls it here"
  select "stack" {}
  each "module" { texts = param.counted_modules }
  where {
    exists {
      in    = "module_calls"
      match = { module = "{module}", place = "{stack}" }
    }
  }
  let "one" { text = "1" }
}

# What is counted, each with the number one.
gather "counted" {
  label = "it is one of them"
  from {
    select "row" { of = "module_users" }
    let "of" { path = "module" }
  }
  from {
    select "object" { kinds = param.counted_kinds }
    let "of" { text = "{kind}" }
  }
  let "one" { text = "1" }
}

# How many there are of it, as documents say.
gather "count_claims" {
  label = "the document says so here"
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = param.counted_modules
      zones   = ["prose", "code"]
      matches = "`(?<of>[a-z_]+)` \\((?<at>(?<count>\\d+))(?: [Ss]tacks)?\\)"
    }
    where {
      path   = "of"
      one_of = param.counted_modules
    }
    let "is" { text = "module" }
  }
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = param.counted_words
      zones   = ["prose", "code"]
      matches = "\\b(?<at>(?<count>\\d+)) total (?<of>[A-Z][A-Za-z]+?)s\\b"
    }
    where {
      path   = "of"
      one_of = param.counted_kinds
    }
    let "is" { text = "object" }
  }
  let "place" { path = "" }
}

# The calls of shared modules.
gather "module_calls" {
  label = "it is called here"
  select "module" { source = ["**/modules/kubernetes/*"] }
  let "place" { text = "{stack}" }
  let "source" { path = "source" }
  let "module" {
    path    = "source"
    capture = "(?<value>[^/]+)/?$"
  }
}

# What the script for new nodes sets.
gather "node_settings" {
  label = "the setting is here"
  select "file" {
    files = param.setting_script
    reads = "shell"
  }
  each "document" { path = "heredocs[*]" }
  where {
    path   = "document.delimiter"
    equals = param.setting_document
  }
  let "settings" {
    path  = "document.body"
    reads = "yaml"
  }
  each "part" { path = "settings[*]" }
  let "setting" { text = "{part_key}" }
  let "memory" { path = ["part.memory", "part[\"memory.available\"]"] }
}

# What documents call an alert: a name between backticks, with the word before or behind it.
gather "alert_mentions" {
  label = "the document names it here"
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = ["alert `", "alerts `", "Alert `", "Alerts `", "alert: `", "alerts: `", "Alert: `", "Alerts: `"]
      zones   = ["prose", "code"]
      matches = "\\b(?:(?<no>[Nn]o|NO|[Oo]ld|[Ff]ormer) )?[Aa]lerts?:? `(?<at>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)`(?<after>[^\\n]{0,40})"
    }
    let "mention" { path = "" }
  }
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = ["` alert", "` rule"]
      zones   = ["prose", "code"]
      matches = "(?:\\b(?<no>[Nn]o|NO|[Oo]ld|[Ff]ormer) )?`(?<at>[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)` (?:alerts?|rule)\\b(?<after>[^\\n]{0,40})"
    }
    let "mention" { path = "" }
  }
  # All of a list of them.
  from {
    select "text" {
      files   = param.documents
      except  = param.history
      words   = ["lerts `", "lerts: `"]
      zones   = ["prose", "code"]
      matches = "\\b(?:(?<no>[Nn]o|NO|[Oo]ld|[Ff]ormer) )?[Aa]lerts:? (?<at>`[A-Z][A-Za-z0-9]+`(?:(?:, and|, or|,| and| or|/) ?`[A-Z][A-Za-z0-9]+`)+)(?<after>[^\\n]{0,40})"
    }
    let "list" { path = "" }
    each "mention" {
      path  = "list"
      split = "`"
    }
    where {
      path    = "mention"
      matches = param.alert_name
    }
  }
  # The first cells of tables of them, unless the row says that one is gone.
  from {
    select "file" {
      files  = param.documents
      except = param.history
      words  = ["| Alert |"]
      reads  = "markdown"
    }
    each "row" { path = "tables[*].rows[*]" }
    unless {
      path    = "row[*]"
      matches = param.gone
    }
    let "mention" {
      path    = "row.Alert"
      capture = "^(?<value>[A-Z]\\w+)$"
    }
    where {
      path    = "mention"
      matches = param.alert_name
    }
    let "after" { text = "" }
  }
}

# Lists in documents of what the code has.
gather "lists" {
  label = "they are listed here"
  from {
    select "text" {
      files   = param.list_documents
      words   = ["rotate"]
      zones   = ["prose"]
      matches = param.user_sentences
    }
    let "list" { path = "" }
    let "connection" { path = "connection" }
    let "kind" { text = "database user of {connection}" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["otation"]
      zones   = ["prose"]
      matches = param.user_lists
    }
    let "list" { path = "" }
    let "number" { path = "counted" }
    let "connection" { path = "connection" }
    let "kind" { text = "database user of {connection}" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["Active on"]
      zones   = ["prose"]
      matches = param.wall_sentences
    }
    let "list" { path = "" }
    let "number" { path = "counted" }
    let "kind" { text = "site behind a wall" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["Enrolled so far"]
      zones   = ["prose"]
      matches = param.group_sentences
    }
    let "list" { path = "" }
    let "kind" { text = "parked group" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["PRIVATE ghcr"]
      zones   = ["prose"]
      matches = param.package_sentences
    }
    let "list" { path = "" }
    let "kind" { text = "private package" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["**Private**"]
      zones   = ["prose"]
      matches = param.package_cells
    }
    let "list" { path = "" }
    let "kind" { text = "private package" }
  }
}

# Lists of what is said not to be of such a kind.
gather "opposite_lists" {
  label = "they are listed here"
  from {
    select "text" {
      files   = param.list_documents
      words   = ["PUBLIC ghcr"]
      zones   = ["prose"]
      matches = param.public_sentences
    }
    let "list" { path = "" }
    let "kind" { text = "private package" }
  }
  from {
    select "text" {
      files   = param.list_documents
      words   = ["**Public**"]
      zones   = ["prose"]
      matches = param.public_cells
    }
    let "list" { path = "" }
    let "kind" { text = "private package" }
  }
}

# What such lists are about.
gather "listed" {
  label = "this one is missing"
  from {
    select "row" { of = "secrets.static_roles" }
    let "named" { path = "user" }
    let "kind" { text = "database user of {connection}" }
  }
  from {
    select "row" { of = "ingress.walls" }
    let "named" { text = "{stack}" }
    let "kind" { text = "site behind a wall" }
  }
  from {
    select "row" { of = "scaling.members" }
    let "named" { path = "group" }
    let "kind" { text = "parked group" }
  }
  from {
    select "row" { of = "image.private_packages" }
    let "named" {
      path    = "package"
      capture = "[^/]+$"
    }
    let "kind" { text = "private package" }
  }
}

# Each user in such a list.
gather "listed_users" {
  label = "the user is listed here"
  from {
    select "row" { of = "lists" }
    where {
      path    = "connection"
      present = true
    }
    where {
      path    = "list"
      matches = ","
    }
    unless {
      path    = "list"
      matches = "(?m)^- "
    }
    each "entry" {
      path  = "list"
      split = ","
    }
    let "user" {
      path    = "entry"
      capture = "[a-z0-9_]+"
    }
    let "connection" { path = "connection" }
  }
  from {
    select "row" { of = "lists" }
    where {
      path    = "connection"
      present = true
    }
    where {
      path    = "list"
      matches = "\n"
    }
    each "entry" {
      path  = "list"
      split = "\n"
    }
    let "user" {
      path    = "entry"
      capture = "^- (?<value>[a-z0-9_]+)"
    }
    where {
      path    = "user"
      present = true
    }
    let "connection" { path = "connection" }
  }
}

# The names among the dead ones that the tree still makes: classes, services, and what charts call theirs.
gather "living_names" {
  label = "it is declared here"
  from {
    select "row" { of = "storage.living_storage" }
    let "living" { path = "named" }
  }
  from {
    select "row" { of = "database.services" }
    let "living" { text = "{host}.svc.cluster.local" }
  }
  from {
    select "resource" { types = ["helm_release"] }
    let "release" { path = "name" }
    let "namespace" {
      path    = "namespace"
      default = "default"
    }
    let "living" { text = "{release}.{namespace}.svc.cluster.local" }
  }
}
