import { fork } from "node:child_process";
import { once } from "node:events";

/** What a process of its own does when it is asked. Arguments and answers travel as JSON. */
export type Calls = Readonly<Record<string, (input: never) => unknown>>;

export interface Remote<C extends Calls> {
  /** Rejects with what went wrong there, and when the process has ended. */
  call<Name extends keyof C & string>(name: Name, input: Parameters<C[Name]>[0]): Promise<Answered<C[Name]>>;
  stop(): Promise<void>;
}

type Answered<Call> = Call extends (input: never) => infer Given ? Awaited<Given> : never;

interface Question {
  readonly number: number;
  readonly name: string;
  readonly input: unknown;
}

type Answer = { readonly number: number } & ({ readonly value: unknown } | { readonly fault: string });

/** Starts this file as a process of its own, which calls `answerCalls`. `flags` are for Node. */
export function startRemote<C extends Calls>(file: URL, flags: readonly string[] = []): Remote<C> {
  const child = fork(file, { execArgv: [...flags], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  child.on("message", (answer: Answer) => {
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
  });
  child.on("exit", (code) => {
    for (const [number, tell] of waiting) tell({ number, fault: `the process ended with ${code}` });
    waiting.clear();
  });

  return {
    async call(name, input) {
      last += 1;
      const question: Question = { number: last, name, input };
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(question.number, resolve);
        child.send(question);
      });
      if ("fault" in answer) throw new Error(`${name}: ${answer.fault}`);
      return answer.value as Answered<C[typeof name]>;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}

/** In the process: answers until the other one hangs up, then `close`s. */
export function answerCalls(calls: Calls, close: () => void | Promise<void>): void {
  process.on("message", ({ number, name, input }: Question) => void answer(number, name, input));
  process.on("disconnect", () => void leave());

  async function answer(number: number, name: string, input: unknown): Promise<void> {
    try {
      const value = await calls[name]?.(input as never);
      process.send?.({ number, value } satisfies Answer);
    } catch (error) {
      process.send?.({ number, fault: String(error) } satisfies Answer);
    }
  }

  // By its own end and not by a signal, so that a profile is written.
  async function leave(): Promise<void> {
    await close();
    process.exit();
  }
}
