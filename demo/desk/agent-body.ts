import * as v from "valibot";
import { AdapterError } from "../../src/core/contract/errors.ts";

/** The request's JSON, validated by the schema. Rejects with `invalid` and the names of invalid fields. */
export async function bodyOf<S extends v.GenericSchema>(request: Request, schema: S): Promise<v.InferOutput<S>> {
  return parse(schema, await json(request));
}

export function parse<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const fields = Object.fromEntries(result.issues.map((issue) => [v.getDotPath(issue) ?? "body", issue.message]));
  throw new AdapterError("invalid", `Not accepted: ${Object.keys(fields).join(", ")}.`, { fields });
}

async function json(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (cause) {
    throw new AdapterError("invalid", "The body has to be JSON.", { cause });
  }
}
