#!/usr/bin/env bash
# Prosody (Debian's package) on loopback: agents on podpora.test, rooms, an archive, files, component addresses.
# Idempotent. Leaves /etc/prosody alone. Stop it with: kill -- -$(cat $STATE/prosody.pid)
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks}
HTTP=${PROSODY_HTTP:-5280} C2S=${PROSODY_C2S:-5222} COMPONENT=${PROSODY_COMPONENT:-5347} DOMAIN=podpora.test
HOME_DIR="$STATE/prosody"

if ! command -v prosodyctl >/dev/null || ! dpkg -s lua-dbi-sqlite3 >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends prosody lua-dbi-sqlite3 curl >/dev/null
fi
[ "${1:-}" != packages ] || exit 0
mkdir -p "$HOME_DIR/data"
chmod 711 "$STATE"

cat >"$HOME_DIR/prosody.cfg.lua" <<CFG
data_path = "$HOME_DIR/data"
log = { info = "*console" }
interfaces = { "127.0.0.1" }; component_ports = { $COMPONENT }; c2s_ports = { $C2S }; s2s_ports = {}; c2s_direct_tls_ports = {}
http_interfaces = { "127.0.0.1" }; http_ports = { $HTTP }; https_ports = {}
-- Loopback without TLS. Never so on an address that others reach.
c2s_require_encryption = false; allow_unencrypted_plain_auth = true
consider_websocket_secure = true
http_default_host = "$DOMAIN"
modules_enabled = { "disco"; "roster"; "saslauth"; "carbons"; "pep"; "smacks"; "ping"; "websocket" }
modules_disabled = { "s2s" }
archive_expires_after = "1y"
-- The default file store rewrites a long archive with every message.
storage = { muc_log = "sql" }; sql = { driver = "SQLite3"; database = "archive.sqlite" }
authentication = "internal_hashed"
VirtualHost "$DOMAIN"
$(for copy in a b c d f g; do printf 'Component "chat-%s.%s"\n    component_secret = "component-pass"\n' $copy $DOMAIN; done)
Component "rooms.$DOMAIN" "muc"
    modules_enabled = { "muc_mam" }
    -- A new room is open at once, not only when its owner has sent a form.
    muc_room_locking = false
    muc_log_by_default = true
Component "upload.$DOMAIN" "http_file_share"
    http_host = "$DOMAIN"
    http_external_url = "http://127.0.0.1:$HTTP/"
    http_file_share_size_limit = 10*1024*1024
    http_file_share_daily_quota = 1024*1024*1024
    http_file_share_access = { "$DOMAIN"; "chat-a.$DOMAIN"; "chat-b.$DOMAIN"; "chat-c.$DOMAIN"; "chat-d.$DOMAIN"; "chat-f.$DOMAIN"; "chat-g.$DOMAIN" }
CFG
chown -R prosody:prosody "$HOME_DIR"
run() { setpriv --reuid prosody --regid prosody --init-groups "$@"; }
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$HTTP/xmpp-websocket")" = 200 ]; }
if ! ready; then
  for agent in nina vera olga petra; do
    run prosodyctl --config "$HOME_DIR/prosody.cfg.lua" register $agent $DOMAIN "$agent-pass" >/dev/null 2>&1 || true
  done
  setsid setpriv --reuid prosody --regid prosody --init-groups prosody -F --config "$HOME_DIR/prosody.cfg.lua" \
    </dev/null >"$STATE/prosody.log" 2>&1 &
  echo $! >"$STATE/prosody.pid"
  for _ in $(seq 120); do
    if ready; then break; fi
    kill -0 "$(cat "$STATE/prosody.pid")" || { tail "$STATE/prosody.log"; exit 1; }
    sleep .25
  done
  ready
fi
cat >"$STATE/prosody.env" <<ENV
PORT=$COMPONENT
DOMAIN=$DOMAIN
COMPONENT=tcp://127.0.0.1:$COMPONENT
WEBSOCKET=ws://127.0.0.1:$HTTP/xmpp-websocket
FILES=http://127.0.0.1:$HTTP
PID=$(cat "$STATE/prosody.pid")
VERSION=$(dpkg-query -W -f='${Version}' prosody)
ENV
