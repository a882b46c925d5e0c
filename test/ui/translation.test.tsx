import { expect, test } from "vitest";
import type { TranslationTools } from "../../src/ui/context.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket } from "../support/tickets.ts";

async function openReply(languages: readonly string[], translation: TranslationTools | undefined) {
  const desk = anasDesk({ availability: { open: true, languages } });
  const { id } = await anasTicket(desk, "Naslov");
  await desk.agent.replyToTicket(id, "Please **restart** the app.");
  const drawn = await openWidget({ adapter: desk, route: `tickets/${id}`, translation });
  await drawn.findByText("restart");
  await expect.poll(() => drawn.widget.chat.value?.availability.value).toBeDefined();
  return drawn;
}

const toSlovenian: TranslationTools = {
  canTranslate: async (from, to) => from === "en" && to === "sl",
  translate: async (text) =>
    text === "Please restart the app." ? { text: "Znova zaženite aplikacijo.", from: "en" } : { text, from: "sl" },
};

test("an agent's message is translated on the device, below the original", async () => {
  const { findByRole, findByText, getByText, user } = await openReply(["en"], toSlovenian);
  await user.click(await findByRole("button", { name: "Prevedi" }));
  await findByText("Znova zaženite aplikacijo.");
  await findByText("Prevedeno v tej napravi (izvirni jezik: Angleščina)");
  getByText("restart");
});

test.each([
  ["where the browser can't translate", ["en"], undefined],
  ["where the team writes the member's language", ["en", "sl"], toSlovenian],
])("no translation is offered %s", async (_where, languages, translate) => {
  const { queryByRole } = await openReply(languages, translate);
  expect(queryByRole("button", { name: "Prevedi" })).toBeNull();
});

test("a failed translation shows an error and can be retried", async () => {
  let isBroken = true;
  const { findByRole, findByText, user } = await openReply(["en"], {
    ...toSlovenian,
    async translate(text, to) {
      if (isBroken) throw new Error("no model");
      return await toSlovenian.translate(text, to);
    },
  });
  await user.click(await findByRole("button", { name: "Prevedi" }));
  await findByText("Brskalnik tega sporočila ni mogel prevesti.");
  isBroken = false;
  await user.click(await findByRole("button", { name: "Prevedi" }));
  await findByText("Znova zaženite aplikacijo.");
});
