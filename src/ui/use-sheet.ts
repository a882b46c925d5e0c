import { useEffect, useState } from "preact/hooks";
import { isSheet, watchSheet } from "../sheet.ts";

/**
 * Whether the panel is a sheet now: then it is modal. What it covers is inert, so that a screen reader's swipe does not
 * leave the sheet for what nobody sees.
 */
export function useSheet(panel: HTMLElement, open: boolean): boolean {
  const [sheet, setSheet] = useState(isSheet);
  useEffect(() => watchSheet(setSheet), []);
  const isModal = open && sheet;
  useEffect(() => {
    const root = panel.getRootNode();
    return isModal && root instanceof ShadowRoot ? coverSiblings(root.host) : undefined;
  }, [isModal]);
  return isModal;
}

/** Returns the undo, which gives the page back what it had. */
function coverSiblings(host: Element): () => void {
  const siblings = Array.from(host.parentElement?.children ?? []);
  const covered = siblings.filter((each) => each instanceof HTMLElement && each !== host && !each.inert);
  for (const each of covered) each.toggleAttribute("inert", true);
  return () => {
    for (const each of covered) each.removeAttribute("inert");
  };
}
