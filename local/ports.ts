import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readlink, symlink, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { ReadfleetError } from '../lib/errors';
import type { Cache } from './cache';

/** Loopback by number: names may lead to IPv6 first, where nothing listens. */
export const HOST = '127.0.0.1';

/**
 * Below the ports that systems hand out for outgoing connections (Linux from 32768, macOS from 49152): there, a client's
 * connection could sit on a member's port while the member is down, and its restart would fail.
 */
const RANGE = { from: 15_000, to: 32_000 };
const TRIES = 200;

/**
 * Ports of one fleet. A port is reserved by a symbolic link in the cache that points at the fleet's lock file: made in one step
 * by one process only, held while a member is down, and void by itself as soon as the fleet is gone.
 */
export class Ports {
  readonly #directory: string;
  readonly #lockFile: string;

  constructor(cache: Cache, lockFile: string) {
    this.#directory = cache.ports;
    this.#lockFile = lockFile;
  }

  /** Reserves that port, or says that it cannot be had. */
  async reserve(port: number): Promise<boolean> {
    const link = path.join(this.#directory, String(port));
    for (;;) {
      try {
        await symlink(this.#lockFile, link);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      if (existsSync(link)) return false;
      await unlink(link).catch(ignoreMissing);
    }
    if (await isFree(port)) return true;
    await this.release(port);
    return false;
  }

  async release(port: number): Promise<void> {
    const link = path.join(this.#directory, String(port));
    const owner = await readlink(link).catch(() => undefined);
    if (owner === this.#lockFile) await unlink(link).catch(ignoreMissing);
  }

  /**
   * Reserves a free port: the first one after `after`, or any.
   *
   * @throws ReadfleetError `READFLEET_LOCAL_NO_PORT`
   */
  async next(after?: number): Promise<number> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const port = after === undefined ? randomInt(RANGE.from, RANGE.to) : after + attempt;
      if (port > 65_535) break;
      if (await this.reserve(port)) return port;
    }
    throw new ReadfleetError(
      'READFLEET_LOCAL_NO_PORT',
      `No free port was found ${after === undefined ? `from ${RANGE.from} to ${RANGE.to}` : `after ${after}`} on ${HOST}.`,
    );
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: HOST, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
