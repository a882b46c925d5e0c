import { FILES_PATH, routes, UPLOADS_PATH } from "../protocol/routes.ts";

const known = [
  ...new Set(Object.values(routes).map(({ path }) => path)),
  UPLOADS_PATH,
  `${UPLOADS_PATH}/:id`,
  `${FILES_PATH}/:id`,
  "/hooks/:name",
  "/chat",
  "/openapi.json",
  "/podpora.js",
  "/:part.js",
  "/:version/:file",
];
const patterns = known.map(
  (path) =>
    [path, new RegExp(`^${path.replaceAll(":version", "[0-9a-f]{16}").replaceAll(/:\w+/g, "[^/]+")}$`)] as const,
);

/** The route pattern of a path, for logs and metrics, which must not contain ids or search terms. */
export function routeOf(pathname: string, basePath: string): string {
  const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : pathname;
  const fixed = known.find((each) => each === path);
  return fixed ?? patterns.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";
}
