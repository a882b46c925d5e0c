# Queues, agents, groups and dynamic fields for the tests, and the web service. Arguments: the web service's file.
use strict;
use warnings;
use lib map { "$ENV{ZNUNY_HOME}$_" } ( '', '/Kernel/cpan-lib' );
use Kernel::System::ObjectManager;

local $Kernel::OM = Kernel::System::ObjectManager->new( 'Kernel::System::Log' => { LogPrefix => 'seed' } );
my @made = ( ValidID => 1, UserID => 1 );
sub object { return $Kernel::OM->Get("Kernel::System::$_[0]") }
sub must { my ( $what, $id ) = @_; return $id || die "$what was not made\n" }

my %groups = map { $_ => must( $_, object('Group')->GroupAdd( Name => $_, @made ) ) } qw(support contract elsewhere);
my %queues = ( Support => 'support', Contract => 'contract', Elsewhere => 'elsewhere' );
for my $name ( sort keys %queues ) {
    must( $name, object('Queue')->QueueAdd( Name => $name, GroupID => $groups{ $queues{$name} }, SystemAddressID => 1,
        SalutationID => 1, SignatureID => 1, FollowUpID => 1, FollowUpLock => 0, UnlockTimeout => 0, @made ) );
}

# gateway: what a site gives Podpora, and no more; contract: the same for its queue. limited: may look and not write. nina: an agent.
my %rights = (
    gateway  => { support => ['rw'] },
    contract => { contract => ['rw'] },
    limited  => { support => ['ro'] },
    nina     => { support => ['rw'], contract => ['rw'], elsewhere => ['rw'] },
);
for my $login ( sort keys %rights ) {
    my $id = must( $login, object('User')->UserAdd( UserFirstname => ucfirst $login, UserLastname => 'Agent', UserLogin => $login,
        UserPw => "$login-password", UserEmail => "$login\@podpora.test", ValidID => 1, ChangeUserID => 1 ) );
    for my $group ( sort keys %{ $rights{$login} } ) {
        my %permission = map { $_ => 1 } @{ $rights{$login}{$group} };
        must( "right of $login", object('Group')->PermissionGroupUserAdd( GID => $groups{$group}, UID => $id, UserID => 1,
            Permission => { map { $_ => $permission{$_} || 0 } qw(ro move_into create note owner priority rw) } ) );
    }
    print uc($login), "_ID=$id\n";
}

my $order = 1;
sub field {
    my ( $name, $type, $of, %config ) = @_;
    must( $name, object('DynamicField')->DynamicFieldAdd( Name => $name, Label => $name, FieldOrder => $order++, FieldType => $type,
        ObjectType => $of, Config => { DefaultValue => '', %config }, @made ) );
}
field( 'PodporaRef',      'Text',     'Ticket' );
field( 'PodporaReply',    'Text',     'Article' );
field( 'PodporaContext',  'TextArea', 'Ticket' );
field( 'CSAT',            'Text',     'Ticket' );
field( 'CSATComment',     'TextArea', 'Ticket' );
field( 'OrderNumber',     'Text',     'Ticket' );
field( 'Product',  'Dropdown',    'Ticket', PossibleValues => { web => 'Web', mobile => 'Mobile' } );
field( 'Topics',   'Multiselect', 'Ticket', PossibleValues => { orders => 'Orders', payments => 'Payments' } );
field( 'Since',    'Date',        'Ticket' );
field( 'Urgent',   'Checkbox',    'Ticket' );
field( 'Steps',    'TextArea',    'Ticket' );

my $yaml = object('Main')->FileRead( Location => $ARGV[0] );
must( 'Podpora', object('GenericInterface::Webservice')
    ->WebserviceAdd( Name => 'Podpora', Config => object('YAML')->Load( Data => ${$yaml} ), @made ) );
