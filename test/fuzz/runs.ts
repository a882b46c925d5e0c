/** The number of inputs per parser. For a long run: `FUZZ_RUNS=1000000 npx vitest run --project server test/fuzz`. */
export const runs = Number(process.env["FUZZ_RUNS"] ?? 20_000);
