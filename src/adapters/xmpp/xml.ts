import { $build, Strophe, type Builder } from "strophe.js";

/** An element to send. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly children: readonly (Xml | string)[];
}

/** Undefined children and attributes are omitted. */
export function xml(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Xml | string | undefined)[]
): Xml {
  return { name, attributes, children: children.filter((child) => child !== undefined) };
}

// XML 1.0, section 2.2: any other character closes the stream.
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/**
 * Text as it comes back from XML: without characters that XML 1.0 does not allow, and with its line ends normalised as
 * in section 2.11. Some parsers also treat the line ends of XML 1.1 that way.
 */
export function xmlText(text: string): string {
  return text.replaceAll(/\r[\n\u0085]?|[\u0085\u2028\u2029]/g, "\n").replaceAll(forbidden, "");
}

/** Its length in bytes when sent. */
export function bytesOf(element: Xml): number {
  return new TextEncoder().encode(Strophe.serialize(built(element))).length;
}

export function built(element: Xml): Element {
  // The namespace of components: Prosody refuses the one of clients from them.
  const attributes = { xmlns: "jabber:component:accept", ...element.attributes };
  const builder = $build(element.name, clean(attributes));
  append(builder, element.children);
  return builder.tree();
}

function append(builder: Builder, children: Xml["children"]): void {
  for (const child of children) {
    if (typeof child === "string") {
      builder.t(child.replaceAll(forbidden, ""));
    } else {
      builder.c(child.name, clean(child.attributes));
      append(builder, child.children);
      builder.up();
    }
  }
}

function clean(attributes: Xml["attributes"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value.replaceAll(forbidden, "")]],
    ),
  );
}

/** The element's own children of this name, and of this namespace if given. */
export function childrenOf(parent: Element, name: string, namespace?: string): readonly Element[] {
  return [...elementsOf(parent)].filter(
    (child) => child.localName === name && (namespace === undefined || child.namespaceURI === namespace),
  );
}

export function childOf(parent: Element | undefined, name: string, namespace?: string): Element | undefined {
  return parent === undefined ? undefined : childrenOf(parent, name, namespace)[0];
}

export function elementsOf(parent: Element): readonly Element[] {
  // Elements of the stream's parser have no `children`.
  return Array.from(parent.childNodes).filter((node): node is Element => node.nodeType === 1);
}

export function textOf(parent: Element | undefined, name: string, namespace?: string): string | undefined {
  return childOf(parent, name, namespace)?.textContent ?? undefined;
}

export function attributeOf(element: Element | undefined, name: string): string | undefined {
  return element?.getAttribute(name) ?? undefined;
}

export const bareOf = (jid: string): string => jid.split("/", 1)[0] ?? jid;
export const resourceOf = (jid: string): string => (jid.includes("/") ? jid.slice(jid.indexOf("/") + 1) : "");

export const domainOf = (jid: string): string => bareOf(jid).slice(bareOf(jid).indexOf("@") + 1);

/** The defined condition of a stanza's or a stream's error (RFC 6120, section 8.3). */
export function conditionOf(stanza: Element): string {
  const error = childOf(stanza, "error");
  const condition = error && elementsOf(error).find((child) => child.localName !== "text");
  return condition?.localName ?? "undefined-condition";
}
