import { expect } from "vitest";
import type { Field, TicketsApi } from "../core/contract/adapter.ts";
import { by, type Case, type Stage, type With } from "./case.ts";
import { answersBefore, badAnswers, goodAnswer, type Answers } from "./form.ts";
import { ticketsOf } from "./ticket-calls.ts";

interface Form {
  readonly tickets: TicketsApi & With<TicketsApi, "fields">;
  readonly fields: readonly Field[];
}

async function formOf(stage: Stage): Promise<Form> {
  const tickets = ticketsOf(stage, "fields");
  const fields = await tickets.fields(by(stage.me));
  if (fields.length === 0) stage.need(undefined);
  return { tickets, fields };
}

/** Expects the draft to be refused with the field's name, and no ticket to be created. */
async function expectRefused(stage: Stage, field: string, answers: Answers): Promise<void> {
  const tickets = ticketsOf(stage);
  const before = await stage.backend.ticketCount();
  const draft = stage.draft();
  const refused = tickets.create({ ...draft, fields: { ...draft.fields, ...answers } }, by(stage.me));
  await expect(refused, JSON.stringify(answers)).rejects.toMatchObject({ code: "invalid" });
  await expect(refused, JSON.stringify(answers)).rejects.toHaveProperty(["fields", field]);
  expect(await stage.backend.ticketCount()).toBe(before);
}

const kinds = ["text", "long-text", "select", "multi-select", "checkbox", "date", "number"];

export const ticketFormCases: readonly Case[] = [
  {
    title: "the desk's form fields have a key, a label and a kind",
    async run(stage) {
      const { fields } = await formOf(stage);
      const keys = fields.map((field) => field.key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const field of fields) {
        expect(field.key).not.toBe("");
        expect(field.label).not.toBe("");
        expect(kinds).toContain(field.kind);
        if (field.kind.endsWith("select")) expect(field.options?.length).toBeGreaterThan(0);
        if (field.pattern !== undefined) expect(() => new RegExp(field.pattern ?? "", "v")).not.toThrow();
        // A field must come after the one it depends on.
        if (field.showWhen) expect(keys.slice(0, keys.indexOf(field.key))).toContain(field.showWhen.key);
      }
    },
  },
  {
    title: "the form's answers arrive, of every kind",
    async run(stage) {
      const { tickets, fields } = await formOf(stage);
      const { answers: known = {} } = stage.subject;
      await Promise.all(
        fields.map(async (field) => {
          const answer = goodAnswer(field, known);
          if (answer === undefined) return;
          const draft = stage.draft();
          const given = { ...draft.fields, ...answersBefore(field, fields), [field.key]: answer };
          const missing = fields.filter(({ key, required, showWhen }) => {
            const value = showWhen && given[showWhen.key];
            return required && value !== undefined && showWhen?.values.includes(String(value)) && !(key in given);
          });
          for (const one of missing) given[one.key] = goodAnswer(one, known) ?? "";
          const ticket = await tickets.create({ ...draft, fields: given }, by(stage.me));
          const record = await stage.backend.ticket(ticket.id);
          if (record?.fields) expect(record.fields).toMatchObject(given);
        }),
      );
    },
  },
  {
    title: "a missing required field is refused by its name, and no ticket is created",
    async run(stage) {
      const { fields } = await formOf(stage);
      const required = fields.filter((field) => field.required === true);
      if (required.length === 0) stage.need(undefined);
      for (const field of required) {
        // oxlint-disable-next-line no-await-in-loop -- each counts the tickets
        await expectRefused(stage, field.key, { ...answersBefore(field, fields), [field.key]: "" });
      }
    },
  },
  {
    title: "an invalid value is refused by its field's name, and no ticket is created",
    async run(stage) {
      const { fields } = await formOf(stage);
      const tries = fields.flatMap((field) => badAnswers(field).map((value) => [field, value] as const));
      for (const [field, value] of tries) {
        // oxlint-disable-next-line no-await-in-loop -- each counts the tickets
        await expectRefused(stage, field.key, { ...answersBefore(field, fields), [field.key]: value });
      }
    },
  },
  {
    title: "an unknown field is refused by its name, and no ticket is created",
    async run(stage) {
      await formOf(stage);
      await expectRefused(stage, "no-such-field", { "no-such-field": "x" });
    },
  },
];
