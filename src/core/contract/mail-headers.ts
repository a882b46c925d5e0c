/**
 * The header lines that mail programs (mainly Outlook) put above a quoted mail, in the languages of locales/: author,
 * date, recipient, subject.
 */
const labels = {
  from: ["From", "Von", "Od", "Pošiljatelj", "من"],
  date: [
    "Sent",
    "Date",
    "Gesendet",
    "Datum",
    "Poslano",
    "Dátum",
    "تاريخ الإرسال",
    "تم الإرسال",
    "التاريخ",
    "أرسلت",
    "تاريخ",
  ],
  to: ["To", "An", "Za", "Prejemnik", "إلى", "الى"],
  copy: ["Cc", "Bcc", "Kopie", "Kp", "Skp", "Reply-To", "Antwort an", "نسخة", "نسخة إلى"],
  subject: ["Subject", "Betreff", "Zadeva", "الموضوع", "موضوع"],
  other: [
    "Importance",
    "Priority",
    "Wichtigkeit",
    "Priorität",
    "Pomembnost",
    "Attachments",
    "Anlagen",
    "Priloge",
    "الأهمية",
  ],
} as const;

const kinds = new Map<string, string>(
  Object.entries(labels).flatMap(([kind, words]) => words.map((word) => [word.toLowerCase(), kind] as const)),
);

function kindOf(line: string): string | undefined {
  const [, label = ""] = /^([^:：]{1,30}?)\s*[:：]/.exec(line) ?? [];
  return kinds.get(label.toLowerCase());
}

/** Whether it names the sender, as the first of such lines does. */
export function isHeader(line: string): boolean {
  return kindOf(line) === "from";
}

/** Whether these lines begin with such a header. A long list of addresses may continue on the next line. */
export function startsHeaders(lines: readonly string[]): boolean {
  const found = new Set<string>();
  let others = 0;
  for (const line of lines) {
    const kind = kindOf(line);
    if (kind) found.add(kind);
    else if (line !== "" && (others += 1) > 1) break;
  }
  return found.has("from") && found.has("date") && (found.has("to") || found.has("subject"));
}
