export interface Stamp {
  /** Counts the agent's messages in one conversation, from 1. */
  readonly number: number;
  readonly agoMs: number;
}

/** A message's text by which its reader knows which it is and how old. The clock is one for all processes of a machine. */
export function stampText(number: number): string {
  return `${number} ${process.hrtime.bigint()}`;
}

export function readStamp(text: string): Stamp | undefined {
  const [, number, at] = /^(\d+) (\d+)$/.exec(text) ?? [];
  if (number === undefined || at === undefined) return undefined;
  return { number: Number(number), agoMs: Number(process.hrtime.bigint() - BigInt(at)) / 1e6 };
}
