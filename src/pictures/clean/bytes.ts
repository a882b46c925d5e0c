export type Bytes = Uint8Array<ArrayBuffer>;

/** Each byte as one character, as signatures and names of chunks are written. */
export function ascii(bytes: Bytes, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

export const viewOf = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A picture that can't be read to its end may hold anything: it is not let through. */
export const malformed = () => new Error("the picture is cut off or malformed");
