summary    = "token or private key stands in a file of the repo"
convention = "B34"
severity   = "error"

select "text" {
  words = [
    "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-", "AKIA", "AIza", "hvs.",
    "hooks.slack.com", "sk_live_", "client-key-data", "PRIVATE KEY-----",
  ]
  matches = "(?<at>\\b(?:gh[opsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20,}|xox[abp]-[0-9]{8,}[0-9A-Za-z-]{10,}|xapp-[0-9]-[0-9A-Za-z-]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|hvs\\.[A-Za-z0-9_-]{24,}|sk_live_[A-Za-z0-9]{20,}|hooks\\.slack\\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})\\b|client-key-data: *[A-Za-z0-9+/=]{40,}|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\\\n|\\s)+[A-Za-z0-9+/=]{40,}(?:(?:\\\\n|\\s)*(?:[A-Za-z0-9+/=]+|\\.{3}|…))*)"
  zones   = ["string", "code", "comment", "prose"]
}

unless {
  exists {
    in    = "accepted_findings"
    match = { place = "{file}" }
  }
}

# A row of one letter stands for a token in a sample, manuals write `EXAMPLE`, and of a key they leave out the middle.
unless {
  matches = "(?i)x{8}|0{8}|\\.{3}|…|EXAMPLE$"
}

forbid "plain" {
  text    = "{file}"
  matches = "."
}

case "plain" {
  message = "a credential stands here in the clear: everybody who has, or ever had, a copy of the repo can use it"
  help    = "revoke it first; then keep the new one in Vault, and read it through an ExternalSecret"
}
