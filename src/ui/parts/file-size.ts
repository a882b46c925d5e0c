/** "3 MB", "20 kB"; never "0 kB". */
export function fileSize(bytes: number, locale: string): string {
  const [unit, size] =
    bytes >= 1e6 ? (["megabyte", bytes / 1e6] as const) : (["kilobyte", Math.max(bytes, 100) / 1e3] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}
