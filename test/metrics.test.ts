import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetrics } from "../src/server/metrics.ts";

const root = new URL("../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const registered = async () => {
  const text = await createMetrics({ adapter: "a", widget: "w" }).text();
  return [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => {
    const family = name.replace(/_total$/, "");
    return type === "counter" ? `${family}_total` : family;
  });
};
/** Those that are a part of one. */
const family = (name: string): string => name.replace(/_(bucket|count|sum)$/, "");

test("docs/operate.md has each metric of the gateway's, and no other", async () => {
  const own = (await registered()).filter((name) => name.startsWith("podpora_"));
  const rows = [...read("docs/operate.md").matchAll(/^\| `(podpora_\w+)/gm)].map(([, name]) => name);
  expect(new Set(rows)).toEqual(new Set(own));
});

test.each(["deploy/grafana-dashboard.json", "deploy/prometheus-alerts.yml"])(
  "%s asks for metrics that there are",
  async (name) => {
    const known = await registered();
    const asked = [...read(name).matchAll(/\b((?:podpora|process|nodejs)_\w+)/g)].map(([, metric = ""]) =>
      family(metric),
    );
    expect(asked.length).toBeGreaterThan(5);
    expect([...new Set(asked)].filter((metric) => !known.includes(metric))).toEqual([]);
  },
);

test("each alert has its paragraph of what to do", () => {
  const alerts = [...read("deploy/prometheus-alerts.yml").matchAll(/alert: (\w+)/g)].map(([, name = ""]) => name);
  expect(alerts.filter((name) => !read("docs/operate.md").includes(`**${name}**`))).toEqual([]);
});
