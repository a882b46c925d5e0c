import { describe, expect, test } from "vitest";
import { languageName } from "../../../src/i18n/languages.ts";
import { ticketText, ticketTitle, type TicketTexts } from "../../../src/core/tickets/ticket-text.ts";

const texts: TicketTexts = { language: "prefix", languageName, question: (step) => `${step}?` };
const titleWithLanguage = (title: string, tag: string) => ticketTitle(title, tag, texts);

describe("the title of an issue", () => {
  test("begins with the language, as the guide asks", () => {
    expect(titleWithLanguage("  Naročila ni mogoče obdelati ", "sl")).toBe("Slovenščina - Naročila ni mogoče obdelati");
  });

  test("does not get the language twice", () => {
    const title = "slovenščina - Naročila ni mogoče obdelati";
    expect(titleWithLanguage(title, "sl")).toBe(title);
  });

  test("of a member who begins with another language's name keeps that as their words", () => {
    expect(titleWithLanguage("English - order", "sl")).toBe("Slovenščina - English - order");
  });

  test("is only what the member wrote where the site wants no language in it", () => {
    expect(ticketTitle(" Naročila ", "sl", { ...texts, language: "off" })).toBe("Naročila");
  });
});

describe("the description of an issue", () => {
  test("has each answer under its question", () => {
    const steps = { did: "Odprem košarico. ", text: "Nič.", expected: "" };
    expect(ticketText(steps, texts)).toBe("did?\nOdprem košarico.\n\nhappened?\nNič.");
  });

  test("is a single answer as it is", () => {
    expect(ticketText({ did: "", text: " Nič. ", expected: "" }, texts)).toBe("Nič.");
  });
});
