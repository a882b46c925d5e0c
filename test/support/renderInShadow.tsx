import "@preact/signals";
import { type BoundFunctions, queries, render, within } from "@testing-library/preact";
import type { ComponentChildren } from "preact";
import { onTestFinished } from "vitest";

type Bound = BoundFunctions<typeof queries>;
/** The queries as functions rather than methods, so that tests can destructure them. */
type Queries = { readonly [Name in Extract<keyof Bound, string>]: Bound[Name] };

/**
 * Renders into a shadow root, as on a page. `screen` does not look into it; use the returned queries. Removed after the
 * test.
 */
export function renderInShadow(ui: ComponentChildren, into: HTMLElement = document.createElement("div")) {
  const host = document.body.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  const container = root.appendChild(document.createElement("div"));
  container.append(into);
  const { unmount } = render(<>{ui}</>, { container: into, baseElement: container });
  function remove() {
    unmount();
    host.remove();
  }
  onTestFinished(remove);
  const bound: Queries = within(container, queries);
  return { ...bound, host, root, container, remove };
}
