import { AdapterError } from "../../core/contract/errors.ts";

/** The core begins anew then. */
export function badCursor(cursor: string): AdapterError {
  const shown = cursor.slice(0, 100);
  return new AdapterError("invalid", `"${shown}" is no cursor of this desk, or too old: start again without one`);
}
