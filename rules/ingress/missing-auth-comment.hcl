summary    = "ingress that bypasses forward-auth does not say what gates the app"
convention = "A01"
severity   = "error"

check "comment_states_value" {
  source     = param.factory
  input      = "auth"
  values     = param.explained_tiers
  unfinished = param.unfinished
}

case "missing" {
  message = "`{input}` can be `\"{value}\"`, and no comment above it says what gates the app"
  help    = "write `# {input} = \"{value}\": <what gates the app, or why it is public>` on the line above"
}

case "trailing" {
  message = "`{input} = \"{value}\"` is explained behind the line, not in a comment above it"
  help    = "move the comment to the line above, as `# {input} = \"{value}\": <reason>`"
}

case "other_value" {
  message = "`{input}` can be `\"{value}\"`, and the comment above it explains `\"{stated}\"`"
  help    = "write `# {input} = \"{value}\": <reason>` above it, or set the value that the comment explains"
}

case "no_reason" {
  message = "the comment above `{input} = \"{value}\"` gives no reason"
  help    = "write a colon and what gates the app: `# {input} = \"{value}\": <reason>`"
}

case "elsewhere" {
  message = "`{input} = \"{value}\"` is explained above the module, not above the attribute"
  help    = "move the comment inside the block, to the line above `{input}`"
}
