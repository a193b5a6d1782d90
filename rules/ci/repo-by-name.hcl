summary    = "call of Woodpecker's API names a repo instead of giving its number"
convention = "E23"
severity   = "error"

select "text" {
  files   = [param.automation, "docs/runbooks/*.md", ".claude/**/*.md"]
  words   = ["/api/repos/"]
  matches = "/api/repos/(?P<at>(?P<named>[A-Za-z][\\w.-]*(?:/|%2F)(?:[A-Za-z][\\w.-]*|\\$+\\{?\\w+\\}?)|\\$+\\{?\\w*(?:OWNER|owner|USER|user|ORG|org)\\w*\\}?(?:/|%2F)[\\w.$\\{\\}-]+|\\$+\\{?CI_REPO\\b\\}?))"
  zones   = ["code", "string", "prose"]
}

# This one finds the number.
unless {
  text    = "{named}"
  matches = "^lookup/"
}

# A number that a variable holds, written as such.
unless {
  text    = "{named}"
  matches = "/(?:pipelines|cron|secrets|registries|builds|branches|pull_requests|permissions|full-resync|repair|chown|move|logs|deploy|hook)$"
}

unless {
  text    = "{named}"
  matches = "^(?:\\$+\\{?)?\\w*(?:ID|id)\\}?/"
}

forbid "name" {
  text    = "{named}"
  matches = "."
}

case "name" {
  message = "the API of Woodpecker knows no repo `{named}`: it takes numbers, and answers 404"
  help    = "write the number, or ask for it: `/api/repos/lookup/{named}`"
}
