#!/usr/bin/env bash
# Installs the packages of every desk (Debian; root) and starts none. After it, run.sh needs no network.
set -euo pipefail
cd "$(dirname "$0")"
for desk in request-tracker redmine mailbox prosody ejabberd ejabberd-cluster redis nginx wordpress znuny; do
  status=0
  "./$desk.sh" packages || status=$?
  # 3: not available on this machine.
  [ "$status" = 0 ] || [ "$status" = 3 ] || exit "$status"
done
