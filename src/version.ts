/** As in package.json; a test holds the two together. A constant, so that it reads the same in a browser and on Node. */
export const version = "0.1.0";
