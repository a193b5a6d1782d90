summary = "code that Terraform or Terragrunt would refuse, or takes for something else, in any repo"

applies_when {
  file { path = "**/*.{tf,tf.json,tofu,tofu.json}" }
}

applies_when {
  file { path = "**/terragrunt.{hcl,hcl.json,stack.hcl}" }
}

params {
  # The release from which on the second side of `||` and `&&` is worked out only where it is needed.
  stops_early = "1.12.0"

  # What takes a value that is null, and what makes something of an error.
  takes_null = "(?:can|try|coalesce|merge|tostring|tonumber|tobool|toset|tolist|tomap|jsonencode|yamlencode|type|sensitive|nonsensitive|issensitive|provider::\\w+::\\w+)"

  # Files with values that Terraform reads without being told.
  loaded_values = ["**/terraform.tfvars", "**/*.auto.tfvars", "**/terraform.tfvars.json", "**/*.auto.tfvars.json"]

  # Units of Terragrunt.
  units = ["**/terragrunt.hcl", "**/terragrunt.hcl.json"]
  # Its explicit stacks, and both.
  stack_files = ["**/terragrunt.stack.hcl"]
  made_files  = ["**/terragrunt.hcl", "**/terragrunt.hcl.json", "**/terragrunt.stack.hcl"]

  # What a type of resource calls otherwise than one would think: `TYPE PLACE`, and the name that it has there. And those types.
  misnamed_arguments = {
    "kubernetes_cron_job_v1 spec.time_zone" = "timezone"
  }
  misnamed_types = ["kubernetes_cron_job_v1"]

  # Directories with modules that something else puts there before Terraform runs.
  fetched_modules = ["**/vendor/**", "**/.*/**", "**/node_modules/**"]
  # And files that say what is put where they lie, or below: of Atmos, Terrafile and vendir.
  fetch_lists = ["**/{component,vendor}.yaml", "**/Terrafile", "**/vendir.yml"]

  # What provisioners, and connections to them, are told.
  arguments_of_provisioners = [
    "command", "inline", "environment", "content", "source", "destination", "script", "scripts", "interpreter", "working_dir", "host", "port",
    "user", "password", "private_key", "bastion_host", "bastion_user", "bastion_password", "bastion_private_key",
  ]

  # What a constraint of a version is between commas.
  version_constraint = "^\\s*(?:|=|!=|>|<|>=|<=|~>)\\s*v?[0-9]+(?:\\.[0-9]+)*(?:-[0-9]+[0-9A-Za-z~-]*(?:\\.[0-9A-Za-z~-]+)*|-?[A-Za-z~-]+[0-9A-Za-z~-]*(?:\\.[0-9A-Za-z~-]+)*)?(?:\\+[0-9A-Za-z~-]+(?:\\.[0-9A-Za-z~-]+)*)?\\s*$"

  # Files of modules.
  code = ["**/*.{tf,tf.json,tofu,tofu.json}"]
  # The same without its JSON, whose keys the syntax itself has once.
  native_code = ["**/*.{tf,tofu}"]

  # The functions of Terraform and of OpenTofu, in whatever release.
  functions = [
    "abs", "abspath", "alltrue", "anytrue", "assumeequal", "assumelistlength", "assumelistlengthmax", "assumelistlengthmin",
    "assumemaplength", "assumemaplengthmax", "assumemaplengthmin", "assumenotnull", "assumesetlength", "assumesetlengthmax",
    "assumesetlengthmin", "assumestringprefix", "base64decode", "base64encode", "base64gunzip", "base64gzip",
    "base64sha256", "base64sha512", "basename", "bcrypt", "can", "ceil", "chomp", "chunklist", "cidrcontains", "cidrhost",
    "cidrnetmask", "cidrsubnet", "cidrsubnets", "coalesce", "coalescelist", "compact", "concat", "contains", "convert",
    "csvdecode", "dirname", "distinct", "element", "endswith", "ephemeralasnull", "file", "filebase64", "filebase64sha256",
    "filebase64sha512", "fileexists", "filemd5", "fileset", "filesha1", "filesha256", "filesha512", "flatten", "floor",
    "format", "formatdate", "formatlist", "indent", "index", "issensitive", "join", "jsondecode", "jsonencode", "keys",
    "length", "list", "log", "lookup", "lower", "map", "matchkeys", "max", "md5", "merge", "min", "nonsensitive", "one",
    "parseint", "pathexpand", "plantimestamp", "pow", "range", "regex", "regexall", "replace", "reverse", "rsadecrypt",
    "sensitive", "setintersection", "setproduct", "setsubtract", "setunion", "sha1", "sha256", "sha512", "signum", "slice",
    "sort", "split", "startswith", "strcontains", "strrev", "substr", "sum", "templatefile", "templatestring",
    "textdecodebase64", "textencodebase64", "timeadd", "timecmp", "timestamp", "title", "tobool", "tolist", "tomap",
    "tonumber", "toset", "tostring", "transpose", "trim", "trimprefix", "trimspace", "trimsuffix", "try", "type", "upper",
    "urldecode", "urlencode", "uuid", "uuidv5", "values", "yamldecode", "yamlencode", "zipmap",
  ]

  # How many arguments functions take: so many, or so many and more.
  argument_counts = {
    "0"  = "plantimestamp timestamp uuid"
    "1"  = "abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256 base64sha512 basename can ceil chomp cidrnetmask compact csvdecode dirname distinct file filebase64 filebase64sha256 filebase64sha512 fileexists filemd5 filesha1 filesha256 filesha512 flatten floor issensitive jsondecode jsonencode keys length lower md5 nonsensitive one pathexpand reverse sensitive sha1 sha256 sha512 signum sort strrev sum title tobool tolist tomap tonumber toset tostring transpose trimspace upper urlencode values yamldecode yamlencode"
    "1+" = "bcrypt cidrsubnets format formatlist setintersection setunion"
    "2"  = "chunklist cidrhost contains element endswith fileset formatdate indent index log parseint pow regex regexall rsadecrypt setsubtract split startswith strcontains templatefile templatestring textdecodebase64 textencodebase64 timeadd timecmp trim trimprefix trimsuffix uuidv5 zipmap"
    "2+" = "join lookup"
    "3"  = "cidrsubnet matchkeys replace slice substr"
  }

  # Types of other languages, and what they are called here.
  foreign_types = {
    str     = "string"
    text    = "string"
    int     = "number"
    integer = "number"
    float   = "number"
    double  = "number"
    boolean = "bool"
    array   = "list"
    dict    = "map"
    struct  = "object"
  }

  # What providers mark as sensitive.
  sensitive_attributes = [
    "data.vault_{generic_secret,kv_secret,kv_secret_v2}.*.{data,data_json}",
    "data.kubernetes_secret{,_v1}.*.data",
    "data.sops_file.*.data",
    "random_password.*.result",
  ]

  # Templates of YAML.
  yaml_templates = ["**/*.{yaml,yml}", "**/*.{yaml,yml}.{tpl,tftpl,tmpl}"]

  # What is imported by two names: of its namespace, zone or account, and its own. What by its own alone, what by an object's way in the
  # API, and what by whether it is a zone's or an account's.
  imported_by_two  = ["{,module.*.}kubernetes_{config_map,cron_job,daemon_set,daemonset,deployment,endpoints,horizontal_pod_autoscaler,ingress,job,limit_range,network_policy,persistent_volume_claim,pod,pod_disruption_budget,resource_quota,role,role_binding,secret,service,service_account,stateful_set}{,_v1,_v2}.*", "{,module.*.}helm_release.*", "{,module.*.}cloudflare_{record,dns_record,list,pages_project}.*"]
  imported_by_name = ["{,module.*.}kubernetes_{cluster_role,cluster_role_binding,namespace,persistent_volume,priority_class,storage_class}{,_v1}.*"]
  imported_by_api  = ["{,module.*.}kubernetes_manifest.*"]
  imported_by_kind = ["{,module.*.}cloudflare_ruleset.*"]
}

# The releases of Terraform that the repo says it is run with.
gather "releases" {
  label = "Terraform is of this release here"
  from {
    select "text" {
      files = [
        "**/Dockerfile*", ".github/workflows/*.{yml,yaml}", ".github/actions/**/action.{yml,yaml}", ".gitlab-ci.yml",
        ".woodpecker.{yml,yaml}", ".woodpecker/**/*.{yml,yaml}",
      ]
      words   = ["TERRAFORM_VERSION", "TF_VERSION", "terraform_version"]
      matches = "\\b(?:TERRAFORM_VERSION|TF_VERSION|terraform_version)\\s*[:=]\\s*[\"']?v?(?<at>(?<found>\\d+\\.\\d+\\.\\d+))"
      zones   = ["code"]
    }
  }
  from {
    select "text" {
      files   = ["**/.terraform-version", "**/.tool-versions"]
      words   = ["."]
      matches = "(?m)^(?:terraform[ \\t]+)?(?<at>(?<found>\\d+\\.\\d+\\.\\d+))[ \\t]*$"
    }
  }
  let "release" { text = "{found}" }
}

# Signs that OpenTofu runs what is here, or may.
gather "opentofu" {
  label = "OpenTofu is meant here"
  from {
    select "file" { files = ["**/*.{tofu,tofu.json}", "**/*.tofu{test,rc}*", "**/.opentofu-version"] }
    let "sign" { text = "{file}" }
  }
  from {
    select "text" {
      words   = ["opentofu", "OpenTofu", "OPENTOFU", "TOFU_", "tofu init", "tofu plan", "tofu apply", "tofuenv", "\"tofu\""]
      matches = "(?<at>(?<found>(?i:opentofu|tofu_|tofuenv|\"tofu\"|\\btofu (?:init|plan|apply))))"
      zones   = ["code", "string", "comment", "prose"]
    }
    let "sign" { text = "{found}" }
  }
}

# Of these, those that work out both sides of `||` and `&&`, whatever the first one says; none where another one does not.
gather "both_sides" {
  label = "this release works out both sides"
  select "row" { of = "releases" }
  where {
    path  = "release"
    as    = "version"
    below = param.stops_early
  }
  unless {
    exists { in = "one_side" }
  }
  let "release" { path = "release" }
}

gather "one_side" {
  label = "this release stops at the first side"
  from {
    select "row" { of = "releases" }
    let "release" { path = "release" }
  }
  # What a module needs at least.
  from {
    select "text" {
      files   = ["**/*.tf"]
      words   = ["required_version"]
      matches = "\\brequired_version\\s*=\\s*\"[^\"\\n]*?(?:>=|~>|=)?\\s*(?<at>(?<found>\\d+\\.\\d+(?:\\.\\d+)?))"
    }
    let "release" { text = "{found}" }
  }
  where {
    path     = "release"
    as       = "version"
    at_least = param.stops_early
  }
}

# What is ignored, to the end of the `lifecycle` block.
gather "ignored_entries" {
  label = "it is ignored here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["ignore_changes"]
    zones   = ["code"]
    matches = "\\b(?<at>ignore_changes)\\s*=(?<ignored>[^}]*)"
  }
  let "list" { text = "{ignored}" }
}

# Locals that are used as a date.
gather "dated_locals" {
  label = "a date is made of it here"
  select "text" {
    files   = ["**/*.{tf,tf.json}"]
    words   = ["formatdate("]
    zones   = ["code", "string"]
    matches = "\\bformatdate\\([^(),]*,\\s*local\\.(?<at>(?<local>\\w+))"
  }
  let "named" { text = "{local}" }
}
