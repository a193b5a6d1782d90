summary    = "secret is not given to pipelines that are started by hand"
convention = "E21"
severity   = "warning"

select "text" {
  files   = ["**/*.{tf,tf.json}", param.automation]
  words   = ["events"]
  matches = "(?:[\\\\]?\"events[\\\\]?\" *:|\\bevents *=) *\\[(?P<at>(?P<events>[^\\]\\n]*?))\\s*,?\\s*\\]"
  zones   = ["code", "string"]
}

# A word that only Woodpecker uses so; or one that others use for their hooks, of something with a value.
where {
  any {
    all {
      text    = "{events}"
      matches = "\\bcron\\b"
    }
    all {
      all {
        text    = "{events}"
        matches = "\\b(?:deployment|pull_request)\\b"
      }
      any {
        all {
          text    = "{before}"
          matches = "\\bvalue\\b"
        }
        all {
          text = "{address}"
          like = "woodpecker_*"
        }
      }
    }
  }
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
