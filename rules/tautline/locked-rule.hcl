summary  = "a control comment names a rule that cannot be suppressed"
severity = "error"
