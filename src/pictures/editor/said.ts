import type { T } from "../texts.ts";
import type { Mark, Paper } from "./marks.ts";
import type { Said, State } from "./state.ts";

/** A message about the last action, or a hint about the next one. */
export function saidText({ said, tool }: State, paper: Paper, t: T, locale: string): string {
  if (!said) return t(tool === "text" ? "editor.hintText" : "editor.hint");
  return t(said.key, valuesOf(said, paper, t, locale));
}

function valuesOf({ mark, number = 0, size }: Said, paper: Paper, t: T, locale: string) {
  const whole = new Intl.NumberFormat(locale);
  if (size) return { width: whole.format(size.width), height: whole.format(size.height) };
  if (!mark) return {};
  const share = new Intl.NumberFormat(locale, { style: "percent" });
  return {
    mark: t("editor.mark", { number, tool: t(`editor.${mark.tool}`) }),
    ...Object.fromEntries(Object.entries(placeOf(mark, paper)).map(([name, part]) => [name, share.format(part)])),
  };
}

/** As fractions of the picture. */
function placeOf({ x, y, width, height }: Mark, paper: Paper) {
  return {
    left: Math.min(x, x + width) / paper.width,
    top: Math.min(y, y + height) / paper.height,
    width: Math.abs(width) / paper.width,
    height: Math.abs(height) / paper.height,
  };
}
