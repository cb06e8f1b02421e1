import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { messageOf, ReadfleetError } from '../../../lib/errors';
import type { LocalFleet } from '../../fleet';
import { HOST } from '../../ports';
import type { Gate, Hold } from './gate';
import { FAULTS } from './servers';
import { type Answer, type Request, receive, send } from './wire';

/** Where workers ask for turns and faults. */
export interface Service {
  readonly port: number;
  readonly token: string;
  close(): void;
}

/** Lets other processes of this machine that know the token hold the servers, and break them. Keeps no process alive. */
export async function serve(fleet: LocalFleet, gate: Gate): Promise<Service> {
  const token = randomBytes(18).toString('base64url');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A worker that was killed: its hold ends with the 'close' that follows.
    socket.on('error', () => undefined);
    socket.unref();
    new Visit(socket, token, fleet, gate);
  });
  server.unref();
  server.listen({ host: HOST, port: 0 });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    token,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** One connection of a worker. When it breaks, what the worker did is undone, and the next may enter. */
class Visit {
  private readonly gone = new AbortController();
  private hold: Hold | undefined;
  private leave: (() => void) | undefined;
  /** Whether a fault was made that was not undone. */
  private broken = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    private readonly token: string,
    private readonly fleet: LocalFleet,
    private readonly gate: Gate,
  ) {
    receive<Request>(socket, (request) => {
      // One after the other, so that answers keep the order of requests, and the end comes after what was asked before.
      this.last = this.last.then(() => this.answer(request)).then((answer) => send(this.socket, answer));
    });
    socket.once('close', () => {
      this.gone.abort();
      this.last = this.last.then(() => this.end()).catch(() => undefined);
    });
  }

  private async answer(request: Request): Promise<Answer> {
    try {
      await this.obey(request);
      return { done: true };
    } catch (error) {
      const code = ReadfleetError.is(error) ? error.code : 'READFLEET_TESTING_FAULT';
      return { error: { code, message: messageOf(error) } };
    }
  }

  private async obey(request: Request): Promise<void> {
    if (request.kind === 'enter') return this.enter(request.token, request.hold);
    if (request.kind === 'heal') return this.heal();
    if (request.kind === 'leave') return this.end();
    const { member, fault, ms } = request;
    if (this.hold !== 'alone' || !FAULTS.includes(fault)) {
      throw new ReadfleetError('READFLEET_TESTING_REFUSED', `${fault}() on ${member} was asked for out of turn.`);
    }
    this.broken = true;
    const server = this.fleet.member(member);
    await (fault === 'delayReplay' ? server.delayReplay(ms ?? 0) : server[fault]());
  }

  private async enter(token: string, hold: Hold): Promise<void> {
    const [given, wanted] = [Buffer.from(token), Buffer.from(this.token)];
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted) || this.leave) {
      this.socket.destroy();
      return;
    }
    const leave = await this.gate.enter(hold, this.gone.signal);
    [this.hold, this.leave] = [hold, leave];
  }

  private async heal(): Promise<void> {
    if (!this.broken) return;
    await this.fleet.heal();
    this.broken = false;
  }

  private async end(): Promise<void> {
    const { leave } = this;
    [this.leave, this.hold] = [undefined, undefined];
    try {
      await this.heal();
    } finally {
      leave?.();
    }
  }
}
