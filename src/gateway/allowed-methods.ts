import type { Hono } from "hono";

/** The methods of the routes with this path, sorted; empty if there are none. GET includes HEAD. */
export function allowedMethods({ routes }: Pick<Hono, "routes">, path: string): readonly string[] {
  const methods = routes
    .filter((route) => route.method !== "ALL" && fits(route.path, path))
    .map(({ method }) => method);
  const all = new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods);
  return all.size === 0 ? [] : [...all, "OPTIONS"].toSorted();
}

function fits(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split("/"), path.split("/")];
  return expected.length === given.length && expected.every((part, at) => partFits(part, given[at] ?? ""));
}

/** A segment of a route is text, `:name`, or `:name{expression}`. */
function partFits(part: string, given: string): boolean {
  if (!part.startsWith(":")) return part === given;
  const expression = /\{(.*)\}$/.exec(part)?.[1];
  return expression === undefined ? given !== "" : new RegExp(`^(?:${expression})$`).test(given);
}
