summary    = "image of a workload that Keel leaves alone is ignored by Terraform too"
convention = "B06"
severity   = "info"
yields_to  = ["keel/pin-without-effect"]

select "selector" { of = "images" }

where {
  path   = "metadata.annotations[\"keel.sh/policy\"]"
  equals = "never"
}

# Something else may set the image, and say so.
unless {
  marker { word = "DRIFT_WORKAROUND" }
}

forbid "unowned" {
  ignored { field = "{list}[{container_index}].image" }
}

case "unowned" {
  message = "nobody owns `{blocks}[{container_index}].image` of `{name}`: Keel is told to leave it alone, and Terraform ignores it"
  help    = "take the entry out of `ignore_changes`, or say with `# DRIFT_WORKAROUND: <who sets it>` who does"
}
