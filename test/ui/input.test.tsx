import { fireEvent } from "@testing-library/preact";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Field, TicketDraft } from "../../src/core/contract/adapter.ts";
import { AdapterError } from "../../src/core/contract/errors.ts";
import { anasChat, withChat } from "../support/chats.ts";
import { isOverGateway, openWidget } from "../support/openWidget.tsx";
import { anasDesk, picture } from "../support/scope.ts";
import { withTickets } from "../support/tickets.ts";

afterEach(() => vi.unstubAllGlobals());

async function openForm(fields: readonly Field[] = []) {
  const sent: TicketDraft[] = [];
  const adapter = withTickets(anasDesk(), {
    fields: async () => fields,
    create: async (draft) => {
      sent.push(draft);
      const at = "2026-11-23T10:00:00.000Z";
      return { id: "1", number: "1", title: draft.title, status: "open", createdAt: at, updatedAt: at };
    },
  });
  const drawn = await openWidget({ adapter, route: "tickets/new", locale: "en" });
  const text = await drawn.findByRole<HTMLTextAreaElement>("textbox", { name: "What happened?" });
  await drawn.findByRole("button", { name: "Choose files" });
  return { ...drawn, sent, text };
}

async function openChat() {
  const desk = anasDesk();
  const { id } = await anasChat(desk);
  await desk.agent.takeConversation(id);
  const drawn = await openWidget({ adapter: desk, route: "chat", locale: "en" });
  const composer = await drawn.findByRole<HTMLTextAreaElement>("textbox", { name: "Message" });
  const said = async () => (await desk.agent.conversation(id))?.messages.map(({ text }) => text) ?? [];
  return { ...drawn, composer, said };
}

interface Data {
  readonly files: readonly File[];
  readonly texts?: Readonly<Record<string, string>>;
}

/** An event with the data that a browser attaches. */
function transfer(type: "paste" | "drop" | "dragover", { files, texts = {} }: Data) {
  const event = new Event(type, { bubbles: true, cancelable: true, composed: true });
  const data = {
    files,
    types: [...Object.keys(texts), ...(files.length > 0 ? ["Files"] : [])],
    dropEffect: "copy",
    getData: (kind: string) => texts[kind] ?? "",
  };
  Object.defineProperty(event, type === "paste" ? "clipboardData" : "dataTransfer", { value: data });
  return event;
}

describe("pasted or dropped data", () => {
  test("pastes spreadsheet cells as text, not as a picture", async () => {
    const { text, widget } = await openForm();
    const event = transfer("paste", { files: [picture()], texts: { "text/plain": "a\tb", "text/html": "<table>" } });
    text.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
    expect(widget.tickets.value?.form.files.files.value).toEqual([]);
  });

  test("adds files without text, and a picture that comes with its address", async () => {
    const { text, widget } = await openForm();
    const address = { "text/uri-list": "https://e.example/a.png", "text/plain": "https://e.example/a.png" };
    for (const data of [{ files: [picture("a.png")] }, { files: [picture("b.png")], texts: address }]) {
      text.dispatchEvent(transfer("paste", data));
    }
    const names = () => widget.tickets.value?.form.files.files.value.map(({ file }) => file.name);
    await expect.poll(names).toEqual(["a.png", "b.png"]);
  });

  test("does not navigate away when a file is dropped where none is accepted", async () => {
    const { container } = await openWidget({ route: "tickets", locale: "en" });
    const inside = container.querySelector(".inside");
    const events = (["dragover", "drop"] as const).map((type) => transfer(type, { files: [picture()] }));
    for (const event of events) inside?.dispatchEvent(event);
    expect(events.map(({ defaultPrevented }) => defaultPrevented)).toEqual([true, true]);
  });
});

describe("keys of an input method", () => {
  test.each([{ isComposing: true }, { keyCode: 229 }])("Escape with %o closes nothing", async (more) => {
    const { text, widget } = await openForm();
    fireEvent.keyDown(text, { key: "Escape", ...more });
    expect(widget.open.value).toBe(true);
  });

  test.each([{ isComposing: true }, { keyCode: 229 }])("Enter with %o sends nothing", async (more) => {
    const { composer, user, said } = await openChat();
    await user.type(composer, "konnichi");
    fireEvent.keyDown(composer, { key: "Enter", ...more });
    expect(composer.value).toBe("konnichi");
    expect(await said()).toHaveLength(1);
  });
});

test("on a touch keyboard Return breaks the line, and the key is labelled accordingly", async () => {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query.includes("coarse"),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  const { composer, user, said } = await openChat();
  expect(composer.getAttribute("enterkeyhint")).toBe("enter");
  await user.type(composer, "one{Enter}two");
  expect(composer.value).toBe("one\ntwo");
  expect(await said()).toHaveLength(1);
});

describe("a number field", () => {
  const amount: Field = { key: "amount", label: "Amount", kind: "number" };

  test.each(["1.05", "007", "-0.5", "1e3", "0.10", "12345678901234567890"])(
    "shows %s as it was typed",
    async (typed) => {
      const { findByRole, user } = await openForm([amount]);
      const field = await findByRole<HTMLInputElement>("textbox", { name: /^Amount/ });
      await user.type(field, typed);
      expect(field.value).toBe(typed);
    },
  );

  test("is sent as a number, and shows an error for anything else", async () => {
    const { findByRole, findByText, getByRole, text, user, sent } = await openForm([amount]);
    const field = await findByRole<HTMLInputElement>("textbox", { name: /^Amount/ });
    await user.type(getByRole("textbox", { name: "Issue title" }), "Cart");
    await user.type(text, "It is empty");
    await user.type(field, "twelve");
    await user.click(getByRole("button", { name: "Submit Tech Issue" }));
    await findByText("Enter a number, such as 12 or 12.5.");
    expect(sent).toEqual([]);
    fireEvent.input(field, { target: { value: "-0,5" } });
    await user.click(getByRole("button", { name: "Submit Tech Issue" }));
    await expect.poll(() => sent[0]?.fields).toEqual({ amount: -0.5 });
  });
});

test("an empty field follows the panel's text direction, a filled one its content", async () => {
  const { text, user } = await openForm();
  expect(text.hasAttribute("dir")).toBe(false);
  await user.type(text, "a");
  expect(text.getAttribute("dir")).toBe("auto");
});

// A gateway refuses such a value.
test.skipIf(isOverGateway)("an unexpected value shows an error with a way out, not an empty screen", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const desk = anasDesk();
  let broken = true;
  const chat = withChat(desk, {
    availability: async () => {
      // Not an array, as a site's own adapter might return by mistake.
      const languages: readonly string[] = JSON.parse(broken ? "5" : '["en"]');
      return { open: true, languages };
    },
  });
  const { findByRole, user, widget, getByRole } = await openWidget({ adapter: chat, route: "chat", locale: "en" });
  const retry = await findByRole("button", { name: "Try again" });
  expect(getByRole("tab", { name: /Live chat/ })).toBeTruthy();
  broken = false;
  await widget.chat.value?.refreshAvailability();
  await user.click(retry);
  await findByRole("textbox", { name: "How can we help?" });
});

test("languages in a system's notation have names", async () => {
  const chat = withChat(anasDesk(), {
    availability: async () => ({ open: true, languages: ["en", "es_MX", "hi_IN", "no tag"] }),
  });
  const { findByText } = await openWidget({ adapter: chat, route: "chat", locale: "en" });
  await findByText(/in English, in Spanish, \(Hindi.*no tag/);
});

test("a refusal without a field is scrolled into view, focused, and does not mention marked fields", async () => {
  const adapter = withTickets(anasDesk(), {
    create: async () => {
      throw new AdapterError("invalid", "no");
    },
  });
  const { findByRole, findByText, getByRole, user, root } = await openWidget({
    adapter,
    route: "tickets/new",
    locale: "en",
  });
  const shown = vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(() => undefined);
  await user.type(await findByRole("textbox", { name: "Issue title" }), "Cart");
  await user.type(getByRole("textbox", { name: "What happened?" }), "It is empty");
  await user.click(getByRole("button", { name: "Submit Tech Issue" }));
  const notice = (await findByText("This wasn’t accepted. Change it and try again.")).closest(".notice");
  await expect.poll(() => root.activeElement).toBe(notice);
  expect(shown.mock.contexts).toContain(notice);
  shown.mockRestore();
});

// Over the gateway this is Ana, who is not asked for her address.
test.skipIf(isOverGateway)(
  "a phone neither capitalises nor corrects an e-mail address or a member's number",
  async () => {
    const { findByRole } = await openWidget({
      adapter: anasDesk({ member: { id: "guest-1", guest: true } }),
      route: "chat",
      locale: "en",
    });
    for (const name of [/^Email address/, /^Member ID/]) {
      // oxlint-disable-next-line no-await-in-loop -- one form
      const field = await findByRole("textbox", { name });
      expect(["autocapitalize", "autocorrect"].map((each) => field.getAttribute(each))).toEqual(["none", "off"]);
    }
  },
);

test("context that the page does not have is not counted, and a removed part stays removed", async () => {
  const context = { page: "https://e.example/", browser: "Firefox" };
  const { widget, findByText, findByRole, user } = await openWidget({ route: "tickets/new", locale: "en", context });
  await findByText("Included details (2)");
  widget.tickets.value?.form.write({ withheld: ["errors"] });
  await findByText("Included details (2)");
  await user.click(await findByRole("checkbox", { name: /^Page/, hidden: true }));
  await findByText("Included details (1)");
  expect(widget.tickets.value?.form.words.value.withheld).toEqual(["errors", "page"]);
});
