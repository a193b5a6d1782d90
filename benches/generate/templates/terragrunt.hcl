include "root" {
  path = find_in_parent_folders()
}

dependency "platform" {
  config_path  = "../kyverno"
  skip_outputs = true
}

inputs = {
  image_tag = "1.@number@.0"
}
