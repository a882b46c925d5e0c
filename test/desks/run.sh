#!/usr/bin/env bash
# Installs and starts every desk (Debian packages, loopback only; root), then runs the tests against them.
# Arguments go to vitest: `npm run test:desks -- redmine`.
set -euo pipefail
cd "$(dirname "$0")/../.."
for desk in request-tracker redmine mailbox prosody ejabberd ejabberd-cluster redis nginx; do
  started=$(date +%s)
  "test/desks/$desk.sh"
  echo "$desk: ready after $(($(date +%s) - started)) s"
done
# The browser tests load what a site does.
[ -f dist/podpora.js ] || npm run build >/dev/null
DESKS=required exec npx --no-install vitest run --project desks "$@"
