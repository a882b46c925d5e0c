interface Key {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Whether a key belongs to an input method, which composes text from several keys: it must not trigger a command.
 * Safari reports the key that ends a composition after its end, with the code 229.
 */
export function isOfInputMethod({ isComposing, keyCode }: Key): boolean {
  return isComposing || keyCode === 229;
}
