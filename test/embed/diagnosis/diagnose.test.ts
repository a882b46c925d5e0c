import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Adapter } from "../../../src/core/contract/adapter.ts";
import { startScriptApp } from "../../../src/embed/start-script-app.ts";
import { createPodpora } from "../../../src/embed/module.ts";
import { catalog } from "../../../src/i18n/every-language.ts";
import { createLoader } from "../../../src/loader/loader.ts";
import type { Report } from "../../../src/loader/report.ts";
import { behindGateway, guestSession } from "../../support/behind-gateway.ts";
import { consoleMessages, panelReady, widgetElement, widgetOnPage } from "../../support/page.ts";
import { anasDesk } from "../../support/scope.ts";

const endpoint = "https://help.example.org/podpora?key=s3cret";
const session = { session: { access: {} }, capabilities: { tickets: ["create"], accounts: true } };

beforeEach(() => void vi.stubGlobal("isSecureContext", true));
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
  sessionStorage.clear();
});

/** The report of a widget that nobody has opened, whose gateway answers like this. */
async function reportOf(answer: () => Promise<Response>, options: object = {}): Promise<Report> {
  const asked = vi.fn<typeof fetch>(answer);
  vi.stubGlobal("fetch", asked);
  const help = createPodpora({ endpoint, locale: "en", ...options });
  try {
    const report = await help.diagnose();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ credentials: "omit" });
    return report;
  } finally {
    help.destroy();
  }
}
const problems = ({ findings }: Report) => findings.map(({ problem }) => problem).join("\n");

describe("before the widget is opened", () => {
  test("it asks the gateway once, without a token, and says what the desk can do", async () => {
    const report = await reportOf(async () => Response.json(session), { tokenUrl: "/token?user=ana" });
    expect(report).toMatchObject({
      version: "0.1.0",
      state: "waiting",
      details: {
        identity: "unknown",
        locale: "en",
        gateway: { address: "https://help.example.org/podpora", status: 200 },
        desk: { tickets: "create", accounts: "true" },
        outbox: { waiting: 0, refused: 0 },
      },
    });
    const all = JSON.stringify(report);
    for (const secret of ["s3cret", "user=ana"]) expect(all).not.toContain(secret);
    expect(JSON.parse(all)).toEqual(report);
    expect(report.text).toContain("gateway: address https://help.example.org/podpora; ");
  });

  test.each([
    ["cannot be reached", async () => await Promise.reject(new TypeError("failed")), "could not be reached", "origins"],
    [
      "does not answer in time",
      async () => await Promise.reject(new DOMException("", "TimeoutError")),
      "did not answer within 8 seconds",
      "overloaded",
    ],
    ["is a page", async () => new Response("<!doctype html>", { status: 404 }), "it answered 404", "base path"],
    ["offers nothing", async () => Response.json({ capabilities: {} }), "neither issues nor chat", "podpora check"],
  ])("a gateway that %s is named, with what to do", async (_what, answer, problem, fix) => {
    const report = await reportOf(answer);
    const finding = report.findings.find((each) => each.problem.includes(problem));
    expect(finding?.fix).toContain(fix);
    expect(report.text).toContain(problem);
  });
});

describe("while it runs", () => {
  test("it says who is signed in only by kind, and names nobody", async () => {
    const help = widgetOnPage();
    await help.open("tickets/new");
    await panelReady();
    await help.prefill({ title: "My secret words" });
    const report = await help.diagnose();
    expect(report).toMatchObject({ state: "running", details: { identity: "member", options: { adapter: "set" } } });
    expect(report.details?.desk["tickets"]).toContain("create");
    expect(report.details?.gateway).toBeUndefined();
    for (const secret of ["Ana", "Novak", "ana@example.org", "My secret words"])
      expect(JSON.stringify(report)).not.toContain(secret);
  });

  test("a guest is a guest", async () => {
    const help = widgetOnPage({ adapter: behindGateway(anasDesk(), guestSession) });
    await help.open();
    await panelReady();
    expect((await help.diagnose()).details?.identity).toBe("guest");
  });

  test("a failed answer is named by its code, and counted", async () => {
    const adapter: () => Adapter = () => {
      throw new Error("no desk");
    };
    const help = widgetOnPage({ adapter });
    await help.open();
    await expect.poll(async () => (await help.diagnose()).details?.identity).toBe("failed");
    const report = await help.diagnose();
    expect(problems(report)).toContain('failed with "unknown"');
    expect(report.details?.errors["unknown"]).toBeGreaterThan(0);
  });
});

test("options that are wrong are findings, and a secret in an address is not repeated", async () => {
  consoleMessages();
  vi.stubGlobal("fetch", async () => Response.json(session));
  const options = {
    endpoint: "https://user:s3cret@help.example.org/?key=s3cret",
    theme: "s3cret",
    langage: "s3cret",
    token: "s3cret",
    locale: "s3cret of Ana",
    texts: "s3cret",
    appVersion: "s3cret",
    signInUrl: "javascript:token='s3cret'",
    tokenUrl: "ftp://x.example/?key=s3cret",
  };
  const call = createLoader(options as object, {
    name: "https://user:s3cret@help.example.org/podpora.js?key=s3cret",
    fetch: () => undefined,
    app: async () => ({ startApp: async (page) => await startScriptApp(page, catalog) }),
    diagnosis: async () => await import("../../../src/embed/diagnosis/main.ts"),
  });
  const report = (await call("diagnose")) as Report;
  call("destroy");
  expect(problems(report)).toContain('"theme" is wrong; set it to one of auto, light, dark');
  expect(problems(report)).toContain('"langage" is no option');
  expect(problems(report)).toContain('"tokenUrl" is wrong');
  expect(JSON.stringify(report)).not.toContain("s3cret");
});

test("after destroy() it says so", async () => {
  const help = widgetOnPage();
  help.destroy();
  const report = await help.diagnose();
  expect(report.state).toBe("destroyed");
  expect(widgetElement()).toBeUndefined();
});
