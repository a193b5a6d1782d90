summary    = "image is pinned to one build, and Terraform is told to ignore it"
convention = "B06"
severity   = "warning"

select "resource" {
  types = ["kubernetes_deployment*", "kubernetes_stateful_set*", "kubernetes_daemon*"]
}

# What Keel does not move: a digest has no tag to poll, and its parser skips four numbers. Few have one, and only those are looked into.
where {
  path    = ["spec.template.spec.container[*].image", "spec.template.spec.init_container[*].image"]
  matches = param.unmoved_images
}

each "field" { mutator = "keel-image" }

let "list" {
  path    = "field"
  capture = "^(?<value>.*)\\[\\*\\]\\.image$"
}

let "blocks" {
  path    = "list"
  capture = "(?<value>[a-z_]+)$"
}

each "container" { path = "spec.template.spec[\"{blocks}\"]" }

where {
  path    = "container.image"
  matches = param.unmoved_images
}

# Something else may set the image, and say so.
unless {
  marker { word = "DRIFT_WORKAROUND" }
}

forbid "inert" {
  ignored { field = "{list}[{container_index}].image" }
  related = { "container.image" = "a new build written here reaches no pod" }
}

case "inert" {
  message = "`{blocks}[{container_index}].image` of `{name}` is pinned to one build and ignored: Keel does not move it, and a new pin in the code reaches no pod that is there"
  help    = "take the entry out of `ignore_changes`, or say with `# DRIFT_WORKAROUND: <who sets it>` who does"
}
