const width = 720;
const rowHeight = 26;
const labelWidth = 290;
const barWidth = width - labelWidth - 70;

/** Bars to compare, as an SVG that follows the reader's light or dark scheme. Ours begin with "Podpora". */
export function chartOf(
  title: string,
  unit: string,
  rows: readonly (readonly [name: string, value: number])[],
): string {
  const most = Math.max(1, ...rows.map(([, value]) => value));
  const height = 40 + rows.length * rowHeight;
  const bars = rows.map(([name, value], index) => {
    const y = 36 + index * rowHeight;
    const length = Math.max(1, (value / most) * barWidth);
    const kind = name.startsWith("Podpora") ? "own" : "other";
    return [
      `<text x="${labelWidth - 10}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="20" rx="3"/>`,
      `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 15}">${Math.round(value)} ${unit}</text>`,
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600}.own{fill:#2563eb}.other{fill:#9ca3af}@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.own{fill:#60a5fa}.other{fill:#6b7280}}</style>",
    `<text class="title" x="0" y="18">${escaped(title)}</text>`,
    ...bars,
    "</svg>",
    "",
  ].join("\n");
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
