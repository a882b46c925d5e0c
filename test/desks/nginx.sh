#!/usr/bin/env bash
# nginx (Debian's package) on loopback with deploy/nginx.conf as it stands, but for names, ports and a certificate of its
# own: what a site puts in front of two copies of the gateway. Idempotent. Stop it with: kill $(cat $STATE/nginx.pid)
set -euo pipefail
cd "$(dirname "$0")/../.."
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks} PORT=${NGINX_PORT:-6391} PLAIN=${NGINX_PLAIN_PORT:-6392}
COPIES=${NGINX_COPIES:-"6393 6394"}
if ! command -v nginx >/dev/null; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  # Debian starts it at once, on a port that may be another's.
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends nginx-light >/dev/null
  rm -f /usr/sbin/policy-rc.d
fi
[ "${1:-}" != packages ] || exit 0
DIR=$STATE/nginx
mkdir -p "$DIR"
chmod 711 "$STATE"
if [ ! -f "$DIR/fullchain.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=help.example.org \
    -addext "subjectAltName=DNS:help.example.org,IP:127.0.0.1" \
    -keyout "$DIR/privkey.pem" -out "$DIR/fullchain.pem" 2>/dev/null
fi
read -r ONE TWO <<<"$COPIES"
sed -e "s|gateway-a:8080|127.0.0.1:$ONE|; s|gateway-b:8080|127.0.0.1:$TWO|" \
  -e "s|/etc/ssl/podpora|$DIR|" \
  -e "s|listen 443 |listen 127.0.0.1:$PORT |; s|listen 80;|listen 127.0.0.1:$PLAIN;|; /listen \[::\]/d" \
  deploy/nginx.conf >"$DIR/podpora.conf"
cat >"$DIR/nginx.conf" <<CONF
pid $STATE/nginx.pid;
error_log $STATE/nginx.log;
worker_processes 2;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $DIR/body;
  proxy_temp_path $DIR/proxy;
  include $DIR/podpora.conf;
}
CONF
nginx -t -q -c "$DIR/nginx.conf"
if [ -f "$STATE/nginx.pid" ] && kill -0 "$(cat "$STATE/nginx.pid")" 2>/dev/null; then
  nginx -c "$DIR/nginx.conf" -s reload
else
  nginx -c "$DIR/nginx.conf"
fi
cat >"$STATE/nginx.env" <<ENV
PORT=$PORT
PLAIN=$PLAIN
ONE=$ONE
TWO=$TWO
CERTIFICATE=$DIR/fullchain.pem
VERSION=$(dpkg-query -W -f='${Version}' nginx-light 2>/dev/null || nginx -v 2>&1 | sed 's|.*/||')
ENV
