summary  = "script that went well ends as one that failed, because of what it does last"
severity = "error"
facts    = "repo"

# The last command of a function is a test with something behind it.
select "text" {
  files   = param.script_files
  words   = ["trap "]
  matches = "(?m)^(?:function[ \\t]+)?(?P<named>[A-Za-z_]\\w*)[ \\t]*(?:\\(\\))?[ \\t]*\\{(?:[ \\t]*\\n(?:(?:[ \\t][^\\n]*)?\\n)*?[ \\t]+|[ \\t]+(?:[^\\n{}]*;[ \\t]*)?)(?P<at>(?:\\[[^\\n|;]*\\]|\\(\\([^\\n|;]*\\)\\)|test [^\\n|&;]*)[ \\t]*&&[^\\n|;]*[^\\n|; \\t])(?:\\n(?:[ \\t]*(?:#[^\\n]*)?\\n)*|;[ \\t]*)\\}"
  zones   = ["code"]
}

where {
  exists {
    in    = "strict"
    match = { script = "{file}" }
  }
}

forbid "status" {
  exists {
    in    = "exit_traps"
    match = { script = "{file}", named = "{named}" }
  }
}

case "status" {
  message = "where the test does not hold, `{named}` fails as the last thing that the script does, and so does a script that went well"
  help    = "write `if …; then …; fi`, or end with `|| true`"
}
