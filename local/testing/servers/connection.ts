import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { ReadfleetError } from '../../../lib/errors';
import { HOST } from '../../ports';
import { type Answer, type Request, receive, send } from './wire';

interface Pending {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A worker's connection to the process that started the shared fleet. */
export class Connection {
  private readonly pending: Pending[] = [];
  private closed: ReadfleetError | undefined;

  private constructor(private readonly socket: Socket) {
    receive<Answer>(socket, (answer) => {
      const pending = this.pending.shift();
      if ('done' in answer) pending?.resolve();
      else pending?.reject(new ReadfleetError(answer.error.code, answer.error.message));
    });
    socket.on('error', () => undefined); // 'close' follows, and tells whoever waits.
    socket.once('close', () => {
      this.closed = gone();
      for (const { reject } of this.pending.splice(0)) reject(this.closed);
    });
  }

  /** Connects, and waits for the answer to its first request. @throws ReadfleetError `READFLEET_TESTING_GONE` */
  static async open(port: number, first: Request): Promise<Connection> {
    const socket = createConnection({ host: HOST, port });
    try {
      await once(socket, 'connect');
    } catch (cause) {
      throw gone(cause);
    }
    const connection = new Connection(socket);
    await connection.ask(first);
    return connection;
  }

  ask(request: Request): Promise<void> {
    if (this.closed) return Promise.reject(this.closed);
    return new Promise((resolve, reject) => {
      this.pending.push({ resolve, reject });
      send(this.socket, request);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

function gone(cause?: unknown): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_TESTING_GONE',
    'The process that started the shared fleet does not answer: it has ended, and its servers with it.',
    { cause },
  );
}
