/** A removed element loses the focus in the same moment; a member would have moved it earlier. */
const removalMs = 100;

/**
 * Remembers the focus, the scroll position and the top layer: an element loses them when it is removed from the page.
 * `restore` restores them.
 */
export function keepPlace(root: ShadowRoot): { restore(): void } {
  let focused: HTMLElement | undefined;
  let leftAt = Infinity;
  const scrolled = new Map<Element, number>();

  root.addEventListener("focusin", ({ target }) => {
    focused = target instanceof HTMLElement ? target : undefined;
    leftAt = Infinity;
  });
  root.addEventListener("focusout", (event) => {
    leftAt = performance.now();
    if (event instanceof FocusEvent && event.relatedTarget) focused = undefined;
  });
  root.addEventListener(
    "scroll",
    ({ target }) => {
      if (target instanceof Element) scrolled.set(target, target.scrollTop);
    },
    { capture: true, passive: true },
  );

  return {
    restore() {
      // A modal dialog that was removed from the page is no longer modal when it is put back.
      for (const dialog of root.querySelectorAll<HTMLDialogElement>("dialog[open]")) {
        if (dialog.matches(":modal")) continue;
        dialog.removeAttribute("open");
        dialog.showModal();
      }
      for (const [element, top] of scrolled) {
        if (root.contains(element)) element.scrollTop = top;
        else scrolled.delete(element);
      }
      const isFree = document.activeElement === null || document.activeElement === document.body;
      const justLeft = leftAt === Infinity || performance.now() - leftAt < removalMs;
      if (isFree && justLeft && focused && root.contains(focused)) focused.focus({ preventScroll: true });
    },
  };
}
