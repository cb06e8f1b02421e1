import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { backgroundClock, type Clock, type Timer } from '../clock';
import { type FleetContract, parseContract } from '../contract';
import { messageOf, ReadfleetError } from '../errors';

/** Where contracts come from, again and again. */
export type ContractSource =
  | {
      /** Path of a JSON file with the contract. */
      readonly file: string;
      /** Whether changes of the file are taken while the fleet is connected. @default false */
      readonly watch?: boolean;
    }
  | (() => FleetContract | Promise<FleetContract>);

export interface ContractWatchOptions {
  /**
   * Milliseconds between two looks: from the end of one to the begin of the next.
   * @default 30000 for a function; 5000 for a file, as a help where the system tells nothing of changes (a network's file system)
   */
  readonly refreshMs?: number;
  /** The contract that is held already. @default - none: the first one that is seen is told */
  readonly current?: FleetContract;
  /** @default the system's monotonic clock, with timers that keep no process alive */
  readonly clock?: Clock;
  /** Told of each contract that says something else than the one before. What it throws or rejects with is told to `onError`. */
  readonly onContract: (contract: FleetContract) => void | Promise<void>;
  /** Told why there is no contract. Of a file: once for each state in which it is found. */
  readonly onError: (error: Error) => void;
}

const FUNCTION_REFRESH_MS = 30_000;
const FILE_REFRESH_MS = 5_000;
/**
 * A file is looked at when its directory has been left alone for so long: one change is several events, and a writer may be amid its work.
 * In a directory that is never left alone, the looks by the clock have to do.
 */
const QUIET_MS = 50;

/**
 * Looks at the source of a contract until it is stopped, and tells of contracts that say something new.
 *
 * The old contract stays while there is no valid new one: a file that is missing or half written takes no member away.
 */
export class ContractWatch {
  private readonly clock: Clock;
  private readonly refreshMs: number;
  private watcher: FSWatcher | undefined;
  private refresh: Timer | undefined;
  private quiet: Timer | undefined;
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private stopped = false;
  /** Of the last contract that was told. */
  private told: string | undefined;
  /** How the file was last found: its text, or why it has none. */
  private found: string | undefined;

  constructor(
    private readonly source: ContractSource,
    private readonly options: ContractWatchOptions,
  ) {
    this.clock = options.clock ?? backgroundClock;
    this.refreshMs = options.refreshMs ?? (typeof source === 'function' ? FUNCTION_REFRESH_MS : FILE_REFRESH_MS);
    this.told = options.current && saidBy(options.current);
  }

  /** Begins to look; the first look is at once for a watched file, after `refreshMs` for a function. A file without `watch` is left alone. */
  start(): void {
    if (typeof this.source === 'function') this.schedule();
    else if (this.source.watch) this.lookAndSchedule();
  }

  /** Looks now. Looks never overlap: one that is asked for during another follows it. Resolves when whatever was found has been told. */
  check(): Promise<void> {
    this.lookAgain = true;
    this.looking ??= this.look();
    return this.looking;
  }

  /** Ends it: nothing is told any more, no timer and no watcher is left. May be called again. */
  stop(): void {
    this.stopped = true;
    this.refresh?.cancel();
    this.quiet?.cancel();
    this.unwatch();
  }

  private schedule(): void {
    if (!this.stopped) this.refresh = this.clock.after(this.refreshMs, () => this.lookAndSchedule());
  }

  private lookAndSchedule(): void {
    // Anew each time: a directory that was replaced is another one, of which the old watcher tells nothing.
    if (typeof this.source !== 'function') this.watchDirectoryOf(this.source.file);
    void this.check().then(() => this.schedule());
  }

  /**
   * The directory and not the file: what is watched is an inode, and a file that is replaced by `rename`, or reached by a symbolic link
   * that is (Kubernetes' `..data`), is another one.
   */
  private watchDirectoryOf(file: string): void {
    this.unwatch();
    try {
      const watcher = watch(path.dirname(file), { persistent: false }, () => this.onEvent());
      // Looks go on by the clock without it.
      watcher.on('error', () => this.unwatch());
      this.watcher = watcher;
    } catch {
      // No such directory now, or no watcher to be had any more: the next look by the clock tries again.
      this.watcher = undefined;
    }
  }

  private unwatch(): void {
    this.watcher?.close();
    this.watcher = undefined;
  }

  private onEvent(): void {
    this.quiet?.cancel();
    if (!this.stopped) this.quiet = this.clock.after(QUIET_MS, () => void this.check());
  }

  private async look(): Promise<void> {
    while (this.lookAgain && !this.stopped) {
      this.lookAgain = false;
      try {
        const contract = typeof this.source === 'function' ? await ask(this.source) : await this.read(this.source.file);
        if (contract && !this.stopped) await this.tell(contract);
      } catch (error) {
        if (!this.stopped) this.options.onError(error instanceof Error ? error : new Error(messageOf(error)));
      }
    }
    // At once, and not when the promise settles: a look that was asked for in between would be forgotten.
    this.looking = undefined;
  }

  /** @returns undefined when the file is as it was */
  private async read(file: string): Promise<FleetContract | undefined> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      if (!this.isNews(`unreadable: ${messageOf(cause)}`)) return undefined;
      throw new ReadfleetError(
        'READFLEET_CONTRACT_UNREADABLE',
        `${file}: the fleet contract cannot be read: ${messageOf(cause)}. The one of before stays in force.`,
        { cause },
      );
    }
    return this.isNews(text) ? parseContract(text, file) : undefined;
  }

  private isNews(found: string): boolean {
    const news = found !== this.found;
    this.found = found;
    return news;
  }

  private async tell(contract: FleetContract): Promise<void> {
    const says = saidBy(contract);
    if (says === this.told) return;
    this.told = says;
    await this.options.onContract(contract);
  }
}

async function ask(source: () => FleetContract | Promise<FleetContract>): Promise<FleetContract> {
  return parseContract(await source(), 'the fleet contract that the source function returned');
}

/** A contract's content, whatever the order and the spaces in which it was written. */
function saidBy(contract: FleetContract): string {
  // The parser leaves out what it does not know, and puts fields in the order of its schema.
  return JSON.stringify(parseContract(contract));
}
