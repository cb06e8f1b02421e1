import { Client, type ClientBase, type ClientConfig } from 'pg';

/** What `pg` hears from the server and its types do not tell. */
interface Hearing {
  readonly connection: {
    on(event: 'parameterStatus', listener: (message: { parameterName: string; parameterValue: string }) => void): void;
  };
}

/** As pools of replicas are configured: without a time of the pool's own, which would cost each statement a timer. */
export interface StandbyConfig extends ClientConfig {
  /** Milliseconds that opening a connection may take. */
  readonly connectTimeoutMs?: number;
}

/**
 * A session on a replica that notices a promotion in time.
 *
 * From PostgreSQL 14 on a server reports `in_hot_standby` with the answer during which it changed, before the answer is complete. So an answer that
 * may hold what nobody wrote on the primary is known for that, although the session was opened on a standby and nobody has looked since.
 */
export class StandbyClient extends Client {
  /** Whether the server has left recovery since, or before, the session began. */
  promoted = false;

  constructor(config: StandbyConfig = {}) {
    // Behind the pool's own options, of which a copy would lose the hidden password.
    super(Object.create(config, { connectionTimeoutMillis: { value: config.connectTimeoutMs } }));
    (this as unknown as Hearing).connection.on('parameterStatus', ({ parameterName, parameterValue }) => {
      if (parameterName === 'in_hot_standby' && parameterValue === 'off') this.promoted = true;
    });
  }
}

/** Whether it is a session on a replica that was promoted. */
export function isPromoted(client: ClientBase): boolean {
  return (client as Partial<StandbyClient>).promoted === true;
}

/** Of an answer that is not to be used. */
export function promotedError(name: string): Error {
  return new Error(`Connection terminated: ${name} was promoted, and what it holds is no longer the primary's`);
}
