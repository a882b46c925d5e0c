import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** OKLab: lightness, and two axes of colour. */
type Colour = readonly [number, number, number];

const css = ["loader/loader.css", "ui/styles/theme.css"]
  .map((path) => readFileSync(new URL(`../src/${path}`, import.meta.url), "utf8"))
  .join("\n");

function oklab(hex: string): Colour {
  const full = hex.length === 4 ? hex.replaceAll(/[\da-f]/g, "$&$&") : hex;
  const [r, g, b] = [1, 3, 5].map((at) => linear(Number.parseInt(full.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);

function luminance([lightness, a, b]: Colour): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const [red, green, blue] = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((part) => Math.min(1, Math.max(0, part)));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const mixed = (one: Colour, share: number, other: Colour): Colour => [
  share * one[0] + (1 - share) * other[0],
  share * one[1] + (1 - share) * other[1],
  share * one[2] + (1 - share) * other[2],
];

/** A token as the style sheets have it, in the light and in the dark palette. */
function token(name: string): readonly [light: Colour, dark: Colour] {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[\\da-f]+), (#[\\da-f]+)\\)`).exec(css) ?? [];
  if (!light || !dark) throw new Error(`the style sheets have no --${name} of two colours`);
  return [oklab(light), oklab(dark)];
}

/** A number of the style sheets' own formulas. */
function numberIn(pattern: RegExp): number {
  const found = Number(pattern.exec(css)?.[1]);
  if (Number.isNaN(found)) throw new Error(`the style sheets have nothing like ${String(pattern)}`);
  return found;
}

const tinted = numberIn(/--accent-surface: color-mix\(in oklab, var\(--accent\) (\d+)%, var\(--surface\)\)/) / 100;
const darkest = numberIn(/min\(l, ([\d.]+)\) c h/);
const lightest = numberIn(/max\(l, ([\d.]+)\) min\(c, 0\.12\) h/);
/** A button of the accent: as dark as that, unless it is lighter than this. */
const [button, bright] = [numberIn(/max\(0, l - ([\d.]+)\)/), numberIn(/\(l - ([\d.]+)\) \* 99999/)];
const plain = oklab("#3a52d6");

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("the %s palette", (_, side) => {
  const surface = token("surface")[side];

  test.each([
    ["text", surface],
    ["text-soft", surface],
    ["text-soft", token("sunken")[side]],
    // The head of the panel, where the accent shines through.
    ["text-soft", mixed(plain, tinted, surface)],
    ["accent-text", mixed(plain, tinted, surface)],
    ["bad", surface],
    ["bad", token("bad-surface")[side]],
    ["warn", token("warn-surface")[side]],
    ["good", token("good-surface")[side]],
    ["open", token("open-surface")[side]],
  ] as const)("has text that can be read: %s", (name, below) => {
    expect(contrast(token(name)[side], below)).toBeGreaterThanOrEqual(4.5);
  });

  test("has fields whose border is seen", () => {
    expect(contrast(token("control-line")[side], surface)).toBeGreaterThanOrEqual(3);
  });
});

test("an accent of any colour is text that can be read, on the surface and on its own tint", () => {
  const steps = Array.from({ length: 18 }, (_, step) => (step * 15).toString(16).padStart(2, "0"));
  const accents = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${red}${green}${blue}`)));
  const [light, dark] = token("surface");
  const unread = accents.filter((accent) => {
    const [l, a, b] = oklab(accent);
    const less = Math.min(1, 0.12 / Math.max(0.0001, Math.hypot(a, b)));
    const fill: Colour = [l > bright ? l : Math.min(l, button), a, b];
    const [onLight, onDark]: readonly Colour[] = [
      [Math.min(l, darkest), a, b],
      [Math.max(l, lightest), a * less, b * less],
    ];
    return [
      [onLight!, light],
      [onLight!, mixed(fill, tinted, light)],
      [onDark!, dark],
      [onDark!, mixed(fill, tinted, dark)],
    ].some(([text, below]) => contrast(text as Colour, below as Colour) < 4.5);
  });
  expect(unread).toEqual([]);
});
