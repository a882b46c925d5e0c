#!/usr/bin/env bash
# Installs and starts every desk (Debian packages, loopback only; root), then runs the tests against them.
# Arguments go to vitest: `npm run test:desks -- redmine`.
set -euo pipefail
cd "$(dirname "$0")/../.."
# Znuny starts while the others are installed. If its package is not available (3), its tests are skipped.
znuny=0
test/desks/znuny.sh packages || znuny=$?
[ "$znuny" = 0 ] || [ "$znuny" = 3 ] || exit "$znuny"
if [ "$znuny" = 0 ]; then test/desks/znuny.sh & else export DESKS_WITHOUT=znuny; fi
for desk in request-tracker redmine mailbox prosody ejabberd ejabberd-cluster redis nginx wordpress; do
  started=$(date +%s)
  "test/desks/$desk.sh"
  echo "$desk: ready after $(($(date +%s) - started)) s"
done
if [ "$znuny" = 0 ]; then
  started=$(date +%s)
  wait $!
  echo "znuny: ready $(($(date +%s) - started)) s after the others"
fi
# The browser tests load what a site does.
[ -f dist/podpora.js ] || npm run build >/dev/null
DESKS=required exec npx --no-install vitest run --project desks "$@"
