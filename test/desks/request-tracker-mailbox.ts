import { DatabaseSync } from "node:sqlite";
import { databaseFile } from "./request-tracker-desk.ts";

/**
 * Puts many tickets of one member into the queue, past RT: its own way takes an hour for 10,000. Gives what takes them
 * out again: with SQLite, RT reads every ticket's requestors to find one member's.
 */
export function fillMailbox(count: number, email: string, titleOf: (index: number) => string): () => void {
  const database = new DatabaseSync(databaseFile, { timeout: 20_000 });
  const one = (sql: string, ...values: (string | number)[]): number =>
    Number(Object.values(database.prepare(sql).get(...values) ?? {})[0]);
  const at = "2026-01-02 03:04:05";
  database.exec("BEGIN IMMEDIATE");
  const queue = one("SELECT id FROM Queues WHERE Name = 'Support'");
  const gateway = one("SELECT id FROM Users WHERE Name = 'gateway'");
  let user = one("SELECT max(id) FROM Users WHERE EmailAddress = ?", email);
  // RT's own go on from the highest id: these stand far above what it makes meanwhile.
  let principal = one("SELECT max(id) FROM Principals") + 1000;
  const from = principal;
  const ticketsBefore = one("SELECT max(id) FROM Tickets") + 1000;
  const insert = {
    principal: database.prepare("INSERT INTO Principals (id, PrincipalType, Disabled) VALUES (?, ?, 0)"),
    user: database.prepare("INSERT INTO Users (id, Name, EmailAddress, Creator, Created) VALUES (?, ?, ?, 1, ?)"),
    group: database.prepare(
      "INSERT INTO Groups (id, Name, Domain, Instance, Creator, Created) VALUES (?, 'Requestor', 'RT::Ticket-Role', ?, 1, ?)",
    ),
    member: database.prepare("INSERT INTO GroupMembers (GroupId, MemberId, Creator, Created) VALUES (?, ?, 1, ?)"),
    cached: database.prepare(
      "INSERT INTO CachedGroupMembers (GroupId, MemberId, Via, ImmediateParentId, Disabled) VALUES (?, ?, 0, ?, 0)",
    ),
    ticket: database.prepare(
      "INSERT INTO Tickets (id, EffectiveId, Queue, Type, Owner, Subject, Status, Creator, Created, LastUpdatedBy, LastUpdated) VALUES (?, ?, ?, 'ticket', 6, ?, 'open', ?, ?, ?, ?)",
    ),
    transaction: database.prepare(
      "INSERT INTO Transactions (ObjectType, ObjectId, Type, Creator, Created) VALUES ('RT::Ticket', ?, 'Create', ?, ?)",
    ),
  };
  if (!Number.isInteger(user) || user === 0) {
    user = principal += 1;
    insert.principal.run(user, "User");
    insert.user.run(user, email, email, at);
  }
  for (let index = 0; index < count; index += 1) {
    const ticket = ticketsBefore + 1 + index;
    principal += 1;
    insert.principal.run(principal, "Group");
    insert.group.run(principal, ticket, at);
    insert.member.run(principal, user, at);
    insert.cached.run(principal, user, principal);
    insert.cached.run(principal, principal, principal);
    insert.ticket.run(ticket, ticket, queue, titleOf(index), gateway, at, gateway, at);
    insert.transaction.run(ticket, gateway, at);
  }
  database.exec("COMMIT");
  database.close();

  return () => {
    const again = new DatabaseSync(databaseFile, { timeout: 20_000 });
    const groups = [from + 1, from + 1 + count] as const;
    const tickets = [ticketsBefore + 1, ticketsBefore + count] as const;
    again.exec("BEGIN IMMEDIATE");
    again.prepare("DELETE FROM GroupMembers WHERE MemberId = ?").run(user);
    again.prepare("DELETE FROM CachedGroupMembers WHERE GroupId BETWEEN ? AND ?").run(...groups);
    again.prepare("DELETE FROM Groups WHERE id BETWEEN ? AND ?").run(...groups);
    again.prepare("DELETE FROM Principals WHERE PrincipalType = 'Group' AND id BETWEEN ? AND ?").run(...groups);
    again
      .prepare("DELETE FROM Transactions WHERE ObjectType = 'RT::Ticket' AND ObjectId BETWEEN ? AND ?")
      .run(...tickets);
    again.prepare("DELETE FROM Tickets WHERE id BETWEEN ? AND ?").run(...tickets);
    again.exec("COMMIT");
    again.close();
  };
}

/** RT itself keeps an address to one user; what was imported into it may not. */
export function giveAddress(userName: string, email: string): void {
  const database = new DatabaseSync(databaseFile, { timeout: 20_000 });
  database.prepare("UPDATE Users SET EmailAddress = ? WHERE Name = ?").run(email, userName);
  database.close();
}
