#!/usr/bin/env bash
# A Redis server (Debian's package) on loopback, kept in memory: what copies of a gateway share in the tests.
# Idempotent. Stop it with: kill $(cat $STATE/redis.pid)
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks} PORT=${REDIS_PORT:-6390}
if ! command -v redis-server >/dev/null; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends redis-server >/dev/null
fi
[ "${1:-}" != packages ] || exit 0
mkdir -p "$STATE"
chmod 711 "$STATE"
ready() { [ "$(redis-cli -h 127.0.0.1 -p "$PORT" ping 2>/dev/null)" = PONG ]; }
if ! ready; then
  setsid redis-server --bind 127.0.0.1 --port "$PORT" --save '' --appendonly no --pidfile "$STATE/redis.pid" \
    </dev/null >"$STATE/redis.log" 2>&1 &
  for _ in $(seq 40); do
    if ready; then break; fi
    sleep .25
  done
  ready
fi
cat >"$STATE/redis.env" <<ENV
PORT=$PORT
URL=redis://127.0.0.1:$PORT
VERSION=$(dpkg-query -W -f='${Version}' redis-server)
ENV
