#!/usr/bin/env bash
# Two ejabberd nodes that are one cluster, on 127.0.0.1 and 127.0.0.2, with PostgreSQL for accounts, rooms and archives (all
# Debian's packages). Idempotent: a node that a test has killed is started again. Needs no epmd: both nodes use one port.
# Stop it with: kill -- -$(cat $STATE/ejabberd-cluster/one/pid) -$(cat $STATE/ejabberd-cluster/two/pid); and PostgreSQL's pid
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks}
HTTP=${CLUSTER_HTTP:-5480} C2S=${CLUSTER_C2S:-5422} COMPONENT=${CLUSTER_COMPONENT:-5547} DIST=${CLUSTER_DIST:-5410} SQL=${CLUSTER_SQL:-5490}
DOMAIN=podpora.test HOME_DIR="$STATE/ejabberd-cluster" PG="$STATE/ejabberd-cluster/postgres"

if ! command -v ejabberdctl >/dev/null || ! dpkg -s erlang-p1-pgsql postgresql-15 >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
    ejabberd erlang-p1-pgsql postgresql-15 curl >/dev/null
fi
[ "${1:-}" != packages ] || exit 0
BIN=/usr/lib/postgresql/15/bin
mkdir -p "$HOME_DIR"
chmod 711 "$STATE" "$HOME_DIR"

as() { setpriv --reuid "$1" --regid "$1" --init-groups "${@:2}"; }
if [ ! -s "$PG/PG_VERSION" ]; then
  mkdir -p "$PG"
  chown postgres:postgres "$PG"
  as postgres "$BIN/initdb" -D "$PG" -A trust -U ejabberd -E UTF8 --locale C.UTF-8 >/dev/null
fi
if ! as postgres "$BIN/pg_isready" -q -h 127.0.0.1 -p "$SQL"; then
  rm -f "$PG/postmaster.pid"
  setsid setpriv --reuid postgres --regid postgres --init-groups "$BIN/postgres" -D "$PG" -p "$SQL" -h 127.0.0.1 -k '' \
    </dev/null >"$STATE/postgres.log" 2>&1 &
  for _ in $(seq 80); do
    if as postgres "$BIN/pg_isready" -q -h 127.0.0.1 -p "$SQL"; then break; fi
    sleep .25
  done
fi
psql() { as postgres env PGHOST=127.0.0.1 PGPORT="$SQL" PGUSER=ejabberd psql -qX "$@"; }
if ! psql -lqt postgres | cut -d '|' -f 1 | grep -qw ejabberd; then
  psql -c 'CREATE DATABASE ejabberd' postgres
  psql -f "$(dpkg -L ejabberd | grep -m1 '/sql/pg\.sql')" ejabberd >/dev/null
fi

configure() { # name address
  local node="$HOME_DIR/$1" address=$2
  mkdir -p "$node/spool" "$node/logs" "$node/conf" "$HOME_DIR/upload"
  cat >"$node/conf/ejabberd.yml" <<CFG
loglevel: warning
hosts: [ $DOMAIN ]
listen:
  - { port: $C2S, ip: "$address", module: ejabberd_c2s, shaper: fast, access: all }
  - { port: $COMPONENT, ip: "$address", module: ejabberd_service, access: all, shaper: fast, password: "component-pass" }
  - port: $HTTP
    ip: "$address"
    module: ejabberd_http
    request_handlers: { /ws: ejabberd_http_ws, /api: mod_http_api, /upload: mod_http_upload }
auth_method: [sql]
default_db: sql
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: $SQL
sql_database: ejabberd
sql_username: ejabberd
acl:
  local: { user_regexp: "" }
  loopback: { ip: [127.0.0.0/8] }
access_rules: { local: { allow: local } }
api_permissions:
  "console": { from: [ejabberd_ctl], who: all, what: "*" }
  "on loopback": { who: [ { access: { allow: loopback } } ], what: [status, register, list_cluster] }
shaper: { fast: 10000000 }
modules:
  mod_admin_extra: {}
  mod_disco: {}
  mod_http_api: {}
  mod_http_upload: { host: "upload.$DOMAIN", put_url: "http://127.0.0.1:$HTTP/upload", docroot: "$HOME_DIR/upload", access: all }
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
  mod_roster: {}
  mod_stream_mgmt: {}
CFG
  cat >"$node/conf/ejabberdctl.cfg" <<CFG
INET_DIST_INTERFACE=$address
ERL_DIST_PORT=$DIST
ERLANG_NODE=ejabberd@$address
CFG
  [ -f "$node/conf/inetrc" ] || cp /etc/ejabberd/inetrc "$node/conf/inetrc"
  # Nodes of a cluster know each other by it.
  [ -f "$node/.erlang.cookie" ] || echo podporatestcluster >"$node/.erlang.cookie"
  chown -R ejabberd:ejabberd "$node" "$HOME_DIR/upload"
  chmod 400 "$node/.erlang.cookie"
}
api() { curl -s "http://$1:$HTTP/api/$2" -H 'Content-Type: application/json' -d "${3:-{\}}"; }
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$1:$HTTP/api/status" -d '{}')" = 200 ]; }
start() { # name address
  local node="$HOME_DIR/$1"
  if ready "$2"; then return; fi
  setsid setpriv --reuid ejabberd --regid ejabberd --init-groups env HOME="$node" ejabberdctl --config-dir "$node/conf" \
    --spool "$node/spool" --logs "$node/logs" foreground </dev/null >"$STATE/ejabberd-$1.log" 2>&1 &
  echo $! >"$node/pid"
  for _ in $(seq 240); do
    if ready "$2"; then return; fi
    kill -0 "$(cat "$node/pid")" || { tail "$STATE/ejabberd-$1.log"; exit 1; }
    sleep .25
  done
  ready "$2"
}

configure one 127.0.0.1
configure two 127.0.0.2
start one 127.0.0.1
start two 127.0.0.2
both() { [ "$(api 127.0.0.1 list_cluster | grep -o 'ejabberd@' | wc -l)" = 2 ]; }
if ! both; then
  # Not over HTTP: joining restarts what would answer.
  two="$HOME_DIR/two"
  as ejabberd env HOME="$two" ejabberdctl --config-dir "$two/conf" --spool "$two/spool" --logs "$two/logs" \
    join_cluster ejabberd@127.0.0.1
  for _ in $(seq 120); do
    if both && ready 127.0.0.2; then break; fi
    sleep .25
  done
  both
fi
for agent in nina vera; do
  api 127.0.0.1 register "{\"user\":\"$agent\",\"host\":\"$DOMAIN\",\"password\":\"$agent-pass\"}" >/dev/null
done
cat >"$STATE/ejabberd-cluster.env" <<ENV
PORT=$COMPONENT
DOMAIN=$DOMAIN
COMPONENT_ONE=tcp://127.0.0.1:$COMPONENT
COMPONENT_TWO=tcp://127.0.0.2:$COMPONENT
WEBSOCKET_ONE=ws://127.0.0.1:$HTTP/ws
WEBSOCKET_TWO=ws://127.0.0.2:$HTTP/ws
FILES=http://127.0.0.1:$HTTP
PID_TWO=$(cat "$HOME_DIR/two/pid")
VERSION=$(dpkg-query -W -f='${Version}' ejabberd)
ENV
