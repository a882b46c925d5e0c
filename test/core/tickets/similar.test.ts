import { expect, test } from "vitest";
import type { Ticket } from "../../../src/core/contract/adapter.ts";
import { similarTickets } from "../../../src/core/tickets/similar.ts";

const ticket = (title: string): Ticket => ({
  id: title,
  number: "1",
  title,
  status: "open",
  createdAt: "2026-11-23T10:00:00Z",
  updatedAt: "2026-11-23T10:00:00Z",
});
const tickets = [
  "Slovenščina - Naročila ni mogoče obdelati",
  "Slovenščina - Pozabljeno geslo",
  "Slovenščina - Naročilo je prišlo poškodovano",
].map(ticket);
const found = (title: string) => similarTickets(title, tickets, "Slovenščina").map(({ id }) => id);

test.each([
  ["Naročilo", [tickets[0]?.id, tickets[2]?.id]],
  ["narocila ne morem obdelati", [tickets[0]?.id]],
  ["Geslo", [tickets[1]?.id]],
  ["Slovenščina", []],
  ["ni je v", []],
  ["", []],
  ["Zemljevid se ne naloži", []],
])("“%s” sounds like %j", (title, expected) => {
  expect(found(title)).toEqual(expected);
});
