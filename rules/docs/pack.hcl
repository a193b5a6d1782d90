summary = "what documents say about the code, where the code can be asked"

applies_when {
  file {
    path = "docs/architecture/*.md"
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

  # Documents that say how things were, or were to be.
  history = [
    "docs/plans/**", "docs/post-mortems/**", "docs/superpowers/**", "docs/research/**", "docs/adr/**", "docs/benchmarks/**",
    "**/archived/**", "**/CHANGELOG*",
  ]

  # What a path from the root begins with, and those that other repos have under such a name.
  roots     = ["stacks/", "modules/", "scripts/", "docs/", "cli/", "ci/", "playbooks/", "secrets/", "state/", ".woodpecker/", ".github/", ".claude/"]
  elsewhere = [".github/workflows/build.yml", ".github/workflows/release.yml", ".woodpecker/deploy.yml", ".woodpecker/build.yml"]

  # What a sentence says about something that is not there, and is right about it.
  gone = "(?i)\\b(?:never existed|no longer|not exist|there (?:is|are) no|removed|retired|deleted|dropped|decommissioned|replaced|renamed|superseded|was|were|used to|until|before|former(?:ly)?|legacy|stale|planned|todo|would|will)\\b"

  # How alerts are called.
  alert_name = "^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+$"

  # The list of everything that runs, and the column that names the stack.
  catalog = [".claude/reference/service-catalog.md"]

  # Directories of stacks that are none: what new ones are copied from.
  no_stacks = ["_template"]

  # Stacks that the catalog may name by another word.
  no_stack_words = ["-", "—", "n/a"]
}

# What documents say, sentence by sentence.
selector "statement" {
  select "file" {
    files = param.documents
    reads = "markdown"
  }
  unless {
    text = "{file}"
    like = param.history
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
}

# What documents say about how often something runs: its name, and the words behind it.
gather "schedule_claims" {
  label = "the document says so here"
  select "text" {
    files   = param.documents
    words   = ["ourly", "aily", "eekly", "very "]
    zones   = ["prose", "code"]
    matches = "(?:`(?:[^`\\s]*/)?|\\*\\*)(?<named>[a-z][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)+)(?:\\.(?:timer|service|sh|py))?(?:`|\\*\\*)[^`.\\n]{0,48}?\\b(?<at>(?<word>(?i:hourly|daily|weekly))|(?i:every )(?<number>\\d+) ?(?<unit>m|h)(?:in(?:utes)?|ours)?)\\b(?<after>[^\\n]{0,40})"
  }
  unless {
    text = "{file}"
    like = param.history
  }
  let "how" { path = "" }
  let "claimed" {
    path    = "word"
    default = "{number}{unit}"
  }
}
