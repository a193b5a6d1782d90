summary    = "setting of a chart names an image on a registry that is frozen and empty"
convention = "A08"
severity   = "error"

select "resource" { types = ["helm_release"] }

# One setting to a block, or to an element of a list.
each "setting" { path = "set[*]" }

where {
  path    = "setting.name"
  matches = "(?i)(?:^|\\.|[a-z])(?:image|repository)$"
}

let "registry" { text = param.own_registry }

forbid "frozen" {
  path = "setting.value"
  like = param.frozen_images
}

case "frozen" {
  message = "`{value}` is on a registry that is frozen and empty: it serves no images"
  help    = "use `{registry}/…`"
}
