/** An error in the configuration, for the operator to correct. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
