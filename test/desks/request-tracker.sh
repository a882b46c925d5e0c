#!/usr/bin/env bash
# Request Tracker 5 of Debian on loopback: installs, configures, seeds and starts it. Running it again does nothing.
# Root. Writes request-tracker.env once it is ready. Stop it with: kill -- -"$(cat "$STATE/request-tracker.pid")"
set -euo pipefail
STATE=${PODPORA_DESKS:-/var/lib/podpora-desks}
PORT=8181
URL=http://127.0.0.1:$PORT
HOOK_SECRET=the-hook-secret-of-the-tests-0123456789
ENV=$STATE/request-tracker.env
TOKENS=$STATE/request-tracker.tokens
# Where the scrip finds the address that it posts to, read anew each time.
HOOK_FILE=$STATE/request-tracker.hook
LIB=/usr/share/request-tracker5/lib
DATABASE=/var/lib/dbconfig-common/sqlite3/request-tracker5/rtdb
mkdir -p "$STATE"
chmod 711 "$STATE"

ready() {
  [ -s "$TOKENS" ] && curl -fs -o /dev/null -m 5 \
    -H "Authorization: token $(sed -n 's/^GATEWAY_TOKEN=//p' "$TOKENS")" "$URL/REST/2.0/rt"
}
if [ -s "$ENV" ] && ready; then exit 0; fi
rm -f "$ENV"

if [ "$(dpkg-query -W -f='${db:Status-Status}' request-tracker5 2>/dev/null)" != installed ]; then
  apt-cache show request-tracker5 >/dev/null 2>&1 || apt-get update -q
  debconf-set-selections <<PRE
request-tracker5 request-tracker5/rtname string podpora.test
request-tracker5 request-tracker5/organization string podpora.test
request-tracker5 request-tracker5/webbaseurl string $URL
request-tracker5 request-tracker5/webpath string /rt
request-tracker5 request-tracker5/correspondaddress string rt@podpora.test
request-tracker5 request-tracker5/commentaddress string rt-comment@podpora.test
request-tracker5 request-tracker5/handle-siteconfig-permissions boolean true
request-tracker5 request-tracker5/install-cronjobs boolean false
request-tracker5 request-tracker5/initial-root-password password rt-root-pass
request-tracker5 request-tracker5/dbconfig-install boolean true
request-tracker5 request-tracker5/database-type select sqlite3
msmtp msmtp/apparmor boolean false
PRE
  # msmtp-mta stands for the mail server that the package depends on: no mail leaves (MailCommand below).
  DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFMISS=1 apt-get -o DPkg::Lock::Timeout=300 \
    install -y -q --no-install-recommends request-tracker5 rt5-db-sqlite rt5-standalone msmtp-mta
fi
[ "${1:-}" != packages ] || exit 0

CONFIG=/etc/request-tracker5/RT_SiteConfig.d/90-podpora.pm
cat >"$CONFIG" <<CFG
Set(\$WebDomain, '127.0.0.1'); Set(\$WebPort, $PORT); Set(\$WebPath, ''); Set(\$WebBaseURL, '$URL');
Set(\$MailCommand, 'mbox');
# Every call pays for bcrypt: 0.3 s at the default of 12. Tests are no place to guess passwords at.
Set(\$BcryptCost, 4);
Set(\$LogToSyslog, undef); Set(\$LogToSTDERR, 'error');
Set(\$DropLongAttachments, 1);
# A second lifecycle, with a status of its own that waits for the member.
Set(%Lifecycles, podpora => {
  initial => ['new'], active => ['open', 'awaiting feedback'], inactive => ['resolved', 'deleted'],
  defaults => { on_create => 'new' },
  transitions => {
    '' => ['new', 'open', 'resolved'],
    new => ['open', 'awaiting feedback', 'resolved', 'deleted'],
    open => ['awaiting feedback', 'resolved', 'deleted'],
    'awaiting feedback' => ['open', 'resolved', 'deleted'],
    resolved => ['open', 'deleted'], deleted => ['open'] },
  rights => { '* -> deleted' => 'DeleteTicket', '* -> *' => 'ModifyTicket' },
  actions => [] });
1;
CFG
chown root:www-data /etc/request-tracker5/RT_SiteConfig.pm "$CONFIG"
chmod 640 /etc/request-tracker5/RT_SiteConfig.pm "$CONFIG"
: >"$HOOK_FILE"
chmod 644 "$HOOK_FILE"

if [ ! -s "$TOKENS" ]; then
  cat >"$STATE/request-tracker.seed.pl" <<SEED
my \$hook_file = '$HOOK_FILE';
my \$hook_secret = '$HOOK_SECRET';
SEED
  cat >>"$STATE/request-tracker.seed.pl" <<'SEED'
# gateway: what a site gives Podpora, and no more; second: the same for the queue "Feedback". limited: lacks most rights.
# blind: sees no queue. curious: has too many rights. nina: an agent. The queue "Elsewhere" is the agents' own.
@Users = ( map { { Name => $_, Privileged => 1, EmailAddress => "$_\@podpora.test", Password => "$_-pass",
  $_ eq 'nina' ? (RealName => 'Nina Agent') : () } } qw(gateway second limited blind curious nina) );
@Groups = ( { Name => 'Podpora gateway', Members => { Users => ['gateway', 'curious'] } },
  { Name => 'Podpora second', Members => { Users => ['second'] } },
  { Name => 'Podpora limited', Members => { Users => ['limited'] } },
  { Name => 'Agents', Members => { Users => ['nina'] } } );
@Queues = map { { Name => $_, CorrespondAddress => lc($_) . '@podpora.test',
  Lifecycle => $_ eq 'Feedback' ? 'podpora' : 'default' } } qw(Support Feedback Plain Elsewhere);
my @ours = qw(Support Feedback);
my $ticket = 'RT::Queue-RT::Ticket';
my $transaction = 'RT::Queue-RT::Ticket-RT::Transaction';
@CustomFields = (
  { Name => 'Podpora Ref', Type => 'FreeformSingle', LookupType => $ticket, Queue => \@ours },
  { Name => 'Podpora Context', Type => 'TextSingle', LookupType => $ticket, Queue => \@ours },
  { Name => 'CSAT', Type => 'FreeformSingle', LookupType => $ticket, Queue => \@ours },
  { Name => 'CSAT Comment', Type => 'TextSingle', LookupType => $ticket, Queue => \@ours },
  { Name => 'Podpora Ref', Type => 'FreeformSingle', LookupType => $transaction, Queue => \@ours },
  { Name => 'Podpora Member', Type => 'FreeformSingle', LookupType => $transaction, Queue => \@ours },
  { Name => 'Product', Type => 'SelectSingle', LookupType => $ticket, Queue => \@ours,
    Values => [ { Name => 'Web', SortOrder => 1 }, { Name => 'Mobile', SortOrder => 2 } ] },
  { Name => 'Topics', Type => 'SelectMultiple', LookupType => $ticket, Queue => \@ours,
    Values => [ { Name => 'Orders', SortOrder => 1 }, { Name => 'Payments', SortOrder => 2 } ] },
  { Name => 'Order number', Type => 'FreeformSingle', LookupType => $ticket, Queue => \@ours,
    Pattern => '(?#Eight digits)^\d{8}$' },
  { Name => 'Steps', Type => 'TextSingle', LookupType => $ticket, Queue => \@ours },
  { Name => 'Since', Type => 'DateSingle', LookupType => $ticket, Queue => \@ours } );
sub acl { my ($group, $queues, @rights) = @_;
  map { my $q = $_; map { { GroupDomain => 'UserDefined', GroupId => $group, Queue => $q, Right => $_ } } @rights } @$queues }
my @needed = qw(SeeQueue ShowTicket CreateTicket ReplyToTicket ModifyTicket ModifyCustomField);
@ACL = (
  acl('Podpora gateway', ['Support'], @needed),
  acl('Podpora second', ['Feedback'], @needed),
  ( map { { GroupDomain => 'UserDefined', GroupId => "Podpora $_", Right => 'SeeCustomField' } } qw(gateway second) ),
  acl('Podpora limited', ['Plain'], qw(SeeQueue ShowTicket)),
  acl('Agents', [@ours, 'Plain', 'Elsewhere'], qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket
    CommentOnTicket ModifyTicket DeleteTicket OwnTicket SeeCustomField ModifyCustomField)),
  ( map { { UserId => 'curious', Queue => 'Support', Right => $_ } } qw(ShowTicketComments CommentOnTicket DeleteTicket) ),
  { UserId => 'curious', Right => 'AdminUsers' } );
my $post = q{
  my ($file, $secret) = ('FILE', 'SECRET');
  open(my $in, '<', $file) or return 1;
  my $url = <$in>; close $in; chomp $url if defined $url;
  return 1 unless $url;
  require LWP::UserAgent; require JSON; require Digest::SHA;
  my $body = JSON::encode_json({ ticket => 0 + $self->TicketObj->id, at => time });
  LWP::UserAgent->new(timeout => 2)->post($url, 'Content-Type' => 'application/json',
    'X-Podpora-Signature' => 'sha256=' . Digest::SHA::hmac_sha256_hex($body, $secret), Content => $body);
  1 };
$post =~ s/FILE/$hook_file/; $post =~ s/SECRET/$hook_secret/;
# For every queue: a ticket that is moved away is in the other one by then.
@Scrips = ( { Description => 'Podpora hears of it', Queue => 0, ScripCondition => 'User Defined',
  ScripAction => 'User Defined', Template => 'Blank', Stage => 'TransactionCreate', CustomPrepareCode => '1',
  CustomIsApplicableCode => q{ $self->TransactionObj->Type =~ /^(?:Create|Correspond|Status|Set|AddLink|DelWatcher)$/ },
  CustomCommitCode => $post } );
1;
SEED
  perl -I$LIB -e 'use RT; RT::LoadConfig(); RT->Config->Set(LogToSTDERR => "error"); RT::Init();
    my $u = RT::User->new(RT->SystemUser); $u->Load("gateway"); exit($u->id ? 0 : 1)' ||
    rt-setup-database-5 --action insert --datafile "$STATE/request-tracker.seed.pl" --skip-create >/dev/null
  perl -I$LIB -e '
    use RT; RT::LoadConfig(); RT->Config->Set(LogToSTDERR => "error"); RT::Init();
    # Half of the time of a write is the mail that nobody gets.
    my $scrips = RT::Scrips->new(RT->SystemUser); $scrips->UnLimit;
    while (my $scrip = $scrips->Next) { $scrip->SetDisabled(1) if $scrip->Description =~ /Notify|Autoreply|forwarded|SLA|subject/ }
    for my $name (qw(root gateway second limited blind curious nina)) {
      my $user = RT::User->new(RT->SystemUser); $user->Load($name); die "there is no $name" unless $user->id;
      my $token = RT::AuthToken->new(RT->SystemUser);
      my ($ok, $message, $text) = $token->Create(Owner => $user->id, Description => "podpora"); die $message unless $ok;
      print uc($name) . "_TOKEN=$text\n" }' >"$TOKENS.new"
  chmod 600 "$TOKENS.new"
  mv "$TOKENS.new" "$TOKENS"
fi

if ! ready; then
  # Without it, those who read keep those who write waiting for seconds.
  perl -MDBI -e 'DBI->connect("dbi:SQLite:dbname=$ARGV[0]", "", "", { RaiseError => 1 })->do("PRAGMA journal_mode = WAL")' "$DATABASE"
  chown -R www-data:www-data /var/lib/dbconfig-common/sqlite3/request-tracker5 /var/lib/request-tracker5 \
    /var/cache/request-tracker5
  setsid setpriv --reuid www-data --regid www-data --init-groups \
    /usr/share/request-tracker5/libexec/rt-server --server Starlet --host 127.0.0.1 --port "$PORT" --max-workers 4 --max-reqs-per-child 100000 \
    </dev/null >"$STATE/request-tracker.log" 2>&1 &
  echo $! >"$STATE/request-tracker.pid"
  for _ in $(seq 120); do
    ready && break
    kill -0 "$(cat "$STATE/request-tracker.pid")" || { tail "$STATE/request-tracker.log"; exit 1; }
    sleep .5
  done
fi
ready || { echo "Request Tracker does not answer at $URL" >&2; exit 1; }

umask 077
{
  echo "PORT=$PORT"
  echo "URL=$URL"
  echo "DATABASE=$DATABASE"
  echo "HOOK_FILE=$HOOK_FILE"
  echo "HOOK_SECRET=$HOOK_SECRET"
  echo "VERSION=$(dpkg-query -W -f='${Version}' request-tracker5)"
  cat "$TOKENS"
} >"$ENV.new"
mv "$ENV.new" "$ENV"
