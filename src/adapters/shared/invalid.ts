import { AdapterError } from "../../core/contract/errors.ts";

/** A refusal that says of each field what is wrong, such as `{ title: "must not be empty" }`. */
export function invalid(fields: Readonly<Record<string, string>>, cause?: unknown): AdapterError {
  const said = Object.entries(fields).map(([field, fault]) => `${field} ${fault}`);
  return new AdapterError("invalid", `not accepted: ${said.join(", ")}`, { cause, fields });
}
