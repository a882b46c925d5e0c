/**
 * `npm run bench`: what widgets cost a page before anybody has clicked, and how fast they open. In one run, so that the ratios
 * count; times of two runs cannot be compared. `--quick`: our own builds and the floors alone.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { buildWidget } from "../../../scripts/build-widget.ts";
import { findChromium } from "../../browser/chromium.ts";
import { floors, ours } from "./contestants.ts";
import { measure, medianOf, type Sample } from "./measure.ts";
import { startSite } from "./site.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});
process.env["NODE_ENV"] = "production";
await buildWidget();
const contestants = [...floors, ...ours].filter(({ name }) => name.includes(values.only));
const site = await startSite(contestants);
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const contestant of contestants) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    samples.get(contestant.name)?.push(await measure(browser, site.addressOf, contestant));
  }
  console.error(`round ${round + 1} of ${values.rounds}`);
}
for (const [name, all] of samples) {
  const m = medianOf(all);
  console.log(
    name.padEnd(50),
    JSON.stringify(Object.fromEntries(Object.entries(m).map(([k, v]) => [k, Math.round(Number(v))]))),
  );
}
await browser.close();
await site.close();
