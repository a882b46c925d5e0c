import type { MessageDraft, TicketDraft } from "../../src/core/adapter.ts";
import type { AgentMessageKind } from "./agent-tickets.ts";

interface SeedTicket {
  readonly draft: TicketDraft;
  readonly answers: readonly (MessageDraft & { readonly kind: AgentMessageKind | "member" })[];
  readonly resolved: boolean;
}

/** The oldest first. */
export const anasTickets: readonly SeedTicket[] = [
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1001",
      title: "Slovenščina - Gesla ni mogoče ponastaviti",
      text: "Kliknem »Pozabljeno geslo«, vpišem svoj e-naslov in pritisnem Pošlji.\n\nSporočila s povezavo ne dobim, tudi med neželeno pošto ga ni.",
      locale: "sl",
      fields: { category: "web" },
    },
    answers: [
      {
        kind: "reply",
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1002",
        text: "Spoštovani, pošiljanje je bilo danes zjutraj prekinjeno. Zdaj deluje, poskusite prosim znova.",
      },
      {
        kind: "member",
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e1003",
        text: "Deluje, najlepša hvala!",
      },
    ],
    resolved: true,
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2001",
      title: "Slovenščina - Račun za oktober je prazen",
      text: "1. Odprem »Moji računi«.\n2. Izberem oktober.\n3. Datoteka PDF se prenese, vendar je v njej ena sama prazna stran.",
      locale: "sl",
      fields: { category: "payments" },
    },
    answers: [
      {
        kind: "note",
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2002",
        text: "Same fault as in the October batch; invoices were made again this morning.",
      },
      {
        kind: "reply",
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e2003",
        text: "Račun smo pripravili znova. Prosimo, prenesite ga še enkrat.",
      },
    ],
    resolved: true,
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e3001",
      title: "Slovenščina - Aplikacija se zapre, ko dodam sliko",
      text: "Na telefonu odprem svoj profil in tapnem »Dodaj sliko«. Ko izberem fotografijo, se aplikacija brez opozorila zapre.",
      locale: "sl",
      fields: { category: "app" },
    },
    answers: [
      {
        kind: "question",
        clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e3002",
        text: "Hvala za opis. Kateri telefon uporabljate in katera različica aplikacije je nameščena? Najdete jo pod »Nastavitve« › »O aplikaciji«.",
      },
    ],
    resolved: false,
  },
  {
    draft: {
      clientId: "7a0c2f0e-52a1-4d6c-9d0b-0b3f6a1e4001",
      title: "Slovenščina - Naročila ni mogoče obdelati",
      text: "V košarici imam tri izdelke. Ko kliknem »Plačaj«, se izpiše »Naročila ni mogoče obdelati«.\n\nPoskusila sem v dveh brskalnikih in z drugo kartico, vendar je napaka vsakič ista.",
      locale: "sl",
      fields: { category: "payments" },
    },
    answers: [],
    resolved: false,
  },
];
