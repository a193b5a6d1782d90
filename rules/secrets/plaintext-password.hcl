summary    = "password, token or key is written as a literal"
convention = "B34"
severity   = "error"

select "text" {
  words = [
    "password", "PASSWORD", "passwd", "PASSWD", "token", "TOKEN", "secret_key", "SECRET_KEY", "client_secret", "CLIENT_SECRET",
    "app_secret", "APP_SECRET", "api_secret", "API_SECRET", "jwt_secret", "JWT_SECRET", "api_key", "API_KEY", "apikey", "apiKey",
  ]
  matches = "(?<named>(?:password|PASSWORD|passwd|PASSWD|token|TOKEN|(?:client|app|api|jwt)_secret|(?:CLIENT|APP|API|JWT)_SECRET|secret_key|SECRET_KEY|api_?key|API_?KEY|apiKey))\"?\\s*(?:[=:]|value\\s*[=:])\\s*\"(?<at>(?<credential>[^\"$\\s{}<>]{8,}))\""
  zones   = ["string", "code"]
  files   = ["**/*.tf", "**/*.hcl", "**/*.tfvars", "**/*.yaml", "**/*.yml", "**/*.json", "**/*.tpl", "**/*.sh", "**/.env*"]
}

# Words are names of other things, or stand for a value; numbers are periods and sizes.
where {
  all {
    text    = "{credential}"
    matches = "[0-9]"
  }
  all {
    text    = "{credential}"
    matches = "[A-Za-z]"
  }
}

# Encrypted in place, and paths in Vault.
unless {
  text    = "{credential}"
  matches = "^(?:ENC\\[|secret/|database/|static-creds/)"
}

unless {
  exists {
    in    = "accepted_findings"
    match = { place = "{file}" }
  }
}

forbid "plain" {
  text    = "{credential}"
  matches = "."
}

case "plain" {
  message = "what is called `{named}` is written here in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "change it first; then keep the new one in Vault, and read it through an ExternalSecret"
}
