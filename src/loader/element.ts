type Attributes = Readonly<Record<string, string | number | boolean>>;

/** An element with its content. An attribute of `true` becomes "true", one of `false` is omitted. */
export function create<Tag extends string>(
  tag: Tag,
  attributes: Attributes,
  ...children: (Node | string)[]
): Tag extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag] : HTMLElement;
export function create(tag: string, attributes: Attributes, ...children: (Node | string)[]): HTMLElement {
  return fill(document.createElement(tag), attributes, children);
}

export const createSvg = (tag: "svg" | "path", attributes: Attributes, ...children: Node[]): SVGElement =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) element.removeAttribute(name);
    else element.setAttribute(name, `${value}`);
  }
}

function fill<Made extends Element>(element: Made, attributes: Attributes, children: readonly (Node | string)[]): Made {
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}
