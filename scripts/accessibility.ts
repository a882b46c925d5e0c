/** `npm run accessibility`: writes docs/accessibility.md from the conformance report in docs/openacr.yaml. */
import { readFileSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { parse } from "yaml";
import { criteria } from "./wcag-criteria.ts";

const levels = ["supports", "partially-supports", "does-not-support", "not-applicable", "not-evaluated"] as const;
type Level = (typeof levels)[number];

const inWords = {
  supports: "Supports",
  "partially-supports": "Partially supports",
  "does-not-support": "Does not support",
  "not-applicable": "Not applicable",
  "not-evaluated": "Not evaluated",
} as const satisfies Record<Level, string>;

const chapterSchema = v.strictObject({
  criteria: v.array(
    v.strictObject({
      num: v.string(),
      components: v.strictTuple([
        v.strictObject({
          name: v.literal("web"),
          adherence: v.strictObject({
            level: v.picklist(levels),
            notes: v.pipe(v.string(), v.nonEmpty()),
          }),
        }),
      ]),
    }),
  ),
});

/** The part of https://github.com/GSA/openacr (openacr-0.1.0.json) that this report uses. */
const reportSchema = v.object({
  title: v.string(),
  product: v.strictObject({ name: v.string(), version: v.string(), description: v.string() }),
  author: v.strictObject({ name: v.string(), email: v.string() }),
  report_date: v.pipe(v.string(), v.isoDate()),
  catalog: v.literal("2.5-edition-wcag-2.2-en"),
  notes: v.string(),
  evaluation_methods_used: v.string(),
  chapters: v.object({
    success_criteria_level_a: chapterSchema,
    success_criteria_level_aa: chapterSchema,
  }),
});
export type Report = v.InferOutput<typeof reportSchema>;

/** Throws where the file is not in the format. */
export function readReport(): Report {
  const text = readFileSync(new URL("../docs/openacr.yaml", import.meta.url), "utf8");
  return v.parse(reportSchema, parse(text));
}

type ChapterName = keyof typeof criteria;

function rows({ chapters }: Report, name: ChapterName) {
  const names: Readonly<Record<string, string>> = criteria[name];
  return chapters[name].criteria.map(({ num, components: [{ adherence }] }) => ({
    criterion: `${num} ${names[num] ?? ""}`,
    level: adherence.level,
    notes: adherence.notes,
  }));
}

function table(report: Report, name: ChapterName): string {
  const lines = rows(report, name).map(
    ({ criterion, level, notes }) => `| ${criterion} | ${inWords[level]} | ${notes.replaceAll("|", "\\|")} |`,
  );
  return ["| criterion | adherence | remarks |", "|---|---|---|", ...lines].join("\n");
}

/** How many criteria there are of each level of adherence. */
function summary(report: Report): string {
  const all = (["success_criteria_level_a", "success_criteria_level_aa"] as const).flatMap((name) =>
    rows(report, name),
  );
  const counts = levels.flatMap((level) => {
    const count = all.filter((row) => row.level === level).length;
    return count > 0 ? [`${inWords[level].toLowerCase()}: ${count}`] : [];
  });
  return `Of ${all.length} criteria, ${counts.join("; ")}.`;
}

/** The whole page. A test compares it with docs/accessibility.md. */
export function accessibility(): string {
  const report = readReport();
  const { version } = report.product;
  return `# Accessibility

\`npm run accessibility\` writes this page from [the conformance report](openacr.yaml), an
[OpenACR](https://github.com/GSA/openacr) file (VPAT 2.5, WCAG 2.2 edition). It is about version ${version}, of ${report.report_date}.
${summary(report)} Level AAA was not evaluated.

## What the widget does

- **Keyboard.** Every control works with the keyboard. The focus goes into the panel when it opens, to the heading of a new
  screen, to the first wrong field, and back to where it came from when the panel closes. Escape closes it.
- **Screen readers.** The panel is a dialog beside the page; on a phone it is a modal sheet, and the page behind it is inert. A
  live region says once, politely, what an agent writes. Errors are alerts, tied to their fields.
- **Contrast.** Light and dark are two palettes, chosen by the system or the site. The site's accent is darkened or lightened until
  text on it can be read ([theming](theming.md)).
- **Forced colours.** Every surface that only a colour would set apart has a border.
- **Motion.** Animations run only if the system does not ask for reduced motion. Nothing plays by itself.
- **Zoom and small screens.** Up to 480 pixels of width or height, as on a phone or a zoomed page, the panel fills the screen.
  Fields have text of 16 pixels, so that a phone does not zoom in on focus. Pinch zoom is not blocked, except on a picture that is
  being marked or looked at.
- **Pictures.** What is done by dragging can be done by two clicks, with buttons, or with the keyboard.
- **Languages.** The panel is marked with its own language and direction; each paragraph of a message runs in its own direction.

## What a site can do

Choose an accent that contrasts with your page, leave \`<meta name="viewport">\` without \`maximum-scale\`, and give your own button
a name if you hide the launcher. Keep the widget on every page at the same place.

## How it was tested

${report.evaluation_methods_used}

**Not tried:** screen readers (NVDA, JAWS, VoiceOver, TalkBack), voice control, switch access, magnifiers, a real iPhone or Android
phone, Safari, people with disabilities. The browser suite also runs in Firefox (\`ENGINE=firefox\`, [testing](testing.md)); this
report is from Chromium. "Read in" means that the source shows it and no test does.

${report.notes}

## Level A

${table(report, "success_criteria_level_a")}

## Level AA

${table(report, "success_criteria_level_aa")}
`;
}

if (import.meta.main) writeFileSync(new URL("../docs/accessibility.md", import.meta.url), accessibility());
