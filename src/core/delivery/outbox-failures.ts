/** The entry no longer belongs to this person. */
export class Gone extends Error {}

/** The entry may have arrived under an identity that the person no longer has. */
export class Uncertain extends Error {}

/** The desk or the network did not accept a file of the entry. */
export class FileFailure extends Error {
  readonly file: string;
  constructor(file: string, cause: unknown) {
    super(`"${file}" could not be uploaded`, { cause });
    this.file = file;
  }
}

/** The error of the desk or the network. */
export const causeOf = (error: unknown): unknown => (error instanceof FileFailure ? error.cause : error);
