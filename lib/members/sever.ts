import type { ClientBase } from 'pg';

/** Closes a connection at once: a frozen server would never answer a polite end. */
export function sever(client: ClientBase): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}
