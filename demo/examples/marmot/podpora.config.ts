import { defineConfig, secret } from "../../../src/server/index.ts";
import { marmot } from "./marmot.ts";

export default defineConfig({
  adapter: marmot({ url: "http://127.0.0.1:4400", key: secret("MARMOT_KEY") }),
  secret: secret("PODPORA_SECRET"),
  uploads: { directory: "uploads" },
  origins: ["http://127.0.0.1:8000"],
});
