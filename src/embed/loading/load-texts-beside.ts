const asked = new Map<string, Promise<object>>();

/** The texts of a language, from the script's own address. Asked for once; what failed is asked for again. */
export async function loadTexts(language: string, endpoint: string | undefined): Promise<object> {
  const asking = asked.get(language) ?? read(`${endpoint}/locales/${language}.json`);
  asked.set(language, asking);
  asking.catch(() => asked.delete(language));
  return await asking;
}

async function read(address: string): Promise<object> {
  const answer = await fetch(address);
  const texts: unknown = answer.ok ? await answer.json() : undefined;
  if (typeof texts !== "object" || texts === null) throw new Error(`${address}: status ${answer.status}`);
  return texts;
}
