/** A demo in a process of its own, to be killed: `serve.ts <directory> <port>`. Says "ready" when it is. */
import { startDemo } from "../../demo/server.ts";

const [directory = "", port] = process.argv.slice(2);
await startDemo({ directory, port: Number(port) });
console.log("ready");
