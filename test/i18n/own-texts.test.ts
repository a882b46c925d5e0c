import { expect, test } from "vitest";
import { catalog } from "../../src/i18n/every-language.ts";
import { createI18n } from "../../src/i18n/index.ts";
import type { Texts } from "../../src/core/options.ts";
import { withOwnTexts } from "../../src/i18n/own-texts.ts";

const en = {
  "tickets.tab": "Orders help",
  "tickets.total_one": "{{count}} order",
  "tickets.tabb": "?",
  "zebra.x": "?",
};

test("the site's own wording replaces the widget's, also in one plural form, and leaves the rest", async () => {
  const messages: string[] = [];
  const own = withOwnTexts(
    catalog,
    () => ({ en }),
    (message) => messages.push(message),
  );
  const { t, setLocale } = await createI18n("en", own);
  expect(t("tickets.tab")).toBe("Orders help");
  expect([t("tickets.total", { count: 1 }), t("tickets.total", { count: 2 })]).toEqual(["1 order", "2 issues"]);
  expect(t("chat.tab")).toBe("Live chat");
  await setLocale("sl");
  expect(t("tickets.tab")).toBe("Tehnične težave");
  expect(messages).toEqual([
    '"texts": "tickets.tabb" is no text of the widget in "en"; did you mean "tickets.tab"?',
    '"texts": "zebra.x" is no text of the widget in "en"; look at the keys in locales/en.json.',
  ]);
});

test("without texts of the site's own a language stays as it is, until the site has some", async () => {
  let texts: Texts | undefined;
  const own = withOwnTexts(
    catalog,
    () => texts,
    () => undefined,
  );
  const { t, reload } = await createI18n("en", own);
  expect(t("start.open")).toBe("Help");
  texts = { en: { "start.open": "Ask us" } };
  await reload();
  expect(t("start.open")).toBe("Ask us");
  texts = undefined;
  await reload();
  expect(t("start.open")).toBe("Help");
});
