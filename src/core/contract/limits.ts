/** Lengths in UTF-16 code units, as `String.length` counts: the same in the form, in the protocol and in the gateway. */
export const titleLimit = 300;
export const textLimit = 100_000;
/** Each part of a ticket's context, and how many script errors are in it. */
export const contextLimit = 2_000;
export const contextErrorsLimit = 5;
export const fileNameLimit = 150;
