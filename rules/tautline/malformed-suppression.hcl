summary  = "a control comment that cannot be read, gives no reason or is attached to nothing"
severity = "error"
