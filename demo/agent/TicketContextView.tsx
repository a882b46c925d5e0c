import type { TicketContext } from "../../src/core/contract/adapter.ts";

const labels = {
  page: "Page",
  browser: "Browser",
  screen: "Screen",
  language: "Languages",
  appVersion: "Version",
} as const satisfies Partial<Record<keyof TicketContext, string>>;

/** What the member let the widget add. The address is text: an agent looks at it before they follow it. */
export function TicketContextView({ context }: { readonly context: TicketContext }) {
  const { errors = [] } = context;
  const facts = (["page", "browser", "screen", "language", "appVersion"] as const).flatMap((key) => {
    const value = context[key];
    return value === undefined ? [] : [{ label: labels[key], value }];
  });
  return (
    <details class="more">
      <summary>Where it happened</summary>
      <dl>
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {errors.length > 0 && (
          <div>
            <dt>Script errors</dt>
            {errors.map((error, index) => (
              <dd key={index}>
                <code>{error}</code>
              </dd>
            ))}
          </div>
        )}
      </dl>
    </details>
  );
}
