summary  = "a control comment silences nothing"
severity = "warning"
