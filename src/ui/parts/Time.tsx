import { useUi } from "../context.ts";
import { clockTime, relativeTime } from "./time.ts";
import { useNow } from "./use-now.ts";

interface TimeProps {
  /** ISO 8601, by the desk's clock. */
  readonly at: string;
}

/** How long ago it was, and goes on being. */
export function Ago({ at }: TimeProps) {
  const { i18n } = useUi();
  const now = useNow();
  return <time dateTime={at}>{relativeTime(at, i18n.locale.value, now)}</time>;
}

/** When it was: after midnight with its date. */
export function Clock({ at }: TimeProps) {
  const { i18n } = useUi();
  const now = useNow();
  return <time dateTime={at}>{clockTime(at, i18n.locale.value, now)}</time>;
}
