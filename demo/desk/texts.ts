import type { Field } from "../../src/core/adapter.ts";

/** What the desk itself writes to a member. */
export interface Texts {
  readonly transcript: (agent: string | undefined) => string;
  readonly ticketMade: (number: string, title: string) => string;
  readonly fields: readonly Field[];
}

const category = (label: string, options: Readonly<Record<string, string>>): Field => ({
  key: "category",
  label,
  kind: "select",
  required: false,
  options: Object.entries(options).map(([value, text]) => ({ value, label: text })),
});

const english: Texts = {
  transcript: (agent) => (agent ? `Transcript of the chat with ${agent}` : "Transcript of the chat"),
  ticketMade: (number, title) => `Ticket #${number} was filed from this chat: ${title}`,
  fields: [category("Category", { web: "Web site", app: "Mobile app", payments: "Payments", other: "Other" })],
};

const slovenian: Texts = {
  transcript: (agent) => (agent ? `Zapis klepeta: ${agent}` : "Zapis klepeta"),
  ticketMade: (number, title) => `Iz tega klepeta je nastal zahtevek #${number}: ${title}`,
  fields: [
    category("Kategorija", { web: "Spletno mesto", app: "Mobilna aplikacija", payments: "Plačila", other: "Drugo" }),
  ],
};

export function textsFor(locale: string): Texts {
  return /^sl\b/i.test(locale) ? slovenian : english;
}
