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
  message = "this pipeline waits for a change of these files: a run that failed cannot be repeated without one"
  help    = "add `- event: manual` to `when`"
}
