/** The sender's protocol version: sent by widgets along with a token, and with every response. */
export const VERSION_HEADER = "Podpora-Version";
/** Increased when widgets and gateways of different versions are no longer compatible. */
export const PROTOCOL_VERSION = "1";
