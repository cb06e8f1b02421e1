/**
 * Rethrows an error with a stack that leads to the code that asked, not to the socket that answered. As `pg` does.
 *
 * To be given to `catch` of the very promise that the caller awaits: V8 finds the caller from there.
 */
export function retrace(error: unknown): never {
  if (typeof error === 'object' && error !== null) Error.captureStackTrace(error);
  throw error;
}

/** Calls an app's callback. What it throws is the app's own uncaught error, as with `pg`, and breaks nothing here. */
export function callBack<Args extends unknown[]>(callback: (...args: Args) => unknown, ...args: Args): void {
  try {
    callback(...args);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
