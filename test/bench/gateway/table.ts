import type { Figures } from "./routes.ts";
import type { Copies } from "./copies.ts";
import type { Growth } from "./growth.ts";

type Routes = ReadonlyMap<string, Figures>;

const whole = (value: number) => Math.round(value).toLocaleString("en");

/** Requests a second, the share of the first server's, and p99. */
export function routesTable(servers: Readonly<Record<string, Routes>>): string {
  const names = Object.keys(servers);
  const [floor = new Map<string, Figures>()] = Object.values(servers);
  const rows = [...floor].map(([route, { perSecond: most }]) => {
    const cells = Object.values(servers).map((routes) => {
      const { perSecond = 0, p99Ms = 0 } = routes.get(route) ?? {};
      return `${whole(perSecond)} (${Math.round((perSecond / most) * 100)} %), ${p99Ms} ms`;
    });
    return `| ${[route, ...cells].join(" | ")} |`;
  });
  return [
    `| requests a second, p99 | ${names.join(" | ")} |`,
    `|---|${names.map(() => "--:").join("|")}|`,
    ...rows,
  ].join("\n");
}

/** Requests a second of all copies together, and the highest p99. */
export function copiesTable(copies: readonly Copies[]): string {
  const [first] = copies;
  const rows = [...(first?.routes.keys() ?? [])].map((route) => {
    const cells = copies.map(({ routes }) => {
      const { perSecond = 0, p99Ms = 0 } = routes.get(route) ?? {};
      return `${whole(perSecond)}, ${p99Ms} ms`;
    });
    return `| ${[route, ...cells].join(" | ")} |`;
  });
  return [
    `| copies that share a Redis | ${copies.map(({ count }) => count).join(" | ")} |`,
    `|---|${copies.map(() => "--:").join("|")}|`,
    ...rows,
  ].join("\n");
}

/** The median of a call at each size. */
export function growthTable(growth: readonly Growth[]): string {
  return growth
    .map(({ of, sizes, calls }) =>
      [
        `| ${of} | ${sizes.map((size) => size.toLocaleString("en")).join(" | ")} |`,
        `|---|${sizes.map(() => "--:").join("|")}|`,
        ...calls.map(({ name, ms }) => `| ${name}, ms | ${ms.map((each) => each.toFixed(2)).join(" | ")} |`),
      ].join("\n"),
    )
    .join("\n\n");
}
