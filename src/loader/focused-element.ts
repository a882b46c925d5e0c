/** The element of the page that has the focus, also inside of web components; undefined when none has, or one in `root`. */
export function focusedElement(root: ShadowRoot): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement && active !== document.body && !root.contains(active) ? active : undefined;
}
