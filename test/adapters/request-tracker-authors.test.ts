import { expect, test } from "vitest";
import type { Desk } from "../../src/adapters/request-tracker/desk.ts";
import type { RtTicket } from "../../src/adapters/request-tracker/schemas.ts";
import { roleOf } from "../../src/adapters/request-tracker/ticket.ts";

const gateway = "20";
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part that is read
const desk = { settings: { accountId: gateway } } as Desk;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
const ticket = {
  Requestor: [
    { id: "ana", EmailAddress: "ana@example.org", RealName: "Ana" },
    { id: "boris", EmailAddress: "Boris@example.org", RealName: "" },
  ],
  Cc: [{ id: "petra" }],
} as RtTicket;

const person = (id: string) => ({ id, Name: id, RealName: "" });
const byGateway = (author: string) => ({
  Creator: person(gateway),
  CustomFields: [{ name: "Podpora Member", values: [author] }],
});
const by = (id: string) => ({ Creator: person(id), CustomFields: [] });

test.each([
  ["the member through the gateway", byGateway("Ana <ana@example.org>"), "member"],
  ["another requestor through the gateway", byGateway("Boris <boris@example.org>"), "participant"],
  ["another requestor without a name through the gateway", byGateway("boris@example.org"), "participant"],
  ["the member by mail", by("ana"), "member"],
  ["another requestor by mail", by("boris"), "participant"],
  ["somebody in Cc", by("petra"), "participant"],
  ["an agent", by("nina"), "agent"],
  ["RT itself", by("1"), "system"],
])("to a requestor of a ticket, the author is classified: %s", (_who, written, role) => {
  expect(roleOf(desk, ticket, "ana@example.org", written)).toBe(role);
});

test("to a requestor without a name, their own message through the gateway is their own", () => {
  expect(roleOf(desk, ticket, "boris@example.org", byGateway("boris@example.org"))).toBe("member");
});
