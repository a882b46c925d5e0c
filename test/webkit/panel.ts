import { By, type WebDriver, type WebElement } from "selenium-webdriver";

const roles = {
  button: "button",
  tab: "[role=tab]",
  heading: "h1, h2",
  textbox: "input:not([type=checkbox], [type=radio], [type=file]), textarea",
  checkbox: "[type=checkbox]",
  radio: "[type=radio]",
  text: "p, span, li, h1, h2, div.bubble",
} as const;
export type Role = keyof typeof roles;

/** The types name it nowhere. */
type Root = Awaited<ReturnType<WebElement["getShadowRoot"]>>;

const waitMs = 20_000;

export interface Panel {
  /** Waits for what is visible and has this role and name; a name that is text must be the whole one. */
  find(role: Role, name: string | RegExp): Promise<WebElement>;
  click(role: Role, name: string | RegExp): Promise<void>;
  type(name: string | RegExp, text: string): Promise<void>;
  root(): Promise<Root>;
}

/** `getText` gives nothing of a text that is cut after its last line (`-webkit-line-clamp`). */
async function textOf(element: WebElement): Promise<string> {
  return await element.getProperty("textContent");
}

/** The widget on the page that the driver shows, found by role and name through its shadow root. */
export function createPanel(driver: WebDriver): Panel {
  async function root(): Promise<Root> {
    const host = await driver.wait(async () => (await driver.findElements(By.css("podpora-widget")))[0], waitMs);
    if (!host) throw new Error("the page has no widget");
    return await host.getShadowRoot();
  }

  async function lookFor(role: Role, name: string | RegExp): Promise<WebElement | undefined> {
    for (const element of await (await root()).findElements(By.css(roles[role]))) {
      // oxlint-disable-next-line no-await-in-loop -- one element after the other
      const own = role === "text" ? await textOf(element) : await element.getAccessibleName();
      const fits = typeof name === "string" ? own.trim() === name : name.test(own);
      // oxlint-disable-next-line no-await-in-loop -- only of the one that fits
      if (fits && (role === "radio" || (await element.isDisplayed()))) return element;
    }
    return undefined;
  }

  async function find(role: Role, name: string | RegExp): Promise<WebElement> {
    // What is drawn anew while it is looked at is looked at again.
    const element = await driver.wait(
      async () => await lookFor(role, name).catch(() => undefined),
      waitMs,
      `no ${role} ${String(name)}`,
    );
    if (!element) throw new Error(`no ${role} ${String(name)}`);
    return element;
  }

  return {
    find,
    root,
    async click(role, name) {
      const element = await find(role, name);
      // WebKitWebDriver takes a click on an element in a shadow root for one on the host: the pointer goes there itself.
      await driver.executeScript("arguments[0].scrollIntoView({ block: 'center' })", element);
      await driver.actions().move({ origin: element }).click().perform();
    },
    async type(name, text) {
      const element = await find("textbox", name);
      await driver.executeScript("arguments[0].focus()", element);
      await element.sendKeys(text);
    },
  };
}
