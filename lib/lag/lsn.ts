/**
 * A position in the write-ahead log, as one number, so that positions compare and subtract.
 *
 * PostgreSQL writes it as two hexadecimal halves, `16/B374D848`; text order is not WAL order (`9/0` < `10/0`).
 */
export type Lsn = bigint;

const LSN_TEXT = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/;

/** @throws RangeError when `text` is not of the form `16/B374D848` */
export function parseLsn(text: string): Lsn {
  const match = LSN_TEXT.exec(text);
  if (!match)
    throw new RangeError(`not an LSN: ${JSON.stringify(text)}; expected two hexadecimal numbers, like 16/B374D848`);
  return (BigInt(`0x${match[1]}`) << 32n) | BigInt(`0x${match[2]}`);
}

export function formatLsn(lsn: Lsn): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`.toUpperCase();
}
