/** What whoever runs the gateway has to change. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
