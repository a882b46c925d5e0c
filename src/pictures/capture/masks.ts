/** What the site marks, and what nobody would show: passwords, also while they can be read, and cards. */
const masked =
  ':is([data-podpora-mask], input[type="password"], input[autocomplete*="password" i], input[autocomplete*="cc-" i])';
/** A part of a drawing has no box that could be black. */
const drawn = "svg [data-podpora-mask]";
const inside = ["*", "*::before", "*::after", "::slotted(*)"].map((part) => `${masked} ${part}`).join(", ");
const atOnce = "transition: none !important; animation: none !important;";

/**
 * Black whatever is drawn there and, by the filter, whatever goes on being drawn. In a layer, where `!important` wins
 * over the page's own; without transitions, in which what is below could be seen for a while.
 */
const covering = `@layer podpora-mask {
  ${masked} {
    background: #000 border-box !important;
    border-color: #000 !important;
    border-image: none !important;
    box-shadow: none !important;
    clip-path: none !important;
    color: transparent !important;
    -webkit-text-fill-color: transparent !important;
    text-shadow: none !important;
    text-decoration: none !important;
    contain: paint !important;
    filter: brightness(0) !important;
    mask: none !important;
    mix-blend-mode: normal !important;
    opacity: 1 !important;
    ${atOnce}
  }
  ${masked}::before, ${masked}::after, ${drawn}, ${inside} { visibility: hidden !important; ${atOnce} }
}`;

type Tree = Document | ShadowRoot;
type Page = Window & typeof globalThis;

/**
 * Makes black what is to stay private: in the document, in its open shadow trees and in its frames of the same origin.
 * Gives the undo. Leaves the trees of `except` alone.
 */
export function maskPage(except: Element): () => void {
  const undo: (() => void)[] = [];

  function adoptStyles(tree: Tree, page: Page) {
    const sheet = new page.CSSStyleSheet();
    sheet.replaceSync(covering);
    tree.adoptedStyleSheets = [...tree.adoptedStyleSheets, sheet];
    undo.push(() => {
      tree.adoptedStyleSheets = tree.adoptedStyleSheets.filter((one) => one !== sheet);
    });
  }

  /** `isBelow`: below something that is masked, in another tree. */
  function mask(tree: Tree, page: Page, isBelow: boolean) {
    adoptStyles(tree, page);
    for (const element of tree.querySelectorAll<HTMLElement>("*")) {
      if (element === except) continue;
      const isHidden = isBelow || isMasked(element);
      if (isHidden && !isCovered(element, page)) undo.push(hide(element));
      if (element.shadowRoot) mask(element.shadowRoot, page, isHidden);
      if (!isHidden && element.tagName === "IFRAME") maskFrame(element);
    }
  }

  function maskFrame(element: HTMLElement) {
    const frame = "contentWindow" in element && element.contentWindow;
    // Of another origin: the site marks the frame itself, or what is in it is not the site's to show or hide.
    if (isPage(frame)) mask(frame.document, frame, false);
  }

  mask(document, window, false);
  return () => undo.toReversed().forEach((step) => step());
}

/** By what is drawn around it: an element that a component has put into a slot is inside of what is around the slot. */
function isMasked(element: Element): boolean {
  for (let each: Element | null = element; each; each = each.assignedSlot ?? each.parentElement)
    if (each.matches(masked)) return true;
  return false;
}

function isPage(frame: unknown): frame is Page {
  try {
    return typeof frame === "object" && frame !== null && "document" in frame && frame.document !== null;
  } catch {
    return false;
  }
}

/** A rule may be stronger than the sheet: of a shadow tree below, or with `!important` on the element itself. */
function isCovered(element: Element, page: Page): boolean {
  const { visibility, filter, backgroundColor, opacity } = page.getComputedStyle(element);
  const isBlack = filter === "brightness(0)" && backgroundColor === "rgb(0, 0, 0)" && opacity === "1";
  return visibility !== "visible" || isBlack;
}

function hide({ style }: HTMLElement): () => void {
  const before = style.cssText;
  style.setProperty("transition", "none", "important");
  style.setProperty("visibility", "hidden", "important");
  return () => {
    style.cssText = before;
  };
}
