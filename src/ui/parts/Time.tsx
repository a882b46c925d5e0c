import { useUi } from "../context.ts";
import { clockTime, relativeTime } from "./time.ts";
import { useNow } from "./use-now.ts";

interface TimeProps {
  /** ISO 8601, by the desk's clock. */
  readonly at: string;
}

/** A relative time that stays current. */
export function Ago({ at }: TimeProps) {
  const { i18n } = useUi();
  const now = useNow();
  return <time dateTime={at}>{relativeTime(at, i18n.locale.value, now)}</time>;
}

/** The time of day; with the date if it was not today. */
export function Clock({ at }: TimeProps) {
  const { i18n } = useUi();
  const now = useNow();
  return <time dateTime={at}>{clockTime(at, i18n.locale.value, now)}</time>;
}
