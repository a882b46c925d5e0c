import type { Browser, CDPSession, Page } from "playwright";
import type { Contestant } from "./contestants.ts";

export interface Sample {
  readonly bytesBefore: number;
  readonly requestsBefore: number;
  readonly mainThreadMs: number;
  readonly scriptMs: number;
  /** The sum of what long tasks take over 50 ms. */
  readonly blockingMs: number;
  readonly heapBefore: number;
  readonly launcherMs: number;
  readonly frameMs: number;
  readonly usableMs: number;
  readonly usableNearMs: number;
  readonly usableNextPageMs: number;
  readonly bytesAfter: number;
  readonly requestsAfter: number;
  readonly heapOpen: number;
}

const throttle = 4;
const settleMs = 500;
const nearMs = 300;

/** Runs in the page: finds an element in every open shadow root, and the time of the paint that shows it. */
const helpers = `
  globalThis.bench = {
    find(selector, root = document) {
      const found = root.querySelector(selector);
      if (found && found.getClientRects().length > 0) return found;
      for (const each of root.querySelectorAll("*")) {
        const inside = each.shadowRoot && bench.find(selector, each.shadowRoot);
        if (inside) return inside;
      }
    },
    painted(selector) {
      return new Promise((resolve) => {
        const look = () => {
          if (!bench.find(selector)) return requestAnimationFrame(look);
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          requestAnimationFrame(() => port2.postMessage(0));
        };
        look();
      });
    },
  };
  addEventListener("pointerdown", (event) => (bench.pressedAt ??= event.timeStamp), true);
  bench.blocking = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) bench.blocking += Math.max(0, duration - 50);
  }).observe({ type: "longtask", buffered: true });
`;

async function metricsOf(cdp: CDPSession) {
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const all = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  return { task: all["TaskDuration"] ?? 0, script: all["ScriptDuration"] ?? 0, heap: all["JSHeapUsedSize"] ?? 0 };
}

/**
 * One visit with an empty cache: load, wait, press, wait; then the site's next page, and the same there. With `near`, the
 * pointer is at the launcher before, and there is no next page.
 */
async function visit(browser: Browser, address: string, contestant: Contestant | undefined, near: boolean) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 820 }, locale: "en" });
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "timeTicks" });
    await cdp.send("Network.enable");
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: throttle });
    let bytes = 0;
    let requests = -1;
    cdp.on("Network.requestWillBeSent", () => (requests += 1));
    cdp.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.addInitScript(helpers);
    await page.goto(address, { waitUntil: "load" });
    const launcherMs = contestant ? await paint(page, contestant.launcher) : 0;
    await page.waitForTimeout(settleMs);
    const before = await metricsOf(cdp);
    const state = { launcherMs, bytesBefore: bytes, requestsBefore: requests, before };
    const blockingMs = await page.evaluate(() => Reflect.get(globalThis, "bench").blocking as number);
    if (!contestant)
      return { ...state, blockingMs, frameMs: 0, usableMs: 0, nextPageMs: 0, after: before, bytes, requests };

    const first = await open(page, contestant, near);
    await page.waitForTimeout(settleMs);
    const after = await metricsOf(cdp);
    const opened = { ...state, ...first, blockingMs, after, bytes, requests };
    if (near) return { ...opened, nextPageMs: 0 };
    // An open panel would come back by itself.
    await page.evaluate(() => [sessionStorage, localStorage].forEach((storage) => storage.clear()));
    await page.goto(address, { waitUntil: "load" });
    await paint(page, contestant.launcher);
    await page.waitForTimeout(settleMs);
    const { usableMs } = await open(page, contestant, false);
    return { ...opened, nextPageMs: usableMs };
  } finally {
    await context.close();
  }
}

const paint = async (page: Page, selector: string) =>
  await page.evaluate(async (wanted) => (await Reflect.get(globalThis, "bench").painted(wanted)) as number, selector);

/** Presses the launcher. From the press to the paint of the frame, and of what can be used. */
async function open(page: Page, contestant: Contestant, near: boolean) {
  const box = await page.evaluate((selector) => {
    const { x, y, width, height } = Reflect.get(globalThis, "bench").find(selector).getBoundingClientRect() as DOMRect;
    return { x: x + width / 2, y: y + height / 2 };
  }, contestant.launcher);
  if (near) {
    await page.mouse.move(box.x, box.y);
    await page.waitForTimeout(nearMs);
  }
  const frame = paint(page, contestant.frame);
  const use = paint(page, contestant.usable ?? contestant.frame);
  await page.mouse.click(box.x, box.y);
  const [frameAt, usableAt] = await Promise.all([frame, use]);
  const pressedAt = await page.evaluate(() => Reflect.get(globalThis, "bench").pressedAt as number);
  return { frameMs: frameAt - pressedAt, usableMs: usableAt - pressedAt };
}

/** One round of one contestant. What the blank page takes is taken off. */
export async function measure(
  browser: Browser,
  addressOf: (contestant: Contestant | undefined) => string,
  contestant: Contestant,
): Promise<Sample> {
  const blank = await visit(browser, addressOf(undefined), undefined, false);
  const cold = await visit(browser, addressOf(contestant), contestant, false);
  const near = await visit(browser, addressOf(contestant), contestant, true);
  return {
    bytesBefore: cold.bytesBefore - blank.bytesBefore,
    requestsBefore: cold.requestsBefore - blank.requestsBefore,
    mainThreadMs: (cold.before.task - blank.before.task) * 1000,
    scriptMs: (cold.before.script - blank.before.script) * 1000,
    blockingMs: cold.blockingMs,
    heapBefore: cold.before.heap - blank.before.heap,
    launcherMs: cold.launcherMs,
    frameMs: cold.frameMs,
    usableMs: cold.usableMs,
    usableNearMs: near.usableMs,
    usableNextPageMs: cold.nextPageMs,
    bytesAfter: cold.bytes - blank.bytes,
    requestsAfter: cold.requests - blank.requests,
    heapOpen: cold.after.heap - blank.after.heap,
  };
}

export function medianOf(samples: readonly Sample[]): Sample {
  const [first] = samples;
  if (!first) throw new Error("nothing was measured");
  const middle = (values: readonly number[]) =>
    values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  const names = Object.keys(first) as (keyof Sample)[];
  return Object.fromEntries(
    names.map((name) => [name, middle(samples.map((each) => each[name]))]),
  ) as unknown as Sample;
}
