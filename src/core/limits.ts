/** Lengths in UTF-16 code units, as `String.length` counts: the same in the form, in the protocol and in the gateway. */
export const titleLimit = 300;
export const textLimit = 100_000;
