summary    = "job gets another name with each plan, and runs each time"
convention = "C22"
severity   = "warning"

select "resource" {
  types = ["kubernetes_job", "kubernetes_job_v1"]
}

unless {
  ignored { field = "metadata[0].name" }
}

forbid "generated" {
  derive  = false
  path    = "metadata.generate_name"
  present = true
}

forbid "changes" {
  path  = "metadata.name"
  calls = ["timestamp", "uuid", "plantimestamp"]
}

case "generated" {
  message = "job `{name}` has no name of its own: nobody can wait for it, and a replacement runs beside the old one"
  help    = "write `name`"
}

case "changes" {
  message = "the name of job `{name}` changes with each plan: every apply replaces it and runs it again"
  help    = "write a fixed name, or add `metadata[0].name` to `ignore_changes`"
}
