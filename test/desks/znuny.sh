#!/usr/bin/env bash
# Znuny 6.5 (Debian 12: otrs2, non-free; PostgreSQL) on loopback: unpacks, seeds, starts, waits. Run again, it does what is left.
# Root. Exit code 3: this machine cannot get the package. `znuny.sh packages` ends before the rest, which asks apt for nothing.
# Stop it with: kill -- -$(cat $STATE/znuny.pid) -$(cat $STATE/znuny-db.pid)
set -Eeuo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks} PORT=${ZNUNY_PORT:-8195} DATABASE_PORT=${ZNUNY_DATABASE_PORT:-5495}
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$STATE/znuny HOME_DIR=$STATE/znuny/usr/share/otrs DATA=$STATE/znuny-db LOG=$STATE/znuny.log
ENV_FILE=$STATE/znuny.env SEED=$STATE/znuny.seed
URL=http://127.0.0.1:$PORT
mkdir -p "$STATE" && chmod 711 "$STATE"
trap 'echo "Znuny cannot be set up: see $LOG" >&2' ERR

ready() {
  [ -s "$SEED" ] && curl -fs -m 10 -H 'Content-Type: application/json' -d '{"UserLogin":"gateway","Password":"gateway-password","Limit":1}' \
    "$URL/nph-genericinterface.pl/Webservice/Podpora/TicketSearch" 2>/dev/null | grep -qv Error
}
if [ -s "$ENV_FILE" ] && ready; then exit 0; fi
rm -f "$ENV_FILE"

apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@" >>"$LOG" 2>&1; }
cannot() { echo "Znuny is not tested: $1." >&2; exit 3; }

if [ ! -s "$ROOT/package" ]; then
  if ! apt-cache show otrs2 >/dev/null 2>&1; then
    # The component non-free, from where this machine has the others.
    SOURCES=/etc/apt/sources.list.d/debian.sources
    [ -s "$SOURCES" ] || cannot "there is no $SOURCES to add the component non-free to"
    ADDED=/etc/apt/sources.list.d/podpora-non-free.sources
    sed 's/^Components:.*/Components: non-free/' "$SOURCES" >"$ADDED"
    apt update || true
    if ! apt-cache show otrs2 >/dev/null 2>&1; then
      rm "$ADDED"
      cannot "the package otrs2 of Debian's component non-free cannot be got here"
    fi
  fi
  # What it needs, and then its files alone: installed, it would want a web server and cron, and a database that runs by then.
  packages=$(apt-get install -s --no-install-recommends otrs2 nginx-light postgresql libdbd-pg-perl libplack-perl starlet \
    libcgi-emulate-psgi-perl librest-client-perl curl | awk '$1 == "Inst" && $2 != "otrs2" {print $2}')
  # shellcheck disable=SC2086 -- one word a package
  [ -z "$packages" ] || apt install -y --no-install-recommends $packages
  rm -rf "$ROOT" && mkdir -p "$ROOT/part"
  (cd "$ROOT/part" && apt download otrs2) || cannot "the package otrs2 of Debian's component non-free cannot be got here"
  (cd "$ROOT/part" && dpkg-deb -x otrs2_*.deb "$ROOT")
  (cd "$ROOT/part" && ls otrs2_*.deb) | sed 's/^otrs2_//; s/_all\.deb$//' >"$STATE/znuny.version"
  ln -sfn ../../../var/lib/otrs "$HOME_DIR/var"
  ln -sfn ../../var/Config/Files "$HOME_DIR/Kernel/Config/Files"
  rm -rf "$ROOT"/var/lib/otrs/{spool,run} && mkdir -p "$ROOT"/var/lib/otrs/{spool,run,tmp}
  rm -rf "$ROOT/part" && mv "$STATE/znuny.version" "$ROOT/package"
fi

[ "${1:-}" != packages ] || exit 0

DATABASE_BIN=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups env -C / "$@"; }
query() { "$DATABASE_BIN/psql" -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$DATABASE_PORT" -U postgres "$@" >>"$LOG" 2>&1; }

if [ ! -s "$DATA/PG_VERSION" ]; then
  install -d -o postgres -m 700 "$DATA"
  as_postgres "$DATABASE_BIN/initdb" -D "$DATA" -U postgres --auth trust --no-sync -E UTF8 --locale C.UTF-8 >>"$LOG" 2>&1
fi
if ! as_postgres "$DATABASE_BIN/pg_isready" -q -U postgres -h 127.0.0.1 -p "$DATABASE_PORT"; then
  rm -f "$DATA/postmaster.pid"
  setsid setpriv --reuid postgres --regid postgres --init-groups env -C / "$DATABASE_BIN/postgres" -D "$DATA" -p "$DATABASE_PORT" \
    -k "$DATA" -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off </dev/null >>"$LOG" 2>&1 &
  echo $! >"$STATE/znuny-db.pid"
  for _ in $(seq 60); do
    "$DATABASE_BIN/pg_isready" -q -U postgres -h 127.0.0.1 -p "$DATABASE_PORT" && break
    sleep 0.25
  done
fi

rm -f "$HOME_DIR/Kernel/Config.pm"
cat >"$HOME_DIR/Kernel/Config.pm" <<CONFIG
package Kernel::Config;
use strict; use warnings; use utf8;
sub Load {
    my \$Self = shift;
    \$Self->{DatabaseHost} = '127.0.0.1'; \$Self->{Database} = 'otrs'; \$Self->{DatabaseUser} = 'otrs'; \$Self->{DatabasePw} = '';
    \$Self->{DatabaseDSN} = 'DBI:Pg:dbname=otrs;host=127.0.0.1;port=$DATABASE_PORT;';
    \$Self->{Home} = '$HOME_DIR';
    \$Self->{SecureMode} = 1;
    # No mail leaves, and no name server is asked for an address.
    \$Self->{CheckMXRecord} = 0; \$Self->{CheckEmailInvalidAddress} = '';
    \$Self->{SendmailModule} = 'Kernel::System::Email::DoNotSendEmail';
    \$Self->{LogModule} = 'Kernel::System::Log::File'; \$Self->{'LogModule::LogFile'} = '$ROOT/znuny.log';
    # Under load, the cache's folders are removed while they are written to; and what nobody waits for takes half of a write.
    \$Self->{'Cache::InBackend'} = 0;
    delete \$Self->{'Ticket::EventModulePost'}->{\$_} for qw(7000-NotificationEvent 9700-GenericAgent 9800-TicketProcessTransitions
        9900-GenericInterface 950-TicketAppointments 9990-DBCRUD Mentions 999-DynamicFieldWebservice 9990-EscalationIndex);
    return 1;
}
use Kernel::Config::Defaults;
use parent qw(Kernel::Config::Defaults);
1;
CONFIG

export ZNUNY_HOME=$HOME_DIR
if [ ! -s "$SEED" ]; then
  query -c 'DROP DATABASE IF EXISTS otrs' -c 'DROP ROLE IF EXISTS otrs' -c 'CREATE ROLE otrs LOGIN' -c 'CREATE DATABASE otrs OWNER otrs'
  for file in schema initial_insert schema-post; do
    "$DATABASE_BIN/psql" -q -h 127.0.0.1 -p "$DATABASE_PORT" -U otrs -f "$HOME_DIR/scripts/database/$file.postgresql.sql" otrs >>"$LOG" 2>&1
  done
  "$HOME_DIR/bin/otrs.Console.pl" Maint::Config::Rebuild --allow-root >>"$LOG" 2>&1
  perl "$HERE/znuny-seed.pl" "$HERE/../../docs/desks/znuny-podpora.yml" >"$SEED.part" 2>>"$LOG"
  mv "$SEED.part" "$SEED"
fi

if ! ready; then
  setsid plackup -E deployment --server Starlet --host 127.0.0.1 --port "$PORT" --max-workers 4 --max-reqs-per-child 100000 "$HERE/znuny.psgi" \
    </dev/null >>"$LOG" 2>&1 &
  pid=$!
  echo "$pid" >"$STATE/znuny.pid"
  for _ in $(seq 120); do
    ready && break
    kill -0 "$pid" || { tail "$LOG" >&2; exit 1; }
    sleep 0.5
  done
fi
ready || { echo "Znuny does not answer: see $LOG" >&2; exit 1; }
{ cat "$SEED"; echo "PORT=$PORT"; echo "URL=$URL"; echo "HOME_DIR=$HOME_DIR"; echo "VERSION=$(cat "$ROOT/package")"; } >"$ENV_FILE.part"
mv "$ENV_FILE.part" "$ENV_FILE"
