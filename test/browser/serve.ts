/**
 * A demo in a separate process, which can be killed: `serve.ts <directory> <port>`. Prints "ready" once it has started.
 */
import { startDemo } from "../../demo/server.ts";

const [directory = "", port] = process.argv.slice(2);
await startDemo({ directory, port: Number(port) });
console.log("ready");
