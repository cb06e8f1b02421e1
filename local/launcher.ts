import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import type { Cache } from './cache';
import { PG_HBA_CONF, postgresqlConf } from './config';
import type { HeldDirectory, Manifest } from './directory';
import { Member, type MemberFleet } from './member';
import { Ports } from './ports';
import type { Programs } from './programs';
import { caughtUp, REPLICATION_USER, slotOf } from './replication';
import { Server } from './server';
import { SUPERUSER } from './template';
import { writePrivately } from './user';

/** How often a server may find the port that was free a moment ago taken. */
const PORT_TRIES = 5;

/** What a fleet is made of, once options and directory are settled. */
export interface FleetParts
  extends Pick<Manifest, 'fleet' | 'environment' | 'database' | 'password' | 'replicationPassword' | 'parameters'> {
  readonly held: HeldDirectory;
  readonly cache: Cache;
  readonly programs: Programs;
  /** Of the primary, when it was asked for. */
  readonly port: number | undefined;
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

  member(name: string, role: 'primary' | 'replica', bringUp: MemberFleet['bringUp']): Member {
    const { cache, held, programs, database, password } = this.#parts;
    const server = new Server(name, path.join(held.path, name), programs.postgres, cache.user);
    return new Member(server, 0, role, { login: { user: SUPERUSER, password, database }, bringUp });
  }

  /** Starts a member; where its port was taken since it was chosen, and nobody knows it yet, on another one. */
  async startOnSomePort(member: Member, wanted: number | undefined, primary: Member): Promise<void> {
    const fixed = this.#parts.port !== undefined && member === primary;
    if (wanted === undefined) member.port = await this.ports.next();
    else if (wanted === member.port || (await this.ports.reserve(wanted))) member.port = wanted;
    else if (fixed) throw portTaken(wanted);
    else member.port = await this.ports.next();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.start(member, primary);
      } catch (error) {
        const taken = ReadfleetError.is(error) && error.code === 'READFLEET_LOCAL_PORT_TAKEN';
        if (!taken || fixed || attempt === PORT_TRIES) throw error;
        await this.ports.release(member.port);
        member.port = await this.ports.next(this.#parts.port === undefined ? undefined : member.port);
      }
    }
  }

  async start(member: Member, primary: Member): Promise<void> {
    const { cache, programs, parameters, replicationPassword } = this.#parts;
    const replica = member.role === 'replica';
    const upstream = {
      port: primary.port,
      user: REPLICATION_USER,
      password: replicationPassword,
      slot: slotOf(member.name),
    };
    const settings = { name: member.name, port: member.port, upstream: replica ? upstream : undefined };
    await Promise.all([
      writePrivately(
        path.join(member.dataDir, 'postgresql.conf'),
        postgresqlConf(settings, programs.major, parameters),
        cache.user,
      ),
      writePrivately(path.join(member.dataDir, 'pg_hba.conf'), PG_HBA_CONF, cache.user),
    ]);
    await member.server.start(member.port);
  }

  /** Waits for a replica to have what its primary has, unless that one is down. */
  async catchUp(member: Member, primary: Member): Promise<void> {
    if (member.role !== 'replica' || primary.state !== 'running') return;
    await caughtUp(member.name, member.target, primary.target, () => member.server.logTail());
  }
}

function portTaken(port: number): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_LOCAL_PORT_TAKEN',
    `Port ${port} is in use, by another program or another local fleet. End that one, or choose another \`port\`.`,
  );
}
