import { expect, test } from "vitest";
import { answerTo, ask, draft, headerOf, mailboxStage } from "./mailbox-stage.ts";

test("a ticket is a mail to the desk, from an address with a token, in the member's name", async () => {
  const { tickets, smtp } = await mailboxStage();
  const ticket = await tickets.create(draft(), ask());
  const mail = smtp.sent[0]!;
  expect(mail.to).toEqual(["desk@desk.example"]);
  expect(headerOf(mail, "From")).toMatch(/^Ana Novak <support\+[0-9a-v]{26}@example\.org>$/);
  expect(headerOf(mail, "Reply-To")).toBe(mail.from);
  expect(headerOf(mail, "Subject")).toMatch(new RegExp(`^It breaks \\[#${ticket.number}-[0-9A-V]{8}\\]$`));
  expect(headerOf(mail, "Auto-Submitted")).toBe("");
  expect(mail.source).not.toMatch(/X-Podpora-Record/i);
  expect((await tickets.thread(ticket.id, undefined, ask())).items).toMatchObject([{ text: draft().text }]);
});

test("an agent's answer is in the thread, and the ticket waits for the member", async () => {
  const { tickets, smtp, imap } = await mailboxStage();
  const { id } = await tickets.create(draft(), ask());
  imap.deliver("INBOX", answerTo(smtp.sent[0]!, "Which *browser*?"));
  expect(await tickets.get(id, ask())).toMatchObject({ status: "awaiting", updatedBy: "agent" });
  const { items } = await tickets.thread(id, undefined, ask());
  expect(items.map(({ text, author, change }) => [author.role, author.name, change?.status ?? text])).toEqual([
    ["member", "Ana Novak", draft().text],
    ["agent", "Nina Agent", String.raw`Which \*browser\*?`],
    ["agent", "Nina Agent", "awaiting"],
  ]);
});
