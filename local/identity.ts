import { randomBytes } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ReadfleetError } from '../lib/errors';

/** Offset of the system identifier in the long header that opens every WAL segment (`XLogLongPageHeaderData`). */
const WAL_IDENTIFIER_OFFSET = 24;

/** `pg_control` holds its checksum right behind the data it covers; that length differs between releases. */
const CHECKSUM_SEARCH = { from: 200, to: 504 };

/**
 * Gives a data directory that was copied from the template a system identifier of its own.
 *
 * All fleets would share the one that initdb drew for the template. PostgreSQL uses it to refuse a standby of another
 * cluster, and clients to notice that an address now leads to another cluster: between local fleets both would be
 * blind just where ports are reused most. The server must be stopped. `pg_control` and the first page of each WAL
 * segment hold the identifier; only `pg_control` is covered by a checksum (CRC-32C), which must verify before it is replaced.
 *
 * @throws ReadfleetError `READFLEET_LOCAL_TEMPLATE` when `pg_control` does not look as expected
 */
export async function giveIdentity(dataDir: string): Promise<void> {
  // Positive as SQL's bigint, and never two alike.
  const identifier = randomBytes(8);
  identifier.writeUInt8(identifier.readUInt8(7) & 0x7f, 7);

  const file = path.join(dataDir, 'global', 'pg_control');
  const handle = await open(file, 'r+');
  try {
    const control = Buffer.alloc(CHECKSUM_SEARCH.to + 4);
    await handle.read(control, 0, control.length, 0);
    const previous = Buffer.from(control.subarray(0, 8));
    const end = checksumOffset(control);
    if (end === undefined) {
      throw new ReadfleetError('READFLEET_LOCAL_TEMPLATE', `${file}: its checksum was not found. Delete the template.`);
    }
    identifier.copy(control);
    control.writeUInt32LE(crc32c(control.subarray(0, end)), end);
    await handle.write(control, 0, end + 4, 0);
    await relabelWal(path.join(dataDir, 'pg_wal'), previous, identifier);
  } finally {
    await handle.close();
  }
}

async function relabelWal(directory: string, previous: Buffer, identifier: Buffer): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!/^[0-9A-F]{24}$/.test(name)) continue;
    const segment = await open(path.join(directory, name), 'r+');
    try {
      const found = Buffer.alloc(8);
      await segment.read(found, 0, 8, WAL_IDENTIFIER_OFFSET);
      // A segment made ahead of its use has no header yet.
      if (found.equals(previous)) await segment.write(identifier, 0, 8, WAL_IDENTIFIER_OFFSET);
    } finally {
      await segment.close();
    }
  }
}

function checksumOffset(control: Buffer): number | undefined {
  for (let end = CHECKSUM_SEARCH.from; end <= CHECKSUM_SEARCH.to; end += 4) {
    if (control.readUInt32LE(end) === crc32c(control.subarray(0, end))) return end;
  }
  return undefined;
}

/** CRC-32C (Castagnoli), bit by bit: a few hundred bytes, a few times. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
