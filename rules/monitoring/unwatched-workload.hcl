summary    = "workload in a stack of which nothing is scraped"
convention = "B52"
severity   = "info"
added      = "warning"
facts      = "stack"

select "object" { kinds = ["Deployment", "StatefulSet", "DaemonSet"] }

require "unwatched" {
  exists {
    in    = "watched"
    match = { stack = "{stack}" }
  }
}

case "unwatched" {
  message = "nothing in stack `{stack}` is scraped: whether `{name}` works shows only when somebody misses it"
  help    = "write the annotations `prometheus.io/scrape` and `prometheus.io/port` on its service or pods, or add a ServiceMonitor"
}
