import { afterEach, describe, expect, test, vi } from "vitest";
import { tokenFrom } from "../../../src/embed/identity/site-token.ts";

afterEach(() => vi.unstubAllGlobals());

const token = "head.body.mark";

/** The site's answer at its token address. */
function site(body: string, { status = 200, redirectedTo = "" } = {}) {
  const answer = {
    ok: status < 400,
    status,
    redirected: redirectedTo !== "",
    url: redirectedTo,
    text: async () => body,
  };
  const asked = vi.fn<(url: string, init: RequestInit) => Promise<typeof answer>>(async () => answer);
  vi.stubGlobal("fetch", asked);
  return asked;
}
const ask = async () => await tokenFrom("/token").getToken?.();

describe("the site's token address", () => {
  test("returns its token, requested with the page's own cookies and bypassing caches", async () => {
    const asked = site(`${token}\n`);
    expect(await ask()).toBe(token);
    expect(asked.mock.calls[0]).toMatchObject(["/token", { credentials: "same-origin", cache: "no-store" }]);
  });

  test.each([204, 401, 403])("means by %i that nobody is signed in at the site", async (status) => {
    site("", { status });
    expect(await ask()).toBeUndefined();
  });

  test("means by an empty answer that nobody is signed in", async () => {
    site("  \n");
    expect(await ask()).toBeUndefined();
  });

  test.each([
    ["a login page", "<!doctype html>\n<html>\n<body>Sign in</body></html>"],
    ["one line of HTML", "<p>Sign in</p>"],
    ["JSON", '{"token":"head.body.mark"}'],
    ["two tokens", `${token} ${token}`],
  ])("that answers with %s is reported with the fix", async (_what, body) => {
    site(body);
    await expect(ask()).rejects.toThrow(/"tokenUrl" \(\/token\).*gave no token.*204 when nobody is signed in/);
  });

  test("that was redirected to a sign-in page names that page", async () => {
    site("<html>Sign in</html>", { redirectedTo: "https://example.org/login" });
    await expect(ask()).rejects.toThrow("was redirected to https://example.org/login");
  });

  test.each([404, 500])("that answers %i is reported with the status", async (status) => {
    site("not here", { status });
    await expect(ask()).rejects.toThrow(`answered ${status}`);
  });

  test("that never answers times out", async () => {
    const signals: AbortSignal[] = [];
    vi.stubGlobal("fetch", async (_url: string, { signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return await new Promise(() => undefined);
    });
    void ask();
    await vi.waitUntil(() => signals.length > 0);
    expect(signals[0]).toBeInstanceOf(AbortSignal);
  });
});
