export type Bytes = Uint8Array<ArrayBuffer>;

/** One character per byte, as signatures and chunk names are written. */
export function ascii(bytes: Bytes, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

export const viewOf = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A picture that can't be parsed to its end could hold anything, so it is refused. */
export const malformed = () => new Error("the picture is cut off or malformed");
