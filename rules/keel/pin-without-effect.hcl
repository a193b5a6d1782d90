summary    = "image is pinned to one build, and Terraform is told to ignore it"
convention = "B06"
severity   = "warning"

select "selector" { of = "images" }

# What Keel does not move: a digest has no tag to poll, and its parser skips four numbers.
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
