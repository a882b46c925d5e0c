/** A predefined answer. */
export interface Canned {
  /** The name by which agents find it. */
  readonly name: string;
  readonly text: string;
}

const english: readonly Canned[] = [
  { name: "hello", text: "Hello, how can I help you?" },
  { name: "moment", text: "One moment, please: I am looking into it." },
  {
    name: "order",
    text: "Could you send me your order number? It begins with BR- and is in the confirmation e-mail.",
  },
  { name: "picture", text: "Could you show me a picture of what you see? The camera button below makes one." },
  { name: "bye", text: "Is there anything else that I can do for you? If not, have a good day." },
];

const slovenian: readonly Canned[] = [
  { name: "pozdrav", text: "Pozdravljeni, kako vam lahko pomagam?" },
  { name: "trenutek", text: "Trenutek, prosim: preverjam." },
  { name: "naročilo", text: "Mi lahko pošljete številko naročila? Začne se z BR- in je v potrditvenem e-sporočilu." },
  { name: "slika", text: "Mi lahko pokažete sliko tega, kar vidite? Naredi jo gumb s fotoaparatom spodaj." },
  { name: "adijo", text: "Vam lahko še kako pomagam? Če ne, vam želim lep dan." },
];

/** In the member's language, then in English. */
export function cannedFor(locale: string): readonly Canned[] {
  return /^sl\b/i.test(locale) ? [...slovenian, ...english] : english;
}
