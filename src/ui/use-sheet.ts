import { useEffect, useState } from "preact/hooks";
import { isSheet, watchSheet } from "../sheet.ts";

/**
 * True while the panel is a sheet, which is modal: the page behind it is inert, so that a screen reader can't swipe
 * into hidden content.
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

/** Returns a function that restores the page. */
function coverSiblings(host: Element): () => void {
  const siblings = Array.from(host.parentElement?.children ?? []);
  const covered = siblings.filter((each) => each instanceof HTMLElement && each !== host && !each.inert);
  for (const each of covered) each.toggleAttribute("inert", true);
  return () => {
    for (const each of covered) each.removeAttribute("inert");
  };
}
