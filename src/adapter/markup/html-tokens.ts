import { Tokenizer } from "htmlparser2";

export interface HtmlHandler {
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

/**
 * Tokenizes HTML like a browser, without building a tree: ten thousand open elements of an attacker cost no more than
 * as many characters. Names are in lower case, entities are decoded; comments and declarations are omitted.
 */
export function readHtml(html: string, handler: HtmlHandler): void {
  let name = "";
  let attribute = "";
  let value = "";
  let attributes = new Map<string, string>();
  const ignore = () => undefined;
  const opened = () => handler.open(name, attributes);

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        name = html.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onopentagend: opened,
      onselfclosingtag: opened,
      onclosetag: (start, end) => handler.close(html.slice(start, end).toLowerCase()),
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata: (start, end) => (value += html.slice(start, end)),
      onattribentity: (point) => (value += String.fromCodePoint(point)),
      onattribend() {
        // As in a browser, the first of two attributes with one name counts.
        if (!attributes.has(attribute)) attributes.set(attribute, value);
      },
      ontext: (start, end) => handler.text(html.slice(start, end)),
      ontextentity: (point) => handler.text(String.fromCodePoint(point)),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
