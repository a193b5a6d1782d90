summary  = "a control comment names a rule that does not exist"
severity = "error"
