import { expect, test } from "vitest";
import { checkMessageDraft, checkTicketDraft } from "../../src/adapter/drafts.ts";

const ticket = (over: object) => ({ clientId: crypto.randomUUID(), title: "Naročilo", text: "Ne gre.", ...over });
const message = (over: object) => ({ clientId: crypto.randomUUID(), text: "Ne gre.", ...over });

test.each([
  ["an empty title", { title: " \t" }, "title"],
  ["a title that is too long", { title: "🐎".repeat(201) }, "title"],
  ["a title of two lines, as of a mail's head", { title: "a\r\nBcc: x@example.org" }, "title"],
  ["NUL in a title", { title: "a\0" }, "title"],
  ["an empty text", { text: "\n" }, "text"],
  ["NUL in a text", { text: "a\0b" }, "text"],
  ["half of an emoji, as of a text that was cut", { text: "a \uD83D" }, "text"],
  ["a client id that is a filter's operator", { clientId: "*" }, "clientId"],
])("%s is refused by its field", (_what, over, field) => {
  const check = () => checkTicketDraft(ticket(over), 200);
  expect(check).toThrow(
    expect.objectContaining({ code: "invalid", fields: { [field]: expect.stringMatching(/^must/) } }),
  );
});

test("all faults are reported at once", () => {
  expect(() => checkTicketDraft(ticket({ title: "", text: "" }), 200)).toThrow(
    expect.objectContaining({ fields: { title: "must not be empty", text: "must not be empty" } }),
  );
});

test("any script, whole emoji, tabs, and a text of many lines are accepted", () => {
  checkTicketDraft(ticket({ title: "🐎".repeat(200), text: "三\r\n\t<b>🧑🏽‍🚀</b>\u202E\n" }), 200);
});

test("a message has text or files", () => {
  checkMessageDraft(message({ text: " ", attachments: ["1"] }));
  for (const over of [{ text: " " }, { text: "", attachments: [] }, { text: "a\uDC00", attachments: ["1"] }]) {
    expect(() => checkMessageDraft(message(over))).toThrow(
      expect.objectContaining({ fields: { text: expect.any(String) } }),
    );
  }
});
