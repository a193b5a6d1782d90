summary    = "password stands in an address"
convention = "B34"
severity   = "error"

select "text" {
  words   = ["postgres", "mysql://", "mariadb://", "mongodb", "redis://", "rediss://", "amqp", "clickhouse://", "smtp://", "ftp://", "ldaps://"]
  matches = "\\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|clickhouse|smtp|ftp|ldaps)(?:\\+[a-z0-9]+)?://[^\\s:/@\"'`$<{}]*:(?<at>(?<password>[^\\s/@\"'`$<>{}()*%]{6,}))@[A-Za-z0-9]"
  zones   = ["string", "code", "comment", "prose"]
}

unless {
  exists {
    in    = "accepted_findings"
    match = { place = "{file}" }
  }
}

# What everybody writes where a password would stand.
unless {
  path    = "password"
  matches = "(?i)^(?:.*pass.*|.*secret.*|.*changeme.*|.*example.*|redacted|.*\\.\\.\\..*|.*xxx.*|postgres|your.*)$"
}

forbid "plain" {
  text    = "{file}"
  matches = "."
}

case "plain" {
  message = "a password stands in this address in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "change it first; then read it from Vault, through an ExternalSecret or the environment"
}
