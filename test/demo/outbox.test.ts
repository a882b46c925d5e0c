import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Member } from "../../src/core/contract/adapter.ts";
import { ana, by, draft, nina, request, seededDesk } from "./desk.ts";

type Stage = Awaited<ReturnType<typeof seededDesk>>;

const outbox = (stage: Stage) => readdirSync(join(stage.directory, "outbox"));

function mails(stage: Stage) {
  return outbox(stage).map((name) => {
    const mail = readFileSync(join(stage.directory, "outbox", name), "utf8");
    const [head = "", body = ""] = mail.split("\r\n\r\n");
    const headers = Object.fromEntries(
      head
        .replaceAll("\r\n ", " ")
        .split("\r\n")
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    return { mail, headers, text: Buffer.from(body, "base64").toString() };
  });
}

const decoded = (header = "") =>
  [...header.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)]
    .map(([, word = ""]) => Buffer.from(word, "base64").toString())
    .join("");

test("the transcript is sent to the member's own address, with all messages", async () => {
  await using stage = await seededDesk();
  const { chat, desk } = stage;
  const { id } = await chat.open(request("Kje je naročilo? 🐎"), by(ana));
  desk.agents.chat.take(nina, id);
  desk.agents.chat.say(nina, id, draft("On its way.\n.\nFrom here."));
  await chat.mailTranscript(id, by(ana));
  const [sent] = mails(stage);
  expect(sent?.headers).toMatchObject({
    Date: "Mon, 23 Nov 2026 10:00:00 +0000",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "base64",
  });
  expect(sent?.headers["To"]).toMatch(/ <ana@example\.org>$/);
  expect(decoded(sent?.headers["To"])).toBe("Ana Novak");
  expect(decoded(sent?.headers["Subject"])).toBe("Zapis klepeta: Nina");
  expect(sent?.text).toContain("> Kje je naročilo? 🐎");
  expect(sent?.text).toContain("> On its way.\r\n> .\r\n> From here.");
  for (const line of sent?.mail.split("\r\n") ?? []) expect(line).toMatch(/^[\x20-\x7e]{0,78}$/);
});

test("requesting the transcript again sends nothing, unless there are new messages", async () => {
  await using stage = await seededDesk();
  const { chat } = stage;
  const { id } = await chat.open(request(), by(ana));
  await Promise.all([1, 2, 3].map(() => chat.mailTranscript(id, by(ana))));
  await chat.mailTranscript(id, by(ana));
  expect(outbox(stage)).toHaveLength(1);
  await chat.send(id, draft("Še to"), by(ana));
  await chat.mailTranscript(id, by(ana));
  expect(outbox(stage)).toHaveLength(2);
});

test.each([
  ["nothing", ""],
  ["another header", "a@example.org\r\nBcc: all@example.org"],
  ["another recipient", "a@example.org,b@example.org"],
  ["an address within an address", "a@example.org> <b@example.org"],
])("%s instead of an address is refused, and no e-mail is sent", async (_what, email) => {
  await using stage = await seededDesk();
  const tricky: Member = { id: "tricky", name: "T", email };
  const { id } = await stage.chat.open({ ...request(), email }, by(tricky));
  await expect(stage.chat.mailTranscript(id, by(tricky))).rejects.toMatchObject({
    code: "invalid",
    fields: { email: expect.any(String) },
  });
  expect(readdirSync(stage.directory)).not.toContain("outbox");
});

test("a name with a line break can't inject a header", async () => {
  await using stage = await seededDesk();
  const tricky: Member = { id: "tricky", name: "T\r\nBcc: all@example.org", email: "t@example.org" };
  const { id } = await stage.chat.open(request(), by(tricky));
  await stage.chat.mailTranscript(id, by(tricky));
  expect(mails(stage)[0]?.headers["Bcc"]).toBeUndefined();
});
