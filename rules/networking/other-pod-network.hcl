summary    = "proxy trusts another network than the pods' to name the client"
convention = "C40"
severity   = "error"

select "text" {
  files   = ["stacks/**", "modules/**"]
  except  = param.test_files
  words   = param.proxy_setting_words
  matches = param.proxy_setting
}

each "entry" {
  path  = ""
  split = ","
}

let "network" {
  path    = "entry"
  capture = "\"(?<value>[^\"]*)\""
}

where {
  path    = "network"
  present = true
}

require "other" {
  path   = "network"
  equals = param.pod_network
}

case "other" {
  message = "`{value}` is trusted to name the client's address, and the pods are in another network: headers are ignored, or strangers are believed"
  help    = "write the network of the pods, as `pod_network` in `params \"networking\"` has it"
}
