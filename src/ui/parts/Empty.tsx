import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

interface EmptyProps {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** An empty or closed screen: what it is for and what to do. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div class="empty">
      <Drawing icon={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Two sheets of paper with an icon for the topic. */
export function Drawing({ icon, tone = "accent" }: { readonly icon: IconName; readonly tone?: "accent" | "good" }) {
  return (
    <span class={`drawing ${tone}`} aria-hidden="true">
      <svg width="120" height="84" viewBox="0 0 120 84">
        <rect class="sheet" x="14" y="12" width="72" height="54" rx="10" transform="rotate(-7 50 39)" />
        <rect class="sheet front" x="30" y="14" width="72" height="54" rx="10" />
        <path class="lines" d="M44 32h40M44 42h28M44 52h34" />
      </svg>
      <span class="drawing-icon">
        <Icon name={icon} size={24} />
      </span>
    </span>
  );
}
