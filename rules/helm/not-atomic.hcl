summary    = "failed upgrade of a chart is left as it is"
convention = "C47"
severity   = "warning"

select "resource" { types = ["helm_release"] }

let "chart" { path = "chart" }

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
}

case "not_atomic" {
  message = "a failed upgrade of chart `{chart}` stays half-done, and blocks the next one until somebody rolls it back"
  help    = "write `atomic = true`, or `atomic = false` with the reason in a comment"
}
