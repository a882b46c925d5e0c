import { afterEach, describe, expect, test } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { imports, podpora, SECRET, stopAll } from "./process.ts";
import { started } from "./started.ts";

afterEach(stopAll);

describe("podpora serve", () => {
  test("starts the gateway with the config in the working directory, healthy and ready", async () => {
    const { call, manage } = await started();
    expect((await call("/tickets", { title: "Naročilo", text: "Ne gre." })).status).toBe(201);
    expect(await (await manage("/healthz")).json()).toEqual({ status: "well" });
    const ready = await manage("/readyz");
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: "ready",
        parts: { listener: "open", store: "alone", uploads: "writable", desk: { tickets: "reached", chat: "unknown" } },
      },
    ]);
    expect((await manage("/livez")).status).toBe(200);
  });

  test("reports the state of each part of the desk, and stays ready if one is down", async () => {
    const state = 'state: () => { throw new Error("a fault of its own"); }';
    const list = 'list: async () => { throw new AdapterError("unavailable", "away"); }';
    const part = async (manage: (path: string) => Promise<Response>) => {
      const answer = await manage("/readyz");
      return [answer.status, (await answer.json()) as unknown];
    };
    const withDesk = (desk: object) => [200, expect.objectContaining({ parts: expect.objectContaining({ desk }) })];
    const told = await started("", '{ ...memory(), state: () => ({ chat: "away" }) }');
    expect(await part(told.manage)).toEqual(withDesk({ tickets: "unknown", chat: "away" }));
    await told.call("/tickets", { title: "One", text: "Text" });
    expect(await part(told.manage)).toEqual(withDesk({ tickets: "reached", chat: "away" }));

    const errors = new URL("../../src/core/contract/errors.ts", import.meta.url).href;
    const failing = await started(
      "",
      `await (async () => { const { AdapterError } = await import("${errors}"); const desk = memory(); return { ...desk, ${state}, tickets: { ...desk.tickets, ${list} } }; })()`,
    );
    expect((await failing.call("/tickets")).status).toBe(503);
    expect(await part(failing.manage)).toEqual(withDesk({ tickets: "away", chat: "unknown" }));
  });

  test("writes one line of JSON per request, with its id and without anyone's text", async () => {
    const { call, lines, process } = await started();
    const word = "skrivnost";
    await call("/tickets", { title: `${word} title`, text: `${word} text` });
    await call(`/tickets?filter=all&search=${word}`);
    await call(`/tickets/${word}`);
    await call("/tickets", { title: word, text: "", fields: { [word]: word } });
    const answer = await call("/chat/conversations", { name: word, email: `${word}@example.org`, question: word });
    await expect.poll(() => lines().filter(({ msg }) => msg === "request").length).toBe(6);
    expect(lines().find(({ id }) => id === answer.headers.get("X-Request-Id"))).toMatchObject({
      method: "POST",
      route: "/chat/conversations",
      status: 201,
    });
    expect(lines().map(({ route }) => route)).toContain("/tickets/:id");
    expect(process.out() + process.err()).not.toContain(word);
  });

  test("counts and times requests, streams and the desk's calls in OpenMetrics", async () => {
    const { call, manage } = await started();
    await call("/tickets", { title: "One", text: "Text" });
    await call("/tickets/nobody-has-this");
    const stream = await call("/tickets/events");
    const metrics = async () => await (await manage("/metrics")).text();
    await expect.poll(metrics).toContain("podpora_event_streams 1");
    await stream.body?.cancel();
    await expect.poll(metrics).toContain("podpora_event_streams 0");
    const text = await metrics();
    expect((await manage("/metrics")).headers.get("Content-Type")).toContain(
      "application/openmetrics-text; version=1.0.0",
    );
    expect(text).toContain('podpora_requests_total{route="/tickets",method="POST",status="201"} 1');
    expect(text).toContain('podpora_desk_calls_total{call="tickets.create",outcome="ok"} 1');
    expect(text).toContain('podpora_desk_calls_total{call="tickets.get",outcome="not-found"} 1');
    expect(text).toMatch(/podpora_desk_call_seconds_count\{call="tickets\.create"\} 1/);
    expect(text.trimEnd().endsWith("# EOF")).toBe(true);
    expect(text).not.toContain("nobody-has-this");
  });

  test("behind proxies, uses the client address seen by the outermost trusted one", async () => {
    const { origin } = await started(
      'proxies: 1, publicOrigin: "https://help.example.org", limits: { guests: { capacity: 2, refillMs: 60_000 } },',
    );
    const from = async (addresses: string) =>
      (await fetch(`${origin}/session/guest`, { method: "POST", headers: { "X-Forwarded-For": addresses } })).status;
    expect([await from("10.0.0.1"), await from("10.0.0.1"), await from("10.0.0.1")]).toEqual([201, 201, 429]);
    expect(await from("9.9.9.9, 10.0.0.1")).toBe(429);
    expect(await from("10.0.0.2")).toBe(201);
  });
});

describe("a failed start says what is wrong and what to do", () => {
  test.each([
    [[], undefined, /Usage: podpora serve/],
    [["serv"], undefined, /"serv" is not a command\nUsage: podpora serve/],
    [["serve"], "export default {\n  a: 1,\n  b: ;\n};", /podpora\.config\.ts cannot be read \(line 3\)/],
    [
      ["serve"],
      `${imports}\nexport default defineConfig({ adapter: memory(), secret: "${SECRET}", acess: {} });`,
      /option "acess" is not known: did you mean "access"\?/,
    ],
    [["serve", "--loud"], undefined, /--loud/],
    [["serve"], undefined, /there is no podpora\.config\.ts in .*: write one/],
    [["serve", "--config", "other.ts"], undefined, /there is no file .*other\.ts/],
    [["serve"], "export default {", /podpora\.config\.ts cannot be read/],
    [["serve"], "export default 1;", /no default export made by defineConfig/],
    [
      ["serve"],
      `${imports}\nexport default defineConfig({ adapter: memory(), secret: secret("NO_SUCH") });`,
      /the environment has no NO_SUCH/,
    ],
    [
      ["serve"],
      `${imports}\nexport default defineConfig({ adapter: memory(), secret: "short", assets });`,
      /option "secret" must have at least 32 bytes/,
    ],
  ])("%j", async (args, config, message) => {
    const process = await podpora(args, config);
    expect(await process.ended).toBe(2);
    expect(process.err()).toMatch(message);
    expect(process.err()).not.toMatch(/^\s+at /m);
  });

  test("for a config in a folder whose files are not modules", async () => {
    const process = await podpora(
      ["serve"],
      "import 'node:fs';\nexport default {};",
      {},
      { "package.json": '{ "type": "commonjs" }' },
    );
    expect(await process.ended).toBe(2);
    expect(process.err()).toContain(
      'put "type": "module" into the package.json beside it, or call it podpora.config.mts',
    );
  });

  test("for a port that is in use", async () => {
    const { origin } = await started();
    const { port } = new URL(origin);
    const config = `${imports}
export default defineConfig({ adapter: memory(), secret: "${SECRET}", uploads: { directory: "u" }, assets, port: ${port}, management: { port: 0 } });`;
    const second = await podpora(["serve"], config);
    expect(await second.ended).toBe(2);
    expect(second.err()).toMatch(/EADDRINUSE.*change the option port/);
  });
});

describe("podpora check", () => {
  const config = (over: string) => `${imports}
async function* check() {
  ${over}
}
export default defineConfig({ adapter: { ...memory(), name: "the desk", check }, secret: "${SECRET}", uploads: { directory: "u" }, assets });`;

  test("prints what is good, what is a risk, and how to change it", async () => {
    const process = await podpora(
      ["check"],
      config(
        'yield { level: "good", text: "reached" }; yield { level: "risk", text: "too much", fix: "take a right away" };',
      ),
    );
    expect(await process.ended).toBe(0);
    expect(process.out().split("\n")).toEqual(
      expect.arrayContaining([
        "Gateway",
        "  ✓ The options are valid.",
        "the desk",
        "  ✓ reached",
        "  ! too much",
        "      → take a right away",
        "It works: 3 risks.",
      ]),
    );
  });

  test("fails if something does not work, or if the check itself fails", async () => {
    const faulty = await podpora(["check"], config('yield { level: "fault", text: "no queue", fix: "make one" };'));
    expect(await faulty.ended).toBe(1);
    expect(faulty.out()).toContain("  ✗ no queue\n      → make one\nIt does not work like this: 1 fault.");
    const broken = await podpora(["check"], config('throw new Error("lost"); yield { level: "good", text: "never" };'));
    expect(await broken.ended).toBe(1);
    expect(broken.out()).toContain("  ✗ The check was aborted: lost");
  });

  test("reads secrets from the file of --env-file", async () => {
    const file = { "my.env": `PODPORA_SECRET=${SECRET}` };
    const text = config("").replace(`secret: "${SECRET}"`, 'secret: secret("PODPORA_SECRET")');
    const process = await podpora(["check", "--env-file", "my.env"], text, {}, file);
    expect(await process.ended).toBe(0);
  });

  test("reports an unreachable Redis", async () => {
    const [port = 0] = await freePorts(1);
    const process = await podpora(
      ["check"],
      config("").replace("assets }", `assets, redis: "redis://127.0.0.1:${port}" }`),
    );
    expect(await process.ended).toBe(1);
    expect(process.out()).toContain(`✗ Redis at 127.0.0.1:${port} cannot be reached (ECONNREFUSED).`);
    expect(process.out()).toContain("→ Compare the option `redis` with where Redis listens.");
  });
});
