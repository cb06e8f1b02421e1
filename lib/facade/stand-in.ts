/**
 * Makes the instances of `facade` instances of `original` as well, without its constructor or any of its fields.
 *
 * `facade` is a class right above `EventEmitter`, which `original` is one of too.
 *
 * Libraries ask `instanceof` before they treat an object as a pool, so to look like one is not enough.
 */
export function standInFor(facade: { prototype: object }, original: { prototype: object }): void {
  Object.setPrototypeOf(facade.prototype, original.prototype);
}
