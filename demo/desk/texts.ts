import type { Field } from "../../src/core/contract/adapter.ts";

/** The desk's own messages to members. */
export interface Texts {
  readonly transcript: (agent: string | undefined) => string;
  readonly ticketMade: (number: string, title: string) => string;
  readonly tookOver: (agent: string, before: string) => string;
  readonly agentLeft: (agent: string) => string;
  readonly placeGivenUp: string;
  readonly fields: readonly Field[];
}

interface FormWords {
  readonly category: string;
  readonly categories: Readonly<Record<"web" | "app" | "orders" | "payments" | "other", string>>;
  readonly order: string;
  readonly orderHelp: string;
  readonly paidOn: string;
}

/** A category field, and a further field for two of its options. */
function form({ category, categories, order, orderHelp, paidOn }: FormWords): readonly Field[] {
  const options = Object.entries(categories).map(([value, label]) => ({ value, label }));
  return [
    { key: "category", label: category, kind: "select", options },
    {
      key: "order",
      label: order,
      kind: "text",
      help: orderHelp,
      pattern: String.raw`BR-\d{6}`,
      showWhen: { key: "category", values: ["orders"] },
    },
    { key: "paidOn", label: paidOn, kind: "date", showWhen: { key: "category", values: ["payments"] } },
  ];
}

const english: Texts = {
  transcript: (agent) => (agent ? `Transcript of the chat with ${agent}` : "Transcript of the chat"),
  tookOver: (agent, before) => `${agent} takes over from ${before}.`,
  agentLeft: (agent) => `${agent} has left the chat. You are at the front of the queue.`,
  placeGivenUp: "You were away for too long, so your place in the queue was given up. What you wrote is kept.",
  ticketMade: (number, title) => `Ticket #${number} was filed from this chat: ${title}`,
  fields: form({
    category: "Category",
    categories: { web: "Web site", app: "Mobile app", orders: "Orders", payments: "Payments", other: "Other" },
    order: "Order number",
    orderHelp: "BR- and six digits, such as BR-204816. It is in the confirmation e-mail.",
    paidOn: "Date of payment",
  }),
};

const slovenian: Texts = {
  transcript: (agent) => (agent ? `Zapis klepeta: ${agent}` : "Zapis klepeta"),
  tookOver: (agent, before) => `Klepet prevzema ${agent}, prej ${before}.`,
  agentLeft: (agent) => `${agent} ni več v klepetu. Ste prvi v čakalni vrsti.`,
  placeGivenUp: "Predolgo vas ni bilo, zato je vaše mesto v čakalni vrsti sproščeno. Kar ste napisali, je shranjeno.",
  ticketMade: (number, title) => `Iz tega klepeta je nastal zahtevek #${number}: ${title}`,
  fields: form({
    category: "Kategorija",
    categories: {
      web: "Spletno mesto",
      app: "Mobilna aplikacija",
      orders: "Naročila",
      payments: "Plačila",
      other: "Drugo",
    },
    order: "Številka naročila",
    orderHelp: "BR- in šest števk, na primer BR-204816. Najdete jo v potrditvenem e-sporočilu.",
    paidOn: "Datum plačila",
  }),
};

const german: Texts = {
  transcript: (agent) => (agent ? `Protokoll des Chats mit ${agent}` : "Protokoll des Chats"),
  tookOver: (agent, before) => `${agent} übernimmt den Chat von ${before}.`,
  agentLeft: (agent) => `${agent} hat den Chat verlassen. Sie sind als Nächstes an der Reihe.`,
  placeGivenUp:
    "Sie waren zu lange weg, deshalb wurde Ihr Platz in der Warteschlange frei. Was Sie geschrieben haben, bleibt erhalten.",
  ticketMade: (number, title) => `Aus diesem Chat ist die Anfrage #${number} entstanden: ${title}`,
  fields: form({
    category: "Kategorie",
    categories: {
      web: "Website",
      app: "Mobile App",
      orders: "Bestellungen",
      payments: "Zahlungen",
      other: "Sonstiges",
    },
    order: "Bestellnummer",
    orderHelp: "BR- und sechs Ziffern, zum Beispiel BR-204816. Sie steht in der Bestätigungs-E-Mail.",
    paidOn: "Datum der Zahlung",
  }),
};

const arabic: Texts = {
  transcript: (agent) => (agent ? `نص المحادثة مع ${agent}` : "نص المحادثة"),
  tookOver: (agent, before) => `يتابع ${agent} المحادثة بدلًا من ${before}.`,
  agentLeft: (agent) => `غادر ${agent} المحادثة. أنت الآن أول المنتظرين.`,
  placeGivenUp: "طال غيابك، لذلك لم يعد مكانك في قائمة الانتظار محجوزًا. ما كتبته محفوظ.",
  ticketMade: (number, title) => `نتج عن هذه المحادثة الطلب رقم ${number}: ${title}`,
  fields: form({
    category: "الفئة",
    categories: {
      web: "الموقع الإلكتروني",
      app: "تطبيق الهاتف",
      orders: "طلبات الشراء",
      payments: "المدفوعات",
      other: "أخرى",
    },
    order: "رقم طلب الشراء",
    orderHelp: "الحرفان BR ثم شرطة وستة أرقام، مثل BR-204816. تجده في رسالة التأكيد الإلكترونية.",
    paidOn: "تاريخ الدفع",
  }),
};

const byLanguage: Readonly<Record<string, Texts>> = { en: english, sl: slovenian, de: german, ar: arabic };

/** The texts in the locale's language, or else in English. */
export function textsFor(locale: string): Texts {
  return byLanguage[locale.split("-")[0]?.toLowerCase() ?? ""] ?? english;
}
