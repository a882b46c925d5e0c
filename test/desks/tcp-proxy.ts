import { connect, createServer, type Socket } from "node:net";

/** A connection to a real server that can be broken, whatever it speaks. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections are open. */
  open(): number;
  /** `silent`: what is connected stays so, and not a byte more arrives on either side. `delayMs`: answers come later. */
  set(fault: TcpFault | undefined): void;
  /** Breaks off all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** `refuse`: new connections are cut at once. */
export type TcpFault = "silent" | "refuse" | { readonly delayMs: number };

export async function openTcpProxy(port: number, host = "127.0.0.1"): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let fault: TcpFault | undefined;

  function hold(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
  }

  const server = createServer((near) => {
    hold(near);
    if (fault === "refuse") return void near.destroy();
    const far = connect(port, host);
    hold(far);
    near.on("data", (chunk) => void (fault !== "silent" && far.write(chunk)));
    /** No answer overtakes another: each goes when the one before has gone. */
    let last: Promise<unknown> = Promise.resolve();
    far.on("data", (chunk) => {
      if (fault === "silent") return;
      const delayMs = typeof fault === "object" ? fault.delayMs : 0;
      const ready = new Promise((resolve) => setTimeout(resolve, delayMs));
      last = Promise.all([last, ready]).then(() => near.destroyed || near.write(chunk));
    });
    near.once("close", () => far.destroy());
    // A server may close right behind its answer, which is still on its way.
    far.once("close", () => void (fault !== "silent" && last.then(() => near.destroySoon())));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the proxy listens on no port");

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    port: address.port,
    open: () => sockets.size,
    set: (next) => (fault = next),
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
