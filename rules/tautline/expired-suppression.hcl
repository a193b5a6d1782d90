summary  = "a control comment's last day has passed"
severity = "error"
