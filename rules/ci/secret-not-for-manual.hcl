summary    = "secret is not given to pipelines that are started by hand"
convention = "E21"
severity   = "warning"

select "text" {
  files   = ["**/*.{tf,tf.json}", param.automation]
  words   = ["events"]
  matches = "[\\\\]?\"events[\\\\]?\" *: *\\[(?P<at>(?P<events>[^\\]\\n]*))\\]"
  zones   = ["code", "string"]
}

# Words that only Woodpecker uses so.
where {
  text    = "{events}"
  matches = "\\b(?:cron|deployment|pull_request)\\b"
}

require "manual" {
  text    = "{events}"
  matches = "\\bmanual\\b"

  # Between the quotes that the list has.
  fix {
    when {
      text     = "{events}"
      contains = "\\\""
    }
    replace = "{events}, \\\"manual\\\""
  }

  fix {
    replace = "{events}, \"manual\""
  }
}

case "manual" {
  message = "a pipeline that is started by hand does not get this secret: its step runs with an empty one"
  help    = "add `manual` to the events"
}
