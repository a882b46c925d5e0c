/** The entry is no longer this person's to send. */
export class Gone extends Error {}

/** The entry may have arrived under a name that the person no longer has. */
export class Uncertain extends Error {}

/** The desk or the network did not take a file of the entry. */
export class FileFailure extends Error {
  readonly file: string;
  constructor(file: string, cause: unknown) {
    super(`"${file}" could not be uploaded`, { cause });
    this.file = file;
  }
}

/** What the desk or the network said. */
export const causeOf = (error: unknown): unknown => (error instanceof FileFailure ? error.cause : error);
