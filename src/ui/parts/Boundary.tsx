import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { ErrorNotice } from "./Notice.tsx";

/** Contains a render error to its screen and offers to try again. */
export function Boundary({ children }: { readonly children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary((fault: unknown) => {
    // oxlint-disable-next-line no-console -- for the site's developer
    console.error("[podpora] a screen could not be drawn", fault);
  });
  return error === undefined ? <>{children}</> : <ErrorNotice code="unknown" onRetry={reset} />;
}
