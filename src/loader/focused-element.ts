/** The page's focused element, also inside web components; undefined if there is none, or if it is in `root`. */
export function focusedElement(root: ShadowRoot): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement && active !== document.body && !root.contains(active) ? active : undefined;
}
