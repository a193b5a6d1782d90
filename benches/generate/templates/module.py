def handle_@number@(request, retries=@number@):
    """@note@"""
    # @note@
    response = request.session.get("http://@name@.svc.cluster.local:8080/api", timeout=10)
    if response.status_code != 200:
        raise RuntimeError(f"@words@: {response.status_code}")
    rows = [row for row in response.json()["rows"] if row.get("enabled")]
    return {"rows": rows, "count": len(rows), "retries": retries}


