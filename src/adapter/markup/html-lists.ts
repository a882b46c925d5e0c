import { readHtml } from "./html-tokens.ts";
import type { MarkupWriter } from "./writer.ts";

type Attributes = ReadonlyMap<string, string>;

interface List {
  readonly ordered: boolean;
  /** Numbered with letters or Roman numerals, which the subset does not have: they become text. */
  readonly type: string | undefined;
  readonly step: 1 | -1;
  next: number;
  /** Whether its open item is one of the subset's; undefined if none is open. */
  item: "item" | "text" | undefined;
}

/**
 * The nesting that the parser of the subset supports (src/core/contract/markup.ts); deeper items are put into the item
 * around them.
 */
const maxDepth = 5;

/** The lists of an HTML text, each item with the number that a browser shows. */
export function createLists(writer: MarkupWriter) {
  const lists: List[] = [];

  function closeItem(list: List): void {
    if (list.item === "item") writer.closeItem();
    list.item = undefined;
  }

  return {
    open(ordered: boolean, attributes: Attributes, count = 1): void {
      writer.block(lists.length === 0 ? 2 : 1);
      const isReversed = attributes.has("reversed");
      const start = numberIn(attributes.get("start")) ?? (isReversed ? count : 1);
      const type = /^[aAiI]$/.test(attributes.get("type") ?? "") ? attributes.get("type") : undefined;
      lists.push({ ordered, type, step: isReversed ? -1 : 1, next: start, item: undefined });
    },
    close(): void {
      const list = lists.pop();
      if (list) closeItem(list);
      writer.block(lists.length === 0 ? 2 : 1);
    },
    openItem(attributes: Attributes): void {
      const list = lists.at(-1);
      if (!list) return writer.block(1);
      closeItem(list);
      const number = numberIn(attributes.get("value")) ?? list.next;
      list.next = number + list.step;
      const isText =
        lists.length > maxDepth || (list.ordered && (list.type !== undefined || number < 0 || number > 999));
      if (isText) {
        writer.block(1);
        writer.add({ text: list.ordered ? `${counted(number, list.type)}. ` : "– " });
        list.item = "text";
      } else {
        writer.openItem(list.ordered ? `${number}. ` : "- ");
        list.item = "item";
      }
    },
    closeItem(): void {
      const list = lists.at(-1);
      if (list) closeItem(list);
      writer.block(1);
    },
  };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*-?\d{1,6}\s*$/.test(text) ? Number(text) : undefined;
}

function counted(number: number, type: string | undefined): string {
  if (type === undefined || number < 1) return String(number);
  const text = /i/i.test(type) ? roman(number) : letters(number);
  return /[AI]/.test(type) ? text.toUpperCase() : text;
}

function letters(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return (rest > 0 ? letters(rest) : "") + String.fromCodePoint(97 + ((number - 1) % 26));
}

const romans = [
  [1000, "m"], [900, "cm"], [500, "d"], [400, "cd"], [100, "c"], [90, "xc"],
  [50, "l"], [40, "xl"], [10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"],
] as const; // prettier-ignore

function roman(number: number): string {
  if (number > 3999) return String(number);
  let [left, text] = [number, ""];
  for (const [value, sign] of romans) {
    text += sign.repeat(Math.floor(left / value));
    left %= value;
  }
  return text;
}

/** The number of items of each ordered list, in the order in which the lists begin. */
export function countItems(html: string): readonly number[] {
  const counts: number[] = [];
  const open: { readonly place: number | undefined }[] = [];
  readHtml(html, {
    open(name) {
      const place = open.at(-1)?.place;
      if (name === "li" && place !== undefined) counts[place] = (counts[place] ?? 0) + 1;
      if (name === "ol") open.push({ place: counts.push(0) - 1 });
      if (name === "ul") open.push({ place: undefined });
    },
    close(name) {
      if (name === "ol" || name === "ul") open.pop();
    },
    text: () => undefined,
  });
  return counts;
}
