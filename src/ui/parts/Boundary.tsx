import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { ErrorNotice } from "./Notice.tsx";

/** What goes wrong while a screen is drawn stays on that screen, and can be tried again. */
export function Boundary({ children }: { readonly children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary((fault: unknown) => {
    // oxlint-disable-next-line no-console -- for the site's developer: nobody else sees what it was
    console.error("[podpora] a screen could not be drawn", fault);
  });
  return error === undefined ? <>{children}</> : <ErrorNotice code="unknown" onRetry={reset} />;
}
