/**
 * The network between clients and one member, of a fleet that was started with `network: true`. It is the way that the contract
 * names (`member.address`); replication, `member.query()` and `member.url` go past it, so that a test can look behind a fault.
 *
 * Faults add up, hold for open and for new connections alike, and stay until {@link heal}. All but that take effect before they return.
 *
 * What differs from a real network: the kernel has accepted a connection before its fate is known. So a server that is down resets
 * connections instead of refusing them, and behind {@link drop} a connection is made and then hangs.
 */
export interface MemberNetwork {
  /** Open connections of clients; also those of which one side has gone, and the other does not know yet. */
  readonly connections: number;
  /**
   * Everything takes this long from one side to the other, in each direction and in its order: an answer comes after twice as much.
   *
   * @param ms milliseconds; 0 is none
   * @param options.jitterMs on top, for each piece of data anew, evenly from 0 to this, in milliseconds. @default 0
   * @throws ReadfleetError `READFLEET_LOCAL_NETWORK`
   */
  delay(ms: number, options?: { readonly jitterMs?: number }): void;
  /**
   * A narrow line: no more than this for each connection, in each direction.
   *
   * @param bytesPerSecond more than 0; `Infinity` is no limit
   * @throws ReadfleetError `READFLEET_LOCAL_NETWORK`
   */
  throttle(bytesPerSecond: number): void;
  /**
   * A partition: nothing passes, and nobody is told. Open connections stay open, new ones are accepted and reach no server. Neither
   * side learns that the other has gone. {@link heal} delivers what was held back, as TCP does when it sends again.
   */
  drop(): void;
  /** RST to both sides of every open connection, now, partition or not. New connections are not touched. */
  reset(): void;
  /** New connections are refused, from the next one on; open ones stay. */
  refuse(): void;
  /**
   * A clear network again, which listens; what was on its way is delivered at once, in its order.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_PORT_TAKEN` when another program took the port while this one refused, or
   *   `READFLEET_LOCAL_STOPPED`
   */
  heal(): Promise<void>;
}
