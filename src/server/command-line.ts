import { parseArgs } from "node:util";

/** The parsed command line. */
export type CommandLine =
  | { readonly command: "help" }
  | { readonly command: "version" }
  /** `text` is what was given instead of a command. */
  | { readonly command: "wrong"; readonly text: string }
  | (Files & { readonly command: "serve" })
  | (Files & { readonly command: "check" })
  | (Files & { readonly command: "forget"; readonly id: string; readonly email?: string; readonly erase: boolean });

interface Files {
  readonly config: string | undefined;
  readonly envFile: string | undefined;
}

export const usage = `Usage: podpora serve [--config FILE] [--env-file FILE]   starts the gateway
       podpora check [--config FILE] [--env-file FILE]   says whether the desk can be worked with, and what to change
       podpora forget MEMBER [--email ADDRESS] [--erase] [--config FILE] [--env-file FILE]
                                                         says what there is of a member; with --erase, erases it
       podpora --version`;

/** Throws Node's error for an unknown option. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      email: { type: "string" },
      "env-file": { type: "string" },
      erase: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      version: { type: "boolean", default: false },
    },
  });
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const { config, email, "env-file": envFile, erase } = values;
  const [command, id, ...others] = positionals;
  if (command === "forget" && id !== undefined && id.trim() !== "" && others.length === 0)
    return { command, id, erase, config, envFile, ...(email === undefined ? {} : { email }) };
  const isPlain = id === undefined && !erase && email === undefined;
  if (isPlain && command === "serve") return { command, config, envFile };
  if (isPlain && command === "check") return { command, config, envFile };
  return { command: "wrong", text: positionals.join(" ") };
}
