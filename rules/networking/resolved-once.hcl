summary  = "address of a pod is looked up by HAProxy once, when it starts"
severity = "error"
facts    = "repo"

# The name of a pod behind a headless service: `pod.service.namespace.svc`, or of the service itself where it says what it is.
select "text" {
  files   = ["**/*.{tf,tf.json,yaml,yml,tpl,tftpl,cfg}"]
  words   = [".svc"]
  zones   = ["code", "string"]
  matches = "(?m)^[\\t ]*[\"']?[\\t ]*server(?:-template)?[\\t ]+(?:[\\w.-]|[$]\\{[^}\\s]+\\})+[\\t ]+(?:[0-9-]+[\\t ]+)?(?<at>(?<host>(?:(?:[a-z0-9-]|[$]\\{[^}\\s]+\\})+\\.[a-z0-9-]+|[a-z0-9-]*headless)\\.[a-z0-9-]+\\.svc(?:\\.[a-z0-9.-]+)?):\\d+)(?<options>[\\t ][^\\n]*)?[\"']?,?$"
}

unless {
  exists {
    in    = "resolving_defaults"
    match = { script = "{file}" }
  }
}

forbid "once" {
  not {
    path    = "options"
    matches = "\\bresolvers[\\t ]"
  }
}

case "once" {
  message = "the address of `{host}` is looked up once: when the pod is replaced, HAProxy goes on calling the old one until somebody restarts it"
  help    = <<-EOT
    declare the cluster's DNS, and name it on each server:
    resolvers cluster
      nameserver dns kube-dns.kube-system.svc.cluster.local:53
      hold valid 10s
    server … resolvers cluster init-addr last,libc,none
    EOT
}
