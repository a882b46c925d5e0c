#!/usr/bin/env bash
# ejabberd (Debian's package) on loopback: agents on podpora.test, rooms, an archive, files, component addresses.
# Idempotent. Leaves /etc/ejabberd alone, needs no epmd. Stop it with: kill -- -$(cat $STATE/ejabberd.pid)
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks}
HTTP=${EJABBERD_HTTP:-5380} C2S=${EJABBERD_C2S:-5322} COMPONENT=${EJABBERD_COMPONENT:-5447} DIST=${EJABBERD_DIST:-5310}
DOMAIN=podpora.test HOME_DIR="$STATE/ejabberd"

if ! command -v ejabberdctl >/dev/null || ! dpkg -s erlang-p1-sqlite3 >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
    ejabberd erlang-p1-sqlite3 sqlite3 curl >/dev/null
fi
[ "${1:-}" != packages ] || exit 0
mkdir -p "$HOME_DIR/spool" "$HOME_DIR/logs" "$HOME_DIR/upload" "$HOME_DIR/conf"
chmod 711 "$STATE"

cat >"$HOME_DIR/conf/ejabberd.yml" <<CFG
loglevel: warning
hosts: [ $DOMAIN ]
listen:
  - { port: $C2S, ip: "127.0.0.1", module: ejabberd_c2s, shaper: fast, access: all }
  - { port: $COMPONENT, ip: "127.0.0.1", module: ejabberd_service, access: all, shaper: fast, password: "component-pass" }
  - port: $HTTP
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: { /ws: ejabberd_http_ws, /api: mod_http_api, /upload: mod_http_upload }
auth_method: [internal]
auth_password_format: scram
default_db: sql
sql_type: sqlite
sql_database: "$HOME_DIR/spool/archive.db"
acl:
  local: { user_regexp: "" }
  loopback: { ip: [127.0.0.0/8] }
access_rules: { local: { allow: local } }
api_permissions:
  "console": { from: [ejabberd_ctl], who: all, what: "*" }
  "on loopback": { who: [ { access: { allow: loopback } } ], what: [status, register] }
shaper: { fast: 10000000 }
modules:
  mod_admin_extra: {}
  mod_caps: {}
  mod_carboncopy: {}
  mod_disco: {}
  mod_http_api: {}
  mod_http_upload:
    host: upload.$DOMAIN
    put_url: "http://127.0.0.1:$HTTP/upload"
    docroot: "$HOME_DIR/upload"
    max_size: 10485760
    access: all
  mod_mam: { default: never }
  mod_muc:
    host: rooms.$DOMAIN
    access: all
    access_create: all
    access_persistent: all
    access_mam: all
    # 100 otherwise: a copy of the gateway is in each open chat.
    max_user_conferences: 100000
    max_users_presence: 100000
    min_message_interval: 0
    default_room_options: { mam: true }
  mod_ping: {}
  mod_pubsub: { plugins: [flat, pep] }
  mod_roster: {}
  mod_stream_mgmt: {}
CFG
cat >"$HOME_DIR/conf/ejabberdctl.cfg" <<CFG
INET_DIST_INTERFACE=127.0.0.1
ERL_DIST_PORT=$DIST
ERLANG_NODE=ejabberd@localhost
CFG
[ -s "$HOME_DIR/spool/archive.db" ] || sqlite3 "$HOME_DIR/spool/archive.db" <"$(dpkg -L ejabberd | grep -m1 '/sql/lite\.sql')"
[ -f "$HOME_DIR/conf/inetrc" ] || cp /etc/ejabberd/inetrc "$HOME_DIR/conf/inetrc"
chown -R ejabberd:ejabberd "$HOME_DIR"
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$HTTP/api/status" -d '{}')" = 200 ]; }
if ! ready; then
  setsid setpriv --reuid ejabberd --regid ejabberd --init-groups env HOME="$HOME_DIR" ejabberdctl --config-dir "$HOME_DIR/conf" \
    --spool "$HOME_DIR/spool" --logs "$HOME_DIR/logs" foreground </dev/null >"$STATE/ejabberd.log" 2>&1 &
  echo $! >"$STATE/ejabberd.pid"
  for _ in $(seq 240); do
    if ready; then break; fi
    kill -0 "$(cat "$STATE/ejabberd.pid")" || { tail "$STATE/ejabberd.log"; exit 1; }
    sleep .25
  done
  ready
fi
for agent in nina vera olga petra; do
  curl -s -o /dev/null "http://127.0.0.1:$HTTP/api/register" -H 'Content-Type: application/json' \
    -d "{\"user\":\"$agent\",\"host\":\"$DOMAIN\",\"password\":\"$agent-pass\"}"
done
cat >"$STATE/ejabberd.env" <<ENV
PORT=$COMPONENT
DOMAIN=$DOMAIN
COMPONENT=tcp://127.0.0.1:$COMPONENT
WEBSOCKET=ws://127.0.0.1:$HTTP/ws
FILES=http://127.0.0.1:$HTTP
VERSION=$(dpkg-query -W -f='${Version}' ejabberd)
ENV
