import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import { backUp } from './backup';
import type { ControlTarget } from './control';
import { type Manifest, type Resumable, saveManifest } from './directory';
import { failOver, follow, rebuild } from './failover';
import { heal } from './heal';
import { type FleetParts, Launcher } from './launcher';
import type { LocalMember } from './local-member';
import type { Member, MemberFleet } from './member';
import { createSlots, dropSlots } from './replication';
import { Roster } from './roster';
import { SUPERUSER } from './template';

/** What is done to a fleet as a whole: members come, go and change places, and the directory remembers it. */
export class Operations {
  readonly roster = new Roster();
  readonly #parts: FleetParts;
  readonly #launcher: Launcher;
  #stopping: Promise<void> | undefined;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.#launcher = new Launcher(parts);
  }

  /** Starts the primary, whose data directory is there already. */
  async startPrimary(name: string, port: number | undefined, login: string | undefined): Promise<ControlTarget> {
    const primary = this.#member(name, 'primary');
    this.roster.primary = primary;
    await this.#launcher.startOnSomePort(primary, port, this.#parts.port !== undefined);
    return { ...primary.target, ...(login === undefined ? {} : { password: login, database: SUPERUSER }) };
  }

  /** Starts replicas that have their data directories and slots, and lists the former primaries, which stay down. */
  async resume(replicas: readonly Resumable[], former: readonly Resumable[]): Promise<void> {
    for (const { name } of replicas) {
      const standby = existsSync(path.join(this.#parts.held.path, name, 'standby.signal'));
      this.roster.addReplica(this.#member(name, standby ? 'replica' : 'primary'));
    }
    for (const { name, port } of former) {
      const member = this.#member(name, 'primary');
      member.port = (await this.#launcher.ports.reserve(port)) ? port : await this.#launcher.ports.next();
      this.roster.addFormer(member);
    }
    // First those that were promoted: others may follow them.
    for (const role of ['primary', 'replica'] as const) {
      await Promise.all(
        replicas.map(async ({ name, port, follows }) => {
          const member = this.roster.replica(name);
          if (member.role !== role) return;
          if (role === 'replica') member.upstream = follows ? this.roster.member(follows) : this.roster.primary;
          await this.#launcher.startOnSomePort(member, port);
          await this.#launcher.catchUp(member);
        }),
      );
    }
  }

  /** From now on this is a fleet that can be used, and resumed if its directory stays. */
  async settle(): Promise<void> {
    await this.#launcher.openNetworks(this.roster.all);
    await this.save();
    if (this.#parts.persistent) this.#parts.held.keeper.keep();
  }

  /** Adds replicas from one backup. */
  async attach(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    this.#primaryMustRun('addReplica()');
    const { primary } = this.roster;
    const members = names.map((name) => this.#member(name, 'replica', primary));
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
          await this.#launcher.startOnSomePort(member, member.port);
          await this.#launcher.catchUp(member);
        }),
      );
      await this.#launcher.openNetworks(members);
    } catch (error) {
      // A fleet that is being stopped is cleared by its keeper.
      if (!this.#stopping) await Promise.allSettled(members.map((member) => this.#discard(member)));
      throw error;
    }
    for (const member of members) this.roster.addReplica(member);
  }

  async remove(name: string): Promise<void> {
    const member = this.roster.replica(name);
    this.#primaryMustRun(`removeReplica("${name}")`);
    this.roster.removeReplica(member);
    await this.#discard(member);
    await this.save();
  }

  async failOver(name: string): Promise<LocalMember> {
    this.#mustNotBeStopped(`failOver("${name}")`);
    const { primary, replicas } = this.roster;
    const successor = this.roster.replica(name);
    const others = replicas.filter((replica) => replica !== successor);
    try {
      const diverged = await failOver(successor, primary, others, () => this.roster.succeed(successor));
      await Promise.all(diverged.map((replica) => this.#rebuild(replica)));
    } finally {
      await this.save();
    }
    return successor;
  }

  async rejoin(name: string): Promise<LocalMember> {
    const member = this.roster.member(name);
    this.#primaryMustRun(`rejoin("${name}")`);
    if (member === this.roster.primary) {
      throw new ReadfleetError('READFLEET_LOCAL_NOT_A_REPLICA', `${name}: rejoin(): it is the primary of the fleet.`);
    }
    await this.#rebuild(member);
    this.roster.addReplica(member);
    await this.save();
    return member;
  }

  /** The primary first: replicas catch up with it. */
  async heal(): Promise<void> {
    this.#mustNotBeStopped('heal()');
    const { primary, replicas } = this.roster;
    await heal(primary);
    await Promise.all(replicas.map((replica) => heal(replica)));
    await Promise.all(replicas.map((replica) => this.#launcher.catchUp(replica)));
  }

  /** Ends all members, whatever their state; once, however often it is called. */
  end(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  /** Lets go of what the fleet holds in this process itself; the keeper clears the rest. */
  async abandon(): Promise<void> {
    await Promise.all(this.roster.all.map((member) => this.#launcher.closeNetwork(member)));
  }

  async save(): Promise<void> {
    if (!this.#parts.persistent) return;
    const { fleet, environment, database, password, replicationPassword, parameters, programs } = this.#parts;
    const { primary, replicas, formerPrimaries } = this.roster;
    const manifest: Manifest = {
      ...{ format: 1, major: programs.major, fleet, environment, database, password, replicationPassword, parameters },
      members: [primary, ...replicas].map(({ name, port, upstream }) => ({
        ...{ name, port },
        ...(upstream && upstream !== primary ? { follows: upstream.name } : {}),
      })),
      former: formerPrimaries.map(({ name, port }) => ({ name, port })),
    };
    await saveManifest(this.#parts.held.path, manifest, this.#parts.cache);
  }

  async #bringUp(member: Member): Promise<void> {
    this.#mustNotBeStopped(member.name);
    await this.#launcher.start(member);
    await this.#launcher.catchUp(member);
  }

  async #follow(member: Member, followed: LocalMember): Promise<void> {
    const primary = this.roster.member(followed.name);
    if (primary !== followed) {
      const message = `${member.name}: follow("${followed.name}"): that one is of another fleet.`;
      throw new ReadfleetError('READFLEET_LOCAL_NO_MEMBER', message);
    }
    await follow(member, primary, this.#launcher);
    await this.save();
  }

  #rebuild(member: Member): Promise<void> {
    return rebuild(member, this.roster.primary, this.#launcher, this.#parts.cache.user);
  }

  async #discard(member: Member): Promise<void> {
    await member.stop();
    await this.#launcher.closeNetwork(member);
    await rm(member.dataDir, { recursive: true, force: true });
    await this.#launcher.ports.release(member.port);
    const { primary } = this.roster;
    const { upstream } = member;
    await dropSlots(primary.target, [member.name]);
    if (upstream && upstream !== primary && upstream.state === 'running')
      await dropSlots(upstream.target, [member.name]);
  }

  async #end(): Promise<void> {
    const { keeper, path: directory } = this.#parts.held;
    const members = this.roster.all;
    for (const member of members) member.server.expectEnd();
    const ended = await keeper.end();
    // Last, so that clients hear of the end what the servers tell them.
    await this.abandon();
    const left = members.filter((member) => member.pid !== undefined).map((member) => member.name);
    if (ended && (this.#parts.persistent || !existsSync(directory))) return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_STOP',
      `The fleet in ${directory} could not be ended${left.length > 0 ? `: ${left.join(', ')} still runs` : ''}. ` +
        'Look for postgres processes with this directory in their command line, end them and remove it.',
    );
  }

  #member(name: string, role: 'primary' | 'replica', upstream?: Member): Member {
    const fleet: Omit<MemberFleet, 'login'> = {
      bringUp: (member) => this.#bringUp(member),
      reconfigure: (member) => this.#launcher.reconfigure(member),
      streaming: (member) => this.#launcher.streaming(member),
      follow: (member, primary) => this.#follow(member, primary),
    };
    const member = this.#launcher.member(name, role, fleet);
    member.upstream = upstream;
    return member;
  }

  /** After which port to look for the next, when the fleet has a fixed one. */
  #lastPort(more: readonly Member[]): number | undefined {
    if (this.#parts.port === undefined) return undefined;
    return Math.max(this.#parts.port, ...[...this.roster.all, ...more].map((member) => member.port));
  }

  #mustNotBeStopped(operation: string): void {
    if (this.#stopping) throw new ReadfleetError('READFLEET_LOCAL_STOPPED', `${operation}: the fleet was stopped.`);
  }

  #primaryMustRun(operation: string): void {
    this.#mustNotBeStopped(operation);
    const { state, name } = this.roster.primary;
    if (state === 'running') return;
    throw new ReadfleetError(
      'READFLEET_LOCAL_MEMBER_DOWN',
      `${operation} needs a running primary, which keeps the slots, and ${name} is ${state}. ` +
        'Call its restart() or thaw() first.',
    );
  }
}
