/**
 * One DNS name over all replicas, for clients that cannot use the library: weighted, by health, with the primary as failover.
 * The certificate carries the members' own names, so such clients cannot verify it against this one.
 */
export interface ReadNameInput {
  /** A private zone that the VPC sees: one that exists, or one made for the fleet. */
  readonly zone:
    | { readonly kind: 'existing'; readonly zoneId: string; readonly domain: string }
    | { readonly kind: 'create'; readonly domain: string };
  /** The name within the zone, e.g. `orders-read`. */
  readonly name: string;
  /**
   * How long resolvers may keep an answer, 5 to 60.
   * @default 5
   */
  readonly ttlSeconds?: number;
  /**
   * What a replica counts as while its health signal has no data.
   * @default "unhealthy" - a new replica takes no traffic until it has reported once
   */
  readonly withoutData?: 'healthy' | 'unhealthy';
}
