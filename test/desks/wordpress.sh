#!/usr/bin/env bash
# WordPress with MariaDB (Debian's packages) on loopback, with the plugin of demo/examples/wordpress and two users.
# Idempotent. Stop it with: kill $(cat $STATE/wordpress.pid $STATE/mariadb.pid)
set -euo pipefail
cd "$(dirname "$0")/../.."
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks} PORT=${WORDPRESS_PORT:-8196}
URL=http://127.0.0.1:$PORT DATA=$STATE/wordpress SOCKET=$STATE/wordpress/db/mariadb.sock
packages=(wordpress wordpress-theme-twentytwentythree mariadb-server php-cli php-mysql)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
  apt-get -o DPkg::Lock::Timeout=300 update -qq
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
[ "${1:-}" != packages ] || exit 0
mkdir -p "$STATE" "$DATA/content/plugins" "$DATA/content/themes" "$DATA/db"
chmod 711 "$STATE"

chown -R mysql "$DATA/db"
[ -d "$DATA/db/mysql" ] || mariadb-install-db --user=mysql --datadir="$DATA/db" --skip-test-db >/dev/null 2>&1
answers() { mariadb-admin --socket="$SOCKET" ping >/dev/null 2>&1; }
if ! answers; then
  : >"$STATE/mariadb.log" && chown mysql "$STATE/mariadb.log"
  setsid mariadbd --no-defaults --user=mysql --datadir="$DATA/db" --socket="$SOCKET" --skip-networking --skip-log-bin \
    --innodb-flush-log-at-trx-commit=0 --pid-file="$DATA/db/mariadb.pid" --log-error="$STATE/mariadb.log" </dev/null >/dev/null 2>&1 &
  for _ in $(seq 120); do
    if answers; then break; fi
    sleep .25
  done
  answers
fi
ln -sfn "$DATA/db/mariadb.pid" "$STATE/mariadb.pid"
mariadb --socket="$SOCKET" -e 'CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4'

# Debian's WordPress picks this file by the name of the host.
cat >/etc/wordpress/config-127.0.0.1.php <<PHP
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$SOCKET');
define('WP_HOME', '$URL');
define('WP_SITEURL', '$URL');
define('WP_CONTENT_DIR', '$DATA/content');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
PHP
ln -sfn /usr/share/wordpress/wp-content/themes/twentytwentythree "$DATA/content/themes/twentytwentythree"
cp demo/examples/wordpress/podpora.php "$DATA/content/plugins/podpora.php"
php test/desks/wordpress-seed.php

up() { curl -sf -o /dev/null "$URL/wp-login.php"; }
if ! up; then
  PHP_CLI_SERVER_WORKERS=4 setsid php -S "127.0.0.1:$PORT" -t /usr/share/wordpress \
    </dev/null >"$STATE/wordpress.log" 2>&1 &
  echo $! >"$STATE/wordpress.pid"
  for _ in $(seq 80); do
    if up; then break; fi
    sleep .25
  done
  up
fi
cat >"$STATE/wordpress.env" <<ENV
PORT=$PORT
URL=$URL
VERSION=$(dpkg-query -W -f='${Version}' wordpress)
ENV
