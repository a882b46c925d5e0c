import type { Rating, TicketDraft } from "../../src/core/contract/adapter.ts";
import type { AgentMessageKind } from "./agent-tickets.ts";

/** One event of a ticket's history, and how long ago it happened. */
export type SeedStep = { readonly agoMs: number } & (
  | { readonly by: "member"; readonly clientId: string; readonly text: string }
  | {
      readonly by: "agent";
      readonly kind: AgentMessageKind;
      readonly clientId: string;
      /** Receives the ids of the attached pictures. */
      readonly text: (pictures: readonly string[]) => string;
      /** File names. */
      readonly pictures?: readonly string[];
    }
  | { readonly by: "agent"; readonly resolves: true }
  | { readonly by: "member"; readonly rates: Rating }
);

export interface SeedTicket {
  readonly draft: TicketDraft;
  readonly agoMs: number;
  readonly steps: readonly SeedStep[];
}

const minutes = (count: number) => count * 60_000;
const hours = (count: number) => minutes(60 * count);
const days = (count: number) => hours(24 * count);

const invoiceAnswer = ([picture = ""]: readonly string[]) => `Hvala za potrpljenje. Račun smo pripravili znova:

1. Odprite **Moji računi** in izberite *oktober*.
2. Kliknite »Prenesi«. Nova datoteka se imenuje \`racun-2026-10-v2.pdf\`.
3. Če je stran še vedno prazna, izbrišite predpomnilnik brskalnika.

Tako je videti pravi račun:

![Račun za oktober s štirimi vrsticami](attachment:${picture})

Kdor raje piše ukaze:

\`\`\`
curl -O https://example.org/racuni/racun-2026-10-v2.pdf
\`\`\`

Več o računih je na https://example.org/pomoc/racuni.

Nina

> Datoteka PDF se prenese, vendar je v njej
> ena sama prazna stran.`;

/** Oldest first. */
export const anasTickets: readonly SeedTicket[] = [
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1001",
      title: "Slovenščina - Gesla ni mogoče ponastaviti",
      text: "Kliknem »Pozabljeno geslo«, vpišem svoj e-naslov in pritisnem Pošlji.\n\nSporočila s povezavo ne dobim, tudi med neželeno pošto ga ni.",
      locale: "sl",
      fields: { category: "web" },
    },
    agoMs: days(9),
    steps: [
      {
        by: "agent",
        kind: "reply",
        agoMs: days(9) - minutes(40),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1002",
        text: () => "Spoštovani, pošiljanje je bilo danes zjutraj prekinjeno. Zdaj deluje, poskusite prosim znova.",
      },
      { by: "agent", resolves: true, agoMs: days(9) - minutes(41) },
      {
        by: "member",
        agoMs: days(8),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1003",
        text: "Povezavo dobim, vendar piše, da je že potekla.",
      },
      {
        by: "agent",
        kind: "reply",
        agoMs: days(8) - hours(1),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1004",
        text: () => "Povezave zdaj veljajo en dan. Poslali smo vam novo.",
      },
      {
        by: "member",
        agoMs: days(8) - hours(2),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1005",
        text: "Deluje, najlepša hvala!",
      },
      { by: "agent", resolves: true, agoMs: days(8) - hours(3) },
      { by: "member", rates: { score: 5 }, agoMs: days(8) - hours(4) },
    ],
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2001",
      title: "Slovenščina - Račun za oktober je prazen",
      text: "1. Odprem »Moji računi«.\n2. Izberem oktober.\n3. Datoteka PDF se prenese, vendar je v njej ena sama prazna stran.",
      locale: "sl",
      fields: { category: "payments", paidOn: "2026-10-31" },
    },
    agoMs: hours(7),
    steps: [
      {
        by: "agent",
        kind: "note",
        agoMs: hours(7) - minutes(20),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2002",
        text: () => "Same fault as in the October batch; invoices were made again this morning.",
      },
      {
        by: "agent",
        kind: "reply",
        agoMs: hours(6),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2003",
        text: invoiceAnswer,
        pictures: ["racun-oktober.png"],
      },
    ],
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e3001",
      title: "Slovenščina - Aplikacija se zapre, ko dodam sliko",
      text: "Na telefonu odprem svoj profil in tapnem »Dodaj sliko«. Ko izberem fotografijo, se aplikacija brez opozorila zapre.",
      locale: "sl",
      fields: { category: "app" },
    },
    agoMs: hours(5),
    steps: [
      {
        by: "agent",
        kind: "question",
        agoMs: hours(5) - minutes(75),
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e3002",
        text: () =>
          "Hvala za opis. Kateri telefon uporabljate in katera različica aplikacije je nameščena? Najdete jo pod »Nastavitve« › »O aplikaciji«.",
      },
    ],
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e4001",
      title: "Slovenščina - Naročila ni mogoče obdelati",
      text: "V košarici imam tri izdelke. Ko kliknem »Plačaj«, se izpiše »Naročila ni mogoče obdelati«.\n\nPoskusila sem v dveh brskalnikih in z drugo kartico, vendar je napaka vsakič ista.",
      locale: "sl",
      fields: { category: "orders", order: "BR-204816" },
      context: {
        page: "https://example.org/kosarica",
        browser: "Firefox 140, Windows",
        screen: "1440 × 900, okno 1200 × 700",
        language: "sl-SI, en",
        errors: ["TypeError: total is undefined (checkout.js:214)"],
      },
    },
    agoMs: minutes(12),
    steps: [],
  },
];
