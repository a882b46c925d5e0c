# The GenericInterface of the Znuny that znuny.sh has unpacked, and what the tests do past it (`/desk/…`).
use strict;
use warnings;
use lib map { "$ENV{ZNUNY_HOME}$_" } ( '', '/Kernel/cpan-lib' );
use CGI;
use CGI::Emulate::PSGI;
use JSON::XS;
use Kernel::Config;
use Kernel::GenericInterface::Provider;
use Kernel::System::ObjectManager;

# Read once for a worker, as Apache with mod_perl keeps its connection to the database.
my %kept;

sub objects {
    my $manager = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'tests' } );
    local $Kernel::OM = $manager;
    for my $package (qw(Kernel::Config Kernel::System::DB)) {
        $manager->ObjectInstanceRegister( Package => $package, Object => $kept{$package} ) if $kept{$package};
        $kept{$package} //= $manager->Get($package);
    }
    return $manager;
}

my $interface = CGI::Emulate::PSGI->handler(
    sub {
        CGI::initialize_globals();
        local $Kernel::OM = objects();
        Kernel::GenericInterface::Provider->new()->Run();
    }
);

my %actions = (
    customer => sub {
        my ($data) = @_;
        $Kernel::OM->Get('Kernel::System::CustomerUser')
            ->CustomerUserAdd( Source => 'CustomerUser', ValidID => 1, UserID => 1, UserCustomerID => 'tests', %$data );
    },
    # Past the check that lets no two have the same.
    address => sub {
        my ($data) = @_;
        $Kernel::OM->Get('Kernel::System::DB')->Do(
            SQL  => 'UPDATE customer_user SET email = ? WHERE login = ?',
            Bind => [ \$data->{UserEmail}, \$data->{UserLogin} ],
        );
    },
    delete => sub { $Kernel::OM->Get('Kernel::System::Ticket')->TicketDelete( UserID => 1, %{ $_[0] } ) },
    merge  => sub { $Kernel::OM->Get('Kernel::System::Ticket')->TicketMerge( UserID => 1, %{ $_[0] } ) },
    count  => sub { scalar $Kernel::OM->Get('Kernel::System::Ticket')->TicketSearch( Result => 'COUNT', UserID => 1, %{ $_[0] } ) },
    # A ticket without articles each: only a search's length is looked at.
    fill => sub {
        my ($data) = @_;
        my $database = $Kernel::OM->Get('Kernel::System::DB');
        my $queue    = $Kernel::OM->Get('Kernel::System::Queue')->QueueLookup( Queue => $data->{Queue} );
        $database->Do(
            SQL => "WITH made AS (INSERT INTO ticket (tn, title, queue_id, ticket_lock_id, type_id, user_id, responsible_user_id,
                ticket_priority_id, ticket_state_id, customer_user_id, timeout, until_time, escalation_time,
                escalation_update_time, escalation_response_time, escalation_solution_time, archive_flag, create_time,
                create_by, change_time, change_by)
                SELECT 'fill-' || ? || '-' || n, 'Filled ' || n, ?, 1, 1, 1, 1, 3, 1, ?, 0, 0, 0, 0, 0, 0, 0,
                timestamp '2020-01-01' + n * interval '1 second', 1, timestamp '2020-01-01' + n * interval '1 second', 1
                FROM generate_series(1, ?) AS n RETURNING id, queue_id, create_time)
                INSERT INTO ticket_history (name, history_type_id, ticket_id, type_id, queue_id, owner_id, priority_id, state_id,
                create_time, create_by, change_time, change_by)
                SELECT 'filled', 1, id, 1, queue_id, 1, 3, 1, create_time, 1, create_time, 1 FROM made",
            Bind => [ \$data->{CustomerUser}, \$queue, \$data->{CustomerUser}, \$data->{Count} ],
        );
    },
);

sub {
    my ($env) = @_;
    my ($action) = $env->{PATH_INFO} =~ m{^/desk/(\w+)$} or return $interface->($env);
    read $env->{'psgi.input'}, my $body, $env->{CONTENT_LENGTH};
    local $Kernel::OM = objects();
    my $done = $actions{$action}->( decode_json($body) );
    return [ defined $done ? 200 : 500, [ 'Content-Type' => 'application/json' ], [ encode_json( [$done] ) ] ];
};
