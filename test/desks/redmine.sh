#!/usr/bin/env bash
# Redmine (Debian 12: 5.0, SQLite, puma) on loopback: installs, seeds, starts, waits. Run again, it does what is left.
# Root. Stop it with: kill -- -$(cat /var/lib/podpora-desks/redmine.pid)
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks} PORT=${REDMINE_PORT:-8082} APP=/usr/share/redmine
ENV_FILE=$STATE/redmine.env NEW=$STATE/redmine.new
mkdir -p "$STATE" && chmod 711 "$STATE"

value() { sed -n "s/^$1=//p" "$2" 2>/dev/null; }
ready() { curl -fs -m 10 -o /dev/null -H "X-Redmine-API-Key: $(value GATEWAY_KEY "$1")" "http://127.0.0.1:$PORT/users/current.json"; }
if [ -s "$ENV_FILE" ] && ready "$ENV_FILE"; then exit 0; fi

if [ "$(dpkg-query -W -f='${db:Status-Status}' redmine 2>/dev/null)" != installed ]; then
  apt() { DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFMISS=1 apt-get -o DPkg::Lock::Timeout=300 -q "$@" >>"$STATE/redmine.log" 2>&1; }
  apt-cache show redmine >/dev/null 2>&1 || apt update
  debconf-set-selections <<'PRE'
redmine redmine/current-instances string default
redmine redmine/instances/default/dbconfig-install boolean true
redmine redmine/instances/default/database-type select sqlite3
redmine redmine/instances/default/default-language select en
PRE
  # The Bundler of ruby3.1 3.1.7 takes gems that Debian packages without a directory of their own for deleted ones, and
  # redmine's installation fails ("Could not find racc-1.6.2.gem"). So: what it needs, empty directories, then itself.
  packages=$(apt-get install -s --no-install-recommends redmine redmine-sqlite puma curl | awk '$1 == "Inst" && $2 !~ /^redmine/ {print $2}')
  # shellcheck disable=SC2086 -- one word a package
  [ -z "$packages" ] || apt install -y --no-install-recommends $packages
  ruby -rfileutils -e 'Gem::Specification.each { |s| FileUtils.mkdir_p(s.full_gem_path) unless s.default_gem? || File.directory?(s.full_gem_path) }'
  apt install -y --no-install-recommends redmine redmine-sqlite puma
fi
[ "${1:-}" != packages ] || exit 0

as_redmine() {
  setpriv --reuid www-data --regid www-data --init-groups env -C "$APP" \
    RAILS_ENV=production REDMINE_INSTANCE=default X_DEBIAN_SITEID=default SCHEMA=/dev/null "$@"
}

if [ ! -s "$NEW" ]; then
  install -o www-data -m 600 /dev/null "$NEW.part"
  install -m 644 "$(dirname "$0")/redmine-seed.rb" "$STATE/redmine-seed.rb"
  as_redmine OUT="$NEW.part" bundle exec rails runner "$STATE/redmine-seed.rb" >>"$STATE/redmine.log" 2>&1
  chown root "$NEW.part" && mv "$NEW.part" "$NEW"
fi

if ! ready "$NEW"; then
  install -m 644 "$(dirname "$0")/redmine.ru" "$STATE/redmine.ru"
  setsid setpriv --reuid www-data --regid www-data --init-groups env -C "$APP" RUBYOPT=--yjit RAILS_ENV=production REDMINE_INSTANCE=default \
    X_DEBIAN_SITEID=default puma --bind "tcp://127.0.0.1:$PORT" --environment production --workers 2 --threads 1:1 "$STATE/redmine.ru" \
    </dev/null >>"$STATE/redmine.log" 2>&1 &
  pid=$!
  echo "$pid" >"$STATE/redmine.pid"
  for _ in $(seq 120); do
    ready "$NEW" && break
    kill -0 "$pid" || { tail "$STATE/redmine.log" >&2; exit 1; }
    sleep 0.5
  done
fi
ready "$NEW" || { echo "Redmine does not answer: see $STATE/redmine.log" >&2; exit 1; }
install -m 600 /dev/null "$ENV_FILE.part"
{ cat "$NEW"; echo "PORT=$PORT"; echo "URL=http://127.0.0.1:$PORT"; } >"$ENV_FILE.part"
mv "$ENV_FILE.part" "$ENV_FILE"
