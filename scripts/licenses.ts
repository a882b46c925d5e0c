import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Plugin } from "vite";

const bundled = ["preact", "@preact/signals", "@preact/signals-core", "i18next", "ky", "valibot", "idb-keyval"];

/** Adds the licence notices of the bundled libraries, which every copy must include. */
export const licenses: Plugin = {
  name: "podpora:licenses",
  writeBundle() {
    const notices = bundled.map((name) => {
      const folder = `node_modules/${name}`;
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${name} has no licence file`);
      return `${name}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
    });
    writeFileSync("dist/podpora.licenses.txt", notices.join("\n---\n\n"));
  },
};
