# What docs/desks/redmine.md tells a site owner to make, and who the tests act as. Prints what they need to OUT.
Setting.rest_api_enabled = '1'
Setting.default_language = 'en'
Setting.attachment_max_size = '10240' # KB
Setting.login_required = '1'
Setting.text_formatting = 'common_mark'
Setting.notified_events = []

def user(login, first, admin)
  one = User.find_by_login(login) || User.new
  one.login = login
  one.firstname = first
  one.lastname = 'Podpora'
  one.mail = "#{login}@podpora.test"
  one.admin = admin
  one.language = 'en'
  one.mail_notification = 'none'
  one.password = one.password_confirmation = "#{login}-password"
  one.must_change_passwd = false
  one.save!
  one
end
gateway = user('gateway', 'Gateway', true)
nina = user('nina', 'Nina', false)

tracker = Tracker.find_by_name('Support') || Tracker.first
customer = Role.find_or_initialize_by(name: 'Customer')
customer.issues_visibility = 'own'
customer.users_visibility = 'members_of_visible_projects'
customer.permissions = [:view_issues, :add_issues, :add_issue_notes, :edit_own_issues]
customer.save!

# One for the contract, which counts, one for the other tests, one that no ticket belongs to.
projects = %w[contract support elsewhere].map do |identifier|
  project = Project.find_by_identifier(identifier) || Project.new(identifier: identifier, name: identifier.capitalize)
  project.is_public = false
  project.enabled_module_names = ['issue_tracking']
  project.trackers = [tracker]
  project.save!
  project
end

def field(tracker, name, format, more = {})
  IssueCustomField.find_by_name(name) ||
    IssueCustomField.create!({ name: name, field_format: format, is_filter: true, is_for_all: true, trackers: [tracker] }.merge(more))
end
field(tracker, 'Podpora Ref', 'string', visible: false, roles: [customer])
field(tracker, 'Podpora Reply', 'string', visible: false, roles: [customer])
field(tracker, 'CSAT', 'list', possible_values: %w[1 2 3 4 5])
field(tracker, 'CSAT Comment', 'text')
field(tracker, 'Product', 'list', possible_values: %w[Web Mobile])
field(tracker, 'Devices', 'list', possible_values: %w[Phone Tablet], multiple: true)
field(tracker, 'Order number', 'string', regexp: '^BR-\d{6}$')
field(tracker, 'Steps', 'text')
field(tracker, 'Since', 'date')
field(tracker, 'Seats', 'int')
field(tracker, 'Urgent', 'bool')
field(tracker, 'Region', 'string', is_required: true, default_value: nil)

agent = Role.find_by_name('Manager')
agent.add_permission!(:delete_issues, :view_private_notes, :set_notes_private)
[gateway, nina].each do |one|
  projects.each do |place|
    Member.create!(project: place, principal: one, roles: [agent]) unless Member.exists?(project_id: place.id, user_id: one.id)
  end
end

# A customer opens again what waited or was resolved, and resolves what is open.
status = IssueStatus.all.index_by(&:name)
[
  ['Feedback', 'In Progress'], ['Resolved', 'In Progress'], ['Closed', 'In Progress'], ['Rejected', 'In Progress'],
  ['New', 'Resolved'], ['In Progress', 'Resolved'], ['Feedback', 'Resolved']
].each do |from, to|
  WorkflowTransition.find_or_create_by!(tracker_id: tracker.id, role_id: customer.id, old_status_id: status[from].id, new_status_id: status[to].id)
end

File.write(ENV.fetch('OUT'), <<~LINES)
  GATEWAY_KEY=#{gateway.api_key}
  NINA_KEY=#{nina.api_key}
  NINA_ID=#{nina.id}
  TRACKER=#{tracker.name}
  ROLE=#{customer.name}
  DATABASE=#{ActiveRecord::Base.connection_db_config.database}
LINES
