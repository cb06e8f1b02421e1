/** What the handler says of a refusal (RFC 9457), or undefined: then it was not the handler, but something before it. */
export function detailIn(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text);
    return typeof detail === 'string' && detail !== '' ? detail : undefined;
  } catch {
    // A proxy, in words and markup of its own.
    return undefined;
  }
}
