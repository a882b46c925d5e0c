import type { Finding } from "../../core/contract/adapter.ts";
import { kindOf } from "./form.ts";
import { fault, good } from "../shared/finding.ts";
import type { Settings } from "./options.ts";
import type { CustomField } from "./schemas.ts";

const at = "Administration → Custom fields → Issues";

/** Of the fields that Podpora writes, and of those that stand in the way of a ticket. */
export function* checkIssueFields(
  all: readonly CustomField[],
  settings: Settings,
  role: number | undefined,
  tracker: number | undefined,
): Generator<Finding> {
  const { refField, replyField, ratingField, ratingCommentField, fields: asked } = settings;
  const wanted: readonly (readonly [name: string | undefined, format: string])[] = [
    [refField, "Text"],
    [replyField, "Text"],
    [ratingField, "List, of 1 to 5"],
    [ratingCommentField, "Long text"],
  ];
  for (const [name, format] of wanted) {
    if (name === undefined) continue;
    const field = all.find((one) => one.name === name);
    const fix = `${at} → New custom field: format "${format}", for the tracker "${settings.tracker}".`;
    if (field) yield* checkOwn(field, settings, role, tracker);
    else yield fault(`There is no custom field "${name}".`, fix);
  }
  for (const name of asked ?? []) {
    const fix = 'Make it, or take it out of the option "fields".';
    if (!all.some((field) => field.name === name)) yield fault(`There is no custom field "${name}".`, fix);
  }
  const names = new Set(wanted.map(([name]) => name));
  const isUnasked = (field: CustomField) =>
    kindOf(field) === undefined || (asked !== undefined && !asked.includes(field.name));
  for (const field of all.filter((one) => one.is_required && !one.default_value && !names.has(one.name))) {
    if (!isFor(field, tracker) || !isUnasked(field)) continue;
    const text = `"${field.name}" is required, and the form does not ask for it: no ticket can be made.`;
    yield fault(text, `${at} → ${field.name}: give it a default value, or untick "Required".`);
  }
}

function* checkOwn(
  field: CustomField,
  { refField, role: roleName, tracker: trackerName }: Settings,
  role: number | undefined,
  tracker: number | undefined,
): Generator<Finding> {
  const { name } = field;
  const forTracker = isFor(field, tracker);
  const forRole = role === undefined || field.visible || field.roles.some(({ id }) => id === role);
  const found = name !== refField || field.is_filter;
  if (!forTracker) yield fault(`"${name}" is not for the tracker "${trackerName}".`, `${at} → ${name}: tick it.`);
  if (!forRole) yield fault(`The role "${roleName}" does not see "${name}".`, `${at} → ${name} → Visible: tick it.`);
  if (!found) yield fault(`"${name}" is not used as a filter.`, `${at} → ${name}: tick "Used as a filter".`);
  if (forTracker && forRole && found) yield good(`The custom field "${name}" is as it should be.`);
}

function isFor({ trackers }: CustomField, tracker: number | undefined): boolean {
  return tracker === undefined || trackers.some(({ id }) => id === tracker);
}
