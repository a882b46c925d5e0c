import "@preact/signals";
import { render, within } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { onTestFinished } from "vitest";

/** Draws into a shadow root, as the widget lives on a page; `screen` does not see in there, what this gives does. Goes with the test. */
export function renderInShadow(ui: ComponentChild) {
  const host = document.body.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  const container = root.appendChild(document.createElement("div"));
  const { unmount } = render(<>{ui}</>, { container, baseElement: container });
  function remove() {
    unmount();
    host.remove();
  }
  onTestFinished(remove);
  return { ...within(container), host, root, container, remove };
}
