export { check } from "./check.ts";
export { defineConfig } from "./config.ts";
export { secret } from "./secret.ts";
export { serve } from "./serve.ts";
export type { Config } from "./config.ts";
export type { Running } from "./serve.ts";
