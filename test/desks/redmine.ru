# For tests: on SQLite, which several processes write (Redmine's two, and the tests that fill it past Redmine). Each process
# has one thread: connections are not kept, lest an idle one holds it.
require '/usr/share/redmine/config/environment'

# A transaction that reads first and writes then cannot wait for who writes meanwhile: it waits at its beginning.
module Immediate
  def begin_db_transaction
    @connection.transaction(:immediate)
  end
end
ActiveRecord::ConnectionAdapters::SQLite3Adapter.prepend(Immediate)
database = ActiveRecord::Base.connection_db_config.configuration_hash
ActiveRecord::Base.establish_connection(database.merge(timeout: 10_000))

# Mails would be made in another thread, which waits for the database until this one is done, and the other way round.
class NoMail
  def enqueue(_job) = nil
  def enqueue_at(_job, _time) = nil
end
ActiveJob::Base.queue_adapter = NoMail.new

class Closing
  def initialize(app)
    @app = app
  end

  def call(env)
    @app.call(env).tap { |_status, headers, _body| headers['Connection'] = 'close' }
  end
end

Rails.logger.level = Logger::WARN
use Closing
run Rails.application
