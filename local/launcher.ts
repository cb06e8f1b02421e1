import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import type { Cache } from './cache';
import { PG_HBA_CONF, postgresqlConf } from './config';
import type { HeldDirectory, Manifest } from './directory';
import { Member, type MemberFleet } from './member';
import { NetworkProxy } from './network/proxy';
import { Ports } from './ports';
import type { Programs } from './programs';
import { caughtUp, REPLICATION_USER, slotOf, streams } from './replication';
import { Server } from './server';
import { isPaused, reload } from './standby';
import { SUPERUSER } from './template';
import { until } from './until';
import { writePrivately } from './user';

/** How often a server may find the port that was free a moment ago taken. */
const PORT_TRIES = 5;
/** How long the end of a killed primary may take to be seen, in milliseconds. */
const PRIMARY_LOST_MS = 200;

/** What a fleet is made of, once options and directory are settled. */
export interface FleetParts
  extends Pick<Manifest, 'fleet' | 'environment' | 'database' | 'password' | 'replicationPassword' | 'parameters'> {
  readonly held: HeldDirectory;
  readonly cache: Cache;
  readonly programs: Programs;
  /** Of the primary, when it was asked for. */
  readonly port: number | undefined;
  /** Whether clients reach the members through a network that can fail. */
  readonly network: boolean;
  /** Whether the data outlive the fleet. */
  readonly persistent: boolean;
}

/** Brings members up: their configuration, their port, their process, and a replica's way to its primary. */
export class Launcher {
  readonly ports: Ports;
  readonly #parts: FleetParts;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    this.ports = new Ports(parts.cache, parts.held.lockFile);
  }

  member(name: string, role: 'primary' | 'replica', fleet: Omit<MemberFleet, 'login'>): Member {
    const { cache, held, programs, database, password, network } = this.#parts;
    const server = new Server(name, path.join(held.path, name), programs.postgres, cache.user);
    const login = { user: SUPERUSER, password, database };
    const proxy = network ? (of: Member) => new NetworkProxy(name, () => of.port) : undefined;
    return new Member(server, role, { login, ...fleet }, proxy);
  }

  /** Starts a member; where its port was taken since it was chosen, and nobody knows it yet, on another one. */
  async startOnSomePort(member: Member, wanted: number | undefined, fixed = false): Promise<void> {
    if (wanted === undefined) member.port = await this.ports.next();
    else if (wanted === member.port || (await this.ports.reserve(wanted))) member.port = wanted;
    else if (fixed) throw portTaken(wanted);
    else member.port = await this.ports.next();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.start(member);
      } catch (error) {
        if (!isPortTaken(error) || fixed || attempt === PORT_TRIES) throw error;
        await this.ports.release(member.port);
        member.port = await this.ports.next(this.#parts.port === undefined ? undefined : member.port);
      }
    }
  }

  async start(member: Member): Promise<void> {
    const { cache } = this.#parts;
    await Promise.all([
      this.#configure(member),
      writePrivately(path.join(member.dataDir, 'pg_hba.conf'), PG_HBA_CONF, cache.user),
    ]);
    await member.server.start(member.port);
  }

  /** Has a running server take over its present settings. */
  async reconfigure(member: Member): Promise<void> {
    await this.#configure(member);
    await reload(member.target);
  }

  /** Waits for a replica to have what its primary has, as far as that one is running. */
  catchUp(member: Member): Promise<void> {
    return this.#reach(member, caughtUp);
  }

  /** Waits for a replica to stream, as far as its primary is running and its replay is not paused. */
  async streaming(member: Member): Promise<void> {
    // Who starts the receiver is the process that replays, and that one does nothing now.
    if (await isPaused(member.target)) return;
    await this.#reach(member, streams);
  }

  /** Has the networks of these members listen, all or none, where they do not yet. */
  async openNetworks(members: readonly Member[]): Promise<void> {
    const opened: Member[] = [];
    try {
      for (const member of members) {
        if (member.proxy?.port !== 0) continue;
        opened.push(member);
        await this.#listenOnSomePort(member.proxy);
      }
    } catch (error) {
      await Promise.all(opened.map((member) => this.closeNetwork(member)));
      throw error;
    }
  }

  async closeNetwork(member: Member): Promise<void> {
    if (!member.proxy) return;
    member.proxy.close();
    await this.ports.release(member.proxy.port);
  }

  async #listenOnSomePort(proxy: NetworkProxy): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const port = await this.ports.next();
      try {
        return await proxy.listen(port);
      } catch (error) {
        await this.ports.release(port);
        if (!isPortTaken(error) || attempt === PORT_TRIES) throw error;
      }
    }
  }

  async #configure(member: Member): Promise<void> {
    const { cache, programs, parameters, replicationPassword } = this.#parts;
    const { name, port, replayDelayMs } = member;
    const followed = member.role === 'replica' && member.receives ? member.upstream : undefined;
    const upstream = followed && {
      ...{ port: followed.port, user: REPLICATION_USER, password: replicationPassword, slot: slotOf(name) },
    };
    member.logBegin = await member.server.logSize();
    await writePrivately(
      path.join(member.dataDir, 'postgresql.conf'),
      postgresqlConf({ name, port, upstream, replayDelayMs }, programs.major, parameters),
      cache.user,
    );
  }

  async #reach(member: Member, reached: typeof caughtUp): Promise<void> {
    const { upstream } = member;
    if (member.role !== 'replica' || !member.receives || !upstream) return;
    const replica = { target: member.target, logTail: () => member.server.logTail(member.logBegin) };
    while (upstream.state === 'running') {
      const { pid } = upstream;
      const lost = () => upstream.pid !== pid || upstream.state !== 'running';
      try {
        return await reached(replica, upstream.target);
      } catch (error) {
        // The primary may have gone meanwhile, or be another start of it by now; its end is seen a moment after its connections'.
        if (!(await until(lost, PRIMARY_LOST_MS))) throw error;
      }
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return ReadfleetError.is(error) && error.code === 'READFLEET_LOCAL_PORT_TAKEN';
}

function portTaken(port: number): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_LOCAL_PORT_TAKEN',
    `Port ${port} is in use, by another program or another local fleet. End that one, or choose another \`port\`.`,
  );
}
