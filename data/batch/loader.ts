import type DataLoader from 'dataloader';
import { missingPeer } from '../../lib/missing-peer';
import { type BatchKey, keyText } from './keys';

/** Gives the values of keys, each once and as text, in their order; an Error is that key's alone. */
export type LoadKeys<Value> = (keys: readonly string[]) => Promise<readonly (Value | Error)[]>;

export interface LoaderOptions {
  readonly type: string;
  readonly cache: boolean;
  readonly maxBatchSize: number;
  /** Whose loads may be joined: loads of another session are another statement. Undefined outside of sessions. */
  readonly session: () => object | undefined;
}

/** Loads one by one, and asks for all that were called in one tick by one statement. */
export class BatchLoader<Key extends BatchKey, Value> {
  private readonly DataLoader: typeof DataLoader;
  private readonly outside: DataLoader<string, Value>;
  private readonly ofSessions = new WeakMap<object, DataLoader<string, Value>>();

  /** @internal use `batch()` @throws ReadfleetError `READFLEET_PEER_MISSING` without dataloader */
  constructor(
    private readonly loadKeys: LoadKeys<Value>,
    private readonly options: LoaderOptions,
  ) {
    this.DataLoader = dataLoader();
    this.outside = this.newLoader();
  }

  /**
   * @throws ReadfleetError `READFLEET_BATCH_KEY`: nothing was asked for this one; the others of its tick are not touched
   * @throws whatever its statement throws, to all that it was for
   */
  async load(key: Key): Promise<Value> {
    return this.current().load(keyText(key, this.options.type));
  }

  /** One value for each key, in their order. @throws what {@link load} throws, for whichever key came first */
  loadMany(keys: readonly Key[]): Promise<Value[]> {
    return Promise.all(keys.map((key) => this.load(key)));
  }

  /** With `cache`: forgets a key, or all, after a write say; within a session what that session has loaded. */
  clear(key?: Key): void {
    if (key === undefined) this.current().clearAll();
    else this.current().clear(keyText(key, this.options.type));
  }

  private current(): DataLoader<string, Value> {
    const session = this.options.session();
    if (!session) return this.outside;
    // One for each session: its statement is sent in the context of its first load, so all of its loads must be of that session.
    const known = this.ofSessions.get(session);
    if (known) return known;
    const made = this.newLoader();
    this.ofSessions.set(session, made);
    return made;
  }

  private newLoader(): DataLoader<string, Value> {
    const { cache, maxBatchSize } = this.options;
    return new this.DataLoader<string, Value>((keys) => this.loadOnce(keys), { cache, maxBatchSize });
  }

  /** Without a cache the same key may stand there twice. */
  private async loadOnce(keys: readonly string[]): Promise<(Value | Error)[]> {
    const places = new Map<string, number>();
    for (const key of keys) if (!places.has(key)) places.set(key, places.size);
    const values = await this.loadKeys([...places.keys()]);
    return keys.map((key) => values[places.get(key) ?? -1] as Value | Error);
  }
}

function dataLoader(): typeof DataLoader {
  try {
    return require('dataloader');
  } catch (cause) {
    throw missingPeer('dataloader', 'batch() needs the package', cause);
  }
}
