summary = "who may reach an app, and how a reader can tell"

applies_when {
  file {
    path     = "**/ingress_factory/*.tf"
    contains = "variable \"auth\""
  }
}

params {
  # The module that every ingress goes through: globs on the `source` of its calls.
  factory = ["**/ingress_factory", "**/ingress_factory/"]

  # The values of `auth` that take the login in front of the app away.
  explained_tiers = ["app", "none"]
}
