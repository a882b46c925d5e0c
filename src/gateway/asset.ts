/** One file of the widget. */
export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  /** For `Content-Type`. */
  readonly type: string;
  /** The body for clients that accept `br` (RFC 7932) or `gzip` (RFC 1952). */
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
}
