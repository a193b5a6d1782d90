summary    = "failed upgrade of a chart is left as it is"
convention = "C47"
severity   = "warning"

select "resource" { types = ["helm_release"] }

require "not_atomic" {
  any {
    all {
      path   = "atomic"
      equals = true
    }
    all {
      path    = "atomic"
      present = true
      comment { path = "atomic" }
    }
    all {
      path    = "wait"
      present = true
      comment { path = "wait" }
    }
    comment {
      on      = ["above", "header", "inside"]
      matches = "\\batomic\\b"
    }
  }
  underline = "subject"

  # Whoever does not wait cannot have it: with it, Terraform waits all the same.
  fix {
    when {
      any {
        all {
          path    = "wait"
          present = false
        }
        certain {
          path   = "wait"
          equals = true
        }
      }
    }
    set_expression = { atomic = "true" }
  }
}

case "not_atomic" {
  when {
    path   = "wait"
    equals = false
  }
  message = "a failed upgrade of `{address}` stays half-done: what it had changed by then is there until another one succeeds"
  help    = "say at `wait` in a comment why nobody waits; `atomic = true` would wait all the same"
}

case "not_atomic" {
  message = "a failed upgrade of `{address}` stays half-done: what it had changed by then is there until another one succeeds"
  help    = "write `atomic = true`, or `atomic = false` with the reason in a comment"
}
