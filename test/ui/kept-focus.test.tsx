import { expect, test } from "vitest";
import { anasChat } from "../support/chats.ts";
import { openWidget } from "../support/openWidget.tsx";
import { anasDesk } from "../support/scope.ts";
import { anasTicket } from "../support/tickets.ts";

test("a file that is taken out leaves the focus with the other files", async () => {
  const { findByRole, getByRole, container, root, user } = await openWidget({ route: "tickets/new" });
  await findByRole("textbox", { name: "Naslov zahtevka" });
  const input = container.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) throw new Error("the form takes no files");
  await user.upload(input, [
    new File(["a"], "a.png", { type: "image/png" }),
    new File(["b"], "b.png", { type: "image/png" }),
  ]);
  await user.click(await findByRole("button", { name: "Odstrani a.png" }));
  await expect.poll(() => root.activeElement).toBe(getByRole("list", { name: "Datoteke" }));
});

test("a rating that was sent leaves the focus in the issue", async () => {
  const desk = anasDesk();
  const { id } = await anasTicket(desk, "Naročila");
  await desk.agent.resolveTicket(id);
  const { findByRole, findByText, root, user } = await openWidget({ adapter: desk, route: `tickets/${id}` });
  await user.click(await findByRole("radio", { name: "4, dobra" }));
  await user.click(await findByRole("button", { name: "Pošlji oceno" }));
  await findByText("Hvala za vašo oceno.");
  await expect.poll(() => root.activeElement?.classList.contains("conversation")).toBe(true);
});

test("leaving the queue leaves the focus in the chat's panel", async () => {
  const desk = anasDesk();
  await anasChat(desk);
  const { findByRole, root, user } = await openWidget({ adapter: desk, route: "chat" });
  await user.click(await findByRole("button", { name: "Zapusti čakalno vrsto" }));
  await findByRole("form", { name: "Klepet s tehnično podporo" });
  await expect.poll(() => root.activeElement?.id).toBe("tabpanel");
});

test("who has left the panel keeps the focus where it is", async () => {
  const desk = anasDesk();
  const { id } = await anasChat(desk);
  const { findByRole, root, user } = await openWidget({ adapter: desk, route: "chat" });
  const leave = await findByRole("button", { name: "Zapusti čakalno vrsto" });
  leave.focus();
  const field = document.body.appendChild(document.createElement("input"));
  await user.click(field);
  await desk.agent.takeConversation(id);
  await findByRole("heading", { name: /Nina/ });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 20))));
  expect(root.activeElement).toBeNull();
  expect(document.activeElement).toBe(field);
  field.remove();
});

test("Enter in a field sends the form, and leaves the focus on its button while it is sent", async () => {
  const desk = anasDesk();
  const { tickets } = desk;
  if (!tickets) throw new Error("the desk has no tickets");
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const create: typeof tickets.create = async (...draft) => {
    await arrived;
    return await tickets.create(...draft);
  };
  const adapter = { ...desk, tickets: { ...tickets, create } };
  const { findByRole, getByRole, root, user } = await openWidget({ adapter, route: "tickets/new" });
  await user.type(await findByRole("textbox", { name: "Kaj se je zgodilo?" }), "Nič.");
  await user.type(getByRole("textbox", { name: "Naslov zahtevka" }), "Košarica{Enter}");
  const button = await findByRole("button", { name: "Pošiljamo …" });
  expect(root.activeElement).toBe(button);
  arrive();
  const heading = await findByRole("heading", { name: /^Hvala/ });
  await expect.poll(() => root.activeElement).toBe(heading);
});
