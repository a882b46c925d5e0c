/** The same as in package.json, which a test checks. A constant, so that browsers and Node read it the same way. */
export const version = "0.1.0";
