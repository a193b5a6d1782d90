summary  = "pattern of files is given to a part of Alloy that takes paths"
severity = "error"
facts    = "repo"

select "text" {
  files   = ["**/*.{alloy,river,tf,tf.json,yaml,yml,tpl,tftpl}"]
  words   = ["loki.source.file"]
  zones   = ["code", "string"]
  matches = "loki\\.source\\.file[ \\t]+\"\\w+\"[ \\t]*\\{(?<block>[^{}]*?\\btargets[ \\t]*=[ \\t]*(?<at>discovery\\.relabel\\.(?<named>\\w+)\\.output)[^}]*)\\}"
}

# It does so itself where it is told to.
unless {
  path    = "block"
  matches = "\\bfile_match\\b"
}

forbid "pattern" {
  exists {
    in    = "path_patterns"
    match = { config = "{file}" }
  }
}

case "pattern" {
  message = "`loki.source.file` opens what `__path__` says as it is, and that is a pattern: no file has such a name, and no line is shipped"
  help    = <<-EOT
    let `local.file_match` look for the files first, and take its targets:
    local.file_match "{named}" {{
      path_targets = discovery.relabel.{named}.output
    }}
    EOT
}
