summary    = "pipeline that waits for a change of some files cannot be started by hand"
convention = "E21"
severity   = "warning"

select "file" { files = param.pipelines }

where {
  path     = "when.event"
  contains = "push"
}

where {
  path    = "when.path"
  present = true
}

# A tag, a release or a deployment is made by hand as well, and changes no files.
unless {
  path     = "when.event"
  contains = ["deployment", "release", "tag"]
}

require "manual" {
  path      = "when.event"
  contains  = "manual"
  at        = "when.path"
  underline = "key"

  # Of a condition with one event. What names files is asked of pushes only.
  fix {
    when {
      path   = "when.event"
      equals = "push"
    }
    safety         = "display"
    title          = "let it be started by hand"
    set_expression = { "when.event" = "[push, manual]" }
  }
}

case "manual" {
  message = "this pipeline waits for a push that changes these files: without one nobody can start it, only repeat an old run"
  help    = "add `- event: manual` to `when`"
}
