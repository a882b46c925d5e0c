import { join } from "node:path";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { chromium, type Page } from "playwright";
import { expect } from "vitest";
import type { Adapter, Member } from "../../src/core/contract/adapter.ts";
import { assetsFrom, createGateway } from "../../src/gateway/index.ts";
import { axeViolations } from "../browser/axe.ts";
import { findChromium } from "../browser/chromium.ts";
import { temporaryFolder } from "../demo/folder.ts";
import { audience, siteSecret, siteToken } from "../gateway/server.ts";

export interface Site {
  /** The page of the site, in a browser of its own, by somebody who is signed in there or not. */
  visit(member?: Member): Promise<Page>;
  /** Nothing that axe finds, and nothing thrown in any page. */
  expectClean(page: Page): Promise<void>;
  close(): Promise<void>;
}

const page = (
  head: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8" /><title>A site</title>${head}
<script async src="/podpora/podpora.js" data-podpora-locale="en"></script></head><body><main><h1>A page of the site</h1></main></body></html>`;

/** A site whose widget talks to this desk, as a member's browser has it. Needs the built files of `npm run build`. */
export async function openSite(adapter: Adapter): Promise<Site> {
  const folder = await temporaryFolder();
  const gateway = createGateway({
    adapter,
    basePath: "/podpora",
    secret: "no secret of anybody's, and 32 bytes long",
    identity: { secret: siteSecret, audience },
    guests: false,
    access: { ...(adapter.tickets ? { tickets: "members" } : {}), ...(adapter.chat ? { chat: "members" } : {}) },
    assets: assetsFrom(new URL("../../dist/", import.meta.url)),
    uploads: { directory: join(folder.path, "uploads") },
  });
  const app = new Hono();
  app.get("/", (c) => c.html(page("")));
  app.get("/signed-in", async (c) => {
    const member: Member = JSON.parse(c.req.query("member") ?? "{}");
    const token = JSON.stringify(await siteToken(member));
    const verbs = "window.Podpora = window.Podpora || function () { (Podpora.q = Podpora.q || []).push(arguments); };";
    const identify = `Podpora("identify", { getToken: async () => ${token} });`;
    return c.html(page(`<script>${verbs} ${identify}</script>`));
  });
  app.all("/podpora/*", (c) => gateway.fetch(c.req.raw, c.env));
  let origin = "";
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (typeof address === "object" && address !== null) origin = `http://127.0.0.1:${address.port}`;
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  const thrown: string[] = [];

  return {
    async visit(member) {
      const opened = await browser.newPage({ locale: "en-GB" });
      opened.on("pageerror", (error) => thrown.push(String(error)));
      const path = member === undefined ? "/" : `/signed-in?member=${encodeURIComponent(JSON.stringify(member))}`;
      await opened.goto(`${origin}${path}`);
      return opened;
    },
    async expectClean(opened) {
      expect(await axeViolations(opened)).toEqual([]);
      expect(thrown).toEqual([]);
    },
    async close() {
      await browser.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await gateway.dispose();
      await folder.remove();
    },
  };
}
