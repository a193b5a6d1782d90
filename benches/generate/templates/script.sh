set -euo pipefail
# @note@
now=$(date +%s)
for file in "$TARGET"/*.sql; do
  [ -f "$file" ] || continue
  # @note@
  age=$(( (now - $(stat -c %Y "$file")) / 86400 ))
  if [ "$age" -gt @number@ ]; then
    echo "removing $file: @words@"
    rm -f -- "$file"
  fi
done
curl -fsS --retry 3 "http://prometheus-pushgateway.monitoring:9091/metrics/job/@name@" --data-binary @- <<METRICS
backup_last_success_timestamp $now
backup_size_bytes $(du -sb "$TARGET" | cut -f1)
METRICS
