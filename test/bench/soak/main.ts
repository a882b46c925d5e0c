/** Whether the gateway's memory stays level: `npm run bench:soak`. `SOAK_CHATS=1000` for a smaller one. */
import { soak, type SoakPlan } from "./soak.ts";

const chats = Number(process.env["SOAK_CHATS"] ?? 10_000);
const plan: SoakPlan = { chats, minutes: 60, streamMinutes: 30, everyMinutes: 5 };
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

if (globalThis.gc === undefined) throw new Error("run it with node --expose-gc: the heap is told after a collection");
console.log("| simulated minute | chats begun | open streams | words told | heap | RSS |");
console.log("|---:|---:|---:|---:|---:|---:|");
await soak(plan, ({ begun, heap, minute, resident, streams, told }) => {
  console.log(`| ${minute} | ${begun} | ${streams} | ${told} | ${megabytes(heap)} | ${megabytes(resident)} |`);
});
process.exit(0);
