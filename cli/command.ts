import type { ExitCode } from './exit-codes';
import type { Io } from './io';

/** One of readfleet's commands. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /**
   * @param args what stands behind its name
   * @throws UsageError, ReadfleetError, Interrupted
   */
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** A command by its name; loaded when it is called, so that `--help` waits for nothing. */
export interface CommandEntry {
  readonly name: string;
  readonly about: string;
  load(): Command;
}
