/**
 * Rejects on a later turn of the event loop.
 *
 * What is refused without a question to any server, be it that the fleet was closed, would else be refused in the turn in which it was asked for, and a caller that tries again at once, and
 * again, would keep the process from ever hearing that the server is back.
 */
export function refuse(error: unknown): Promise<never> {
  return new Promise((_, reject) => setImmediate(reject, error));
}
