import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Hold } from './gate';
import type { Fault } from './servers';

/** What a worker says to the process that started the servers, a line of JSON each. A connection is one hold, and ends with it. */
export type Request =
  | { readonly kind: 'enter'; readonly token: string; readonly hold: Hold }
  | { readonly kind: 'fault'; readonly member: string; readonly fault: Fault; readonly ms?: number | undefined }
  | { readonly kind: 'heal' }
  | { readonly kind: 'leave' };

/** One for each request, in their order. */
export type Answer = { readonly done: true } | { readonly error: { readonly code: string; readonly message: string } };

export function send(socket: Socket, message: Request | Answer): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Tells each message that arrives. Whoever speaks something else is hung up on. */
export function receive<Message>(socket: Socket, onMessage: (message: Message) => void): void {
  createInterface({ input: socket }).on('line', (line) => {
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      socket.destroy();
      return;
    }
    onMessage(message);
  });
}
