import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { By } from "selenium-webdriver";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Agent } from "../../demo/desk/agents.ts";
import { type Demo, startDemo } from "../../demo/server.ts";
import { png } from "../browser/made-pictures.ts";
import { isInstalled, startWebKit, type WebKit } from "./driver.ts";
import { createPanel, type Panel } from "./panel.ts";

const nina: Agent = { id: "nina", name: "Nina", languages: ["en"] };

describe.skipIf(!isInstalled)("in WebKit", () => {
  let webkit: WebKit;
  let demo: Demo;
  let directory: string;
  let panel: Panel;

  beforeAll(async () => {
    webkit = await startWebKit();
    console.log(
      `These tests run in WebKitGTK ${String((await webkit.driver.getCapabilities()).get("browserVersion"))}.`,
    );
  });
  afterAll(async () => await webkit?.stop());
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "podpora-webkit-"));
    demo = await startDemo({ directory, port: 0 });
    panel = createPanel(webkit.driver);
  });
  afterEach(async () => {
    await webkit.driver.get("about:blank");
    await demo.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function visit(path = "/en.html") {
    await webkit.driver.get(demo.origin + path);
    await panel.click("button", "Help");
  }

  async function signIn(username = "carla") {
    await visit();
    await panel.type("Username", username);
    await panel.type("Password", `${username}-demo`);
    await panel.click("button", "Sign in");
    await panel.find("heading", "My technical issues");
  }

  test("a member signs in by name and password, and is greeted", async () => {
    await signIn();
    await panel.find("text", "Hello, Carla Rossi");
  });

  test("a member reports an issue with a picture, and it is in the desk with its file", async () => {
    await signIn();
    await panel.click("button", "Submit a new tech issue");
    await panel.type("Issue title", "Order cannot be processed");
    await panel.type(/^What happened\?/, "Nothing happens.");
    const path = join(directory, "screen.png");
    writeFileSync(path, png(64, 48));
    const [input] = await (await panel.root()).findElements(By.css("input[type=file]"));
    await input?.sendKeys(path);
    await panel.find("text", "screen.png");
    await panel.click("button", "Submit Tech Issue");
    await panel.find("heading", "Thank you, your issue was submitted");
    const [made] = demo.desk.agents.tickets.list(undefined, "Order cannot be processed");
    expect(made).toMatchObject({ title: "English - Order cannot be processed" });
    const files = demo.desk.agents.tickets
      .thread(made?.id ?? "")
      .messages.flatMap(({ attachments = [] }) => attachments);
    expect(files).toMatchObject([{ name: "screen.png", type: "image/png" }]);
  });

  test("a draft is there after a reload", async () => {
    await signIn();
    await panel.click("button", "Submit a new tech issue");
    await panel.type("Issue title", "Half a title");
    await panel.find("text", /Saved on this device/);
    await webkit.driver.navigate().refresh();
    const field = await panel.find("textbox", "Issue title");
    expect(await field.getAttribute("value")).toBe("Half a title");
  });

  test("a guest and an agent chat, and the guest rates it", async () => {
    const { token } = await demo.desk.agents.signIn("nina", "nina-demo");
    const session = demo.desk.agents.session(token);
    if (!session) throw new Error("no session");
    demo.desk.agents.setAvailable(session, true);
    const leaving = new AbortController();
    const presence = (async () => {
      for await (const event of demo.desk.agents.events(session, leaving.signal)) void event;
    })();
    try {
      await visit();
      await panel.click("tab", /^Live chat/);
      await panel.type("What is your name?", "Gail");
      await panel.type("Email address", "gail@example.org");
      await panel.type("How can we help?", "Where is my order?");
      await panel.click("button", "Start chat");
      await panel.find("heading", "You’re in the queue");
      const { chat } = demo.desk.agents;
      const waiting = chat.list(nina).queue[0];
      if (!waiting) throw new Error("nobody is in the queue");
      chat.take(nina, waiting.id);
      await panel.find("heading", "You’re chatting with Nina");
      chat.say(nina, waiting.id, { clientId: crypto.randomUUID(), text: "Let me look." });
      await panel.find("text", "Let me look.");
      await panel.type("Message", "Thank you");
      await panel.click("button", "Send");
      await expect.poll(() => chat.transcript(waiting.id).messages.map(({ text }) => text)).toContain("Thank you");
      await panel.click("button", "End chat");
      await panel.click("radio", "5, very good");
      await panel.click("button", "Send rating");
      await panel.find("text", "Thank you for your rating.");
    } finally {
      leaving.abort();
      await presence;
    }
  });

  test("a strict content policy is not violated", async () => {
    await webkit.driver.get(`${demo.origin}/strict.html`);
    await panel.click("button", "Pomoč");
    await panel.find("button", "Prijava");
    await panel.click("tab", /^Klepet/);
    await panel.find("heading", /Klepet/);
    expect(await webkit.driver.findElement(By.id("violations")).getText()).toBe("0");
  });

  test("Escape closes the panel, and the focus is on the launcher again", async () => {
    await visit();
    await panel.find("button", "Sign in");
    await webkit.driver.actions().sendKeys("\uE00C").perform();
    await expect
      .poll(
        async () =>
          await webkit.driver.executeScript(
            "return document.querySelector('podpora-widget').shadowRoot.activeElement?.className",
          ),
      )
      .toBe("launcher");
  });
});
