import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { SignJWT } from "jose";
import * as v from "valibot";
import type { AccountsApi } from "../src/core/contract/adapter.ts";
import { isAdapterError } from "../src/core/contract/errors.ts";

const credentials = v.object({ username: v.string(), password: v.string() });
const member = v.object({
  id: v.string(),
  ...v.partial(v.object({ name: v.string(), email: v.string(), rank: v.string(), locale: v.string() })).entries,
});
const cookie = "site-member";
const strictPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob:; style-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * An example site with its own sign-in and cookie, and an address that returns a signed token for the current member,
 * valid for five minutes. `changePage` changes the HTML of its pages.
 */
export function createSite(accounts: AccountsApi, secret: string, changePage = (html: string) => html): Hono {
  const app = new Hono();
  const key = new TextEncoder().encode(secret);

  app.post("/site/sign-in", async (c) => {
    const { username, password } = v.parse(credentials, await c.req.json());
    const ctx = { signal: c.req.raw.signal, locale: "sl" };
    try {
      const signedIn = await accounts.signIn({ username, password }, ctx);
      const value = encodeURIComponent(JSON.stringify(signedIn));
      await setSignedCookie(c, cookie, value, secret, { httpOnly: true, sameSite: "Strict", path: "/site" });
      return c.json({ name: signedIn.name });
    } catch (error) {
      if (!isAdapterError(error) || error.code !== "unauthorized") throw error;
      return c.json({}, 401);
    }
  });
  app.post("/site/sign-out", (c) => {
    deleteCookie(c, cookie, { path: "/site" });
    return c.body(null, 204);
  });
  app.get("/site/me", async (c) => {
    const known = memberOf(await getSignedCookie(c, secret, cookie));
    return known ? c.json({ name: known.name }) : c.body(null, 204);
  });
  app.get("/site/token", async (c) => {
    const known = memberOf(await getSignedCookie(c, secret, cookie));
    if (!known) return c.body(null, 204);
    const { id, ...claims } = known;
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(id)
      .setAudience("podpora")
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime("5 minutes")
      .sign(key);
    return c.text(token);
  });

  app.use("/strict.html", async (c, next) => {
    await next();
    c.header("Content-Security-Policy", strictPolicy);
  });
  app.use("*", async (c, next) => {
    await next();
    if (!c.res.headers.get("Content-Type")?.startsWith("text/html")) return;
    const html = changePage(await c.res.text());
    c.res = new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
  });
  app.use("*", serveStatic({ root: fileURLToPath(new URL("site/", import.meta.url)) }));
  return app;
}

function memberOf(value: string | false | undefined) {
  return value ? v.parse(member, JSON.parse(decodeURIComponent(value))) : undefined;
}
