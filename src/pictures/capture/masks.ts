/** What the site marks, as well as passwords (also when visible) and payment card fields. */
const masked =
  ':is([data-podpora-mask], input[type="password"], input[autocomplete*="password" i], input[autocomplete*="cc-" i])';
/** Parts of a drawing have no box to blacken. */
const drawn = "svg [data-podpora-mask]";
const inside = ["*", "*::before", "*::after", "::slotted(*)"].map((part) => `${masked} ${part}`).join(", ");
const atOnce = "transition: none !important; animation: none !important;";

/**
 * Blackens what is there; the filter also blackens later content. In a layer, where `!important` wins over the page's
 * own; without transitions, which would show the content for a while.
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
 * Blackens private areas in the document, its open shadow trees and its same-origin frames, except the trees of
 * `except`. Returns a function that undoes it.
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

  /** `isBelow`: an ancestor in another tree is masked. */
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
    // Cross-origin frames can't be read: the site has to mark the frame element itself.
    if (isPage(frame)) mask(frame.document, frame, false);
  }

  mask(document, window, false);
  return () => undo.toReversed().forEach((step) => step());
}

/** Follows the rendered tree: a slotted element is inside whatever surrounds its slot. */
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

/** A rule can be stronger than this sheet: in a nested shadow tree, or with `!important` on the element. */
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
