/** The methods that the gateway has. Missing ones are not offered to the member. */
export function only<T extends object>(all: T, names: readonly string[]): Partial<T> {
  const picked: Partial<T> = { ...all };
  for (const name of Object.keys(all)) if (!names.includes(name)) Reflect.deleteProperty(picked, name);
  return picked;
}
