import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Axe from "axe-core";
import type { Page } from "playwright";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on this page and in the widget: a line for each rule, with the elements and what is wrong with them. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await animationsEnd(page);
  await page.evaluate(axe);
  return await page.evaluate(async (values) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the script above has put there
    const { violations } = await (window as unknown as { axe: typeof Axe }).axe.run(document, {
      runOnly: { type: "tag", values },
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`,
    );
  }, tags);
}

/** What is fading in has other colours than it will have. */
async function animationsEnd(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const root = document.querySelector("podpora-widget")?.shadowRoot;
    const running = [document, ...(root ? [root] : [])].flatMap((each) => each.getAnimations());
    const ending = running.filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}
