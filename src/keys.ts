interface Key {
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Whether a key belongs to an input method, which puts a word together out of several: it is nobody's command. Safari
 * tells of the key that ends a word after the end, with the code 229.
 */
export function isOfInputMethod({ isComposing, keyCode }: Key): boolean {
  return isComposing || keyCode === 229;
}
