/** What is measured: a page with one script on it, where its launcher is, and how its panel is known. */
export interface Contestant {
  readonly name: string;
  /** What stands in the page's body. */
  readonly tag: string;
  /** CSS selectors, looked for in every shadow root. */
  readonly launcher: string;
  /** The panel's frame: what is on the screen first. */
  readonly frame: string;
  /** What a member can use. @default the frame */
  readonly usable?: string;
}

const usable = "[role=tab], form";
const panel = "[part=panel]:not([hidden])";

export const floors: readonly Contestant[] = [
  {
    name: "limit: static shadow DOM",
    tag: '<script async src="/floors/limit.js"></script>',
    launcher: ".launcher",
    frame: "section",
  },
  {
    name: "floor: our libraries in one file, trivial panel",
    tag: '<script async src="/floors/one-file.js"></script>',
    launcher: ".launcher",
    frame: "section",
  },
  {
    name: "floor: plain launcher, the rest at the click",
    tag: '<script async type="module" src="/floors/split.js"></script>',
    launcher: ".launcher",
    frame: "section",
  },
];

export const ours: readonly Contestant[] = [
  {
    name: "Podpora, podpora.js",
    tag: '<script async src="/podpora/podpora.js" data-podpora-locale="en"></script>',
    launcher: ".launcher",
    frame: panel,
    usable,
  },
  {
    name: 'Podpora, podpora.js, preload="idle"',
    tag: '<script async src="/podpora/podpora.js" data-podpora-locale="en" data-podpora-preload="idle"></script>',
    launcher: ".launcher",
    frame: panel,
    usable,
  },
  {
    name: "Podpora, podpora.bundle.js",
    tag: '<script async src="/podpora/podpora.bundle.js" data-podpora-locale="en"></script>',
    launcher: ".launcher",
    frame: panel,
    usable,
  },
];
