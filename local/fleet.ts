import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FleetContract } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';
import { backUp } from './backup';
import { localContract } from './contract';
import type { ControlTarget } from './control';
import { type Manifest, saveManifest } from './directory';
import { type FleetParts, Launcher } from './launcher';
import type { LocalMember, Member } from './member';
import { nameRefusal, PRIMARY, replicaName } from './options';
import { createSlots, dropSlots } from './replication';
import { SUPERUSER } from './template';

/** A primary and its streaming replicas, running on this machine. Made by `startLocalFleet()`. */
export class LocalFleet implements AsyncDisposable {
  readonly #parts: FleetParts;
  readonly #launcher: Launcher;
  readonly #replicas = new Map<string, Member>();
  /** Names of replicas that are being added. */
  readonly #joining = new Set<string>();
  #primary: Member | undefined;
  #stopping: Promise<void> | undefined;

  /** @internal */
  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#launcher = new Launcher(parts);
  }

  /** Where the members' data are: `dataDir`, or a temporary directory. */
  get directory(): string {
    return this.#parts.held.path;
  }

  /** The version of the servers, e.g. `18.4`. */
  get version(): string {
    return this.#parts.programs.version;
  }

  /** The contract as of now: it follows {@link addReplica} and {@link removeReplica}, and knows nothing of promotions. */
  get contract(): FleetContract {
    const { fleet, environment, database, password, programs } = this.#parts;
    return localContract({
      ...{ fleet, environment, database, password, major: programs.major },
      user: SUPERUSER,
      writer: this.primary,
      readers: this.replicas,
    });
  }

  get primary(): LocalMember {
    return this.#writer;
  }

  /** In the order in which they were added. */
  get replicas(): readonly LocalMember[] {
    return [...this.#replicas.values()];
  }

  get members(): readonly LocalMember[] {
    return [this.primary, ...this.replicas];
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  replica(name: string): LocalMember {
    return this.#replicas.get(name) ?? this.#noMember(name);
  }

  /** The primary or a replica. @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  member(name: string): LocalMember {
    return name === PRIMARY ? this.#writer : this.replica(name);
  }

  /**
   * Adds a replica, from a backup of the running primary; returns when it streams and has caught up.
   *
   * @param name default: `replica-N`, the first that is free
   * @throws ReadfleetError `READFLEET_LOCAL_OPTIONS`, `READFLEET_LOCAL_MEMBER_DOWN` when the primary does not run, or what a
   *   start may throw
   */
  async addReplica(name: string = this.#freeName()): Promise<LocalMember> {
    const taken = this.#replicas.has(name) || this.#joining.has(name);
    const refusal = nameRefusal(name) ?? (taken ? 'Another replica has this name already.' : undefined);
    if (refusal) throw new ReadfleetError('READFLEET_LOCAL_OPTIONS', `addReplica("${name}"): ${refusal}`);
    this.#joining.add(name);
    try {
      await this.#attach([name]);
    } finally {
      this.#joining.delete(name);
    }
    await this.#save();
    return this.replica(name);
  }

  /**
   * Stops a replica and removes its data and its slot, so that the primary keeps no WAL for it.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER`, or `READFLEET_LOCAL_MEMBER_DOWN` when the primary does not run
   */
  async removeReplica(name: string): Promise<void> {
    const member = this.#replicas.get(name) ?? this.#noMember(name);
    this.#primaryMustRun(`removeReplica("${name}")`);
    this.#replicas.delete(name);
    await this.#discard(member);
    await this.#save();
  }

  /** Writes the contract, with its password, readable by this user alone; the file appears in one step. */
  async writeContract(file: string): Promise<void> {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    const fresh = `${file}.${randomBytes(4).toString('hex')}`;
    await writeFile(fresh, `${JSON.stringify(this.contract, null, 2)}\n`, { mode: 0o600 });
    await rename(fresh, file);
  }

  /**
   * Ends all members, whatever their state, and removes the fleet's directory; with `dataDir` the data stay.
   * May be called again: it does its work once.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_STOP` when something of the fleet could not be ended
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** @internal */
  get credentials(): Pick<FleetParts, 'password' | 'replicationPassword' | 'database'> {
    return this.#parts;
  }

  /** @internal Starts the primary, whose data directory is there already. */
  async startPrimary(port: number | undefined, login: string | undefined): Promise<ControlTarget> {
    this.#primary = this.#member(PRIMARY, 'primary');
    await this.#launcher.startOnSomePort(this.#primary, port, this.#primary);
    return { ...this.#primary.target, ...(login === undefined ? {} : { password: login, database: SUPERUSER }) };
  }

  /** @internal Starts a replica that has its data directory and its slot. */
  async resumeReplica(name: string, port: number): Promise<void> {
    const standby = existsSync(path.join(this.directory, name, 'standby.signal'));
    const member = this.#member(name, standby ? 'replica' : 'primary');
    this.#replicas.set(name, member);
    await this.#launcher.startOnSomePort(member, port, this.#writer);
    await this.#launcher.catchUp(member, this.#writer);
  }

  /** @internal Adds replicas from one backup. */
  async attach(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.#attach(names);
  }

  /** @internal From now on this is a fleet that can be resumed, if its directory stays. */
  async settle(): Promise<void> {
    await this.#save();
    if (this.#parts.persistent) this.#parts.held.keeper.keep();
  }

  get #writer(): Member {
    if (!this.#primary) throw new ReadfleetError('READFLEET_LOCAL_NO_MEMBER', 'The primary has not been started.');
    return this.#primary;
  }

  async #attach(names: readonly string[]): Promise<void> {
    this.#primaryMustRun('addReplica()');
    const primary = this.#writer;
    const members = names.map((name) => this.#member(name, 'replica'));
    try {
      await createSlots(primary.target, names);
      await backUp(
        { dataDir: primary.dataDir, target: primary.target },
        members.map((member) => member.dataDir),
        this.#parts.cache.user,
      );
      // One after the other, so that the ports follow the order of the names.
      for (const member of members) member.port = await this.#launcher.ports.next(this.#lastPort(members));
      await Promise.all(
        members.map(async (member) => {
          await this.#launcher.startOnSomePort(member, member.port, primary);
          await this.#launcher.catchUp(member, this.#writer);
        }),
      );
    } catch (error) {
      // A fleet that is being stopped is cleared by its keeper.
      if (!this.#stopping) await Promise.allSettled(members.map((member) => this.#discard(member)));
      throw error;
    }
    for (const member of members) this.#replicas.set(member.name, member);
  }

  async #bringUp(member: Member): Promise<void> {
    if (this.#stopping) throw new ReadfleetError('READFLEET_LOCAL_STOPPED', `${member.name}: the fleet was stopped.`);
    await this.#launcher.start(member, this.#writer);
    await this.#launcher.catchUp(member, this.#writer);
  }

  async #discard(member: Member): Promise<void> {
    await member.server.stop();
    await rm(member.dataDir, { recursive: true, force: true });
    await this.#launcher.ports.release(member.port);
    await dropSlots(this.#writer.target, [member.name]);
  }

  async #end(): Promise<void> {
    const { keeper } = this.#parts.held;
    const members = this.#primary ? [this.#primary, ...this.#replicas.values()] : [];
    for (const member of members) member.server.expectEnd();
    const ended = await keeper.end();
    const left = members.filter((member) => member.pid !== undefined).map((member) => member.name);
    if (ended && (this.#parts.persistent || !existsSync(this.directory))) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_STOP',
      `The fleet in ${this.directory} could not be ended${left.length > 0 ? `: ${left.join(', ')} still runs` : ''}. ` +
        'Look for postgres processes with this directory in their command line, end them and remove it.',
    );
  }

  async #save(): Promise<void> {
    if (!this.#parts.persistent) return;
    const { fleet, environment, database, password, replicationPassword, parameters, programs } = this.#parts;
    const members = [this.#writer, ...this.#replicas.values()].map(({ name, port }) => ({ name, port }));
    const manifest: Manifest = {
      ...{ format: 1, major: programs.major, fleet, environment, database, password, replicationPassword, parameters },
      members,
    };
    await saveManifest(this.directory, manifest, this.#parts.cache);
  }

  #member(name: string, role: 'primary' | 'replica'): Member {
    return this.#launcher.member(name, role, (member) => this.#bringUp(member));
  }

  /** After which port to look for the next, when the fleet has a fixed one. */
  #lastPort(more: readonly Member[]): number | undefined {
    if (this.#parts.port === undefined) return undefined;
    return Math.max(this.#parts.port, ...[...this.#replicas.values(), ...more].map((member) => member.port));
  }

  #freeName(): string {
    let number = 1;
    while (this.#replicas.has(replicaName(number)) || this.#joining.has(replicaName(number))) number += 1;
    return replicaName(number);
  }

  #primaryMustRun(operation: string): void {
    if (this.#stopping) throw new ReadfleetError('READFLEET_LOCAL_STOPPED', `${operation}: the fleet was stopped.`);
    if (this.#writer.state === 'running') return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_MEMBER_DOWN',
      `${operation} needs a running primary, which keeps the slots, and it is ${this.#writer.state}. ` +
        'Call primary.restart() or primary.thaw() first.',
    );
  }

  #noMember(name: string): never {
    throw new ReadfleetError(
      'READFLEET_LOCAL_NO_MEMBER',
      `The fleet has no "${name}". It has: ${[PRIMARY, ...this.#replicas.keys()].join(', ')}.`,
    );
  }
}
