import { expect, test } from "vitest";
import { parseMarkup } from "../../../src/core/contract/markup.ts";
import { splitQuotedTail } from "../../../src/core/contract/quoted-tail.ts";

const counts = (text: string) => {
  const { words, tail } = splitQuotedTail(parseMarkup(text));
  return [words.length, tail.length];
};

test.each([
  ["an answer above the mail", "Poskusite znova.\n\nAna je 20. 11. napisala:\n> Ne dela.\n> Lp", [1, 2]],
  ["a long quote at the end", "Poskusite znova.\n\n> a\n> b\n> c\n> d", [1, 1]],
  ["a ruler of a mail program", "Poskusite.\n\n-----Original Message-----\nFrom: Ana\n\nNe dela.", [1, 2]],
  ["a short quotation at the end", "Mislite to?\n\n> Napaka 12", [2, 0]],
  ["nothing but a quote", "> a\n> b\n> c\n> d", [1, 0]],
  ["a quote in the middle", "> a\n> b\n> c\n> d\n\nTo je rešeno.", [2, 0]],
  [
    "Outlook's line and head",
    "Poskusite.\n\n________________________________\nFrom: Ana <ana@example.org>\nSent: Monday, 23 November 2026 10:00\nTo: Support\nSubject: Naročilo\n\nNe dela.",
    [1, 2],
  ],
  [
    "Outlook's head in German, without a line",
    "Bitte versuchen.\n\nVon: Ana <ana@example.org>\nGesendet: Montag, 23. November 2026 10:00\nAn: Support\nBetreff: Bestellung\n\nGeht nicht.",
    [1, 2],
  ],
  [
    "Outlook's head in Slovenian",
    "Poskusite.\n\nOd: Ana <ana@example.org>\nPoslano: ponedeljek, 23. november 2026 10:00\nZa: Podpora\nZadeva: Naročilo\n\nNe dela.",
    [1, 2],
  ],
  [
    "Outlook's head in Arabic",
    "حاول مرة أخرى.\n\nمن: آنا <ana@example.org>\nتاريخ الإرسال: 23 نوفمبر 2026\nإلى: الدعم\nالموضوع: الطلب\n\nلا يعمل.",
    [1, 2],
  ],
  ["a head in bold", "Try again.\n\n**From:** Ana\n**Date:** Monday\n**To:** Support\n**Subject:** x\n\nHelp", [1, 2]],
  ["a head right below the answer", "Try again.\nFrom: Ana\nSent: Monday\nTo: Support\nSubject: x\n\nHelp", [1, 2]],
  ["a line of a mail program in German", "Gut.\n\n-----Ursprüngliche Nachricht-----\nVon: Ana\n\nGeht nicht.", [1, 2]],
  ["Gmail in Arabic, with marks of direction", "جرب.\n\nفي الاثنين، كتب آنا:\u200F\n> لا يعمل", [1, 2]],
  ["Apple Mail in German", "Gut.\n\nAm 23.11.2026 um 10:00 schrieb Ana <ana@example.org>:\n> Geht nicht", [1, 2]],
  ["an agent's own list of fields", "From: the menu\nTo: the door", [1, 0]],
  ["a line of an agent's own", "One\n\n__________\n\nTwo", [3, 0]],
  ["no quote", "Vse dela.", [1, 0]],
])("%s", (_name, text, expected) => {
  expect(counts(text)).toEqual(expected);
});
