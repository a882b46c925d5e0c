import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DeskModel } from "./model.ts";

export const DeskContext = createContext<DeskModel | undefined>(undefined);

export function useDesk(): DeskModel {
  const model = useContext(DeskContext);
  if (!model) throw new Error("Put the component under DeskContext.Provider.");
  return model;
}
