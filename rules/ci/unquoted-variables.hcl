summary    = "command with a colon between variables is not quoted"
convention = "B26"
severity   = "error"
facts      = "repo"

select "text" {
  files   = param.pipelines
  words   = ["}:$${", "}: $${"]
  matches = "(?m)^ *- +(?P<at>(?P<text>[^\"'|>&#\\s{}\\[\\]][^\\n]*?\\$\\{\\w+[^}\\s]*\\}: ?\\$\\{\\w+[^}\\s]*\\}[^\\n]*?)) *\\r?$"
  zones   = ["code", "string"]
}

# It is a whole command: a line that looks so in a script is none.
where {
  exists {
    in    = "commands"
    match = { file = "{file}", text = "{text}" }
  }
}

forbid "colon" {
  text    = "{text}"
  matches = "."

  fix {
    when {
      not {
        text     = "{text}"
        contains = "'"
      }
    }
    replace = "'{text}'"
  }

  fix {
    when {
      not {
        text    = "{text}"
        matches = "[\"\\\\]"
      }
    }
    replace = "\"{text}\""
  }
}

case "colon" {
  message = "`{text}` is not quoted: Woodpecker fills in the variables before it reads the YAML, and with a space behind the colon it is no command any more"
  help    = "put the command in quotes: `- '…'`"
}
