/**
 * The name of the one element that the page gets. With a hyphen it is nobody else's, and an element without an id makes
 * no `window.podpora`.
 */
export const widgetTag = "podpora-widget";

/**
 * Says which element is the widget's, whatever the page has called its own. On the document, since the element itself may
 * be off the page for a moment; registered, so that a second copy of the script finds it too.
 */
const key = Symbol.for("podpora.element");

/** Whether a widget lives on this page. */
export function hasWidget(): boolean {
  return Reflect.get(document, key) !== undefined;
}

/** Makes the widget's element the one of this page. Returns a function that makes room for another. */
export function claimPage(element: HTMLElement): () => void {
  Reflect.set(document, key, element);
  return () => {
    if (Reflect.get(document, key) === element) Reflect.deleteProperty(document, key);
  };
}
