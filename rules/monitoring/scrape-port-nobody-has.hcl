summary    = "scrape annotation names a port that nothing in the stack has"
convention = "E20"
severity   = "warning"
facts      = "stack"

select "object" { kinds = ["Service", "Deployment", "StatefulSet", "DaemonSet", "Pod"] }

each "annotation" { texts = [param.port_annotation] }

each "switch" { texts = [param.scrape_annotation] }

each "asked" {
  path = ["metadata.annotations[\"{annotation}\"]", "spec.template.metadata.annotations[\"{annotation}\"]"]
}

# Switched off.
unless {
  path   = ["metadata.annotations[\"{switch}\"]", "spec.template.metadata.annotations[\"{switch}\"]"]
  equals = "false"
}

let "number" { path = "asked" }

require "nobody" {
  exists {
    in    = "ports"
    match = { stack = "{stack}", number = "{number}" }
  }
}

case "nobody" {
  message = "port {number} is to be scraped, and no container or service of stack `{stack}` has it: the target is down, or was never one"
  help    = "write the port that the metrics are on, and declare it as a `container_port`"
}
