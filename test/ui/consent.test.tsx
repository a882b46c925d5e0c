import { signal } from "@preact/signals-core";
import { expect, test } from "vitest";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { atSite } from "../support/site.ts";
import { anasTicket } from "../support/tickets.ts";

const consent = "I agree to the [privacy policy](https://example.org/privacy).";

test("nothing is sent before the member agrees to the site's terms, and typed text is kept", async () => {
  const desk = anasDesk();
  const { findByRole, getByRole, root, user } = await openWidget({
    adapter: atSite(desk, { consent }),
    route: "tickets/new",
    locale: "en",
    ticketLanguage: "off",
  });
  await user.type(await findByRole("textbox", { name: "Issue title" }), "It fails");
  await user.type(getByRole("textbox", { name: "What happened?" }), "Nothing at all.");
  await user.click(getByRole("button", { name: "Submit Tech Issue" }));
  await expect.poll(() => getByRole("alert").textContent).toBe("Please agree before you send.");
  const box = getByRole("checkbox", { name: /^I agree/, description: "Please agree before you send." });
  await expect.poll(() => root.activeElement).toBe(box);
  expect(await desk.agent.ticketCount()).toBe(0);
  expect(getByRole("link", { name: "privacy policy" }).getAttribute("href")).toBe("https://example.org/privacy");
  expect(getByRole<HTMLInputElement>("textbox", { name: "Issue title" }).value).toBe("It fails");

  await user.click(getByRole("checkbox", { name: /^I agree to the privacy policy/ }));
  await user.click(getByRole("button", { name: "Submit Tech Issue" }));
  await findByRole("heading", { name: "Thank you, your issue was submitted" });
});

test("a member who has agreed is not asked again", async () => {
  const desk = anasDesk({ availability: { open: true, languages: ["en"] } });
  const { findByRole, queryByRole, user } = await openWidget({
    adapter: atSite(desk, { consent }),
    route: "chat",
    locale: "en",
  });
  await user.type(await findByRole("textbox", { name: "How can we help?" }), "Where is my order?");
  await user.click(await findByRole("checkbox", { name: /^I agree to the privacy policy/ }));
  await user.click(await findByRole("button", { name: "Start chat" }));
  await findByRole("heading", { name: "You’re in the queue" });
  await user.click(await findByRole("tab", { name: "Technical issues" }));
  await user.click(await findByRole("button", { name: "Submit a new tech issue" }));
  await findByRole("textbox", { name: "Issue title" });
  expect(queryByRole("checkbox", { name: /^I agree to the privacy policy/ })).toBeNull();
});

test("a reply without the agreement leads to its box, each time", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Orders");
  const { findByRole, getByRole, root, user } = await openWidget({
    adapter: atSite(desk, { consent }),
    route: `tickets/${id}`,
    locale: "en",
  });
  await user.type(await findByRole("textbox", { name: "Your reply" }), "Here it is.");
  for (const _ of ["once", "again"]) {
    await user.click(getByRole("button", { name: "Send" }));
    const box = await findByRole("checkbox", { name: /^I agree/, description: "Please agree before you send." });
    await expect.poll(() => root.activeElement).toBe(box);
  }
});

test("the consent of one member does not count for the next one in the same browser", async () => {
  const given = signal<string | undefined>("ana\n" + consent);
  const boris = { id: "boris", name: "Boris" };
  const { findByRole } = await openWidget({
    adapter: atSite(anasDesk(), { consent, member: boris }),
    route: "tickets/new",
    locale: "en",
    given,
  });
  await findByRole("checkbox", { name: /^I agree to the privacy policy/ });
});
