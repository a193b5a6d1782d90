summary    = "code calls a port that nothing at that address has"
convention = "C38"
severity   = "error"
facts      = "repo"

select "text" {
  files   = param.address_files
  except  = param.test_files
  words   = [param.pool_word]
  matches = param.pool_port
  zones   = ["code", "string"]
}

# Where neither is written, nobody says what is called.
where {
  path    = ["scheme", "port"]
  present = true
}

unknown {
  because = "a chart has the address `{ip}`, and opens ports that are not written here"
  exists {
    in    = "metallb.addresses"
    match = { ip = "{ip}", by = "chart" }
  }
}

# That nobody has the address at all, `networking/unassigned-address` says.
where {
  exists {
    in    = "metallb.ports"
    match = { ip = "{ip}" }
  }
}

require "closed" {
  when {
    path    = "port"
    present = true
  }
  exists {
    in    = "metallb.ports"
    match = { ip = "{ip}", number = "{port}" }
  }
}

require "unserved" {
  when {
    path    = "port"
    present = false
  }
  any {
    all {
      all {
        path   = "scheme"
        equals = "https"
      }
      exists {
        in    = "metallb.ports"
        match = { ip = "{ip}", number = "443" }
      }
    }
    all {
      all {
        path   = "scheme"
        equals = "http"
      }
      exists {
        in    = "metallb.ports"
        match = { ip = "{ip}", number = "80" }
      }
    }
  }
}

case "closed" {
  message = "no service at `{ip}` has port {port}: whatever calls this gets no answer"
  help    = "write the address that the service has now, or its name in the cluster, which moves along: `NAME.NAMESPACE.svc`"
}

case "unserved" {
  message = "no service at `{ip}` has the port of `{scheme}`: whatever calls this gets no answer"
  help    = "write the address that the service has now, or its name in the cluster, which moves along: `NAME.NAMESPACE.svc`"
}
