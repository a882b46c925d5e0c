import type { Finding } from "../../core/contract/adapter.ts";
import type { DeskClient } from "../shared/desk-client.ts";
import { statusOf } from "../shared/desk-refusal.ts";
import { fault, good, risk } from "../shared/finding.ts";
import type { Settings } from "./options.ts";
import * as schemas from "./schemas.ts";

/** Gives the tracker's id, where the project has it. */
export async function* checkProject(
  own: DeskClient,
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<Finding, number | undefined> {
  const ask = { path: `/projects/${settings.project}.json`, query: { include: "trackers,enabled_modules" } };
  const answer = await own.json(ask, schemas.project, signal).catch((error: unknown) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
  if (!answer) {
    const fix = 'The option "project" is the identifier in the project\'s address, not its name.';
    yield fault(`There is no project "${settings.project}".`, fix);
    return undefined;
  }
  const { project } = answer;
  yield good(`The project "${project.name}" is there.`);
  if (!project.enabled_modules.some(({ name }) => name === "issue_tracking")) {
    yield fault("The project has no issues.", 'Project → Settings → Project: tick "Issue tracking".');
  }
  if (project.is_public) {
    const text = "The project is public: who is not a member of it reads issues as far as their roles say.";
    yield risk(text, 'Project → Settings → Project: untick "Public".');
  }
  const tracker = project.trackers.find(({ name }) => name === settings.tracker);
  if (tracker) yield good(`The project has the tracker "${tracker.name}".`);
  else {
    const names = project.trackers.map(({ name }) => name).join(", ") || "none";
    const fix = "Project → Settings → Issue tracking: tick it, or name another.";
    yield fault(`The project has no tracker "${settings.tracker}", but: ${names}.`, fix);
  }
  return tracker?.id;
}
