import type { StatusView } from '../../monitoring/view';

/** What a server itself says of its connections, whoever has them. */
export interface ServerConnections {
  readonly used: number;
  readonly max: number;
}

/** One look at a fleet. */
export interface Sight {
  readonly status: StatusView;
  /** By member, where servers were asked; an app tells of its pools instead. */
  readonly servers: Readonly<Record<string, ServerConnections>> | undefined;
}
