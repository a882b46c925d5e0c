/** Says which version of the protocol the sender speaks: of a widget with a token, and of every answer. */
export const VERSION_HEADER = "Podpora-Version";
/** Changes when an old widget and a new gateway, or the other way round, would not understand each other. */
export const PROTOCOL_VERSION = "1";
