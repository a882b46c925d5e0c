/** A page with the widget as a custom element. */
import { memory } from "../../src/adapters/memory/index.ts";
import { defineElement, type PodporaElement } from "../../src/element.ts";

defineElement();
Object.assign(window, {
  adapter: memory({ member: { id: "ana", name: "Ana" } }) satisfies PodporaElement["options"]["adapter"],
});
