import { type Catalog, catalogOf } from "./catalog.ts";

/** Each file is loaded on first use. */
export const catalog: Catalog = catalogOf(import.meta.glob<object>("../../locales/*.json", { import: "default" }));
