import { languageOf } from "../../core/contract/language-tag.ts";
import type { TranslationTools } from "../../ui/context.ts";

// The browser's built-in translation: https://webmachinelearning.github.io/translation-api/
type Availability = "unavailable" | "downloadable" | "downloading" | "available";
interface Cancel {
  readonly signal: AbortSignal;
}
interface Pair {
  readonly sourceLanguage: string;
  readonly targetLanguage: string;
}
interface BuiltInTranslator {
  translate(text: string): Promise<string>;
  destroy(): void;
}
interface Detector {
  detect(text: string): Promise<readonly { readonly detectedLanguage?: string }[]>;
}
declare global {
  var LanguageDetector:
    | { availability(): Promise<Availability>; create(options: Cancel): Promise<Detector> }
    | undefined;
  var Translator:
    | { availability(pair: Pair): Promise<Availability>; create(options: Cancel & Pair): Promise<BuiltInTranslator> }
    | undefined;
}

/** The browser may have to download a model first. */
const limitMs = 60_000;

/** Undefined if the browser has no translation. Nothing leaves the device. */
export function builtInTranslation(life: AbortSignal): TranslationTools | undefined {
  const { LanguageDetector, Translator } = globalThis;
  if (!LanguageDetector || !Translator) return undefined;
  /** The most recent translator: a conversation is usually in one language. */
  let last: { readonly from: string; readonly to: string; readonly translator: BuiltInTranslator } | undefined;
  life.addEventListener("abort", () => last?.translator.destroy());

  return {
    async canTranslate(from, to) {
      const pair = { sourceLanguage: from, targetLanguage: to };
      const both = await Promise.all([LanguageDetector.availability(), Translator.availability(pair)]);
      return !both.includes("unavailable");
    },
    async translate(text, to) {
      const from = await withTimeout(async (signal) => await detect(text, signal));
      if (languageOf(from) === languageOf(to)) return { text, from };
      if (last?.from !== from || last.to !== to) {
        last?.translator.destroy();
        last = undefined;
        const pair = { sourceLanguage: from, targetLanguage: to };
        const translator = await withTimeout(async (signal) => await Translator.create({ ...pair, signal }));
        last = { from, to, translator };
      }
      return { text: await last.translator.translate(text), from };
    },
  };

  async function detect(text: string, signal: AbortSignal): Promise<string> {
    const detector = await LanguageDetector?.create({ signal });
    const [found] = (await detector?.detect(text)) ?? [];
    const from = found?.detectedLanguage;
    if (!from || from === "und") throw new Error("the language of the message was not recognised");
    return from;
  }

  /** The signal of `create` also destroys what it has made, so that the timer must not outlive the call. */
  async function withTimeout<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const creating = new AbortController();
    const timer = setTimeout(() => creating.abort(), limitMs);
    try {
      return await run(AbortSignal.any([life, creating.signal]));
    } finally {
      clearTimeout(timer);
    }
  }
}
