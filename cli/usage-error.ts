/** The command was not used right. Told without more ado, with a word on where to read on. */
export class UsageError extends Error {}
