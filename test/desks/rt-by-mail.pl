# A queue of Request Tracker that is reached by mail alone: "Mailbox". Running it again does nothing.
# perl -I/usr/share/request-tracker5/lib rt-by-mail.pl <the queue's address>
use strict;
use warnings;
use RT;
RT::LoadConfig();
RT->Config->Set(LogToSTDERR => 'error');
RT::Init();
my ($address) = @ARGV;
my $system = RT->SystemUser;

my $queue = RT::Queue->new($system);
$queue->Load('Mailbox');
if (!$queue->id) {
  my ($ok, $message) = $queue->Create(Name => 'Mailbox');
  die $message unless $ok;
  my $everyone = RT::Group->new($system);
  $everyone->LoadSystemInternalGroup('Everyone');
  my $agents = RT::Group->new($system);
  $agents->LoadUserDefinedGroup('Agents');
  for my $grant ([$everyone, qw(CreateTicket ReplyToTicket)],
                 [$agents, qw(SeeQueue ShowTicket CreateTicket ReplyToTicket ModifyTicket OwnTicket)]) {
    my ($group, @rights) = @$grant;
    $group->PrincipalObj->GrantRight(Right => $_, Object => $queue) for @rights;
  }
  # An answer waits for the member; that it is resolved, the gateway reads in a header.
  my $template = RT::Template->new($system);
  ($ok, $message) = $template->Create(Queue => $queue->id, Name => 'To the member', Type => 'Perl',
    Content => "RT-Attach-Message: yes\n\n{\$Transaction->Content()}\n");
  die $message unless $ok;
  ($ok, $message) = $template->Create(Queue => $queue->id, Name => 'Done', Type => 'Perl',
    Content => "X-Podpora-Status: {\$Ticket->Status}\n\n\n");
  die $message unless $ok;
  for my $scrip (['On Correspond', 'To the member'], ['On Resolve', 'Done']) {
    my ($condition, $name) = @$scrip;
    ($ok, $message) = RT::Scrip->new($system)->Create(Queue => $queue->id, Description => "By mail: $condition",
      ScripCondition => $condition, ScripAction => 'Notify Requestors', Template => $name, Stage => 'TransactionCreate');
    die $message unless $ok;
  }
}
$queue->SetCorrespondAddress($address);
print "$RT::VarPath\n";
