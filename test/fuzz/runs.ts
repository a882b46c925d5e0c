/** How many inputs each parser gets: `FUZZ_RUNS=1000000 npx vitest run --project server test/fuzz` for a long run. */
export const runs = Number(process.env["FUZZ_RUNS"] ?? 20_000);
