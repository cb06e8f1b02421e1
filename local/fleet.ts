import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FleetContract } from '../lib/contract';
import { ReadfleetError } from '../lib/errors';
import { localContract } from './contract';
import type { FleetParts } from './launcher';
import { liveFleets } from './live';
import type { LocalMember } from './local-member';
import type { Operations } from './operations';
import { nameRefusal } from './options';
import type { Roster } from './roster';
import { SUPERUSER } from './template';

/** A primary and its streaming replicas, running on this machine. Made by `startLocalFleet()`. */
export class LocalFleet implements AsyncDisposable {
  readonly #parts: FleetParts;
  readonly #operations: Operations;
  readonly #roster: Roster;

  /** @internal */
  constructor(parts: FleetParts, operations: Operations) {
    this.#parts = parts;
    this.#operations = operations;
    this.#roster = operations.roster;
  }

  /** Where the members' data are: `dataDir`, or a temporary directory. */
  get directory(): string {
    return this.#parts.held.path;
  }

  /** The version of the servers, e.g. `18.4`. */
  get version(): string {
    return this.#parts.programs.version;
  }

  /**
   * The contract as of now: it follows {@link addReplica}, {@link removeReplica}, {@link failOver} and {@link rejoin}, and knows
   * nothing of a promotion behind its back ({@link LocalMember.promote}).
   */
  get contract(): FleetContract {
    const { fleet, environment, database, password, programs } = this.#parts;
    const listed = ({ name, address }: LocalMember) => ({ name, host: address.host, port: address.port });
    return localContract({
      ...{ fleet, environment, database, password, major: programs.major },
      user: SUPERUSER,
      writer: listed(this.primary),
      readers: this.replicas.map(listed),
    });
  }

  /** The member that the contract names as its writer. */
  get primary(): LocalMember {
    return this.#roster.primary;
  }

  /** The readers of the contract, in the order in which they were added. */
  get replicas(): readonly LocalMember[] {
    return this.#roster.replicas;
  }

  /** Primary and replicas: the members of the contract. */
  get members(): readonly LocalMember[] {
    return [this.primary, ...this.replicas];
  }

  /**
   * Primaries that {@link failOver} replaced, running or not, until they {@link rejoin}. The contract does not name them; clients
   * that still know their address reach them, as in life. When a fleet is resumed they stay down.
   */
  get formerPrimaries(): readonly LocalMember[] {
    return this.#roster.formerPrimaries;
  }

  /** @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  replica(name: string): LocalMember {
    return this.#roster.replica(name);
  }

  /** The primary, a replica or a former primary: names stay with their servers. @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER` */
  member(name: string): LocalMember {
    return this.#roster.member(name);
  }

  /**
   * Adds a replica, from a backup of the running primary; returns when it streams and has caught up.
   *
   * @param name default: `replica-N`, the first that is free
   * @throws ReadfleetError `READFLEET_LOCAL_OPTIONS`, `READFLEET_LOCAL_MEMBER_DOWN` when the primary does not run, or what a
   *   start may throw
   */
  async addReplica(name: string = this.#roster.freeName()): Promise<LocalMember> {
    const taken = this.#roster.has(name) ? 'Another member has this name already.' : undefined;
    const refusal = nameRefusal(name) ?? taken;
    if (refusal) throw new ReadfleetError('READFLEET_LOCAL_OPTIONS', `addReplica("${name}"): ${refusal}`);
    await this.#roster.joining([name], () => this.#operations.attach([name]));
    await this.#operations.save();
    return this.replica(name);
  }

  /**
   * Stops a replica and removes its data and its slot, so that the primary keeps no WAL for it.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER`, or `READFLEET_LOCAL_MEMBER_DOWN` when the primary does not run
   */
  async removeReplica(name: string): Promise<void> {
    await this.#operations.remove(name);
  }

  /**
   * A failover in order: promotes a replica, which is {@link primary} and the contract's writer from then on, and has the others
   * follow it. Sessions of the replicas stay open. The old primary, running or not, is left as it is and becomes one of
   * {@link formerPrimaries}; stop or kill it first, unless two primaries are what you want to see.
   *
   * A replica that is down follows once it is restarted, a frozen one once it is told to {@link LocalMember.follow}, a paused one once
   * its replay is resumed. One that has replayed what the new primary never had is stopped and made anew from a backup. May be
   * called for a replica that was promoted before: then the fleet acknowledges it.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER`, `READFLEET_LOCAL_MEMBER_DOWN`, `READFLEET_LOCAL_PROMOTION`, or, with
   *   the promotion done, what kept another replica from following
   */
  async failOver(name: string): Promise<LocalMember> {
    return this.#operations.failOver(name);
  }

  /**
   * A member comes back as a standby of the primary, from a new backup in its directory and on its ports: a former primary, a replica that
   * was promoted by accident, or one that cannot follow any more. What it had of its own is lost.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_MEMBER`, `READFLEET_LOCAL_MEMBER_DOWN` when the primary does not run,
   *   `READFLEET_LOCAL_NOT_A_REPLICA` for the primary itself, or what a start may throw
   */
  async rejoin(name: string): Promise<LocalMember> {
    return this.#operations.rejoin(name);
  }

  /**
   * Ends every fault: frozen servers go on, those that are down are started, replicas receive and replay again, networks are clear. Returns when
   * all replicas have caught up. What a promotion changed stays: that is not a fault, and {@link rejoin} is the way back.
   *
   * @throws ReadfleetError what a start may throw
   */
  async heal(): Promise<void> {
    await this.#operations.heal();
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
    liveFleets.delete(this);
    return this.#operations.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
