summary = "how Terraform code is written down, for whoever wants it one way: plain forms, types, descriptions, versions, names and places"

params {
  # Terraform's own syntax; in JSON every expression stands between quotes.
  code = ["**/*.{tf,tofu}"]

  # How names are written, as a regex.
  names = "^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"

  # The files in which variables and outputs stand, as regexes.
  variable_files = "(?:^|/)variables(?:[._-][^/]*)?\\.(?:tf|tofu)$"
  output_files   = "(?:^|/)outputs(?:[._-][^/]*)?\\.(?:tf|tofu)$"

  # Blocks whose arguments have an order, what comes first in one, and what comes last.
  ordered_blocks  = ["resource", "data", "ephemeral"]
  first_arguments = ["count", "for_each"]
  last_arguments  = ["lifecycle", "depends_on"]

  # Branches that move: a module that is taken from one is another one tomorrow.
  moving_refs = ["HEAD", "develop", "main", "master", "trunk"]

  # Units of Terragrunt.
  units = ["**/terragrunt.hcl"]
}

# Where modules come from: of a call, and of a unit.
gather "sources" {
  label = "the module comes from here"
  from {
    select "module" { source = ["**"] }
    let "written" { path = "source" }
  }
  from {
    select "block" {
      type  = "terraform"
      files = param.units
    }
    let "written" { path = "source" }
  }
}
