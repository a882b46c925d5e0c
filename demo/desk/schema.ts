/** One entry per schema version: `PRAGMA user_version` is the number already applied. Never edit an entry. */
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
  `
  ALTER TABLE tickets ADD COLUMN updated_by TEXT NOT NULL DEFAULT 'member';
  ALTER TABLE tickets ADD COLUMN answered_at TEXT;
  ALTER TABLE tickets ADD COLUMN context TEXT;
  ALTER TABLE tickets ADD COLUMN score INTEGER CHECK (score BETWEEN 1 AND 5);
  ALTER TABLE tickets ADD COLUMN comment TEXT;
  ALTER TABLE messages ADD COLUMN change TEXT CHECK (change IN ('open', 'awaiting', 'resolved'));
  ALTER TABLE conversations ADD COLUMN ticket_id TEXT REFERENCES tickets (id);
  UPDATE tickets SET
    answered_at = (SELECT min(at) FROM messages
      WHERE ticket_id = tickets.id AND author_role = 'agent' AND internal = 0),
    updated_by = coalesce((SELECT author_role FROM messages
      WHERE ticket_id = tickets.id AND internal = 0 ORDER BY seq DESC LIMIT 1), 'member');

  CREATE INDEX tickets_by_member_and_status ON tickets (member_id, status, changed);
  CREATE INDEX tickets_by_status ON tickets (status, changed);
  CREATE INDEX tickets_by_change ON tickets (changed);
  -- Kept by every change, so that to count takes no longer the more there are.
  CREATE TABLE ticket_counts (
    member_id TEXT NOT NULL REFERENCES members (id),
    status TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (member_id, status)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO ticket_counts SELECT member_id, status, count(*) FROM tickets GROUP BY member_id, status;
  CREATE TRIGGER ticket_counted AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_counts VALUES (new.member_id, new.status, 1)
      ON CONFLICT (member_id, status) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER ticket_recounted AFTER UPDATE OF status ON tickets WHEN new.status <> old.status BEGIN
    UPDATE ticket_counts SET count = count - 1 WHERE member_id = old.member_id AND status = old.status;
    INSERT INTO ticket_counts VALUES (new.member_id, new.status, 1)
      ON CONFLICT (member_id, status) DO UPDATE SET count = count + 1;
  END;
  CREATE TRIGGER ticket_uncounted AFTER DELETE ON tickets BEGIN
    UPDATE ticket_counts SET count = count - 1 WHERE member_id = old.member_id AND status = old.status;
  END;

  CREATE INDEX tickets_by_answer ON tickets (answered_at, created_at) WHERE answered_at IS NOT NULL;
  CREATE INDEX tickets_by_conversation ON tickets (conversation_id) WHERE conversation_id IS NOT NULL;
  CREATE INDEX conversations_by_ticket ON conversations (ticket_id) WHERE ticket_id IS NOT NULL;
  CREATE INDEX events_by_ticket ON events (ticket_id);
  CREATE INDEX events_by_message ON events (message_id);

  -- An agent's uploads are no member's.
  CREATE TABLE owned_attachments (
    id TEXT PRIMARY KEY,
    member_id TEXT REFERENCES members (id),
    agent_id TEXT REFERENCES agents (id),
    client_id TEXT,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (member_id, client_id),
    UNIQUE (agent_id, client_id),
    CHECK ((member_id IS NULL) <> (agent_id IS NULL))
  ) STRICT;
  INSERT INTO owned_attachments (id, member_id, client_id, name, bytes, type, at)
    SELECT id, member_id, client_id, name, bytes, type, at FROM attachments;
  DROP TABLE attachments;
  ALTER TABLE owned_attachments RENAME TO attachments;

  -- What members can read, folded: a row for each title, by the ticket's number below zero, and one for each message.
  CREATE VIRTUAL TABLE ticket_texts USING fts5 (text, ticket UNINDEXED, tokenize = 'trigram case_sensitive 1');
  CREATE TRIGGER title_written AFTER INSERT ON tickets BEGIN
    INSERT INTO ticket_texts (rowid, ticket, text) VALUES (-new.number, new.number, fold(new.title || ' #' || new.number));
  END;
  CREATE TRIGGER title_removed AFTER DELETE ON tickets BEGIN
    DELETE FROM ticket_texts WHERE rowid = -old.number;
  END;
  CREATE TRIGGER message_written AFTER INSERT ON messages
  WHEN new.ticket_id IS NOT NULL AND new.internal = 0 AND new.text <> '' BEGIN
    INSERT INTO ticket_texts (rowid, ticket, text)
      SELECT new.seq, number, fold(new.text) FROM tickets WHERE id = new.ticket_id;
  END;
  CREATE TRIGGER message_removed AFTER DELETE ON messages WHEN old.ticket_id IS NOT NULL BEGIN
    DELETE FROM ticket_texts WHERE rowid = old.seq;
  END;
  INSERT INTO ticket_texts (rowid, ticket, text) SELECT -number, number, fold(title || ' #' || number) FROM tickets;
  INSERT INTO ticket_texts (rowid, ticket, text)
    SELECT m.seq, t.number, fold(m.text) FROM messages m JOIN tickets t ON t.id = m.ticket_id
    WHERE m.internal = 0 AND m.text <> '';
  `,
  `
  -- Who goes back to the queue goes to its front: the order is no longer that of joining.
  ALTER TABLE conversations ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN queued_at TEXT NOT NULL DEFAULT '';
  ALTER TABLE conversations ADD COLUMN agent_delivered INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE conversations ADD COLUMN page TEXT;
  ALTER TABLE agents ADD COLUMN picture TEXT REFERENCES attachments (id);
  UPDATE conversations SET place = queue_order, queued_at = created_at, agent_delivered = agent_read;
  DROP INDEX conversations_by_status;
  CREATE INDEX conversations_by_place ON conversations (status, place);
  CREATE INDEX conversations_by_member ON conversations (member_id, queue_order);
  CREATE INDEX conversations_by_end ON conversations (ended_at) WHERE taken_at IS NOT NULL AND ended_at IS NOT NULL;
  `,
  `
  -- A guest who signs in: their tickets are the member's from then on.
  CREATE TRIGGER ticket_moved AFTER UPDATE OF member_id ON tickets WHEN new.member_id <> old.member_id BEGIN
    UPDATE ticket_counts SET count = count - 1 WHERE member_id = old.member_id AND status = old.status;
    INSERT INTO ticket_counts VALUES (new.member_id, new.status, 1)
      ON CONFLICT (member_id, status) DO UPDATE SET count = count + 1;
  END;
  `,
  `
  -- Resolved, and the member can't reopen it.
  ALTER TABLE tickets ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
  `,
];
