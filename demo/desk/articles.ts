import { articlesFrom } from "../../src/adapter/articles.ts";

/** The demo desk's help articles. */
export const articles = articlesFrom([
  {
    id: "order-sl",
    language: "sl",
    title: "Naročila ni mogoče oddati",
    text: "Preverite, ali so izpolnjena vsa polja z zvezdico in ali je izbran način plačila.\n\n1. Odprite **košarico**.\n2. Popravite polja, ki so označena z rdečo.\n3. Izberite *Oddaj naročilo*.\n\nČe se napaka ponovi, nam prijavite tehnično težavo in dodajte posnetek zaslona.",
  },
  {
    id: "invoice-sl",
    language: "sl",
    title: "Kje najdem račun za naročilo?",
    text: "Račun je v meniju *Moja naročila*, pri naročilu, ki je že odposlano. Če je datoteka PDF prazna, jo odprite v drugem brskalniku.",
  },
  {
    id: "password-sl",
    language: "sl",
    title: "Pozabljeno geslo",
    text: "Na strani za prijavo izberite *Pozabljeno geslo*. Sporočilo s povezavo prispe v nekaj minutah; preverite tudi neželeno pošto.",
  },
  {
    id: "order-en",
    language: "en",
    title: "An order can’t be submitted",
    text: "Check that every field with an asterisk is filled in, and that a payment method is selected.\n\n1. Open the **cart**.\n2. Correct the fields that are marked in red.\n3. Select *Submit order*.\n\nIf the error comes back, submit a tech issue with a screenshot.",
  },
  {
    id: "invoice-en",
    language: "en",
    title: "Where is the invoice for my order?",
    text: "The invoice is under *My orders*, once the order has been shipped. If the PDF file is empty, open it in another browser.",
  },
  {
    id: "password-en",
    language: "en",
    title: "Forgotten password",
    text: "Select *Forgotten password* on the sign-in page. The message with the link arrives within a few minutes; check your spam folder, too.",
  },
]);
