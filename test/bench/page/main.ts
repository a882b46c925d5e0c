/**
 * `npm run bench`: what widgets cost a page before anybody has clicked, and how fast they open. In one run, so that the ratios
 * count; times of two runs cannot be compared. Everything goes into docs/ and the README. With `--quick`, for CI: without the
 * rivals, and to the terminal alone.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { buildWidget } from "../../../scripts/build-widget.ts";
import { findChromium } from "../../browser/chromium.ts";
import { floors, ours } from "./contestants.ts";
import { measure, medianOf, type Sample } from "./measure.ts";
import { tableOf } from "./table.ts";
import { writeResults } from "./write.ts";
import { fetchPackages } from "./rivals/packages.ts";
import { rivals } from "./rivals/contestants.ts";
import { rivalsFolder, startSite } from "./site.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
  },
});
process.env["NODE_ENV"] = "production";
await buildWidget();
if (!values.quick) await fetchPackages(rivalsFolder);
const contestants = [...floors, ...ours, ...(values.quick ? [] : rivals)];
const site = await startSite(contestants, !values.quick);
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const contestant of contestants) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    samples.get(contestant.name)?.push(await measure(browser, site.addressOf, contestant));
  }
  console.error(`round ${round + 1} of ${values.rounds}`);
}
const medians = new Map([...samples].map(([name, all]) => [name, medianOf(all)] as const));
console.log(tableOf(medians));
if (!values.quick) writeResults(medians);
await browser.close();
await site.close();
