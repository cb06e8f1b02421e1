const { imul } = Math;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Where a key stands among all keys, in [0, 1): the same in every process and every release, evenly spread, and another place for each endpoint,
 * so that it is not the same tenth of users that tries everything first.
 *
 * FNV-1a, 32 bits, over the UTF-16LE bytes of endpoint, NUL and key, finished with MurmurHash3's `fmix32`: FNV alone leaves the high bits of
 * short keys in order.
 */
export function shareOf(endpoint: string, key: string): number {
  return fmix32(fnv1a(fnv1a(fnv1a(FNV_OFFSET, endpoint), '\0'), key)) / 2 ** 32;
}

function fnv1a(hash: number, text: string): number {
  let mixed = hash;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    mixed = imul(mixed ^ (unit & 0xff), FNV_PRIME);
    mixed = imul(mixed ^ (unit >>> 8), FNV_PRIME);
  }
  return mixed;
}

function fmix32(hash: number): number {
  let mixed = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
