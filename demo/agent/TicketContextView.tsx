import type { TicketContext } from "../../src/core/contract/adapter.ts";

const labels = {
  page: "Page",
  browser: "Browser",
  screen: "Screen",
  language: "Languages",
  appVersion: "Version",
} as const satisfies Partial<Record<keyof TicketContext, string>>;

/** The context that the member allowed the widget to add. The address is not a link, so that agents check it first. */
export function TicketContextView({ context }: { readonly context: TicketContext }) {
  const { errors = [], attributes = [] } = context;
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
        {attributes.map(({ name, value }) => (
          <div key={name}>
            <dt>
              <bdi>{name}</bdi> (set by the page)
            </dt>
            <dd dir="auto">{value}</dd>
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
