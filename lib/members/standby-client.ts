import { Client, type ClientBase, type ClientConfig } from 'pg';

/** What `pg` hears from the server and its types do not tell. */
interface Hearing {
  readonly connection: {
    on(event: 'parameterStatus', listener: (message: { parameterName: string; parameterValue: string }) => void): void;
  };
}

/** Sessions whose server has said that it is no standby any more. */
const promoted = new WeakSet<ClientBase>();

/**
 * A session on a replica that notices a promotion in time.
 *
 * From PostgreSQL 14 on a server reports `in_hot_standby` with the answer during which it changed, before the answer is complete. So an answer that
 * may hold what nobody wrote on the primary is known for that, although the session was opened on a standby and nobody has looked since.
 */
export class StandbyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    (this as unknown as Hearing).connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'in_hot_standby' && parameterValue === 'off') promoted.add(this);
    });
  }
}

/** Whether the server has left recovery since, or before, the session began. */
export function isPromoted(client: ClientBase): boolean {
  return promoted.has(client);
}

/** Of an answer that is not to be used. */
export function promotedError(name: string): Error {
  return new Error(`Connection terminated: ${name} was promoted, and what it holds is no longer the primary's`);
}
