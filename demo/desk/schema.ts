/** One entry a version of the schema: `PRAGMA user_version` counts how many of them a file has had. Never edit one. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE members (
    id TEXT PRIMARY KEY,
    username TEXT UNIQUE,
    password TEXT,
    name TEXT,
    email TEXT,
    rank TEXT,
    locale TEXT,
    guest INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    name TEXT NOT NULL,
    languages TEXT NOT NULL
  ) STRICT;

  CREATE TABLE agent_sessions (
    token_hash TEXT PRIMARY KEY,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    available INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE conversations (
    queue_order INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL REFERENCES members (id),
    client_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'active', 'ended')),
    agent_id TEXT REFERENCES agents (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    member_number TEXT,
    locale TEXT NOT NULL,
    created_at TEXT NOT NULL,
    taken_at TEXT,
    ended_at TEXT,
    ticket_requested INTEGER NOT NULL DEFAULT 0,
    member_read INTEGER NOT NULL DEFAULT 0,
    agent_read INTEGER NOT NULL DEFAULT 0,
    score INTEGER,
    comment TEXT,
    UNIQUE (member_id, client_id)
  ) STRICT;
  CREATE UNIQUE INDEX one_open_conversation ON conversations (member_id) WHERE status <> 'ended';
  CREATE INDEX conversations_by_status ON conversations (status, queue_order);

  CREATE TABLE tickets (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL REFERENCES members (id),
    client_id TEXT NOT NULL,
    title TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'awaiting', 'resolved')),
    locale TEXT NOT NULL,
    fields TEXT NOT NULL,
    conversation_id TEXT REFERENCES conversations (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    changed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (member_id, client_id)
  ) STRICT;
  CREATE INDEX tickets_by_member ON tickets (member_id, changed);
  INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000);

  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    ticket_id TEXT REFERENCES tickets (id),
    conversation_id TEXT REFERENCES conversations (id),
    internal INTEGER NOT NULL DEFAULT 0,
    author_id TEXT NOT NULL,
    author_name TEXT,
    author_role TEXT NOT NULL CHECK (author_role IN ('member', 'agent', 'system')),
    client_id TEXT,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    CHECK ((ticket_id IS NULL) <> (conversation_id IS NULL))
  ) STRICT;
  CREATE UNIQUE INDEX ticket_message_once ON messages (author_role, author_id, client_id)
    WHERE client_id IS NOT NULL AND ticket_id IS NOT NULL;
  CREATE UNIQUE INDEX chat_message_once ON messages (author_role, author_id, client_id)
    WHERE client_id IS NOT NULL AND conversation_id IS NOT NULL;
  CREATE INDEX messages_by_ticket ON messages (ticket_id, seq);
  CREATE INDEX messages_by_conversation ON messages (conversation_id, seq);

  CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES members (id),
    client_id TEXT,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (member_id, client_id)
  ) STRICT;
  CREATE TABLE message_attachments (
    message_id TEXT NOT NULL REFERENCES messages (id),
    attachment_id TEXT NOT NULL REFERENCES attachments (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (message_id, attachment_id)
  ) STRICT;
  CREATE INDEX links_by_attachment ON message_attachments (attachment_id);

  CREATE TABLE events (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    member_id TEXT NOT NULL,
    ticket_id TEXT,
    conversation_id TEXT,
    internal INTEGER NOT NULL DEFAULT 0,
    message_id TEXT REFERENCES messages (id),
    payload TEXT
  ) STRICT;
  CREATE INDEX events_by_member ON events (member_id, cursor);
  CREATE INDEX events_by_conversation ON events (conversation_id, cursor);

  CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX keys_by_expiry ON keys (expires_at);

  CREATE TABLE buckets (
    name TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at INTEGER NOT NULL,
    full_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX buckets_by_full ON buckets (full_at);
  `,
];
