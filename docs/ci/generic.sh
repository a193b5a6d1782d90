#!/bin/sh
# A lint job for any CI system: with SINCE, what changed since a branch; with BEFORE and AFTER, what a push brought;
# without them, the whole repo.
#
#   SINCE=origin/main docs/ci/generic.sh            a proposed change
#   BEFORE=1a2b3c4 AFTER=5d6e7f8 docs/ci/generic.sh   a push to the main branch
set -eu

# A shallow clone does not know where a change branched off. Get the rest of the history first.
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  git fetch --quiet --unshallow
fi

mkdir -p reports

if [ -n "${SINCE:-}" ]; then
  tautline check --require-config --since "$SINCE" --output-file sarif=reports/tautline.sarif --output-file junit=reports/tautline.xml
elif [ -n "${BEFORE:-}" ] && [ -n "${AFTER:-}" ]; then
  tautline check --require-config --range "$BEFORE..$AFTER" --output-file sarif=reports/tautline.sarif --output-file junit=reports/tautline.xml
else
  tautline check --require-config --output-file sarif=reports/tautline.sarif --output-file junit=reports/tautline.xml
fi
