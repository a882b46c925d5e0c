import type { Page } from "playwright";
import { expect, test } from "vitest";
import type { Report } from "../../src/index.ts";
import { createWorld, isBundle, signIn } from "./world.ts";

/** The report that a site's developer reads in the console. */
const world = createWorld();

const diagnose = async (page: Page): Promise<Report> =>
  await page.evaluate(
    async () => await (Reflect.get(window, "Podpora") as (verb: string) => Promise<Report>)("diagnose"),
  );

test("before the click: one request without a token, and nothing is stored", async () => {
  const page = await world.visit();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const report = await diagnose(page);
  expect(report).toMatchObject({
    state: "waiting",
    findings: [],
    details: {
      launcher: "visible",
      identity: "unknown",
      storage: { state: "unused" },
      gateway: { address: `${world.demo.origin}/podpora`, status: 200 },
      blocked: [],
    },
  });
  expect(report.details?.build).toMatch(/\/podpora\/podpora\.js$/);
  expect(report.details?.desk["chat"]).toContain("open");
  expect(report.text).toContain("Nothing wrong was found.");
  // The browser fetches the page's own icon when it likes.
  expect(asked.filter((each) => !/\.js$|^GET \/icon\.svg$/.test(each))).toEqual(["GET /podpora/session"]);
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
});

test("while it runs: the member is only a kind, and the storage is tried", async () => {
  const page = await world.visit();
  await signIn(page);
  await page.getByRole("button", { name: "Prijavi novo tehnično težavo" }).click();
  await page.getByRole("textbox", { name: "Naslov zahtevka" }).fill("Skrivnost");
  const report = await diagnose(page);
  expect(report).toMatchObject({
    state: "running",
    findings: [],
    details: { identity: "member", locale: "sl", storage: { state: "works" }, outbox: { waiting: 0, refused: 0 } },
  });
  for (const secret of ["Ana", "ana@", "Skrivnost"]) expect(JSON.stringify(report)).not.toContain(secret);
});

test.skipIf(isBundle)("when the app can't be fetched, the report says so", async () => {
  const page = await world.visit();
  await page.route(/\/app-\w+\.js/, (route) => route.abort());
  await page.getByRole("button", { name: "Pomoč", exact: true }).click();
  await page.getByRole("dialog").getByRole("alert").waitFor();
  const report = await diagnose(page);
  expect(report.state).toBe("failed");
  expect(report.findings.map(({ problem }) => problem).join()).toContain("could not be loaded or started");
  expect(report.details?.gateway?.status).toBe(200);
});

test.skipIf(isBundle)("when nothing can be fetched, the loader itself says so", async () => {
  const page = await world.visit();
  await page.route(/\/podpora\/.*/, (route) => route.abort());
  const report = await diagnose(page);
  expect(report).toMatchObject({ state: "waiting", findings: [{ fix: expect.stringContaining("script-src") }] });
  expect(report.details).toBeUndefined();
});

test("a gateway that the content policy blocks, and an element in front of the launcher, are found", async () => {
  const page = await world.visitTag({ endpoint: "https://other.example/podpora" });
  await page.evaluate(() => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "connect-src 'self'";
    document.head.append(policy);
    const cover = document.createElement("div");
    cover.style.cssText = "position: fixed; inset: 0; z-index: 2147483647";
    cover.id = "cover";
    document.body.append(cover);
  });
  const report = await diagnose(page);
  const problems = report.findings.map(({ problem }) => problem).join("\n");
  expect(problems).toContain("The gateway at https://other.example/podpora could not be reached");
  expect(problems).toContain("content policy has blocked: connect-src https://other.example");
  expect(problems).toContain("Another element of the page covers the launcher");
  await page.evaluate(() => document.querySelector("#cover")?.remove());
});
