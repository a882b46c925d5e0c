type Attributes = ReadonlyMap<string, string>;

/** Elements whose content is not shown. The tokenizer reads most of them as raw text. */
const unseen = new Set(["script", "style", "title", "template", "iframe", "noembed", "noframes", "datalist"]);
const empty = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Elements that close an unclosed one when they begin. */
const endedBy: Readonly<Record<string, ReadonlySet<string>>> = {
  p: new Set("p div ul ol dl table blockquote pre h1 h2 h3 h4 h5 h6 hr section article form".split(" ")),
  li: new Set(["li"]),
  td: new Set(["td", "th", "tr"]),
  th: new Set(["td", "th", "tr"]),
  tr: new Set(["tr"]),
  dt: new Set(["dt", "dd"]),
  dd: new Set(["dt", "dd"]),
};

const zero = String.raw`0+(?:\.0*)?(?:[a-z%]+)?\s*(?:!important\s*)?(?:;|$)`;
const property = (name: string, value: string) => new RegExp(String.raw`(?:^|[;\s])${name}\s*:\s*${value}`, "i");
/** Hide an element with its content. */
const gone = [property("display", "none"), property("mso-hide", "all"), property("opacity", zero)];
const clipped = property("overflow(?:-[xy])?", "hidden");
const flat = property("(?:max-)?(?:height|width)", zero);
/** Inherited: inner elements may override them. */
const fontSize = property("font(?:-size)?", String.raw`\S`);
const noFont = [property("font-size", zero), property("font", String.raw`(?:[a-z]+\s+)*0(?:px|pt|em)?[\s/]`)];
const visibility = property("visibility", String.raw`\S`);
const invisible = property("visibility", "(?:hidden|collapse)");

interface Open {
  readonly name: string;
  readonly gone: boolean;
  readonly noFont: boolean;
  readonly invisible: boolean;
}

/** Which text of a mail a mail program shows, considering inline styles that hide and elements without text. */
export interface Visibility {
  /** False if the element is not visible. */
  open(name: string, attributes: Attributes): boolean;
  /** False if the element was not visible. */
  close(name: string): boolean;
  /** Whether text is visible here. */
  readonly isShown: boolean;
}

export function createVisibility(): Visibility {
  const stack: Open[] = [];
  const counts = new Map<string, number>();
  const root: Open = { name: "", gone: false, noFont: false, invisible: false };
  const top = () => stack.at(-1) ?? root;

  function pop(): void {
    const name = stack.pop()?.name;
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 1) - 1);
  }

  function shows(attributes: Attributes): boolean {
    const look = lookOf("", attributes, top());
    return !look.gone && !look.invisible;
  }

  return {
    open(name, attributes) {
      if (empty.has(name)) return shows(attributes);
      if (endedBy[top().name]?.has(name)) pop();
      stack.push({ name, ...lookOf(name, attributes, top()) });
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return !top().gone;
    },
    close(name) {
      if ((counts.get(name) ?? 0) > 0) {
        while (top().name !== name) pop();
      }
      const isSeen = !top().gone;
      if (top().name === name) pop();
      return isSeen;
    },
    get isShown() {
      const { gone: isGone, noFont: isTiny, invisible: isInvisible } = top();
      return !isGone && !isTiny && !isInvisible;
    },
  };
}

function lookOf(name: string, attributes: Attributes, around: Open): Omit<Open, "name"> {
  const style = attributes.get("style") ?? "";
  const isHidden =
    unseen.has(name) ||
    attributes.has("hidden") ||
    (style !== "" && (gone.some((each) => each.test(style)) || (clipped.test(style) && flat.test(style))));
  return {
    gone: around.gone || isHidden,
    noFont: fontSize.test(style) ? noFont.some((each) => each.test(style)) : around.noFont,
    invisible: visibility.test(style) ? invisible.test(style) : around.invisible,
  };
}
