/** Whether a part of an adapter has this optional method. */
export function offers<T extends object, K extends keyof T>(
  part: T,
  method: K,
): part is T & { readonly [Name in K]-?: NonNullable<T[Name]> } {
  return part[method] !== undefined;
}
