/**
 * In which order the candidates of a round run: each place goes to each of them, and each follows each other equally often.
 *
 * Merely turning the list would let the same candidate follow the same one for ever, and pay for the garbage that it left.
 *
 * Source: E. J. Williams, "Experimental designs balanced for the estimation of residual effects of treatments" (1949). Balanced after
 * `count` rounds when that is even, after twice as many when it is odd.
 *
 * @returns indices of candidates, 0 to `count - 1`
 */
export function orderOf(round: number, count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, place) => {
    const step = place % 2 === 1 ? (place + 1) / 2 : count - place / 2;
    return (step + round) % count;
  });
  const mirrored = count % 2 === 1 && Math.floor(round / count) % 2 === 1;
  return mirrored ? order.reverse() : order;
}
