/** A site that bundles the widget, with an adapter in the page. */
import { memory } from "../../src/adapters/memory/index.ts";
import { createPodpora } from "../../src/index.ts";

const adapter = memory({ member: { id: "ana", name: "Ana" } });
Object.assign(window, { help: createPodpora({ adapter, locale: "sl" }) });
