import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** What PostgreSQL itself takes when it makes a verifier. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;

/**
 * What a PostgreSQL server keeps of a password, in the form in which `PASSWORD '…'` takes it as it is (RFC 5802 and 7677).
 *
 * Made here, so that the password itself is in no statement: a server logs statements, and some log all of them.
 *
 * @param password printable ASCII, of which SASLprep changes nothing; {@link isPlainAscii} tells
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}

/** Whether clients and server take `password` for the same bytes, whether or not they prepare it. */
export function isPlainAscii(password: string): boolean {
  return /^[\x20-\x7e]+$/.test(password);
}
