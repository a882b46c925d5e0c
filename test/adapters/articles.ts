import type { Article } from "../../src/core/contract/adapter.ts";

/** The articles of the tests' desks. */
export const articles: readonly Article[] = [
  { id: "order", language: "en", title: "An order can’t be submitted", text: "Check the **cart**." },
  { id: "order-sl", language: "sl", title: "Naročila ni mogoče oddati", text: "Preverite **košarico**." },
  { id: "invoice", language: "en", title: "Where is the invoice?", text: "Under *My orders*." },
];

/** What the contract searches for. */
export const article = { title: "Naročila ni mogoče oddati", words: "Z naročilom je nekaj narobe", locale: "sl" };
