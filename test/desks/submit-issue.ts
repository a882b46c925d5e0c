import type { Page } from "playwright";
import { png } from "../browser/made-pictures.ts";

export interface Issue {
  readonly title: string;
  readonly text: string;
  /** The name of a small picture. */
  readonly picture: string;
}

/** From the button on the page to the form, with the account that the member has at the desk. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByRole("button", { name: "Help", exact: true }).click();
  const form = page.getByRole("form", { name: "Sign in to your account" });
  await form.getByLabel("Username").fill(username);
  await form.getByLabel("Password").fill(password);
  await form.getByRole("button", { name: "Sign in" }).click();
}

/** Gives the issue's number. `answer` fills in what the desk's form asks besides. */
export async function submitIssue(page: Page, issue: Issue, answer: () => Promise<unknown>): Promise<string> {
  await page.getByRole("button", { name: "Submit a new tech issue" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill(issue.title);
  await page.getByRole("textbox", { name: "What happened?" }).fill(issue.text);
  await answer();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles({ name: issue.picture, mimeType: "image/png", buffer: png(64, 48) });
  await page.getByRole("button", { name: "Submit Tech Issue", exact: true }).click();
  const thanks = await page.getByText(/Your issue number is \w+/).innerText();
  return /number is (\w+)/.exec(thanks)?.[1] ?? "";
}
