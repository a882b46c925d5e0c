export { check } from "./check.ts";
export { defineConfig, secret } from "./config.ts";
export { serve } from "./serve.ts";
export type { Config } from "./config.ts";
export type { Running } from "./serve.ts";
