summary    = "encrypted state is for others than those who are listed"
convention = "E09"
severity   = "error"
facts      = "repo"

check "sealed_with" {
  files     = param.sealed_state
  rules     = param.sops_rules
  vault_key = param.sops_key
}

case "missing" {
  message = "{count} files cannot be decrypted by `{key}`, who is listed here: `{files}`"
  help    = "run `sops updatekeys` on them"
}

case "other" {
  message = "`{key}` can decrypt {count} files and is not listed here: `{files}`"
  help    = "run `sops updatekeys` on them, and change what is in them; or list the key"
}

case "vault" {
  message = "`{path}` is encrypted with the key `{key}` of Vault, and who may use `{wanted}` cannot read it"
  help    = "encrypt it anew with `{wanted}`"
}
