/** Lengths in UTF-16 code units, like `String.length`: the same in the form, in the protocol and in the gateway. */
export const titleLimit = 300;
export const textLimit = 100_000;
/** For each part of a ticket's context, and the number of script errors in it. */
export const contextLimit = 2_000;
export const contextErrorsLimit = 5;
/** The attributes of a ticket's context, and the length of their names and values. */
export const attributesLimit = 20;
export const attributeNameLimit = 64;
export const attributeValueLimit = 500;
export const fileNameLimit = 150;
/** Of a message in a list. */
export const previewLimit = 200;
