#!/usr/bin/env bash
# Postfix and Dovecot of Debian on loopback: a site's mailbox (podpora@site.test, with addresses such as support+x@site.test)
# and a desk's (desk@desk.test). Installs, configures, starts, waits; running it again does nothing. Root.
# Stop it with: kill -- -"$(cat "$STATE/mailbox/dovecot.pid")" ; postfix -c "$STATE/mailbox/postfix" stop
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks}
IMAP_PORT=${MAILBOX_IMAP_PORT:-1143} SMTP_PORT=${MAILBOX_SMTP_PORT:-1587}
HOME_DIR=$STATE/mailbox
ENV_FILE=$STATE/mailbox.env
PASSWORD=the-password-of-the-tests
mkdir -p "$HOME_DIR" && chmod 711 "$STATE" "$HOME_DIR"

ready() {
  local imap smtp
  imap=$( (exec 3<>"/dev/tcp/127.0.0.1/$IMAP_PORT" && printf 'a LOGIN podpora@site.test %s\r\nb LOGOUT\r\n' "$PASSWORD" >&3 && timeout 5 cat <&3) 2>/dev/null || true)
  smtp=$( (exec 3<>"/dev/tcp/127.0.0.1/$SMTP_PORT" && printf 'QUIT\r\n' >&3 && timeout 5 cat <&3) 2>/dev/null || true)
  [[ $imap == *"a OK"* && $smtp == *220* ]]
}
if [ -s "$ENV_FILE" ] && ready; then exit 0; fi
rm -f "$ENV_FILE"

if [ "$(dpkg-query -W -f='${db:Status-Status}' postfix dovecot-imapd dovecot-lmtpd 2>/dev/null)" != installedinstalledinstalled ]; then
  apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@" >>"$STATE/mailbox.log" 2>&1; }
  apt-cache show dovecot-lmtpd >/dev/null 2>&1 || apt update
  debconf-set-selections <<<'postfix postfix/main_mailer_type select No configuration'
  apt install -y --no-install-recommends postfix dovecot-imapd dovecot-lmtpd
fi
[ "${1:-}" != packages ] || exit 0

getent passwd podpora-mail >/dev/null || useradd --system --home-dir "$HOME_DIR/mail" --shell /usr/sbin/nologin podpora-mail
install -d -o podpora-mail -g podpora-mail -m 700 "$HOME_DIR/mail"
# The sockets of Dovecot that Postfix uses.
install -d -m 755 "$HOME_DIR/run"

cat >"$HOME_DIR/dovecot.conf" <<CFG
base_dir = $HOME_DIR/run
log_path = $HOME_DIR/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
# As an own account each: two files of tests never meet, and whoever asks has the same password.
passdb {
  driver = static
  args = password=$PASSWORD
}
userdb {
  driver = static
  args = uid=podpora-mail gid=podpora-mail home=$HOME_DIR/mail/%Ld/%Ln allow_all_users=yes
}
mail_location = maildir:~/Maildir
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
first_valid_uid = 1
mail_max_userip_connections = 100
default_vsz_limit = 256M
service imap-login {
  inet_listener imap {
    port = $IMAP_PORT
  }
  inet_listener imaps {
    port = 0
  }
  service_count = 0
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener auth-postfix {
    mode = 0666
  }
}
service anvil {
  chroot =
}
namespace inbox {
  inbox = yes
  separator = /
}
protocol lmtp {
  postmaster_address = postmaster@site.test
  lmtp_add_received_header = no
}
CFG

mkdir -p "$HOME_DIR/postfix" "$HOME_DIR/spool" "$HOME_DIR/data"
chown postfix "$HOME_DIR/data"
cat >"$HOME_DIR/postfix/main.cf" <<CFG
compatibility_level = 3.6
queue_directory = $HOME_DIR/spool
data_directory = $HOME_DIR/data
maillog_file_prefixes = $HOME_DIR
maillog_file = $HOME_DIR/postfix.log
myhostname = mail.site.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
recipient_delimiter = +
# Every address of these has a mailbox, but nobody@, which is refused. What goes to bounces.test is taken, and comes back.
virtual_mailbox_domains = site.test desk.test
virtual_mailbox_maps = regexp:$HOME_DIR/postfix/mailboxes
# Nobody answers there, and nothing is kept for later.
transport_maps = inline:{bounces.test=lmtp:inet:127.0.0.1:1}
virtual_alias_maps = regexp:$HOME_DIR/postfix/aliases
virtual_transport = lmtp:unix:$HOME_DIR/run/lmtp
lmtp_destination_concurrency_limit = 10
lmtp_destination_recipient_limit = 1
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $HOME_DIR/run/auth-postfix
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_count_limit = 0
message_size_limit = 36700160
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_tls_security_level = none
notify_classes =
bounce_queue_lifetime = 0
maximal_queue_lifetime = 0
CFG
cat >"$HOME_DIR/postfix/mailboxes" <<'CFG'
!/^nobody@/ ok
CFG
# All addresses of the site's one account lead to it.
cat >"$HOME_DIR/postfix/aliases" <<'CFG'
/^support(\+[^@]+)?@site\.test$/ podpora$1@site.test
CFG
cat >"$HOME_DIR/postfix/master.cf" <<CFG
127.0.0.1:$SMTP_PORT inet n - n - 100 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
error unix - - n - - error
lmtp unix - - n - - lmtp
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
flush unix n - n 1000? 0 flush
CFG

if ! ready; then
  setsid dovecot -F -c "$HOME_DIR/dovecot.conf" </dev/null >>"$HOME_DIR/dovecot.log" 2>&1 &
  echo $! >"$HOME_DIR/dovecot.pid"
  postfix -c "$HOME_DIR/postfix" start >>"$STATE/mailbox.log" 2>&1 || postfix -c "$HOME_DIR/postfix" reload >>"$STATE/mailbox.log" 2>&1
  for _ in $(seq 100); do
    ready && break
    sleep 0.2
  done
fi
ready || { echo "the mail servers do not answer: see $HOME_DIR/dovecot.log and $HOME_DIR/postfix.log" >&2; exit 1; }
install -m 600 /dev/null "$ENV_FILE.part"
cat >"$ENV_FILE.part" <<ENV
PORT=$IMAP_PORT
SMTP_PORT=$SMTP_PORT
PASSWORD=$PASSWORD
VERSION=Postfix $(dpkg-query -W -f='${Version}' postfix), Dovecot $(dpkg-query -W -f='${Version}' dovecot-core)
ENV
mv "$ENV_FILE.part" "$ENV_FILE"
