import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Collects garbage ten times a second while the work runs. Returns the work's result. */
export async function withGarbageCollection<T>(work: Promise<T>): Promise<T> {
  setFlagsFromString("--expose_gc");
  const collect = runInNewContext("gc") as () => void;
  const timer = setInterval(collect, 100);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
