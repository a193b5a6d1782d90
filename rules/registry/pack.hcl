summary = "what is left of registries that no longer exist"

applies_when {
  file {
    path     = "**"
    contains = "registry.viktorbarzin.me"
  }
}

params {
  # The port on which the retired service was published.
  ports = ["5050"]

  # Where a mention is a remnant of the service itself.
  residue = [
    { files = ["**/docker-compose*.{yml,yaml}", "**/compose*.{yml,yaml}", "**/*nginx*.conf", "**/hosts.toml"] },
    { files = ["**"], lines_with = ["[host.", "server = "] },
    { files = [".woodpecker/**", ".github/workflows/**"], lines_with = ["/v2/"] },
  ]
  residue_keys = ["auths"]
  port_files   = ["**/docker-compose*.{yml,yaml}", "**/compose*.{yml,yaml}", "**/*nginx*.conf"]
  port_words   = ["listen ", "server ", "proxy_pass ", "ports:"]

  # Documents that are instructions to agents: prose counts as a command.
  instructions = [".claude/skills/**"]

  # Keys whose values are sentences for people.
  prose_keys = ["description", "summary", "message", "error_message", "title"]
}
