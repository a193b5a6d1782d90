summary    = "ignored `dns_config` does not carry the marker that makes it findable"
convention = "A03"
severity   = "error"

check "ignored_path_marker" {
  mutator = "inject-ndots"
}

case "missing" {
  message = "this entry covers `dns_config`, and its `lifecycle` block has no `# {marker}` comment"
  help    = "write `# {marker}` behind the entry"
}

case "misspelt" {
  message = "the marker of this entry is misspelt: `{found}`"
  help    = "write `# {marker}`"
}
