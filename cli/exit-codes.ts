/** What the exit code says, the same for every command. */
export const EXIT = {
  /** All is well, or what was asked for was done. */
  well: 0,
  /** Something is not well: a member, an item of the checklist, a contract; or two contracts differ. */
  notWell: 1,
  /** It was not used right: an unknown option, a contract that is not there or is none, no password. */
  usage: 2,
  /** It could not be found out: nobody can be reached. */
  unknown: 3,
  /** Ctrl-C, before it was done. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
