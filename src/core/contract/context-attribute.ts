import type { ContextAttribute } from "./adapter.ts";
import { attributeNameLimit, attributeValueLimit } from "./limits.ts";

/** Characters that could start another line, reorder the text around them, or that are half a character. */
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

/** Why an attribute can't be taken, with the fix, such as "has no value; set it to null to remove it". */
export function attributeFault({ name, value }: ContextAttribute): string | undefined {
  if (name.trim() === "") return "has no name; give it one";
  if (name.length > attributeNameLimit) return `has a name of more than ${attributeNameLimit} characters; shorten it`;
  if (value.trim() === "") return "has no value; set it to null to remove it";
  if (value.length > attributeValueLimit)
    return `has a value of more than ${attributeValueLimit} characters; shorten it`;
  if (unsafe.test(name) || unsafe.test(value))
    return "contains a line break, or a control or direction character; remove it";
  return undefined;
}
