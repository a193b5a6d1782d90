summary  = "job starts its containers again whenever they end, which Kubernetes refuses"
severity = "error"

select "object" { kinds = ["Job", "CronJob"] }

# Other APIs have jobs of the same names. A typed resource does not say which API it is of.
unless {
  path    = "apiVersion"
  present = true
  not {
    path = "apiVersion"
    like = ["batch/*"]
  }
}

forbid "always" {
  path = [
    "spec.template.spec.restartPolicy",
    "spec.jobTemplate.spec.template.spec.restartPolicy",
  ]
  equals = "Always"
}

case "always" {
  message = "a job is done when its containers have ended: Kubernetes refuses `{name}`, which starts them again"
  help    = "write `Never`, or `OnFailure`"
}
